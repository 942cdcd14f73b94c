"use client";
/** Where everything lies: at once about where it will be, and a moment later where the layout puts it. */
import { useEffect, useMemo, useRef, useState } from "react";
import { type Laid, provisional, type Shape } from "@/lib/editor/canvas/layout";
import type { LayoutDesk } from "./layout-desk";

export type Places = ReadonlyMap<string, Laid>;

const byId = (laid: readonly Laid[]): Places => new Map(laid.map((each) => [each.id, each]));

/** Null: nothing was laid out yet. The same map while nothing that a layout depends on has changed. */
export function useLaid(shape: Shape, desk: LayoutDesk): Places | null {
  const key = useMemo(() => JSON.stringify(shape), [shape]);
  const [shown, setShown] = useState<{ readonly key: string; readonly places: Places } | null>(null);
  const latest = useRef(shape);
  useEffect(() => {
    latest.current = shape;
  });
  useEffect(() => {
    let isWanted = true;
    desk.ask(latest.current, (laid) => isWanted && setShown({ key, places: byId(laid) }));
    return () => {
      isWanted = false;
    };
  }, [key, desk]);
  if (shown === null || shown.key === key) return shown?.places ?? null;
  // A whole workflow where there was none, as of a template or a file: it is shown as it will lie.
  if (shown.places.size === 0 && shape.nodes.length > 1) return null;
  const guessed = { key, places: byId(provisional(shape, shown.places)) };
  setShown(guessed);
  return guessed.places;
}
