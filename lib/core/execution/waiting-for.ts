/** What an execution waits for, as facts for people: which step, since when, until when. */
import type { WaitingFor } from "../../contract/executions";
import { toInstant } from "../time";
import type { ExecutionState, StepState } from "./state";
import { isClosed, isOpenStep } from "./statuses";

/**
 * One entry for each open step, in the graph's order, at most `limit`. How long a queue is and who works on a task, no
 * history knows: whoever sees the task rows lays it over the entries of kind `worker`.
 */
export function waitingFor(state: ExecutionState, limit = 100): WaitingFor[] {
  if (isClosed(state) || state.open === 0) return [];
  const waits: WaitingFor[] = [];
  for (const [ordinal, step] of state.steps.entries()) {
    if (waits.length === limit) break;
    if (isOpenStep(step)) waits.push(waitOf(state, ordinal, step));
  }
  return waits;
}

function waitOf({ graph, lastAt }: ExecutionState, ordinal: number, step: StepState): WaitingFor {
  const node = graph.nodes[ordinal];
  const since = toInstant(step.since ?? lastAt);
  const attempts = `attempt ${step.attempt} of ${node?.task?.retry.maxAttempts ?? 1}`;
  if (step.status === "waiting") return wait("sleep", step, since, step.resumeAt, "sleeps");
  if (step.status === "retrying") {
    return wait("retry", step, since, step.retryAt, `${attempts} failed: ${step.error?.code}: ${step.error?.message}`);
  }
  const task = node?.definition.type === "task" ? node.definition.task : step.node;
  return wait("worker", step, since, step.totalTimeoutAt, `${attempts} of ${task} on queue ${node?.task?.queue}`);
}

function wait(
  kind: WaitingFor["kind"],
  { node }: StepState,
  since: string,
  until: number | null,
  detail: string,
): WaitingFor {
  return { kind, node, since, ...(until === null ? {} : { until: toInstant(until) }), detail };
}
