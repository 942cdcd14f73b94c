/** Steps as they are shown, and pages of them. */
import { z } from "zod";
import type { Queryable } from "@/db/client";
import type { Step, StepStatus } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import { stepCursor, stepFacts } from "@/lib/core/execution/facts";
import type { ExecutionState, StepState } from "@/lib/core/execution/state";
import { shownStatus } from "@/lib/core/execution/statuses";
import type { StepRef } from "@/lib/core/execution/step-ref";
import { eachStep, type PlacedStep } from "@/lib/core/execution/steps";
import { type LargeValues, loadLargeValues } from "@/lib/views/large-values";
import { loadTasks, NO_TASKS, type OpenTasks } from "@/lib/views/open-tasks";
import type { Page } from "@/lib/views/page";

/** Where a page begins: a step's place, or, among those left behind, after so many that an event left. */
export type StepsCursor = { from: StepRef } | { left: { sequence: number; skip: number } };

const CURSOR = /^(?:(\d{1,9}(?:\.\d{1,9}){0,20})|left\.(\d{1,9})\.(\d{1,9}))$/;

export const stepsCursorSchema = z
  .string()
  .max(250)
  .transform((text, context): StepsCursor => {
    const [, place, sequence, skip] = CURSOR.exec(text) ?? [];
    if (place !== undefined) {
      const [ordinal = 0, ...index] = place.split(".").map(Number);
      return { from: index.length === 0 ? { ordinal } : { ordinal, index } };
    }
    if (sequence !== undefined) return { left: { sequence: Number(sequence), skip: Number(skip) } };
    context.addIssue({ code: "custom", message: "is not a cursor of this list" });
    return z.NEVER;
  });

export function leftCursor({ sequence, skip }: { sequence: number; skip: number }): string {
  return `left.${sequence}.${skip}`;
}

export interface StepsAsked {
  namespaceId: number;
  executionId: bigint;
  from: StepRef;
  limit: number;
  iteration?: number;
  status?: StepStatus;
  now: number;
}

/** A page looks at so many steps at most: where few match it may be short, or empty, and yet not be the last. */
const WALKED_AT_MOST = 10_000;

/** The latest iteration of each step, from a place on. */
export async function stepsPage(reads: Queryable, state: ExecutionState, asked: StepsAsked): Promise<Page<Step>> {
  const { namespaceId, executionId, from, limit, iteration, status, now } = asked;
  const every = { namespaceId, executionId, now };
  // Whether a step is shown as running says its task alone, so that a filter by status needs all of them.
  const known = status === undefined ? NO_TASKS : await loadTasks(reads, every);
  const shown: PlacedStep[] = [];
  let next: StepRef | null = null;
  let walked = 0;
  for (const placed of eachStep(state, from)) {
    if (shown.length === limit || walked === WALKED_AT_MOST) {
      next = placed.ref;
      break;
    }
    walked++;
    const { step } = placed;
    const matches = iteration === undefined || iteration === step.iteration;
    if (matches && (status === undefined || status === statusOf(step, known))) shown.push(placed);
  }
  const taskIds = shown.map(({ step }) => step.taskId);
  const tasks = status === undefined ? await loadTasks(reads, { ...every, taskIds }) : known;
  return {
    items: await stepViews(reads, executionId, shown, tasks),
    nextCursor: next === null ? null : stepCursor(next),
  };
}

/** Steps with their outputs. */
export async function stepViews(
  reads: Queryable,
  executionId: bigint,
  steps: readonly PlacedStep[],
  tasks: OpenTasks = NO_TASKS,
): Promise<Step[]> {
  const outputs = steps.map(({ step }) => step.output);
  const values = await loadLargeValues(reads, executionId, outputs);
  return steps.map((placed) => stepView(placed, values, tasks));
}

export function stepView(placed: PlacedStep, values: LargeValues, tasks: OpenTasks): Step {
  const { step } = placed;
  const output = values.show(step.output);
  const running = runningOn(step, tasks);
  return {
    ...stepFacts(placed),
    status: statusOf(step, tasks),
    output: output.json,
    ...(output.ref === undefined ? {} : { outputRef: output.ref }),
    ...(running === undefined ? {} : { running }),
  };
}

function statusOf(step: StepState, tasks: OpenTasks): StepStatus {
  return shownStatus(step.status, runningOn(step, tasks) !== undefined);
}

function runningOn({ taskId }: StepState, tasks: OpenTasks): Step["running"] {
  const task = taskId === null ? undefined : tasks.get(taskId);
  if (task === undefined || task.worker_id === null || task.leased_at === null) return undefined;
  const worker = task.queue === HTTP_QUEUE ? "engine" : encodeId("worker", task.worker_id);
  return { worker, since: task.leased_at.toISOString() };
}
