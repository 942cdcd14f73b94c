/**
 * A task step: scheduled → (attempt failed → retrying → scheduled)* → completed or failed.
 * Every dispatch has a `StepScheduled` of its own, with a new task id, written when it is due.
 */
import type { TaskNode } from "../../../contract/definition";
import type { ErrorInfo, EventData } from "../../../contract/history";
import { type CompiledNode, type CompiledTask, DEFAULT_PORT } from "../../definition/graph";
import { retryDelayMs } from "../../retry/backoff";
import { toInstant } from "../../time";
import { tooLarge } from "../close";
import { failStep } from "../endings";
import { inputFields } from "../held";
import { evaluateField } from "../scope";
import { defaultInput } from "../task-input";
import { emit, hold, placeOf, stepAt, type Turn } from "../turn";

export function startTask(turn: Turn, node: CompiledNode, definition: TaskNode) {
  const { input } = definition;
  const evaluated =
    input === undefined ? { value: defaultInput(turn, node) } : evaluateField(turn, node.ordinal, "input", input);
  if ("error" in evaluated) return failStep(turn, node, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, node, tooLarge(`The input of ${node.id}`));
  const { totalMs } = taskOf(node).timeouts;
  dispatch(turn, node, {
    ...inputFields(held),
    ...(totalMs === null ? {} : { totalTimeoutAt: toInstant(turn.now + totalMs) }),
  });
}

/** The next attempt, now. */
export function dispatch(
  turn: Turn,
  node: CompiledNode,
  first: Pick<EventData<"StepScheduled">, "input" | "inputRef" | "totalTimeoutAt"> = {},
) {
  const { definition } = node;
  if (definition.type !== "task") throw new Error(`${node.id} is no task`);
  emit(turn, "StepScheduled", {
    ...placeOf(turn, node),
    attempt: stepAt(turn, node).attempt + 1,
    taskId: turn.env.newTaskId(),
    task: definition.task,
    queue: taskOf(node).queue,
    ...first,
  });
}

/** By which answer, lease and worker an attempt ended; empty where no answer ended it. */
export type AttemptEnd = Pick<EventData<"StepAttemptFailed">, "taskId" | "lease" | "worker" | "queuedMs" | "ranMs">;

/** Codes that another attempt would only meet again, or that its dispatch has no time left for. */
const NEVER_TRIED_AGAIN: ReadonlySet<string> = new Set([
  "QUEUE_TIMEOUT",
  "TOTAL_TIMEOUT",
  "PAYLOAD_TOO_LARGE",
  "UNKNOWN_PORT",
  "EXPRESSION_ERROR",
]);

/** The attempt that is out failed: it is tried again after its back-off, or the step fails for good. */
export function failAttempt(turn: Turn, node: CompiledNode, error: ErrorInfo, end: AttemptEnd) {
  const { attempt } = stepAt(turn, node);
  const { retry } = taskOf(node);
  const again = attempt < retry.maxAttempts && isRetryable(error, retry.nonRetryable);
  emit(turn, "StepAttemptFailed", {
    ...placeOf(turn, node),
    attempt,
    error,
    retryAt: again ? toInstant(turn.now + retryDelayMs(retry, attempt, turn.env.random())) : null,
    ...end,
  });
  if (!again) failStep(turn, node, error);
}

/** Its total time is over: the attempt that is out fails with it, and a back-off ends here. */
export function failByTotalTimeout(turn: Turn, node: CompiledNode) {
  const { taskId } = stepAt(turn, node);
  const { totalMs } = taskOf(node).timeouts;
  const error = {
    code: "TOTAL_TIMEOUT",
    message: `${node.id} did not end within ${totalMs} ms of its first dispatch.`,
  };
  if (taskId === null) failStep(turn, node, error);
  else failAttempt(turn, node, error, { taskId });
}

/** Whether a handler may end the node's step on this port. */
export function hasPort(node: CompiledNode, port: string): boolean {
  const { definition } = node;
  return port === DEFAULT_PORT || (definition.type === "task" && (definition.ports ?? []).includes(port));
}

export function taskOf(node: CompiledNode): CompiledTask {
  if (node.task === null) throw new Error(`${node.id} is no task`);
  return node.task;
}

function isRetryable({ code, retryable }: ErrorInfo, nonRetryable: readonly string[]): boolean {
  return retryable !== false && !NEVER_TRIED_AGAIN.has(code) && !nonRetryable.includes(code);
}
