"use client";
/** What lies over the page, opened from anywhere by key or button: one thing at a time. */
import { useSyncExternalStore } from "react";

export type Overlay = { name: "palette" } | { name: "keys" } | { name: "start"; workflow?: string };

let open: Overlay | null = null;
const listeners = new Set<() => void>();

export function show(overlay: Overlay | null): void {
  open = overlay;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
    () => null,
  );
}
