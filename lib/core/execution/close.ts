/** How an execution closes: what is open is cancelled, and its last event is written. */
import type { ErrorInfo } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { toInstant } from "../time";
import { outputFields } from "./held";
import { evaluateField } from "./scope";
import { isOpenStep } from "./statuses";
import { demand, emit, hold, placeOf, read, stepAt, type Turn } from "./turn";

/** Why a step was cancelled; only what a failure or a time-out cancelled may be opened again by a retry. */
export type CancelReason = "JOIN_WON" | `EXECUTION_${"COMPLETED" | "FAILED" | "CANCELLED" | "TIMED_OUT"}`;

/** All steps ended: the execution completes with its output, or fails if that cannot be computed. */
export function completeExecution(turn: Turn) {
  const { output } = turn.draft.graph.definition;
  if (output === undefined) return completeWith(turn, outputsOfSinks(turn));
  const evaluated = evaluateField(turn, -1, "output", output);
  if ("error" in evaluated) return failExecution(turn, evaluated.error);
  completeWith(turn, evaluated.value);
}

/** Completes now, whatever is still open. */
export function completeWith(turn: Turn, output: JsonValue) {
  const held = hold(turn, output);
  if (held === null) return failExecution(turn, tooLarge("The execution's output"));
  cancelOpenSteps(turn, "EXECUTION_COMPLETED");
  emit(turn, "ExecutionCompleted", outputFields(held));
}

/** Fails now; `node` is the step that could not be saved. */
export function failExecution(turn: Turn, error: ErrorInfo, node?: string) {
  cancelOpenSteps(turn, "EXECUTION_FAILED");
  const { code, message, details, stack } = error;
  emit(turn, "ExecutionFailed", {
    code,
    message,
    ...(node === undefined ? {} : { node }),
    ...(details === undefined && stack === undefined ? {} : { error }),
  });
}

export function timeOutExecution(turn: Turn, timeoutAt: number) {
  cancelOpenSteps(turn, "EXECUTION_TIMED_OUT");
  emit(turn, "ExecutionTimedOut", { timeoutAt: toInstant(timeoutAt) });
}

export function cancelExecution(turn: Turn, reason: string | undefined, compensate: boolean | undefined) {
  const given = reason === undefined ? {} : { reason };
  emit(turn, "ExecutionCancelRequested", { ...given, ...(compensate === undefined ? {} : { compensate }) });
  cancelOpenSteps(turn, "EXECUTION_CANCELLED");
  emit(turn, "ExecutionCancelled", given);
}

export function tooLarge(what: string): ErrorInfo {
  return { code: "PAYLOAD_TOO_LARGE", message: `${what} is larger than a payload may be.` };
}

function cancelOpenSteps(turn: Turn, why: CancelReason) {
  for (const node of turn.draft.graph.nodes) {
    if (turn.draft.open === 0) return;
    const step = stepAt(turn, node);
    if (!isOpenStep(step)) continue;
    emit(turn, "StepCancelled", {
      ...placeOf(turn, node),
      why,
      ...(step.taskId === null ? {} : { taskId: step.taskId }),
    });
  }
}

function outputsOfSinks(turn: Turn): JsonValue {
  const completed = turn.draft.graph.nodes.filter(
    (node) => node.outs.length === 0 && stepAt(turn, node).status === "completed",
  );
  const outputs = completed.map((node) => [node.id, read(turn, stepAt(turn, node).output)]);
  demand(turn);
  return Object.fromEntries(outputs);
}
