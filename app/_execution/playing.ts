/** How a history is played: at its own pace times a speed, with no wait longer than a second; pure. */
import type { HistoryEvent } from "@/lib/contract/history";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 50, 200] as const;

/** Whoever watches waits no longer than this for the next event, whatever lay between. */
const LONGEST_WAIT_MS = 1000;
/** What a whole history takes at the speed that is chosen for it. */
const WHOLE_MS = 20_000;

/**
 * @param at the event that is shown
 * @param elapsedMs since it has been shown
 * @returns the event to show, and what of the time is left over
 */
export function playOn(
  events: readonly HistoryEvent[],
  at: number,
  elapsedMs: number,
  speed: number,
): { at: number; leftMs: number } {
  let leftMs = elapsedMs;
  let shown = at;
  while (shown < events.length) {
    const waitMs = Math.min(LONGEST_WAIT_MS, gapMs(events, shown) / speed);
    if (waitMs > leftMs) break;
    leftMs -= waitMs;
    shown++;
  }
  return { at: shown, leftMs };
}

/** The speed at which the whole takes closest to twenty seconds. */
export function speedFor(events: readonly HistoryEvent[]): number {
  let worthMs = 0;
  for (let at = 1; at < events.length; at++) worthMs += Math.min(LONGEST_WAIT_MS, gapMs(events, at));
  const wanted = worthMs / WHOLE_MS;
  return SPEEDS.find((speed) => speed >= wanted) ?? SPEEDS[SPEEDS.length - 1] ?? 1;
}

/** Between the event of that sequence and the next one. */
function gapMs(events: readonly HistoryEvent[], at: number): number {
  const [here, next] = [events[at - 1], events[at]];
  return here && next ? Math.max(0, Date.parse(next.at) - Date.parse(here.at)) : 0;
}
