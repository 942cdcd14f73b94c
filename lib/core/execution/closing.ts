/** The last event of an execution that did not complete. */
import { toInstant } from "../time";
import type { Closing } from "./state";
import { emit, type Turn } from "./turn";

/** Once nothing is left to undo. */
export function writeClosing(turn: Turn, { status, error, reason, timeoutAt }: Closing) {
  if (status === "cancelled") return emit(turn, "ExecutionCancelled", reason === null ? {} : { reason });
  if (status === "timed_out") return emit(turn, "ExecutionTimedOut", { timeoutAt: toInstant(timeoutAt ?? turn.now) });
  if (error === null) throw new Error("a failure without an error");
  const { node, index, ...info } = error;
  const { code, message, details, stack } = info;
  emit(turn, "ExecutionFailed", {
    code,
    message,
    ...(node === undefined ? {} : { node }),
    ...(index === undefined ? {} : { index: [...index] }),
    ...(details === undefined && stack === undefined ? {} : { error: info }),
  });
}
