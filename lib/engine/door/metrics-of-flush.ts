/** What one committed flush adds to the metrics. */
import type { FlushAnswer } from "@/db/stores/flush";
import type { HistoryEvent } from "@/lib/contract/history";
import type { EngineMetrics } from "../metrics";
import type { Draft } from "./draft";

const STEP_ENDINGS = {
  StepCompleted: "completed",
  StepFailed: "failed",
  StepSkipped: "skipped",
  StepCancelled: "cancelled",
} as const;

export function countFlush(
  metrics: EngineMetrics,
  drafts: readonly Draft[],
  answer: FlushAnswer,
  durationMs: number,
): void {
  const events = drafts.flatMap((draft) => draft.events);
  for (const { event } of events) countEvent(metrics, event);
  for (const { before, after } of drafts)
    if (before.state.closedAt === null && after.state.closedAt !== null) metrics.executionClosed(after.status);
  const tasksLeased = answer.leases.reduce((sum, rows) => sum + rows.length, 0);
  if (tasksLeased > 0) metrics.taskLeased(tasksLeased);
  metrics.flushed({
    commands: drafts.reduce((sum, draft) => sum + draft.replies.length, 0),
    events: events.length,
    tasksLeased,
    durationMs,
  });
}

function countEvent(metrics: EngineMetrics, { type }: HistoryEvent): void {
  if (type === "ExecutionStarted") metrics.executionStarted();
  if (type in STEP_ENDINGS) metrics.stepEnded(STEP_ENDINGS[type as keyof typeof STEP_ENDINGS]);
}
