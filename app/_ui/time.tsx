"use client";
/** Times that keep themselves true: relative with the exact instant on hover, and durations that tick while open. */
import { useNow } from "@/lib/client/clock";
import { absoluteTime, duration, relativeTime } from "@/lib/client/format";
import { useIsDrawn } from "./is-drawn";

/** React leaves alone what the server wrote, which may be older and of another time zone: drawn by scripts it is made anew. */
const useDrawing = () => (useIsDrawn() ? "page" : "document");

export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const now = useNow(1000);
  return (
    <time key={useDrawing()} dateTime={at} title={absoluteTime(at)} suppressHydrationWarning className={className}>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** From `from` to `to`, or to now, ticking once a second. */
export function Elapsed({ from, to, className }: { from: string; to: string | null; className?: string }) {
  const now = useNow(to ? null : 1000);
  return (
    <span key={useDrawing()} className={className} suppressHydrationWarning>
      {duration((to ? Date.parse(to) : now) - Date.parse(from), { whole: !to })}
    </span>
  );
}
