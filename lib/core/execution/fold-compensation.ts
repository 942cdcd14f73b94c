/** How undoing is folded: which steps there are to undo, and how far each has come. */
import type { EventOf } from "../../contract/history";
import { epochMs } from "../time";
import { type At, type Draft, refOf } from "./draft";
import { heldIn } from "./held";
import type { CompensationState } from "./state";

/** A completed step is undone if the execution fails: with this input, frozen now. */
export function noteCompensation({ state }: Draft, { data }: EventOf<"StepCompleted" | "StepFailed">, at: At) {
  if (data.compensate === undefined) return;
  const compensation: CompensationState = {
    step: refOf(at),
    node: data.node,
    iteration: data.iteration,
    ...(at.index.length === 0 ? {} : { index: at.index }),
    input: heldIn("input", data.compensate),
    error: data.compensate.error ?? null,
    status: "pending",
    attempt: 0,
    taskId: null,
    retryAt: null,
    ended: [],
  };
  state.compensations = [...state.compensations, compensation];
}

/** One attempt to undo a step began or ended. */
export function compensated(draft: Draft, event: EventOf<`Compensation${"Scheduled" | "Completed" | "Failed"}`>) {
  const { state } = draft;
  const { node, iteration, index } = event.data;
  const at = state.compensations.findLastIndex(
    (it) => it.node === node && it.iteration === iteration && (it.index ?? []).join() === (index ?? []).join(),
  );
  state.compensations = state.compensations.map((it, i) => (i === at ? afterCompensation(it, event) : it));
  if (event.type === "CompensationCompleted" || event.data.closing === undefined) return;
  const { status, code, message, error, reason, timeoutAt, ...place } = event.data.closing;
  state.closing = {
    status,
    error: code === undefined ? null : { ...(error ?? { code, message: message ?? code }), ...definedPlace(place) },
    reason: reason ?? null,
    timeoutAt: timeoutAt === undefined ? null : epochMs(timeoutAt),
  };
  // Only what closes an execution undoes its steps: a pause ends with that.
  Object.assign(state, { pausedAt: null, pauseReason: null, held: [] });
}

function definedPlace({ node, index }: { node?: string | undefined; index?: number[] | undefined }) {
  return { ...(node === undefined ? {} : { node }), ...(index === undefined ? {} : { index }) };
}

function afterCompensation(
  before: CompensationState,
  event: EventOf<`Compensation${"Scheduled" | "Completed" | "Failed"}`>,
): CompensationState {
  if (event.type === "CompensationScheduled") {
    const { attempt, taskId } = event.data;
    return { ...before, status: "scheduled", attempt, taskId, retryAt: null };
  }
  const { lease } = event.data;
  const ended =
    before.taskId === null ? before.ended : [...before.ended, { taskId: before.taskId, lease: lease ?? null }];
  if (event.type === "CompensationCompleted") return { ...before, status: "completed", taskId: null, ended };
  const { retryAt } = event.data;
  return {
    ...before,
    status: retryAt === null ? "failed" : "retrying",
    retryAt: retryAt === null ? null : epochMs(retryAt),
    taskId: null,
    ended,
  };
}
