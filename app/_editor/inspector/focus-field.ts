"use client";
/** Asks the form of something for the field that a JSON pointer is about: it opens what the field is in, and focuses it. */
import { useSyncExternalStore } from "react";
import type { Definition } from "@/lib/contract/definition";
import type { EdgeRef, Scope } from "@/lib/editor/document";
import { type FieldPlace, placeAt, pointerOf } from "@/lib/editor/fields/place-at";
import { NOTHING, onlyNodes } from "../selection";
import type { EditorStore } from "../store";

export interface WantedField {
  /** Of which form; see the functions below. */
  readonly subject: string;
  /** Of the field, within what the form is about. */
  readonly pointer: string;
}

export const ofNode = (node: string) => `node ${node}`;
export const ofEdge = (scope: Scope, { from, port, to }: EdgeRef) => `edge ${scope ?? ""} ${from} ${port} ${to}`;
export const OF_WORKFLOW = "workflow";

export function subjectOf(place: FieldPlace): string {
  if (place.kind === "node") return ofNode(place.node);
  return place.kind === "edge" ? ofEdge(place.scope, place.edge) : OF_WORKFLOW;
}

let wanted: WantedField | null = null;
const listeners = new Set<() => void>();

function want(next: WantedField | null) {
  wanted = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Null: none is asked for in this form. The same object until another one is asked for. */
export function useWantedField(subject: string): WantedField | null {
  const read = () => (wanted?.subject === subject ? wanted : null);
  return useSyncExternalStore(subscribe, read, () => null);
}

/** Of whatever form: where none is open, the one that is asked for has to be opened first. */
export function useAnyWantedField(): WantedField | null {
  return useSyncExternalStore(
    subscribe,
    () => wanted,
    () => null,
  );
}

/** It has been found: whoever opens the form later is not led there again. */
export function fieldFound(field: WantedField) {
  if (wanted === field) want(null);
}

/** Selects what the pointer is about, brings it into view, and focuses the field. */
export function focusField(editor: EditorStore, definition: Definition, pointer: string) {
  const place = placeAt(definition, pointer);
  if (place === null) return;
  if (place.kind === "node") editor.reveal(place.node);
  else if (place.kind === "edge") editor.select({ ...NOTHING, edges: [{ scope: place.scope, edge: place.edge }] });
  else editor.select(onlyNodes());
  want({ subject: subjectOf(place), pointer: pointerOf(place.path) });
}

/** The form of a node itself: whoever typed in it stays in it when it becomes another one's. */
export function focusForm(node: string) {
  want({ subject: ofNode(node), pointer: "" });
}
