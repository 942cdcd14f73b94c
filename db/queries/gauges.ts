/** What the database alone knows of all namespaces together, for metrics: one statement whose cost has a bound. */
import type { Query } from "@/db/queries/query";

export interface QueueGauge {
  namespace: string;
  queue: string;
  /** At most {@link COUNTED_AT_MOST}. */
  ready: number;
  /** Seconds that the oldest of them has waited. */
  oldest: number;
}

export interface GaugesRow {
  /** Executions that are not closed, by status. */
  open: Record<string, number>;
  /** Of the first {@link QUEUES_AT_MOST} that have ready tasks. */
  queues: QueueGauge[];
  running_tasks: number;
  workers: number;
  /** Of each namespace at most {@link COUNTED_AT_MOST}; so are the approvals. */
  dead_letters: number;
  approvals: number;
  /** Seconds by which the earliest deadline of an execution is overdue; 0 where none is. */
  wake_overdue: number;
  /** Seconds by which the next job that could be taken is overdue; 0 where none is. */
  job_overdue: number;
}

const COUNTED_AT_MOST = 10_000;
const QUEUES_AT_MOST = 100;

/**
 * The queues are found by skipping from one to the next in the index, their tasks counted up to a bound.
 *
 * @param aliveSince workers that were not heard of since then are gone
 */
export function gauges(aliveSince: Date): Query<GaugesRow> {
  return {
    name: "gauges",
    text: `with recursive waiting as (
        (select namespace_id, queue from tasks where worker_id is null and not held and admitted
          order by namespace_id, queue limit 1)
        union all
        select next.namespace_id, next.queue from waiting cross join lateral (
          select t.namespace_id, t.queue from tasks t where t.worker_id is null and not t.held and t.admitted
            and (t.namespace_id, t.queue) > (waiting.namespace_id, waiting.queue)
          order by t.namespace_id, t.queue limit 1
        ) next
      ), backlog as (
        select n.name as namespace, q.queue, counted.ready, counted.oldest
        from (select * from waiting limit ${QUEUES_AT_MOST}) q
        join namespaces n on n.id = q.namespace_id
        cross join lateral (
          select count(*)::int as ready, greatest(extract(epoch from now() - min(ready_at)), 0)::float8 as oldest from (
            select t.ready_at from tasks t where t.namespace_id = q.namespace_id and t.queue = q.queue
              and t.worker_id is null and not t.held and t.admitted limit ${COUNTED_AT_MOST}
          ) bounded
        ) counted
        where counted.ready > 0
      )
      select
        (select coalesce(json_object_agg(status, count), '{}') from (
          select status, greatest(sum(delta), 0)::int as count from execution_counts
          where status in ('scheduled', 'running', 'waiting', 'paused', 'compensating', 'quarantined') group by status
        ) counts) as open,
        (select coalesce(json_agg(backlog), '[]') from backlog) as queues,
        (select count(*)::int from tasks where worker_id is not null) as running_tasks,
        (select count(*)::int from workers where not internal and last_seen_at >= $1) as workers,
        (select coalesce(sum(open), 0)::int from namespaces n cross join lateral (
          select count(*) as open from (select from dead_letters d where d.namespace_id = n.id and d.status = 'open'
            limit ${COUNTED_AT_MOST}) bounded
        ) counted) as dead_letters,
        (select coalesce(sum(pending), 0)::int from namespaces n cross join lateral (
          select count(*) as pending from (select from approvals a where a.namespace_id = n.id and a.status = 'pending'
            limit ${COUNTED_AT_MOST}) bounded
        ) counted) as approvals,
        (select greatest(coalesce(extract(epoch from now() - min(next_wake_at)), 0), 0)::float8 from executions
          where next_wake_at is not null) as wake_overdue,
        (select coalesce((select greatest(extract(epoch from now() - run_at), 0)::float8 from graphile_worker._private_jobs
          where is_available = true order by priority, run_at limit 1), 0)) as job_overdue`,
    values: [aliveSince],
  };
}
