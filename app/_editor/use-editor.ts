"use client";
/** The editor of the page that one is on, for its parts: the store itself, and what of its state one follows. */
import { createContext, useContext, useSyncExternalStore } from "react";
import type { Finding } from "@/lib/contract/findings";
import type { EditorState, EditorStore } from "./store";

export const EditorContext = createContext<EditorStore | null>(null);

export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (store === null) throw new Error("Parts of the editor stand inside its page.");
  return store;
}

/** @param select gives the same value while nothing that it is about has changed */
export function useEditor<T>(select: (state: EditorState) => T): T {
  const store = useEditorStore();
  const read = () => select(store.state());
  return useSyncExternalStore(store.subscribe, read, read);
}

const NONE: readonly Finding[] = [];

/** What the validator says of the document, errors first; a moment behind what is typed. */
export function useFindings(): readonly Finding[] {
  return useEditor(({ findings }) => findings) ?? NONE;
}
