/** Steps that end before they are done. */
import type { At } from "./draft";
import type { CancelReason } from "./failures";
import { openStepsAt } from "./open-steps";
import { emit, placeOf, stepAt, type Turn } from "./turn";

/** The step and everything open inside it, the innermost first. */
export function cancelStep(turn: Turn, at: At, why: CancelReason) {
  const inside = why.startsWith("EXECUTION_") ? why : "MAP_CANCELLED";
  for (const inner of openStepsAt(turn.state, at)) cancelOne(turn, inner, inner.node === at.node ? why : inside);
}

export function cancelOne(turn: Turn, at: At, why: CancelReason) {
  const { taskId } = stepAt(turn, at);
  emit(turn, "StepCancelled", {
    ...placeOf(turn, at),
    why,
    ...(taskId === null ? {} : { taskId }),
    ...givenUp(turn, at),
  });
}

/** What it still waits for outside: an approval that is void from now on, a child that goes on alone. */
export function givenUp(turn: Turn, at: At): { approvalId?: string; executionId?: string } {
  const { wait } = stepAt(turn, at);
  if (wait?.kind === "approval") return { approvalId: wait.approvalId };
  return wait?.kind === "child" ? { executionId: wait.executionId } : {};
}
