/**
 * When a schedule runs next: from wall-clock times that a cron expression names to instants, over every change of the clock.
 *
 * With a fixed hour, a time that the clock skips runs at the first instant after the gap, and one that occurs twice runs
 * once, at the first. A schedule of every hour or more often follows the clock as it really runs: what is skipped never
 * comes, what is shown twice comes twice, so that an hourly one runs once in each hour that passes.
 */

/** A wall-clock time: what the clock shows, as epoch milliseconds of the instant at which a clock in UTC shows it. */
export type WallTime = number;

export interface Calendar {
  /** The first time after that one, within what the cron expression names; null where none ever comes. */
  next(after: WallTime): WallTime | null;
  /** It names every hour of the day, so that it runs every hour or more often. */
  everyHour: boolean;
}

/** What a zone's clock shows at an instant, minus that instant, in milliseconds. Changes at most once in two days. */
export type OffsetAt = (epochMs: number) => number;

/** The first run after that instant, in epoch milliseconds; null where none ever comes. */
export function nextRun(calendar: Calendar, offsetAt: OffsetAt, after: number): number | null {
  return calendar.everyHour ? nextShown(calendar, offsetAt, after) : nextReached(calendar, offsetAt, after);
}

/** The next runs after that instant, in order; fewer where no more come. */
export function nextRuns(calendar: Calendar, offsetAt: OffsetAt, after: number, count: number): number[] {
  const runs: number[] = [];
  let at = nextRun(calendar, offsetAt, after);
  while (at !== null && runs.length < count) {
    runs.push(at);
    at = nextRun(calendar, offsetAt, at);
  }
  return runs;
}

const HOUR_MS = 3_600_000;
/** No zone is, or ever was, so far from UTC. */
const FURTHEST_OFFSET_MS = 16 * HOUR_MS;
/** Longer than any jump of a clock, and short enough that it holds at most one. */
const SPAN_MS = 48 * HOUR_MS;

/** Whatever the clock had reached by `after` lies behind, whether it was shown, shown twice or skipped. */
function nextReached(calendar: Calendar, offsetAt: OffsetAt, after: number): number | null {
  let wall = calendar.next(after + offsetAt(after));
  while (wall !== null) {
    const at = firstReached(wall, offsetAt);
    if (at > after) return at;
    wall = calendar.next(wall);
  }
  return null;
}

/** The first instant at which the clock shows that time or a later one: where it skips the time, the end of the gap. */
function firstReached(wall: WallTime, offsetAt: OffsetAt): number {
  const from = wall - FURTHEST_OFFSET_MS;
  const to = wall + FURTHEST_OFFSET_MS;
  const before = offsetAt(from);
  if (offsetAt(wall - before) === before) return wall - before;
  const after = offsetAt(to);
  if (offsetAt(wall - after) === after) return wall - after;
  return firstChange(offsetAt, from, to) ?? wall - before;
}

/** Goes from change to change of the clock, so that times it shows again are found although they lie behind on its face. */
function nextShown(calendar: Calendar, offsetAt: OffsetAt, after: number): number | null {
  let from = after;
  let wall = after + offsetAt(after);
  for (;;) {
    const next = calendar.next(wall);
    if (next === null) return null;
    const at = next - offsetAt(from);
    const change = firstChange(offsetAt, from, Math.min(at, from + SPAN_MS));
    if (change !== null) {
      from = change;
      // The clock may show a named time at the very moment of its change.
      wall = change + offsetAt(change) - 1;
    } else if (at <= from + SPAN_MS) return at;
    else {
      from = at - SPAN_MS;
      wall = from + offsetAt(from);
    }
  }
}

/** The first instant in (from, to] at which the offset differs from that at `from`; null where it is the same at `to`. */
function firstChange(offsetAt: OffsetAt, from: number, to: number): number | null {
  const offset = offsetAt(from);
  if (offsetAt(to) === offset) return null;
  let same = from;
  let changed = to;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offsetAt(middle) === offset) same = middle;
    else changed = middle;
  }
  return changed;
}
