"use client";
/** Short words about what was just done: they come at the bottom, stay for some seconds, and are read aloud. */
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { allSaid, type Said, subscribe, takeBack } from "./toasts-said";

export { toast } from "./toasts-said";

const Layer = lazy(() => import("./toast-layer"));

const NOTHING: readonly Said[] = [];

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, allSaid, () => NOTHING);
  const [wasNeeded, setNeeded] = useState(false);
  if (shown.length > 0 && !wasNeeded) setNeeded(true);
  return wasNeeded ? (
    <Suspense>
      <Layer shown={shown} onGone={takeBack} />
    </Suspense>
  ) : null;
}
