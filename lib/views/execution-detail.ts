/** One execution as its page shows it: the folded state, and laid over it what its task rows are doing now. */

import type { Queryable } from "@/db/client";
import type { ExecutionDetailRow } from "@/db/queries/executions";
import type { OpenTaskRow } from "@/db/queries/tasks";
import type { Execution, WaitingFor } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import { factsOf, firstSteps, stepCursor } from "@/lib/core/execution/facts";
import type { ExecutionState } from "@/lib/core/execution/state";
import type { StepRef } from "@/lib/core/execution/step-ref";
import type { PlacedStep } from "@/lib/core/execution/steps";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { summaryOf } from "@/lib/views/execution-list";
import { loadLargeValues } from "@/lib/views/large-values";
import { loadTasks, NO_TASKS, type OpenTasks, taskAwaited } from "@/lib/views/open-tasks";
import { stepView } from "@/lib/views/steps";

/** As it is now. */
export async function executionView(
  reads: Queryable,
  namespaceId: number,
  row: ExecutionDetailRow,
  state: ExecutionState,
  now: number,
): Promise<Execution> {
  const first = firstSteps(state);
  const waits = waitingFor(state);
  const awaited = [...first.steps.map(({ step }) => step.taskId), ...waits.map((wait) => taskAwaited(state, wait))];
  const tasks = await loadTasks(reads, { namespaceId, executionId: row.id, taskIds: awaited, now });
  return view(reads, row, state, { ...first, tasks, waitingFor: layOver(state, waits, tasks) });
}

/** As it was: nobody knows any more who had which task. @param row says what never changes, and is right about quarantine */
export function pastView(reads: Queryable, row: ExecutionDetailRow, state: ExecutionState): Promise<Execution> {
  return view(reads, row, state, { ...firstSteps(state), tasks: NO_TASKS, waitingFor: waitingFor(state) });
}

/** What can be said of an execution whose history cannot be folded. */
export function unfoldableView(row: ExecutionDetailRow): Execution {
  return {
    ...summaryOf(row),
    ...linksOf(row),
    hash: "",
    input: null,
    output: null,
    error: null,
    parent: null,
    pausedAt: null,
    pauseReason: null,
    cancelRequested: false,
    closing: null,
    progress: { completed: 0, total: 0 },
    waitingFor: [],
    steps: [],
    stepsCursor: null,
  };
}

interface Shown {
  steps: PlacedStep[];
  next: StepRef | null;
  tasks: OpenTasks;
  waitingFor: WaitingFor[];
}

async function view(
  reads: Queryable,
  row: ExecutionDetailRow,
  state: ExecutionState,
  { steps, next, tasks, waitingFor }: Shown,
): Promise<Execution> {
  const outputs = steps.map(({ step }) => step.output);
  const values = await loadLargeValues(reads, row.id, [state.input, state.output, ...outputs]);
  return {
    ...summaryOf(row),
    ...linksOf(row),
    ...factsOf(state),
    status: row.status === "quarantined" ? row.status : state.status,
    input: values.show(state.input).json,
    output: values.show(state.output).json,
    waitingFor,
    steps: steps.map((placed) => stepView(placed, values, tasks)),
    stepsCursor: next === null ? null : stepCursor(next),
  };
}

function linksOf({ id, forked_from: source, has_children: hasChildren }: ExecutionDetailRow) {
  return {
    children: hasChildren ? `/api/v1/executions?parent=${encodeId("execution", id)}` : null,
    forkedFrom: source === null ? null : encodeId("execution", source),
  };
}

/**
 * What the core says an execution waits for. A step whose task was taken waits for nobody; of the others, it is the task
 * rows that tell whether anybody could take them.
 */
function layOver(state: ExecutionState, waits: readonly WaitingFor[], tasks: OpenTasks): WaitingFor[] {
  return waits.flatMap((wait) => {
    const task = tasks.get(taskAwaited(state, wait) ?? "");
    if (task === undefined) return [wait];
    if (task.worker_id !== null) return [];
    return [{ ...wait, detail: whoCouldTake(task) }];
  });
}

function whoCouldTake({ queue, task, served }: OpenTaskRow): string {
  if (queue === HTTP_QUEUE) return "Waits for the engine to call its URL";
  return served
    ? `Waits for a free worker that runs ${task} on queue ${queue}`
    : `No worker polls queue ${queue} for ${task}`;
}
