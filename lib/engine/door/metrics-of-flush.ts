/** What one committed flush adds to the metrics. */
import type { FlushAnswer } from "@/db/stores/flush";
import type { HistoryEvent } from "@/lib/contract/history";
import { epochMs } from "@/lib/core/time";
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
  let events = 0;
  for (const draft of drafts) {
    const { before, after } = draft;
    events += draft.events.length;
    for (const { event } of draft.events) countEvent(metrics, event, after.state.workflow);
    if (before.state.closedAt === null && after.state.closedAt !== null)
      metrics.executionClosed(after.status, after.state.workflow);
    const latenessMs = latenessOf(draft);
    if (latenessMs !== null) metrics.woken(latenessMs);
  }
  const waitedMs = answer.leases
    .flat()
    .map(({ readyAt, leasedAt }) => Math.max(0, Date.parse(leasedAt) - Date.parse(readyAt)));
  if (waitedMs.length > 0) metrics.tasksLeased(waitedMs);
  metrics.flushed({
    commands: drafts.reduce((sum, draft) => sum + draft.replies.length, 0),
    events,
    tasksLeased: waitedMs.length,
    durationMs,
  });
}

function countEvent(metrics: EngineMetrics, { type, data }: HistoryEvent, workflow: string): void {
  if (type === "ExecutionStarted") metrics.executionStarted(workflow);
  if (type in STEP_ENDINGS) metrics.stepEnded(STEP_ENDINGS[type as keyof typeof STEP_ENDINGS]);
  if ("ranMs" in data && data.ranMs !== undefined) metrics.taskRan(data.ranMs);
}

/** An alarm had rung and something was due; null otherwise. */
function latenessOf({ before, after, events }: Draft): number | null {
  const [first] = events;
  const due = before.nextWakeAt;
  if (first === undefined || due === null || after.nextWakeAt === due) return null;
  const at = epochMs(first.event.at);
  return at >= due ? at - due : null;
}
