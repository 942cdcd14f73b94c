/** What the tasks of one execution are doing now: a fact about task rows that no history tells. */
import type { Query } from "@/db/queries/query";
import { AHEAD_MAX } from "@/lib/contract/limits";

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

export function queueOfTask(namespaceId: number, executionId: bigint, id: bigint): Query<{ queue: string }> {
  return {
    name: "queue-of-task",
    text: "select queue from tasks where execution_id = $2 and id = $3 and namespace_id = $1",
    values: [namespaceId, executionId, id],
  };
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

/** What keeps a ready task from being taken; the numbers are of ready tasks only. */
export interface TaskFactsRow extends Omit<OpenTaskRow, "served"> {
  ready_at: Date;
  /** Live workers that run it, and when any that does was last heard of. */
  workers: number;
  last_seen_at: Date | null;
  /** Tasks of its queue and sort that come before it; counted up to a thousand, as are all here. */
  ahead: number;
  /** Null: no limit. */
  concurrency_key: string | null;
  concurrency_limit: number | null;
  /** False: others with its key are before it. */
  admitted: boolean;
  /** Of its key: tasks that hold a place, and those before it that wait for one. */
  keyed_running: number;
  keyed_ahead: number;
  /** Of its queue; null: none. */
  paused: boolean | null;
  rate_limit: number | null;
  rate_per_ms: number | null;
  key_rate_limit: number | null;
  key_rate_per_ms: number | null;
  /** The queue has given out all that its rate allows for now. */
  rate_spent: boolean | null;
}

const counted = (where: string) =>
  `(select count(*)::int from (select from tasks a where a.namespace_id = $1 and a.queue = t.queue and ${where}
    limit ${AHEAD_MAX}) counted)`;
const BEFORE_IT = "(a.rank, a.id) < (t.rank, t.id)";
const AHEAD = counted(`a.task = t.task and a.worker_id is null and not a.held and a.admitted and ${BEFORE_IT}`);
const KEYED_RUNNING = counted("a.concurrency_key = t.concurrency_key and a.admitted");
const KEYED_AHEAD = counted(`a.concurrency_key = t.concurrency_key and not a.admitted and not a.held and ${BEFORE_IT}`);

/** @param aliveSince workers that were not heard of since then are gone */
export function taskFacts(
  namespaceId: number,
  executionId: bigint,
  ids: readonly bigint[],
  { aliveSince, now }: { aliveSince: Date; now: Date },
): Query<TaskFactsRow> {
  return {
    name: "task-facts",
    text: `with wanted as materialized (
        select id, queue, task, worker_id, leased_at, ready_at, rank, admitted, concurrency_key, concurrency_limit
        from tasks where execution_id = $2 and namespace_id = $1 and id = any($3)
      ), ${SERVED}
      select t.*, coalesce(s.workers, 0) as workers, s.last_seen_at,
        case when t.worker_id is null then ${AHEAD} else 0 end as ahead,
        case when t.worker_id is null and not t.admitted then ${KEYED_RUNNING} else 0 end as keyed_running,
        case when t.worker_id is null and not t.admitted then ${KEYED_AHEAD} else 0 end as keyed_ahead,
        l.paused, l.rate_limit, l.rate_per_ms, l.key_rate_limit, l.key_rate_per_ms,
        refilled(b.tokens, b.at, $5, l.rate_limit, l.rate_per_ms) < 1 as rate_spent
      from wanted t left join served s on s.queue = t.queue and s.task = t.task
      left join queue_limits l on l.namespace_id = $1 and l.queue = t.queue
      left join rate_buckets b on b.namespace_id = $1 and b.queue = t.queue and b.key = ''`,
    values: [namespaceId, executionId, ids, aliveSince, now],
  };
}
