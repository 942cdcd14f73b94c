"use client";
/** Times that keep themselves true: relative with the exact instant on hover, and durations that tick while open. */
import { useNow } from "@/lib/client/clock";
import { absoluteTime, duration, relativeTime } from "@/lib/client/format";

export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const now = useNow(1000);
  return (
    <time dateTime={at} title={absoluteTime(at)} suppressHydrationWarning className={className}>
      {relativeTime(Date.parse(at), now)}
    </time>
  );
}

/** From `from` to `to`, or to now, ticking once a second. */
export function Elapsed({ from, to, className }: { from: string; to: string | null; className?: string }) {
  const now = useNow(to ? null : 1000);
  return (
    <span className={className} suppressHydrationWarning>
      {duration((to ? Date.parse(to) : now) - Date.parse(from), { whole: !to })}
    </span>
  );
}
