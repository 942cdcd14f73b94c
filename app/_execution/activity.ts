/** How much went on at each moment of an execution, in columns of equal width on a scale; pure. */
import { sees, type TimeScale } from "./time-scale";
import type { Row } from "./timeline-model";

export interface Activity {
  /** Of each column the mean of how many attempts were queued or running, and how many steps slept, waited or backed off. */
  busy: number[];
  waiting: number[];
  /** Columns in which an attempt failed. */
  failures: number[];
  /** The highest of both. */
  most: number;
}

export function activityOf(rows: readonly Row[], scale: TimeScale, until: number, columns: number): Activity {
  const busy = new Array<number>(columns + 1).fill(0);
  const waiting = new Array<number>(columns + 1).fill(0);
  const failures = new Set<number>();
  const columnOf = (at: number) => Math.min(columns - 1, Math.floor(scale.x(at) * columns));
  for (const row of rows) {
    if (row.items === null)
      for (const span of row.spans) {
        const into = span.kind === "queued" || span.kind === "running" ? busy : waiting;
        const stretch = { from: span.from, to: span.to ?? until };
        if (!sees(scale, stretch)) continue;
        cover(into, scale.x(stretch.from) * columns, scale.x(stretch.to) * columns);
      }
    for (const { outcome, endedAt } of row.attempts)
      if (outcome === "failed" && endedAt !== null && sees(scale, { from: endedAt, to: endedAt }))
        failures.add(columnOf(endedAt));
  }
  const summed = { busy: runningSum(busy, columns), waiting: runningSum(waiting, columns) };
  const most = summed.busy.reduce((high, value, at) => Math.max(high, value + (summed.waiting[at] ?? 0)), 1);
  return { ...summed, failures: [...failures], most };
}

function add(counts: number[], at: number, change: number): void {
  if (at < counts.length) counts[at] = (counts[at] ?? 0) + change;
}

/** One more between two places: a column that is covered in part counts in part. */
function cover(changes: number[], from: number, to: number): void {
  const first = Math.floor(from);
  const last = Math.floor(to);
  add(changes, first, first + 1 - from);
  add(changes, first + 1, from - first);
  add(changes, last, to - last - 1);
  add(changes, last + 1, last - to);
}

/** From where it went up and down to how high it was. */
function runningSum(changes: readonly number[], columns: number): number[] {
  let at = 0;
  return changes.slice(0, columns).map((change) => {
    at += change;
    return at;
  });
}
