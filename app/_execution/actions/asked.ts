"use client";
/**
 * Which action a person has asked for on the execution's page: buttons, keys and panels all over it ask here, and the one
 * dialog of the page answers. Asked for one execution, it is not asked for another.
 */
import { useSyncExternalStore } from "react";

export type Asked =
  | { action: "cancel" | "terminate" | "pause" | "resume" | "verify" }
  /** `fromNode` null: what failed goes on. */
  | { action: "retry"; fromNode: string | null }
  /** `at` null: the moment that the page shows; `step`: what stands for it in words. */
  | { action: "fork"; at: number | null; step: string | null }
  /** `name` null: none is awaited. */
  | { action: "signal"; name: string | null }
  | { action: "decide"; node: string; iteration: number; index: readonly number[] | undefined };

let asked: { executionId: string; what: Asked } | null = null;
const listeners = new Set<() => void>();

export function ask(executionId: string, what: Asked): void {
  change({ executionId, what });
}

export function withdraw(): void {
  change(null);
}

function change(next: typeof asked): void {
  asked = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useAsked(executionId: string): Asked | null {
  const now = useSyncExternalStore(
    subscribe,
    () => asked,
    () => null,
  );
  return now?.executionId === executionId ? now.what : null;
}
