/** Steps page by page: of each its latest iteration, or, of one iteration, those left behind and those that are at it now. */
import type { Step, StepStatus } from "@/lib/contract/executions";
import { stepCursor } from "@/lib/core/execution/facts";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { Target } from "@/lib/engine/door/door";
import { type EarlierCursor, earlierSteps } from "@/lib/engine/earlier-steps";
import type { Instance } from "@/lib/http/instance";
import type { Page } from "@/lib/views/page";
import { leftCursor, type StepsCursor, stepsPage, stepViews } from "@/lib/views/steps";

export interface StepsQuery {
  cursor?: StepsCursor;
  limit: number;
  iteration?: number;
  status?: StepStatus;
}

const FIRST_STEP: StepRef = { ordinal: 0 };
const FIRST_LEFT: EarlierCursor = { sequence: 0, skip: 0 };

export async function readSteps(
  instance: Pick<Instance, "clock" | "reads" | "services">,
  target: Target,
  state: ExecutionState,
  { cursor, ...query }: StepsQuery,
): Promise<Page<Step>> {
  const { iteration } = query;
  if (iteration !== undefined && (cursor === undefined || "left" in cursor)) {
    const page = await leftSteps(instance, target, { ...query, iteration, cursor: cursor?.left ?? FIRST_LEFT });
    if (page !== null) return page;
  }
  const from = cursor !== undefined && "from" in cursor ? cursor.from : FIRST_STEP;
  return stepsPage(instance.reads, state, { ...target, ...query, from, now: instance.clock.now() });
}

/** Of the steps that the execution has left behind, from its history; null where there are no more. */
async function leftSteps(
  { reads, services }: Pick<Instance, "reads" | "services">,
  target: Target,
  { status, ...query }: Omit<StepsQuery, "cursor"> & { iteration: number; cursor: EarlierCursor },
): Promise<Page<Step> | null> {
  const { steps, next } = await earlierSteps(services, target, query);
  if (steps.length === 0 && next === null) return null;
  const items = await stepViews(reads, target.executionId, steps);
  return {
    items: items.filter((step) => status === undefined || step.status === status),
    nextCursor: next === null ? stepCursor(FIRST_STEP) : leftCursor(next),
  };
}
