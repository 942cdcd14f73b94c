/** Says what a retry would do, and does nothing. */
import type { ExecutionPlan, RetryExecution } from "@/lib/contract/controls";
import { PLAN_STEPS_MAX } from "@/lib/contract/limits";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isEndedStep, isQuarantined } from "@/lib/core/execution/statuses";
import { eachStep } from "@/lib/core/execution/steps";
import type { Caller } from "./caller";
import { findExecution } from "./execution-ref";
import { currentState } from "./load-state";
import { done, type Outcome } from "./outcome";
import { type PreviewServices, preview } from "./preview";
import { unfitRetry } from "./retry-execution";

export async function previewRetry(
  services: PreviewServices,
  caller: Caller,
  ref: string,
  body: RetryExecution,
): Promise<Outcome<ExecutionPlan>> {
  const target = await findExecution(services, caller, ref);
  if (!target.ok) return target;
  const unfit = await unfitRetry(services, target.value, body);
  if (unfit !== null) return unfit;
  const state = await currentState(services, target.value);
  if (!state.ok) return state;
  if (isQuarantined(state.value)) return done(planLift(state.value));
  const { executionId } = target.value;
  return preview(services, caller, { state: state.value, command: { type: "retry", ...body }, executionId });
}

/** Lifting a quarantine changes no step. */
function planLift(state: ExecutionState): ExecutionPlan {
  const { workflow, version, hash } = state;
  const ended = [...eachStep(state)].map(({ step }) => step).filter(isEndedStep);
  const kept = ended.slice(0, PLAN_STEPS_MAX).map(({ node, iteration, index, status }) => ({
    node,
    iteration,
    ...(index === undefined ? {} : { index: [...index] }),
    status,
  }));
  return { workflow, version, hash, kept, keptTotal: ended.length, runsAgain: [], runsAgainTotal: 0 };
}
