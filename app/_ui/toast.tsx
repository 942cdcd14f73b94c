"use client";
/** Short words about what was just done: they come at the bottom, stay for some seconds, and are read aloud. */
import { lazy, Suspense, useState, useSyncExternalStore } from "react";

const Layer = lazy(() => import("./toast-layer"));

export interface Said {
  id: number;
  kind: "done" | "failed" | "told";
  text: string;
  link: ToastLink | undefined;
}

/** Where what was done can be looked at. */
export interface ToastLink {
  name: string;
  href: string;
}

const SHOWN_MAX = 3;

let said: readonly Said[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Something was done, went wrong, or is worth knowing. May be called from anywhere in the browser. */
export const toast = {
  done: (text: string, link?: ToastLink) => say("done", text, link),
  failed: (text: string, link?: ToastLink) => say("failed", text, link),
  told: (text: string, link?: ToastLink) => say("told", text, link),
};

function say(kind: Said["kind"], text: string, link?: ToastLink): void {
  last += 1;
  change([...said, { id: last, kind, text, link }].slice(-SHOWN_MAX));
}

function change(next: readonly Said[]): void {
  said = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const NOTHING: readonly Said[] = [];

export function Toasts() {
  const shown = useSyncExternalStore(
    subscribe,
    () => said,
    () => NOTHING,
  );
  const [wasNeeded, setNeeded] = useState(false);
  if (shown.length > 0 && !wasNeeded) setNeeded(true);
  return wasNeeded ? (
    <Suspense>
      <Layer shown={shown} onGone={(id) => change(said.filter((each) => each.id !== id))} />
    </Suspense>
  ) : null;
}
