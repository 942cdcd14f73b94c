/** Why an execution is where it is: what its history says, and what is to be seen of workers and queues. */

import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type TaskFactsRow, taskFacts } from "@/db/queries/tasks";
import type { Explanation, FactsByTask, TaskFacts, TaskLimit } from "@/lib/contract/controls";
import { encodeId } from "@/lib/contract/ids";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { explain } from "@/lib/core/execution/explain";
import type { ExecutionState } from "@/lib/core/execution/state";
import { openSteps } from "@/lib/core/execution/waiting-for";
import { taskKeys } from "@/lib/views/open-tasks";

export async function explanationView(
  reads: Queryable,
  target: { namespaceId: number; executionId: bigint },
  state: ExecutionState,
  now: number,
): Promise<Explanation> {
  const taskIds = openSteps(state).map(({ step }) => step.taskId);
  return explain(state, now, await loadFacts(reads, target, taskKeys(taskIds), now));
}

async function loadFacts(
  reads: Queryable,
  { namespaceId, executionId }: { namespaceId: number; executionId: bigint },
  tasks: readonly bigint[],
  now: number,
): Promise<FactsByTask> {
  if (tasks.length === 0) return new Map();
  const times = { aliveSince: new Date(now - OFFLINE_AFTER_MS), now: new Date(now) };
  const rows = await allRows(reads, taskFacts(namespaceId, executionId, tasks, times));
  return new Map(rows.map((row) => [encodeId("task", row.id), factsOf(row)]));
}

function factsOf(row: TaskFactsRow): TaskFacts {
  const { worker_id: worker, leased_at: leasedAt } = row;
  return {
    queue: row.queue,
    task: row.task,
    readyAt: row.ready_at.toISOString(),
    leased:
      worker === null || leasedAt === null
        ? null
        : { worker: encodeId("worker", worker), since: leasedAt.toISOString() },
    workers: row.workers,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    ahead: row.ahead,
    limit: limitOf(row),
  };
}

/** The first thing in its way: its queue, its key, its queue's rate. */
function limitOf(row: TaskFactsRow): TaskLimit | null {
  if (row.worker_id !== null) return null;
  if (row.paused === true) return { kind: "queue-paused" };
  if (!row.admitted) return keyLimitOf(row);
  return row.rate_spent === true ? rateOf(row.rate_limit, row.rate_per_ms) : null;
}

/** Its key has no place left, or has given out all that its rate allows. */
function keyLimitOf(row: TaskFactsRow): TaskLimit | null {
  const { concurrency_key: key, concurrency_limit: most, keyed_running: running, keyed_ahead: ahead } = row;
  if (key === null || most === null) return null;
  const rate = running < most ? rateOf(row.key_rate_limit, row.key_rate_per_ms, key) : null;
  return rate ?? { kind: "concurrency", key, running, most, ahead };
}

function rateOf(most: number | null, perMs: number | null, key?: string): TaskLimit | null {
  return most === null || perMs === null ? null : { kind: "rate", ...(key === undefined ? {} : { key }), most, perMs };
}
