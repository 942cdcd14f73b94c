/** The idempotency key of a step: what a worker hands on to the outside, so that a second attempt does nothing twice. */
import type { StepState } from "./state";

/**
 * The same for all attempts of a step, or of one round of it where it polls; another one for each iteration and each item
 * of a map.
 */
export function stepKey(
  executionId: string,
  { node, index, iteration, round = 0 }: Pick<StepState, "node" | "iteration" | "index"> & { round?: number },
): string {
  const item = index === undefined ? "" : `[${index.join(",")}]`;
  return `${executionId}:${node}${item}:${iteration}${round === 0 ? "" : `:${round}`}`;
}

const COMPENSATION = ":compensate";

/** Of the task that undoes the step. */
export function compensationKey(executionId: string, step: Pick<StepState, "node" | "iteration" | "index">): string {
  return `${stepKey(executionId, step)}${COMPENSATION}`;
}

export function isCompensationKey(key: string): boolean {
  return key.endsWith(COMPENSATION);
}
