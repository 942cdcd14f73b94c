/** The idempotency key of a step: what a worker hands on to the outside, so that a second attempt does nothing twice. */
import type { StepState } from "./state";

/** The same for all attempts of a step, another one for each iteration and each item of a map. */
export function stepKey(executionId: string, step: Pick<StepState, "node" | "iteration" | "index">): string {
  const item = step.index === undefined ? "" : `[${step.index.join(",")}]`;
  return `${executionId}:${step.node}${item}:${step.iteration}`;
}
