/** Durations as definitions write them, in milliseconds. */

/** One hundred years of 365 days: longer ones are mistakes, and their sums must stay instants that can be written. */
export const MAX_DURATION_MS = 100 * 365 * 86_400_000;

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;
const SHORT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
const ISO_8601 = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Whole milliseconds of `250ms`, `90s`, `15m`, `36h`, `7d`, an ISO 8601 duration without years and months (their length
 * depends on the calendar), or a number of milliseconds. Null where it is none, negative, or above {@link MAX_DURATION_MS}.
 */
export function parseDuration(duration: string | number): number | null {
  const ms = typeof duration === "number" ? duration : (shortMs(duration) ?? isoMs(duration));
  if (ms === null || !(ms >= 0) || ms > MAX_DURATION_MS) return null;
  return Math.round(ms);
}

function shortMs(text: string): number | null {
  const match = SHORT.exec(text);
  return match === null ? null : Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

function isoMs(text: string): number | null {
  const match = ISO_8601.exec(text);
  if (match === null) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return weeks * UNIT_MS.w + days * UNIT_MS.d + hours * UNIT_MS.h + minutes * UNIT_MS.m + seconds * UNIT_MS.s;
}
