/** A local execution as the API would show it. */
import { progressOf } from "@/lib/core/execution/progress";
import type { ExecutionState } from "@/lib/core/execution/state";
import { shownStatus } from "@/lib/core/execution/statuses";
import { eachStep, type PlacedStep } from "@/lib/core/execution/steps";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { toInstant } from "@/lib/core/time";
import type { Execution, ExecutionStep } from "../types/executions";
import type { LocalExecution } from "./local-execution";

export function executionView(execution: LocalExecution): Execution {
  const { id, state, history, children } = execution;
  const running = execution.tasks.running;
  const forked = history.findLast((event) => event.type === "ExecutionForked");
  return structuredClone({
    id,
    key: state.key,
    workflow: state.workflow,
    version: state.version,
    status: state.status,
    tags: [...state.tags],
    correlationId: state.correlationId,
    createdAt: history[0]?.at ?? "",
    startAt: instant(state.startAt),
    startedAt: instant(state.startedAt),
    closedAt: instant(state.closedAt),
    sequence: state.sequence,
    hash: state.hash,
    input: execution.value(state.input),
    output: execution.value(state.output),
    error: state.error,
    parent: state.parent,
    children: children.length === 0 ? null : "",
    forkedFrom: forked?.type === "ExecutionForked" ? forked.data.source : null,
    pausedAt: instant(state.pausedAt),
    pauseReason: state.pauseReason,
    cancelRequested: state.cancelRequested,
    closing: closingView(state),
    progress: progressOf(state),
    waitingFor: waitingFor(state),
    steps: [...eachStep(state)].map((placed) => stepView(execution, placed, running)),
    stepsCursor: null,
  }) as Execution;
}

function closingView({ closing }: ExecutionState) {
  return closing && { status: closing.status, reason: closing.reason, error: closing.error };
}

function stepView(
  execution: LocalExecution,
  { node, step }: PlacedStep,
  running: ReadonlyMap<string, number>,
): ExecutionStep {
  const since = running.get(step.taskId ?? "");
  return {
    node: step.node,
    iteration: step.iteration,
    ...(step.index === undefined ? {} : { index: [...step.index] }),
    type: node.definition.type,
    status: shownStatus(step.status, since !== undefined),
    attempt: step.attempt,
    port: step.port,
    output: execution.value(step.output),
    error: step.error,
    startedAt: instant(step.startedAt),
    closedAt: instant(step.closedAt),
    ...(since === undefined ? {} : { running: { worker: "local", since: toInstant(since) } }),
  };
}

function instant(epochMs: number | null): string | null {
  return epochMs === null ? null : toInstant(epochMs);
}
