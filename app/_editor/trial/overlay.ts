"use client";
/** What a trial lays over the canvas: how each node stands, by its id; null while no trial runs. Its panel says it, the canvas reads it. */
import { useSyncExternalStore } from "react";
import type { StepStatus } from "@/lib/contract/executions";

export type TrialOverlay = ReadonlyMap<string, StepStatus>;

let shown: TrialOverlay | null = null;
const listeners = new Set<() => void>();

export function showTrialOverlay(overlay: TrialOverlay | null): void {
  if (overlay === shown) return;
  shown = overlay;
  for (const listener of listeners) listener();
}

/** A node inside a map stands for all its items: the one that most needs a look. Nodes that nothing is known of are absent. */
export function useTrialOverlay(): TrialOverlay | null {
  return useSyncExternalStore(subscribe, snapshot, nothing);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const snapshot = () => shown;
const nothing = () => null;
