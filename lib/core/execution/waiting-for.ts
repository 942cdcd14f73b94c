/** What an execution waits for, as facts for people: which step, since when, until when. */
import type { WaitingFor } from "../../contract/executions";
import type { CompiledNode } from "../definition/graph";
import { toInstant } from "../time";
import { isReady } from "./joins";
import type { ExecutionState, ScopeState, StepState, Wait } from "./state";
import { isClosed, isOpenStep } from "./statuses";
import { eachStep, type PlacedStep } from "./steps";

/**
 * One entry for each open step that is no map, the definition's own first, at most `limit`. How long a queue is and who
 * works on a task, no history knows: whoever sees the task rows lays it over the entries of kind `worker`.
 */
export function waitingFor(state: ExecutionState, limit = 100): WaitingFor[] {
  return openSteps(state, limit).map((placed) => waitOf(state, placed));
}

/** The steps of {@link waitingFor}, in the same order. */
export function openSteps(state: ExecutionState, limit = 100): PlacedStep[] {
  const found: PlacedStep[] = [];
  if (isClosed(state) || state.startedAt === null || state.closing !== null || state.root.open === 0) return found;
  for (const placed of eachStep(state, undefined, isAtWork)) {
    if (found.length === limit) break;
    const { step, node } = placed;
    const lacksPlace = step.status === "pending" && step.index !== undefined && isReady(node, step);
    if ((isOpenStep(step) && step.map === null) || lacksPlace) found.push(placed);
  }
  return found;
}

/** Of ten thousand items most are over: nothing is open in them, and nothing to come. */
function isAtWork({ open, pending }: ScopeState): boolean {
  return open > 0 || pending > 0;
}

function waitOf(state: ExecutionState, { node, step }: PlacedStep): WaitingFor {
  const { wait } = step;
  const since = step.since ?? state.lastAt;
  if (step.status === "pending") return entry("limit", step, since, null, "waits for one of its map's places");
  if (wait !== null) return ofWait(step, wait, since, attemptsOf(node.task?.retry.maxAttempts ?? 1, step));
  const what = isCall(node) ? "its call by the engine" : `${node.task?.task ?? step.node} on queue ${node.task?.queue}`;
  const attempts = attemptsOf(node.task?.retry.maxAttempts ?? 1, step);
  return entry("worker", step, since, step.totalTimeoutAt, `${attempts} of ${what}`);
}

/** Its task is the engine's own: no worker runs it. */
export function isCall(node: CompiledNode | undefined): boolean {
  return node?.definition.type === "http";
}

function ofWait(step: StepState, wait: Wait, since: number, attempts: string): WaitingFor {
  switch (wait.kind) {
    case "sleep":
      return entry("sleep", step, since, wait.at, "sleeps");
    case "approval": {
      const by = wait.assignees.length === 0 ? "" : ` by ${wait.assignees.join(", ")}`;
      return entry("approval", step, since, wait.at, `approval${by}${wait.title === null ? "" : `: ${wait.title}`}`);
    }
    case "signal":
      return entry("signal", step, since, wait.at, `signal ${wait.signal}`);
    case "child":
      return entry("child", step, since, null, `child execution ${wait.executionId}`);
    case "poll":
      return entry("poll", step, since, wait.at, `round ${step.round + 1} follows`);
    case "retry": {
      const { code, message } = step.error ?? { code: "", message: "" };
      return entry("retry", step, since, wait.at, `${attempts} failed: ${code}: ${message}`);
    }
    case "resume":
      return entry("limit", step, since, null, "goes on as soon as its map has a place");
  }
}

function attemptsOf(most: number, { attempt, spent }: StepState): string {
  return `attempt ${attempt} of ${most + spent}`;
}

function entry(
  kind: WaitingFor["kind"],
  { node, iteration, index }: StepState,
  since: number,
  until: number | null,
  detail: string,
): WaitingFor {
  return {
    kind,
    node,
    iteration,
    ...(index === undefined ? {} : { index: [...index] }),
    since: toInstant(since),
    ...(until === null ? {} : { until: toInstant(until) }),
    detail,
  };
}
