/** How long a step took, apart: in queues, running, and waiting on purpose; and when one is slower than another. Pure. */
import type { Row } from "../_execution/timeline-model";

export interface StepTime {
  /** From its start to its end. */
  totalMs: number;
  queuedMs: number;
  ranMs: number;
}

/** Below both it is chance: a tenth of a second, and half as long again. */
const SLOWER_MS = 100;
const SLOWER_RATIO = 1.5;

/** Null while it is open. */
export function stepTime(row: Row): StepTime | null {
  if (row.endedAt === null) return null;
  const sum = (kind: "queued" | "running") =>
    row.spans.reduce((ms, span) => (span.kind === kind && span.to !== null ? ms + span.to - span.from : ms), 0);
  return { totalMs: row.endedAt - row.startedAt, queuedMs: sum("queued"), ranMs: sum("running") };
}

/** Whether the first took notably longer. */
export function isSlower(ms: number, thanMs: number): boolean {
  return ms - thanMs >= SLOWER_MS && ms >= thanMs * SLOWER_RATIO;
}
