/** One execution as its page shows it: the folded state, and laid over it what its task rows are doing now. */

import type { Queryable } from "@/db/client";
import type { ExecutionListRow } from "@/db/queries/executions";
import { allRows } from "@/db/queries/query";
import { type OpenTaskRow, openTasks } from "@/db/queries/tasks";
import type { Execution, Step, StepStatus, WaitingFor } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { progressOf } from "@/lib/core/execution/progress";
import type { ExecutionState, StepState } from "@/lib/core/execution/state";
import { shownStatus } from "@/lib/core/execution/statuses";
import { waitingFor } from "@/lib/core/execution/waiting-for";
import { summaryOf } from "@/lib/views/execution-list";
import { type LargeValues, loadLargeValues } from "@/lib/views/large-values";
import type { Page } from "@/lib/views/page";

const STEPS_SHOWN = 500;

/** Tasks by public id; empty for a state of the past, when nobody knows what was leased. */
export type OpenTasks = ReadonlyMap<string, OpenTaskRow>;

export const NO_TASKS: OpenTasks = new Map();

export async function loadOpenTasks(
  reads: Queryable,
  namespaceId: number,
  executionId: bigint,
  now: number,
): Promise<OpenTasks> {
  const rows = await allRows(reads, openTasks(namespaceId, executionId, new Date(now - OFFLINE_AFTER_MS)));
  return new Map(rows.map((row) => [encodeId("task", row.id), row]));
}

/** @param state of any sequence; the row says what never changes, and is right about quarantine */
export async function executionView(
  reads: Queryable,
  row: ExecutionListRow,
  state: ExecutionState,
  tasks: OpenTasks,
): Promise<Execution> {
  const shown = state.steps.slice(0, STEPS_SHOWN);
  const values = await loadLargeValues(reads, row.id, [state.input, state.output, ...shown.map((step) => step.output)]);
  return {
    ...summaryOf(row),
    status: row.status === "quarantined" ? row.status : state.status,
    sequence: state.sequence,
    startedAt: instant(state.startedAt),
    closedAt: instant(state.closedAt),
    hash: state.hash,
    input: values.show(state.input).json,
    output: values.show(state.output).json,
    error: state.error,
    progress: progressOf(state),
    waitingFor: waits(state, tasks),
    steps: shown.map((step, ordinal) => stepView(state, step, ordinal, values, tasks)),
    stepsCursor: state.steps.length > STEPS_SHOWN ? String(STEPS_SHOWN) : null,
  };
}

/** What can be said of an execution whose history cannot be folded. */
export function unfoldableView(row: ExecutionListRow): Execution {
  return {
    ...summaryOf(row),
    hash: "",
    input: null,
    output: null,
    error: null,
    progress: { completed: 0, total: 0 },
    waitingFor: [],
    steps: [],
    stepsCursor: null,
  };
}

/** @param from the position of the first step, as `stepsCursor` and `nextCursor` name it */
export async function stepsPage(
  reads: Queryable,
  executionId: bigint,
  state: ExecutionState,
  tasks: OpenTasks,
  page: { from: number; limit: number; iteration?: number; status?: StepStatus },
): Promise<Page<Step>> {
  const numbered = state.steps.map((step, ordinal) => ({ step, ordinal }));
  const matching = numbered
    .slice(page.from)
    .filter(({ step }) => (page.iteration ?? step.iteration) === step.iteration)
    .filter(({ step }) => page.status === undefined || page.status === statusOf(step, tasks));
  const shown = matching.slice(0, page.limit);
  const values = await loadLargeValues(
    reads,
    executionId,
    shown.map(({ step }) => step.output),
  );
  const last = shown.at(-1);
  return {
    items: shown.map(({ step, ordinal }) => stepView(state, step, ordinal, values, tasks)),
    nextCursor: matching.length > page.limit && last !== undefined ? String(last.ordinal + 1) : null,
  };
}

function statusOf(step: StepState, tasks: OpenTasks): StepStatus {
  return shownStatus(step.status, runningOn(step, tasks) !== undefined);
}

function stepView(
  state: ExecutionState,
  step: StepState,
  ordinal: number,
  values: LargeValues,
  tasks: OpenTasks,
): Step {
  const output = values.show(step.output);
  const running = runningOn(step, tasks);
  return {
    node: step.node,
    iteration: step.iteration,
    ...(step.index === undefined ? {} : { index: [...step.index] }),
    type: state.graph.nodes[ordinal]?.definition.type ?? "",
    status: shownStatus(step.status, running !== undefined),
    attempt: step.attempt,
    port: step.port,
    output: output.json,
    ...(output.ref === undefined ? {} : { outputRef: output.ref }),
    error: step.error,
    startedAt: instant(step.startedAt),
    closedAt: instant(step.closedAt),
    ...(running === undefined ? {} : { running }),
  };
}

function runningOn({ taskId }: StepState, tasks: OpenTasks): Step["running"] {
  const task = taskId === null ? undefined : tasks.get(taskId);
  if (task === undefined || task.worker_id === null || task.leased_at === null) return undefined;
  return { worker: encodeId("worker", task.worker_id), since: task.leased_at.toISOString() };
}

/**
 * What the core says an execution waits for. A step whose task was taken waits for nobody; of the others, it is the task
 * rows that tell whether anybody could take them.
 */
function waits(state: ExecutionState, tasks: OpenTasks): WaitingFor[] {
  if (tasks === NO_TASKS) return waitingFor(state);
  const byNode = new Map(
    state.steps.map((step) => [step.node, step.taskId === null ? undefined : tasks.get(step.taskId)]),
  );
  return waitingFor(state).flatMap((wait) => {
    const task = wait.kind === "worker" ? byNode.get(wait.node) : undefined;
    if (task === undefined) return [wait];
    return task.worker_id === null ? [{ ...wait, detail: workerDetail(task) }] : [];
  });
}

function workerDetail({ queue, task, served }: OpenTaskRow): string {
  return served
    ? `Waits for a free worker that runs ${task} on queue ${queue}`
    : `No worker polls queue ${queue} for ${task}`;
}

function instant(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}
