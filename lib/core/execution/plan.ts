/** What a retry or a fork would do, step by step, found by doing it to a copy. */
import type { ExecutionPlan } from "../../contract/controls";
import { PLAN_STEPS_MAX } from "../../contract/limits";
import type { CommandOf, DecideEnv, Decision, Reply } from "./commands";
import { decide } from "./decide";
import { findStep } from "./find-step";
import type { ExecutionState, StepState } from "./state";
import { isEndedStep } from "./statuses";
import { stepKey } from "./step-key";
import { eachStep } from "./steps";

export type Planned = { reply: Reply; plan: ExecutionPlan } | { needs: Extract<Decision, { kind: "needs" }> };

/** `executionId`: of a fork null, for it has none yet. Asks for large values as `decide` does. */
export function plan(
  state: ExecutionState,
  command: CommandOf<"retry" | "fork">,
  env: DecideEnv,
  executionId: string | null,
): Planned {
  const decision = decide(state, command, env);
  if (decision.kind === "needs") return { needs: decision };
  const after = decision.state;
  const kept: ExecutionPlan["kept"] = [];
  const runsAgain: ExecutionPlan["runsAgain"] = [];
  let keptTotal = 0;
  let runsAgainTotal = 0;
  for (const { ref, step } of eachStep(after)) {
    const before = findBefore(state, after, ref);
    if (before === undefined || !hasRun(before)) continue;
    const place = placeOf(step);
    if (isSame(before, step)) {
      keptTotal++;
      if (kept.length < PLAN_STEPS_MAX) kept.push({ ...place, status: step.status });
    } else {
      runsAgainTotal++;
      const idempotencyKey = executionId === null ? null : stepKey(executionId, step);
      if (runsAgain.length < PLAN_STEPS_MAX) runsAgain.push({ ...place, idempotencyKey });
    }
  }
  const { workflow, version, hash } = after;
  return { reply: decision.reply, plan: { workflow, version, hash, kept, keptTotal, runsAgain, runsAgainTotal } };
}

/** The same place before: by its node's path, for a fork may have another graph. */
function findBefore(state: ExecutionState, after: ExecutionState, ref: Parameters<typeof findStep>[1]) {
  const path = after.graph.nodes[ref.ordinal]?.path ?? "";
  const ordinal = state.graph.ordinals.get(path);
  return ordinal === undefined ? undefined : findStep(state, { ...ref, ordinal });
}

function hasRun({ status }: StepState): boolean {
  return status !== "pending";
}

/** Ended before, and ended still by the same events. */
function isSame(before: StepState, after: StepState): boolean {
  return (
    isEndedStep(before) &&
    after.status === before.status &&
    after.iteration === before.iteration &&
    after.closedAt === before.closedAt &&
    after.attempt === before.attempt
  );
}

function placeOf({ node, iteration, index }: StepState) {
  return { node, iteration, ...(index === undefined ? {} : { index: [...index] }) };
}
