"use client";
/** The edge between two parts of a page: dragged, or moved by arrows. */
import { type KeyboardEvent, type PointerEvent, useRef } from "react";

const STEP_PX = 24;

export function Splitter({
  label,
  height,
  least,
  most,
  onHeight,
}: {
  label: string;
  /** Of the part below, in pixels. */
  height: number;
  least: number;
  most: number;
  onHeight: (height: number) => void;
}) {
  const from = useRef<{ y: number; height: number } | null>(null);
  const set = (next: number) => onHeight(Math.round(Math.min(Math.max(next, least), most)));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowUp: height + STEP_PX, ArrowDown: height - STEP_PX, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { y: event.clientY, height };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (from.current !== null) set(from.current.height + from.current.y - event.clientY);
  };
  return (
    <div
      role="separator"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={height}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        from.current = null;
      }}
      className="relative z-10 h-px shrink-0 cursor-row-resize touch-none bg-line before:absolute before:inset-x-0 before:-inset-y-1 hover:bg-accent focus-visible:bg-accent"
    />
  );
}
