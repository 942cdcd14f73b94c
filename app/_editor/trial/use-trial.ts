"use client";
/** The trial of the editor that one is in: one for each, kept while its panel is closed. */
import { useSyncExternalStore } from "react";
import type { EditorStore } from "../store";
import { useEditor, useEditorStore } from "../use-editor";
import { TrialDesk, type TrialState } from "./trial-desk";
import { feedOfTrial } from "./trial-feed";

const desks = new WeakMap<EditorStore, TrialDesk>();

function deskOf(store: EditorStore): TrialDesk {
  const desk = desks.get(store) ?? new TrialDesk({ feedOf: feedOfTrial, every });
  desks.set(store, desk);
  return desk;
}

function every(ms: number, tick: () => void): () => void {
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}

export function useTrial(): { desk: TrialDesk; state: TrialState } {
  const desk = deskOf(useEditorStore());
  const state = useSyncExternalStore(desk.subscribe, desk.state, desk.state);
  return { desk, state };
}

export function useDraft() {
  return useEditor(({ session }) => session.present.definition);
}
