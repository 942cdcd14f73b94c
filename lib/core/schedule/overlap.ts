/**
 * What a schedule does with a run while an earlier one is open.
 *
 *   due --admit--> waiting --start--> open --closes--> gone
 *    |                ^
 *    +-> skipped      +-- backfill: never skipped, never in a hurry
 */
import type { Overlap } from "../../contract/schedules";

/** With `queue`, so many scheduled runs wait at most; what comes due beyond them is skipped. */
export const QUEUE_MAX = 1_000;

export interface WaitingRun {
  /** The instant it runs for, in epoch milliseconds. */
  runAt: number;
  /** Asked for by a person, for an instant that may be long past. */
  backfill: boolean;
}

/** Which of the runs that came due are to wait for their start, and how many are not to be started at all. */
export function admitRuns(
  overlap: Overlap,
  due: readonly number[],
  { open, waiting }: { open: boolean; waiting: number },
): { admitted: number[]; skipped: number } {
  const admitted = due.slice(...room());
  return { admitted, skipped: due.length - admitted.length };

  function room(): [from: number, to: number] {
    switch (overlap) {
      case "allow":
        return [0, due.length];
      case "queue":
        return [0, Math.max(0, QUEUE_MAX - waiting)];
      case "skip":
        return [0, open || waiting > 0 ? 0 : 1];
      case "cancel_previous":
        // Each but the last would be cancelled the moment it started.
        return [Math.max(0, due.length - 1), due.length];
    }
  }
}

export interface Starts {
  runs: WaitingRun[];
  /** Whether what is open has to be cancelled first. */
  cancelOpen: boolean;
  /** Runs wait for what is open to close. */
  blocked: boolean;
}

/**
 * What may start now, of the runs that wait, given in order. One by one, except with `allow`: whether the next may start
 * depends on what became of the one before. While the schedule is paused only backfills start.
 */
export function runsToStart(
  { overlap, paused }: { overlap: Overlap; paused: boolean },
  waiting: readonly WaitingRun[],
  open: boolean,
): Starts {
  const startable = paused ? waiting.filter(({ backfill }) => backfill) : waiting;
  if (overlap === "allow") return { runs: [...startable], cancelOpen: false, blocked: false };
  const urgent = overlap === "cancel_previous" ? startable.find(({ backfill }) => !backfill) : undefined;
  if (urgent !== undefined) return { runs: [urgent], cancelOpen: open, blocked: false };
  if (open) return { runs: [], cancelOpen: false, blocked: startable.length > 0 };
  return { runs: startable.slice(0, 1), cancelOpen: false, blocked: false };
}
