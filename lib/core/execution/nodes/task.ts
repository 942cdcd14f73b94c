/**
 * A task step: scheduled → (attempt failed → retrying → scheduled)* → completed or failed, with rounds where it polls and
 * waits where its handler asks for one. Every dispatch has a `StepScheduled` of its own, with a new task id, written when
 * it is due. An http step is a task of the engine's own.
 */
import type { HttpNode, TaskNode } from "../../../contract/definition";
import type { ErrorInfo, EventData } from "../../../contract/history";
import type { JsonValue } from "../../../contract/json";
import type { CompiledTask } from "../../definition/graph";
import { DEFAULT_PORT } from "../../definition/ports";
import { retryDelayMs } from "../../retry/backoff";
import { toInstant } from "../../time";
import { type AttemptEnd, mayTryAgain } from "../attempts";
import type { At } from "../draft";
import { completeStep, failStep } from "../endings";
import { valueFields } from "../held";
import { mayDispatch } from "../places";
import { type Evaluated, evaluateField } from "../scope";
import type { Held } from "../state";
import { defaultInput } from "../task-input";
import { tooLarge } from "../too-large";
import { emit, hold, placeOf, stepAt, type Turn } from "../turn";
import { askAgain } from "./approval";
import { sleepAgain } from "./sleep";

/** Waits without an event while no map around it has a place for it. */
export function startTask(turn: Turn, at: At, definition: TaskNode | HttpNode) {
  const { wait, input } = stepAt(turn, at);
  if (wait?.kind === "sleep") return sleepAgain(turn, at, wait);
  if (wait?.kind === "approval") return askAgain(turn, at, wait);
  if (!mayDispatch(turn.state, at)) return;
  if (input !== null) return dispatch(turn, at, deadlines(turn, at));
  const evaluated = inputOf(turn, at, definition);
  if ("error" in evaluated) return failStep(turn, at, evaluated.error);
  const held = hold(turn, evaluated.value);
  if (held === null) return failStep(turn, at, tooLarge(`The input of ${at.node.path}`));
  dispatch(turn, at, { ...valueFields("input", held), ...deadlines(turn, at) });
}

function inputOf(turn: Turn, at: At, definition: TaskNode | HttpNode): Evaluated {
  if (definition.type === "http") return evaluateField(turn, at, "request", definition.request as JsonValue);
  if (definition.input === undefined) return { value: defaultInput(turn, at) };
  return evaluateField(turn, at, "input", definition.input);
}

type First = Pick<EventData<"StepScheduled">, "input" | "inputRef" | "totalTimeoutAt" | "pollTimeoutAt">;

/** Of the whole step, from its first dispatch on. */
function deadlines({ now }: Turn, { node }: At): Pick<First, "totalTimeoutAt" | "pollTimeoutAt"> {
  const { timeouts, poll } = taskOf({ node });
  return {
    ...(timeouts.totalMs === null ? {} : { totalTimeoutAt: toInstant(now + timeouts.totalMs) }),
    ...(poll === null ? {} : { pollTimeoutAt: toInstant(now + poll.timeoutMs) }),
  };
}

/** The next attempt, now: of the same round. */
export function dispatch(turn: Turn, at: At, first: First = {}) {
  const { attempt, round } = stepAt(turn, at);
  schedule(turn, at, { attempt: attempt + 1, round: Math.max(round, 1) }, first);
}

/** The first attempt of the next round. */
export function dispatchRound(turn: Turn, at: At) {
  schedule(turn, at, { attempt: 1, round: stepAt(turn, at).round + 1 }, {});
}

/** The same attempt goes on, after what its handler waited for. */
export function dispatchResumed(turn: Turn, at: At) {
  const { attempt, round } = stepAt(turn, at);
  schedule(turn, at, { attempt, round: Math.max(round, 1) }, { resumed: true });
}

function schedule(
  turn: Turn,
  at: At,
  { attempt, round }: { attempt: number; round: number },
  more: First & { resumed?: boolean },
) {
  const { task, queue, poll, concurrencyKey } = taskOf(at);
  const key = concurrencyKey === null ? null : keyOf(turn, at, concurrencyKey);
  if (key !== null && "error" in key) return failStep(turn, at, key.error);
  emit(turn, "StepScheduled", {
    ...placeOf(turn, at),
    attempt,
    ...(poll === null ? {} : { round }),
    taskId: turn.env.newTaskId(),
    task,
    queue,
    ...(key === null ? {} : { concurrencyKey: key.text }),
    ...more,
  });
}

const KEY_CHARACTERS = 256;

function keyOf(turn: Turn, at: At, source: string): { text: string } | { error: ErrorInfo } {
  const evaluated = evaluateField(turn, at, "concurrencyKey", source);
  if ("error" in evaluated) return evaluated;
  const { value } = evaluated;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text.length > 0 && text.length <= KEY_CHARACTERS) return { text };
  const message = `${at.node.path}, concurrencyKey: a key has 1 to ${KEY_CHARACTERS} characters.`;
  return { error: { code: "EXPRESSION_ERROR", message } };
}

/** The attempt that is out failed: it is tried again after its back-off, or the step fails for good. */
export function failAttempt(turn: Turn, at: At, error: ErrorInfo, end: AttemptEnd) {
  const { attempt, spent } = stepAt(turn, at);
  const { retry } = taskOf(at);
  const again = mayTryAgain(error, retry, attempt - spent);
  emit(turn, "StepAttemptFailed", {
    ...placeOf(turn, at),
    attempt,
    error,
    retryAt: again ? toInstant(turn.now + retryDelayMs(retry, attempt - spent, turn.env.random())) : null,
    ...end,
  });
  if (!again) failStep(turn, at, error);
}

/** The time of the whole step is over: the attempt that is out fails with it, and whatever it waits for ends here. */
export function failByTimeout(turn: Turn, at: At, code: "TOTAL_TIMEOUT" | "POLL_TIMEOUT") {
  const { taskId } = stepAt(turn, at);
  const { timeouts, poll } = taskOf(at);
  const ms = code === "TOTAL_TIMEOUT" ? timeouts.totalMs : poll?.timeoutMs;
  const error = { code, message: `${at.node.path} did not end within ${ms} ms of its first dispatch.` };
  if (taskId === null) failStep(turn, at, error);
  else failAttempt(turn, at, error, { taskId });
}

/** The round gave this: the step is done, or another round follows. */
export function endRound(turn: Turn, at: At, output: Held, json: JsonValue, end: AttemptEnd) {
  const { poll } = taskOf(at);
  const { round, attempt } = stepAt(turn, at);
  if (poll === null) throw new Error(`${at.node.path} does not poll`);
  const evaluated = evaluateField(turn, at, "poll/until", `=${poll.until}`, { output: json, round });
  if ("error" in evaluated) return failAttempt(turn, at, evaluated.error, end);
  if (typeof evaluated.value !== "boolean") return failAttempt(turn, at, notABoolean(at, poll.until), end);
  if (evaluated.value) return completeStep(turn, at, { output, details: { attempt, ...end } });
  const nextAt = turn.now + Math.min(poll.intervalMs * poll.backoff ** (round - 1), poll.timeoutMs);
  emit(turn, "StepPolled", {
    ...placeOf(turn, at),
    round,
    ...valueFields("output", output),
    nextAt: toInstant(nextAt),
    ...end,
  });
}

function notABoolean({ node }: At, until: string): ErrorInfo {
  return {
    code: "EXPRESSION_ERROR",
    message: `${node.path}, poll/until: the condition gives neither true nor false.`,
    details: { node: node.path, field: "poll/until", position: 0, expression: until },
  };
}

/** Whether a handler may end the node's step on this port. */
export function hasPort({ node }: Pick<At, "node">, port: string): boolean {
  return port === DEFAULT_PORT || taskOf({ node }).ports.includes(port);
}

export function taskOf({ node }: Pick<At, "node">): CompiledTask {
  if (node.task === null) throw new Error(`${node.path} is no task`);
  return node.task;
}
