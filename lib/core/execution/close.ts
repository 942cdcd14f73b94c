/** How an execution closes: what is open is cancelled, what is to be undone is undone, and its last event is written. */
import type { ErrorInfo } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { cancelOne } from "./cancel";
import { writeClosing } from "./closing";
import { compensate } from "./compensation";
import type { At } from "./draft";
import type { CancelReason } from "./failures";
import { valueFields } from "./held";
import { openStepsOf } from "./open-steps";
import { outputsOfSinks } from "./outputs";
import { evaluateOutput } from "./scope";
import type { Closing } from "./state";
import { tooLarge } from "./too-large";
import { emit, hold, type Turn } from "./turn";

/** All steps ended: the execution completes with its output, or fails if that cannot be computed. */
export function completeExecution(turn: Turn) {
  const { output } = turn.state.graph.definition;
  if (output === undefined) return completeWith(turn, outputsOfSinks(turn, 0, []));
  const evaluated = evaluateOutput(turn, output);
  if ("error" in evaluated) return failExecution(turn, evaluated.error, null);
  completeWith(turn, evaluated.value);
}

/** Completes now, whatever is still open. */
export function completeWith(turn: Turn, output: JsonValue) {
  const held = hold(turn, output);
  if (held === null) return failExecution(turn, tooLarge("The execution's output"), null);
  cancelOpenSteps(turn, "EXECUTION_COMPLETED");
  emit(turn, "ExecutionCompleted", valueFields("output", held));
}

/** Fails now; `at` is the step that could not be saved. */
export function failExecution(turn: Turn, error: ErrorInfo, at: At | null) {
  cancelOpenSteps(turn, "EXECUTION_FAILED");
  const place = at === null ? {} : { node: at.node.path, ...(at.index.length === 0 ? {} : { index: at.index }) };
  undoAndClose(turn, { ...PLAIN, status: "failed", error: { ...error, ...place } });
}

export function timeOutExecution(turn: Turn, timeoutAt: number) {
  cancelOpenSteps(turn, "EXECUTION_TIMED_OUT");
  undoAndClose(turn, { ...PLAIN, status: "timed_out", timeoutAt });
}

/** Meanwhile compensating, the wish is recorded and changes nothing. */
export function cancelExecution(turn: Turn, reason: string | undefined, undo: boolean | undefined) {
  emit(turn, "ExecutionCancelRequested", {
    ...(reason === undefined ? {} : { reason }),
    ...(undo === undefined ? {} : { compensate: undo }),
  });
  if (turn.state.closing !== null) return;
  cancelOpenSteps(turn, "EXECUTION_CANCELLED");
  const closing: Closing = { ...PLAIN, status: "cancelled", reason: reason ?? null };
  if (undo === true) undoAndClose(turn, closing);
  else writeClosing(turn, closing);
}

/** At once, and nothing is undone. */
export function terminateExecution(turn: Turn, reason: string | undefined) {
  cancelOpenSteps(turn, "EXECUTION_TERMINATED");
  const out = turn.state.compensations.find(({ taskId }) => taskId !== null)?.taskId ?? null;
  emit(turn, "ExecutionTerminated", {
    ...(reason === undefined ? {} : { reason }),
    ...(out === null ? {} : { taskId: out }),
  });
}

const PLAIN = { error: null, reason: null, timeoutAt: null } as const;

function undoAndClose(turn: Turn, closing: Closing) {
  if (!compensate(turn, closing)) writeClosing(turn, closing);
}

function cancelOpenSteps(turn: Turn, why: CancelReason) {
  for (const at of openStepsOf(turn.state, 0, [])) cancelOne(turn, at, why);
}
