/**
 * Undoing what completed: the compensations of completed steps run one after another, the latest completion first; one that
 * fails for good is recorded, and the next still runs.
 */
import type { ErrorInfo, EventData } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledTask } from "../definition/graph";
import { retryDelayMs } from "../retry/backoff";
import { toInstant } from "../time";
import type { AttemptEnd } from "./attempts";
import { mayTryAgain } from "./attempts";
import { writeClosing } from "./closing";
import { valueFields } from "./held";
import type { Closing, CompensationState } from "./state";
import { tooLarge } from "./too-large";
import { emit, hold, type Turn } from "./turn";

/** Begins to undo, if there is anything; the execution closes as `closing` says once all is done. */
export function compensate(turn: Turn, closing: Closing): boolean {
  if (!turn.state.compensations.some(({ status }) => status === "pending")) return false;
  next(turn, closingData(closing));
  return true;
}

/** The next to undo, or the end. */
export function nextCompensation(turn: Turn) {
  next(turn, undefined);
}

function next(turn: Turn, closing: EventData<"CompensationScheduled">["closing"]) {
  let first = closing;
  for (;;) {
    const number = turn.state.compensations.findLastIndex(({ status }) => status === "pending");
    const undo = turn.state.compensations[number];
    if (undo === undefined) break;
    if (undo.error === null) return dispatch(turn, undo, first);
    const data = { ...placeOf(undo), error: undo.error, attempt: 0, retryAt: null };
    emit(turn, "CompensationFailed", { ...data, ...(first === undefined ? {} : { closing: first }) });
    first = undefined;
  }
  if (turn.state.closing !== null) writeClosing(turn, turn.state.closing);
}

function dispatch(turn: Turn, undo: CompensationState, closing: EventData<"CompensationScheduled">["closing"]) {
  const { task, queue } = settingsOf(turn, undo);
  emit(turn, "CompensationScheduled", {
    ...placeOf(undo),
    attempt: undo.attempt + 1,
    taskId: turn.env.newTaskId(),
    task,
    queue,
    ...(undo.attempt === 0 ? valueFields("input", undo.input) : {}),
    ...(closing === undefined ? {} : { closing }),
  });
}

/** Back-off of a compensation that failed is over. */
export function retryCompensation(turn: Turn) {
  const undo = turn.state.compensations.find(({ retryAt }) => retryAt !== null && retryAt <= turn.now);
  if (undo !== undefined) dispatch(turn, undo, undefined);
}

export function completeCompensation(turn: Turn, undo: CompensationState, output: JsonValue, end: AttemptEnd) {
  const held = hold(turn, output);
  if (held === null) return failCompensation(turn, undo, tooLarge(`The output of ${undo.node}'s compensation`), end);
  emit(turn, "CompensationCompleted", {
    ...placeOf(undo),
    ...valueFields("output", held),
    attempt: undo.attempt,
    ...end,
  });
  nextCompensation(turn);
}

export function failCompensation(turn: Turn, undo: CompensationState, error: ErrorInfo, end: AttemptEnd) {
  const { retry } = settingsOf(turn, undo);
  const again = mayTryAgain(error, retry, undo.attempt);
  const retryAt = again ? toInstant(turn.now + retryDelayMs(retry, undo.attempt, turn.env.random())) : null;
  emit(turn, "CompensationFailed", { ...placeOf(undo), error, attempt: undo.attempt, retryAt, ...end });
  if (!again) nextCompensation(turn);
}

export function settingsOf({ state }: Pick<Turn, "state">, { step }: CompensationState): CompiledTask {
  const settings = state.graph.nodes[step.ordinal]?.compensation;
  if (settings == null) throw new Error(`node ${step.ordinal} has no compensation`);
  return settings;
}

function placeOf({ node, iteration, index }: CompensationState) {
  return { node, iteration, ...(index === undefined ? {} : { index: [...index] }) };
}

function closingData({ status, error, reason, timeoutAt }: Closing): EventData<"CompensationScheduled">["closing"] {
  const { node, index, ...info } = error ?? {};
  return {
    status,
    ...(error === null
      ? {}
      : { code: error.code, message: error.message, error: { ...info, code: error.code, message: error.message } }),
    ...(node === undefined ? {} : { node }),
    ...(index === undefined ? {} : { index: [...index] }),
    ...(reason === null ? {} : { reason }),
    ...(timeoutAt === null ? {} : { timeoutAt: toInstant(timeoutAt) }),
  };
}
