/** Queues: those with ready tasks or tasks kept back, those with leased ones, and those that a live worker asks for. */
import type { Query } from "@/db/queries/query";

export interface QueueRow {
  name: string;
  ready: number;
  running: number;
  /** Kept back by others of their concurrency key. */
  delayed: number;
  /** The key of the task that was dispatched first, of those that are ready. */
  oldest_ready: bigint | null;
  workers: number;
  ended_this_minute: number;
  ended_last_minute: number;
}

/** A longer backlog is shown as this long: the page must not count millions of rows. */
const COUNTED_AT_MOST = 100_000;

/**
 * The names of queues with ready tasks are found by skipping from one to the next in the index, leased tasks by way of
 * the workers that hold them: both take time by the number of queues and workers, not of tasks.
 *
 * @param aliveSince workers that were not heard of since then are gone
 */
export function queuesPage(
  namespaceId: number,
  aliveSince: Date,
  now: Date,
  after: string,
  limit: number,
): Query<QueueRow> {
  return {
    name: "queues-page",
    text: `with recursive waiting as (
        (select queue from tasks where namespace_id = $1 and worker_id is null and not held and admitted order by queue limit 1)
        union all
        select (select t.queue from tasks t where t.namespace_id = $1 and t.worker_id is null and not t.held and t.admitted
            and t.queue > waiting.queue order by t.queue limit 1)
        from waiting where waiting.queue is not null
      ), kept as (
        (select queue from tasks where namespace_id = $1 and not admitted and not held order by queue limit 1)
        union all
        select (select t.queue from tasks t where t.namespace_id = $1 and not t.admitted and not t.held
            and t.queue > kept.queue order by t.queue limit 1)
        from kept where kept.queue is not null
      ), leased as (
        select t.queue, count(*)::int as running
        from workers w join tasks t on t.worker_id = w.id where w.namespace_id = $1 group by t.queue
      ), polled as (
        select queue, count(*)::int as workers
        from workers w cross join unnest(w.queues) as queue
        where w.namespace_id = $1 and not w.internal and w.last_seen_at >= $2 group by queue
      ), names as (
        select queue from waiting where queue is not null
        union select queue from kept where queue is not null
        union select queue from leased
        union select queue from polled
      )
      select q.queue as name, backlog.ready, backlog.oldest_ready, coalesce(leased.running, 0) as running, back.delayed,
        coalesce(polled.workers, 0) as workers, rate.ended_this_minute, rate.ended_last_minute
      from (select queue from names where queue > $4 order by queue limit $5) q
      left join leased on leased.queue = q.queue
      left join polled on polled.queue = q.queue
      cross join lateral (
        select count(*)::int as ready, min(id) as oldest_ready from (
          select t.id from tasks t where t.namespace_id = $1 and t.queue = q.queue and t.worker_id is null and not t.held and t.admitted
          limit ${COUNTED_AT_MOST}
        ) counted
      ) backlog
      cross join lateral (
        select count(*)::int as delayed from (
          select from tasks t where t.namespace_id = $1 and t.queue = q.queue and not t.admitted and not t.held
          limit ${COUNTED_AT_MOST}
        ) counted
      ) back
      cross join lateral (
        select coalesce(sum(ended) filter (where minute = date_trunc('minute', $3::timestamptz)), 0)::int as ended_this_minute,
          coalesce(sum(ended) filter (where minute < date_trunc('minute', $3::timestamptz)), 0)::int as ended_last_minute
        from queue_rates r where r.namespace_id = $1 and r.queue = q.queue
          and r.minute >= date_trunc('minute', $3::timestamptz) - interval '1 minute'
      ) rate
      order by q.queue`,
    values: [namespaceId, aliveSince, now, after, limit],
  };
}
