/** What has come due since a schedule was last looked at, and what of it is too old to be made up for. */

/** A run that is no later than this is on time, however short the catch-up window. */
export const PUNCTUAL_MS = 10_000;
/** Runs that are looked at in one go; after an outage the rest follows at once. */
export const DUE_AT_ONCE = 1_000;
/** Of the runs of one outage that are too old, so many are counted one by one. */
export const MISSED_COUNTED = 1_000;

export interface DueRuns {
  /** In order; all of them within the catch-up window. */
  runs: number[];
  /** Older than the window. */
  missed: number;
  /** The first run that was not looked at; it may be due already. */
  nextRunAt: number | null;
}

/**
 * All times in epoch milliseconds.
 * @param nextRunAt the first run that nobody has looked at
 * @param next the first run after an instant
 */
export function dueRuns(
  { nextRunAt, catchUpWindowMs }: { nextRunAt: number; catchUpWindowMs: number },
  now: number,
  next: (after: number) => number | null,
): DueRuns {
  const oldest = now - Math.max(catchUpWindowMs, PUNCTUAL_MS);
  let at: number | null = nextRunAt;
  let missed = 0;
  while (at !== null && at < oldest && missed < MISSED_COUNTED) {
    missed += 1;
    at = next(at);
  }
  if (at !== null && at < oldest) at = next(oldest - 1);
  const runs: number[] = [];
  while (at !== null && at <= now && runs.length < DUE_AT_ONCE) {
    runs.push(at);
    at = next(at);
  }
  return { runs, missed, nextRunAt: at };
}
