/** What the tasks of one execution are doing now: a fact about task rows that no history tells. */
import type { Query } from "@/db/queries/query";

export interface OpenTaskRow {
  id: bigint;
  queue: string;
  task: string;
  /** Null: nobody has taken it yet. */
  worker_id: bigint | null;
  leased_at: Date | null;
  /** Whether a live worker declared its queue and task; null where it is leased. */
  served: boolean | null;
}

/** @param aliveSince workers that were not heard of since then are gone */
export function openTasks(namespaceId: number, executionId: bigint, aliveSince: Date): Query<OpenTaskRow> {
  return {
    name: "open-tasks",
    text: `select t.id, t.queue, t.task, t.worker_id, t.leased_at,
        case when t.worker_id is null then exists (
          select from workers w where w.namespace_id = $1 and w.last_seen_at >= $3 and not w.draining
            and t.queue = any(w.queues) and t.task = any(w.tasks)
        ) end as served
      from tasks t where t.execution_id = $2 and t.namespace_id = $1`,
    values: [namespaceId, executionId, aliveSince],
  };
}
