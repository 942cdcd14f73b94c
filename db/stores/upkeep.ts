/** What keeps tables small and timers alive; each statement may run in several processes at once. */
import type { Queryable } from "../client";

const PAGE = 2_000;

/**
 * Adds the wake jobs that should exist and do not: of executions whose deadline has passed or comes before `until`. One whose
 * job has been locked for over a minute, used up its attempts or backs off past the deadline counts as having none.
 * Answers where to go on: null once nothing is left.
 */
export async function addLostWakes(
  db: Queryable,
  after: { at: Date; id: bigint },
  until: Date,
): Promise<{ at: Date; id: bigint } | null> {
  const { rows } = await db.query<{ at: Date; id: bigint; seen: number; added: number }>(
    `with soon as (
       select id, namespace_id, next_wake_at as at from executions
       where next_wake_at < $3 and (next_wake_at, id) > ($1, $2::bigint) and status <> 'quarantined'
       order by next_wake_at, id limit ${PAGE}
     ), lost as (
       select array_agg(('wake', json_build_object('execution', s.id::text, 'namespace', s.namespace_id), null, s.at, 1000, 'wake:' || s.id, 0, null)
         ::graphile_worker.job_spec) as specs
       from soon s where not exists (
         select from graphile_worker.jobs j
         where j.key = 'wake:' || s.id and j.attempts < j.max_attempts
           and (j.locked_at is null or j.locked_at > now() - interval '1 minute')
           and j.run_at <= greatest(s.at, now() + interval '5 seconds')
       )
       having count(*) > 0
     )
     select last.at, last.id, (select count(*)::int from soon) as seen,
       (select count(*)::int from lost, graphile_worker.add_jobs(lost.specs)) as added
     from (select at, id from soon order by at desc, id desc limit 1) last`,
    [after.at, after.id, until],
  );
  const [last] = rows;
  return last === undefined || last.seen < PAGE ? null : { at: last.at, id: last.id };
}

/** Folds the deltas of each workflow and status into one row; rows that another process is folding are left to it. */
export async function compactCounts(db: Queryable): Promise<void> {
  await db.query(
    `with split as (
       select workflow_id, namespace_id, status from execution_counts group by 1, 2, 3 having count(*) > 1
     ), taken as (
       select c.ctid from execution_counts c join split using (workflow_id, namespace_id, status)
       for update of c skip locked
     ), gone as (
       delete from execution_counts c using taken where c.ctid = taken.ctid returning c.*
     )
     insert into execution_counts (workflow_id, namespace_id, status, delta)
     select workflow_id, namespace_id, status, sum(delta) from gone group by 1, 2, 3 having sum(delta) <> 0`,
  );
}

export async function ensurePartitions(db: Queryable): Promise<void> {
  await db.query("select ensure_event_partitions(now(), 4)");
}

/** Jobs that will never run again: a process died with them after a newer one had taken their key. */
export async function removeSpentJobs(db: Queryable): Promise<void> {
  await db.query(
    `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs
     where attempts >= max_attempts and locked_at is null having count(*) > 0`,
  );
}

/** Rates older than an hour, and workers that were last heard of over a day ago and hold no lease. */
export async function forgetOld(db: Queryable): Promise<void> {
  await db.query("delete from queue_rates where minute < now() - interval '1 hour'");
  await db.query(
    `delete from workers w where w.last_seen_at < now() - interval '1 day' and not w.internal
       and not exists (select from tasks t where t.worker_id = w.id)`,
  );
}
