/** Where in a history something lies that one looks for: failures, retries, waits and decisions; pure, grows with the events. */
import type { HistoryEvent } from "@/lib/contract/history";

/** The gravest first: where several lie together, it is the one that is drawn. */
export const MARK_KINDS = ["failed", "retrying", "decided", "waiting"] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** In order of their sequences. */
export interface Marks {
  sequences: number[];
  kinds: MarkKind[];
}

export function noMarks(): Marks {
  return { sequences: [], kinds: [] };
}

export function addMark(marks: Marks, event: HistoryEvent): void {
  const kind = markOf(event);
  if (kind === null) return;
  marks.sequences.push(event.sequence);
  marks.kinds.push(kind);
}

/** What an event is to whoever looks for the moment when it happened; null: it is passed over. */
export function markOf(event: HistoryEvent): MarkKind | null {
  switch (event.type) {
    case "StepAttemptFailed":
    case "CompensationFailed":
      return event.data.retryAt === null ? "failed" : "retrying";
    case "StepFailed":
    case "ExecutionFailed":
    case "ExecutionTimedOut":
    case "ApprovalExpired":
    case "SignalExpired":
      return "failed";
    case "ExecutionRetried":
      return "retrying";
    case "ChildClosed":
      return event.data.status === "completed" ? null : "failed";
    case "ApprovalDecided":
    case "ChoiceEvaluated":
    case "SignalReceived":
    case "ExecutionCancelRequested":
    case "ExecutionCancelled":
    case "ExecutionTerminated":
    case "ExecutionForked":
    case "ExecutionResumed":
      return "decided";
    case "SleepStarted":
    case "ApprovalRequested":
    case "SignalAwaited":
    case "ChildStarted":
    case "StepPolled":
    case "ExecutionPaused":
      return "waiting";
    default:
      return null;
  }
}

/** The next mark behind `at`, or the last before it; null: none. */
export function markBeside({ sequences }: Marks, at: number, direction: 1 | -1): number | null {
  const first = firstFrom(sequences, direction === 1 ? at + 1 : at);
  return sequences[direction === 1 ? first : first - 1] ?? null;
}

export interface Bucket {
  /** Its middle, as a sequence. */
  at: number;
  kind: MarkKind;
  /** Of the bucket's events how many are marked, 0 to 1. */
  share: number;
}

/** The history in at most so many equal parts, those without marks left out. */
export function bucketsOf({ sequences, kinds }: Marks, total: number, parts: number): Bucket[] {
  const buckets: Bucket[] = [];
  const perPart = Math.max(1, total / parts);
  for (const [index, sequence] of sequences.entries()) {
    const kind = kinds[index];
    if (kind === undefined) continue;
    const place = Math.floor((sequence - 1) / perPart);
    const at = place * perPart + (perPart + 1) / 2;
    const last = buckets.at(-1);
    if (last?.at === at) {
      last.share += 1 / perPart;
      if (MARK_KINDS.indexOf(kind) < MARK_KINDS.indexOf(last.kind)) last.kind = kind;
    } else buckets.push({ at, kind, share: 1 / perPart });
  }
  return buckets;
}

/** The index of the first that is at least `least`. */
function firstFrom(sorted: readonly number[], least: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
