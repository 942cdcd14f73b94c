"use client";
/** A part that comes when it is wanted: what stands in its place stays until it is there, the focus too. */
import { type ComponentType, useSyncExternalStore } from "react";

export interface Arriving<Props> {
  /** To be called as soon as it may be wanted. */
  load(): void;
  /** Null: it has not come. */
  useIfThere(): ComponentType<Props> | null;
}

export function arriving<Props>(from: () => Promise<{ default: ComponentType<Props> }>): Arriving<Props> {
  let there: ComponentType<Props> | null = null;
  let isUnderway = false;
  const listeners = new Set<() => void>();
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  async function load(): Promise<void> {
    isUnderway = true;
    try {
      there = (await from()).default;
    } finally {
      isUnderway = false;
    }
    for (const listener of listeners) listener();
  }
  return {
    load: () => {
      // Where it could not be loaded, it is asked for again the next time.
      if (there === null && !isUnderway) load().catch(() => {});
    },
    useIfThere: () =>
      useSyncExternalStore(
        subscribe,
        () => there,
        () => null,
      ),
  };
}
