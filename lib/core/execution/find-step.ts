/** From the reference that a host keeps with a task to what it means. */

import { scopeAt } from "./draft";
import type { CompensationState, ExecutionState, StepState } from "./state";
import { isOpenStep } from "./statuses";
import type { StepRef } from "./step-ref";

/** Undefined where there is no such step, or not any more. */
export function findStep(state: ExecutionState, { ordinal, index = [] }: StepRef): StepState | undefined {
  const node = state.graph.nodes[ordinal];
  return node === undefined ? undefined : scopeAt(state, node.scope, index)?.steps[node.position];
}

/** A step that was cancelled remembers its child, for a retry: it waits for it no longer. */
export function awaitedChild({ status, wait }: StepState): string | null {
  return isOpenStep({ status }) && wait?.kind === "child" ? wait.executionId : null;
}

/** Undefined where the reference is none to a compensation, or there is none such. */
export function findCompensation(state: ExecutionState, { compensation }: StepRef): CompensationState | undefined {
  return compensation === undefined ? undefined : state.compensations[compensation];
}
