/** What the tasks of an execution are doing now, which no history tells. */

import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type OpenTaskRow, openTasks } from "@/db/queries/tasks";
import type { WaitingFor } from "@/lib/contract/executions";
import { decodeId, encodeId } from "@/lib/contract/ids";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { findStep } from "@/lib/core/execution/find-step";
import type { ExecutionState } from "@/lib/core/execution/state";

/** Tasks by public id; empty for a state of the past, when nobody knows what was leased. */
export type OpenTasks = ReadonlyMap<string, OpenTaskRow>;

export const NO_TASKS: OpenTasks = new Map();

export interface TasksAsked {
  namespaceId: number;
  executionId: bigint;
  /** Those that are to be shown; absent: all that the execution has out. */
  taskIds?: readonly (string | null)[];
  now: number;
}

export async function loadTasks(
  reads: Queryable,
  { namespaceId, executionId, taskIds, now }: TasksAsked,
): Promise<OpenTasks> {
  const keys = taskIds && taskKeys(taskIds);
  if (keys?.length === 0) return NO_TASKS;
  const aliveSince = new Date(now - OFFLINE_AFTER_MS);
  const rows = await allRows(reads, openTasks(namespaceId, executionId, keys ?? null, aliveSince));
  return new Map(rows.map((row) => [encodeId("task", row.id), row]));
}

export function taskKeys(taskIds: readonly (string | null)[]): bigint[] {
  const keys = taskIds.map((id) => (id === null ? null : decodeId("task", id)));
  return [...new Set(keys.filter((key) => key !== null))];
}

/** The task that has to be done before the waiting ends: of the step, or of what undoes it. */
export function taskAwaited(state: ExecutionState, { node, iteration, index }: WaitingFor): string | null {
  const ordinal = state.graph.ordinals.get(node);
  const step = ordinal === undefined ? undefined : findStep(state, { ordinal, index });
  const undoing = state.compensations.find(
    (one) => one.taskId !== null && one.node === node && one.iteration === iteration,
  );
  return step?.taskId ?? undoing?.taskId ?? null;
}
