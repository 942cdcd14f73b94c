/** From the reference that a host keeps with a task to the step it means. */
import type { StepRef } from "./commands";
import type { ExecutionState, StepState } from "./state";

/** Undefined where the graph has no such step: the reference was not made for this execution. */
export function findStep(state: ExecutionState, { ordinal, index }: StepRef): StepState | undefined {
  return index === undefined ? state.steps[ordinal] : undefined;
}
