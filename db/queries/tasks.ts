/** What the tasks of one execution are doing now: a fact about task rows that no history tells. */
import type { Query } from "@/db/queries/query";
import { AHEAD_MAX } from "@/lib/contract/controls";

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

/** Each sort of task is looked for among the workers once, however many tasks there are of it. */
const SERVED = `kinds as (
    select distinct queue, task from wanted where worker_id is null
  ), served as (
    select k.queue, k.task, max(w.last_seen_at) as last_seen_at,
      (count(*) filter (where w.last_seen_at >= $4 and not w.draining))::int as workers
    from kinds k join workers w on w.namespace_id = $1 and k.queue = any(w.queues) and k.task = any(w.tasks)
    group by k.queue, k.task
  )`;

/**
 * @param ids null: all that the execution has
 * @param aliveSince workers that were not heard of since then are gone
 */
export function openTasks(
  namespaceId: number,
  executionId: bigint,
  ids: readonly bigint[] | null,
  aliveSince: Date,
): Query<OpenTaskRow> {
  return {
    name: ids === null ? "open-tasks" : "open-tasks-by-id",
    text: `with wanted as materialized (
        select id, queue, task, worker_id, leased_at from tasks
        where execution_id = $2 and namespace_id = $1 and ${ids === null ? "$3::bigint[] is null" : "id = any($3)"}
      ), ${SERVED}
      select t.*, case when t.worker_id is null then coalesce(s.workers, 0) > 0 end as served
      from wanted t left join served s on s.queue = t.queue and s.task = t.task`,
    values: [namespaceId, executionId, ids, aliveSince],
  };
}

/** What keeps a ready task from being taken. */
export interface TaskFactsRow extends Omit<OpenTaskRow, "served"> {
  ready_at: Date;
  concurrency_key: string | null;
  concurrency_limit: number | null;
  /** Live workers that run it, and when any that does was last heard of; of ready tasks only. */
  workers: number;
  last_seen_at: Date | null;
  /** Ready tasks before it: of its queue and sort, and of its key. Counted up to a thousand. */
  ahead: number;
  keyed_ahead: number;
  /** Tasks with its key that are leased. */
  keyed_running: number;
}

const BEFORE_IT = `a.namespace_id = $1 and a.queue = t.queue and a.worker_id is null and not a.held
  and (a.rank, a.id) < (t.rank, t.id)`;

/** @param aliveSince workers that were not heard of since then are gone */
export function taskFacts(
  namespaceId: number,
  executionId: bigint,
  ids: readonly bigint[],
  aliveSince: Date,
): Query<TaskFactsRow> {
  return {
    name: "task-facts",
    text: `with wanted as materialized (
        select id, queue, task, worker_id, leased_at, ready_at, rank, concurrency_key, concurrency_limit from tasks
        where execution_id = $2 and namespace_id = $1 and id = any($3)
      ), ${SERVED}
      select t.*, coalesce(s.workers, 0) as workers, s.last_seen_at, coalesce(ahead.tasks, 0) as ahead,
        coalesce(keyed.ahead, 0) as keyed_ahead, coalesce(keyed.running, 0) as keyed_running
      from wanted t left join served s on s.queue = t.queue and s.task = t.task
      left join lateral (
        select count(*)::int as tasks
        from (select from tasks a where ${BEFORE_IT} and a.admitted and a.task = t.task limit ${AHEAD_MAX}) counted
      ) ahead on t.worker_id is null
      left join lateral (
        select
          (select count(*)::int from (
            select from tasks a where ${BEFORE_IT} and a.concurrency_key = t.concurrency_key limit ${AHEAD_MAX}
          ) counted) as ahead,
          (select count(*)::int from (
            select from tasks a where a.namespace_id = $1 and a.queue = t.queue
              and a.concurrency_key = t.concurrency_key and a.worker_id is not null limit ${AHEAD_MAX}
          ) counted) as running
      ) keyed on t.worker_id is null and t.concurrency_key is not null`,
    values: [namespaceId, executionId, ids, aliveSince],
  };
}
