/** What a handler is told of the task it is called for, from the folded state: as a server's task message says it. */

import { findCompensation, findStep } from "@/lib/core/execution/find-step";
import type { CompensationState, ExecutionState, Held, StepState } from "@/lib/core/execution/state";
import { compensationKey, stepKey } from "@/lib/core/execution/step-key";
import type { StepRef } from "@/lib/core/execution/step-ref";
import { toInstant } from "@/lib/core/time";
import type { Dispatch } from "../handler/handler-run";
import type { JsonValue } from "../types/definition";

interface Execution {
  readonly id: string;
  readonly state: ExecutionState;
  value(held: Held | null): JsonValue;
}

/** @param detailsOf what the last heartbeat of an earlier attempt carried, by idempotency key */
export function dispatchOf(
  execution: Execution,
  ref: StepRef,
  detailsOf: (idempotencyKey: string) => JsonValue | undefined,
): Dispatch {
  const { id, state } = execution;
  // A copy, so that a handler that changes what it is given changes nothing else.
  const copy = (held: Held | null) => structuredClone(execution.value(held));
  const dispatched = ref.compensation === undefined ? findStep(state, ref) : findCompensation(state, ref);
  if (dispatched === undefined) throw new Error(`execution ${id} has no step at ${JSON.stringify(ref)}`);
  const { node, iteration, index, attempt, input } = dispatched;
  const idempotencyKey = isStep(dispatched) ? stepKey(id, dispatched) : compensationKey(id, dispatched);
  return {
    executionId: id,
    workflow: state.workflow,
    node,
    iteration,
    ...(index === undefined ? {} : { index: [...index] }),
    attempt,
    ...(isStep(dispatched) && dispatched.round > 0 ? { round: dispatched.round } : {}),
    idempotencyKey,
    input: copy(input),
    context: {
      input: copy(state.input),
      tags: [...state.tags],
      correlationId: state.correlationId,
      startedAt: toInstant(state.startedAt ?? state.lastAt),
    },
    ...(isStep(dispatched) ? noted(dispatched, copy) : {}),
    ...(attempt > 1 ? { heartbeatDetails: detailsOf(idempotencyKey) } : {}),
  };
}

function isStep(dispatched: StepState | CompensationState): dispatched is StepState {
  return "round" in dispatched;
}

function noted(
  { checkpoints, resumed: name }: StepState,
  copy: (held: Held | null) => JsonValue,
): Pick<Dispatch, "checkpoints" | "resumed"> {
  if (checkpoints.length === 0) return {};
  const resumed = checkpoints.find((checkpoint) => checkpoint.name === name);
  return {
    ...(resumed === undefined ? {} : { resumed: copy(resumed.value) }),
    checkpoints: checkpoints.map(({ name, value }) => ({ name, value: copy(value) })),
  };
}
