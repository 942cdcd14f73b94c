/** An execution as it was at a moment that has passed, in the form in which the server tells it; pure. */
import type { Execution } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import { factsOf, firstSteps, stepCursor, stepFacts } from "@/lib/core/execution/facts";
import type { ExecutionState, Held } from "@/lib/core/execution/state";
import { isEndedStep, isQuarantined } from "@/lib/core/execution/statuses";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import type { TimelineModel } from "./timeline-model";

/**
 * As `GET /executions/{id}/state?at=` says it, but for values that are kept beside the history: those are null here, and
 * views load them when they are asked for.
 * @param answer says what never changes
 */
export function executionAt(answer: Execution, state: ExecutionState): Execution {
  const { steps, next } = firstSteps(state);
  return {
    ...answer,
    ...factsOf(state),
    ...(isQuarantined(answer) && { status: answer.status }),
    input: jsonOf(state.input),
    output: jsonOf(state.output),
    waitingFor: waitingFor(state),
    steps: steps.map((placed) => ({
      ...stepFacts(placed),
      output: jsonOf(placed.step.output),
      ...(placed.step.output !== null && "ref" in placed.step.output ? { outputRef: placed.step.output.ref } : {}),
    })),
    stepsCursor: next === null ? null : stepCursor(next),
  };
}

/** Where the core has no state (its definition has not come, or the history is newer than this page): what the events tell. */
export function executionByEvents(answer: Execution, timeline: TimelineModel, at: number): Execution {
  const { status, ownStartAt, closedAt, error, rows } = timeline;
  const ended = rows.filter((row) => row.index === null && isEndedStep(row)).length;
  return {
    ...answer,
    status,
    sequence: at,
    startedAt: instant(ownStartAt),
    closedAt: instant(closedAt),
    error,
    output: timeline.output !== null && "json" in timeline.output ? timeline.output.json : null,
    pausedAt: null,
    cancelRequested: false,
    closing: null,
    progress: { completed: Math.min(ended, answer.progress.total), total: answer.progress.total },
    waitingFor: [],
    steps: [],
    stepsCursor: null,
  };
}

function jsonOf(held: Held | null): JsonValue {
  return held !== null && "json" in held ? held.json : null;
}

function instant(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
