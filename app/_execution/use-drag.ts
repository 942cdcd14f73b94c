"use client";
/** Dragging over a region: from where to where, as shares of the width of an element. */
import { type PointerEvent as ReactPointerEvent, type RefObject, useState } from "react";

export interface Drag {
  from: number;
  to: number;
}

/** Shorter than this it was a click. */
const LEAST_PX = 4;

interface DragOptions {
  /** The element whose width is 0 to 1. */
  over: RefObject<HTMLElement | null>;
  onMove?: (drag: Drag) => void;
  /** Not told of clicks. */
  onEnd?: (drag: Drag) => void;
}

/** Begins one where the pointer goes down; what is dragged over is the hook's value meanwhile. */
export function useDrag({ over, onMove, onEnd }: DragOptions): [Drag | null, (event: ReactPointerEvent) => void] {
  const [drag, setDrag] = useState<Drag | null>(null);
  function begin(event: ReactPointerEvent) {
    const box = over.current?.getBoundingClientRect();
    if (!box || event.button !== 0) return;
    event.preventDefault();
    const share = (x: number) => Math.min(1, Math.max(0, (x - box.left) / box.width));
    const from = share(event.clientX);
    const startX = event.clientX;
    let moved = false;
    const listening = new AbortController();
    const { signal } = listening;
    const at = (x: number) => ({ from, to: share(x) });
    window.addEventListener(
      "pointermove",
      ({ clientX }) => {
        moved ||= Math.abs(clientX - startX) >= LEAST_PX;
        if (!moved) return;
        setDrag(at(clientX));
        onMove?.(at(clientX));
      },
      { signal },
    );
    const end = (clientX: number | null) => {
      listening.abort();
      setDrag(null);
      if (moved && clientX !== null) onEnd?.(at(clientX));
    };
    window.addEventListener("pointerup", ({ clientX }) => end(clientX), { signal });
    window.addEventListener("pointercancel", () => end(null), { signal });
    window.addEventListener("keydown", ({ key }) => key === "Escape" && end(null), { signal });
  }
  return [drag, begin];
}
