/**
 * Runs of schedules: due, waiting, started. Every write may be made twice, late, or by two processes at once: it names what
 * it was decided on, and changes nothing where that is no longer so.
 */
import { aboutSchedule } from "@/db/queries/schedules";
import type { Queryable } from "../client";
import { payloadsOf, sealJson } from "../sealed-payloads";
import { alarm } from "./schedule-alarms";

/**
 * Taken before any row of its runs, in the order in which the schedule's deletion takes them: in another order the two would
 * wait for each other. No row where it is gone.
 */
const LOCKED = `s as (
    select id, namespace_id, overlap from schedules where id = $2 and namespace_id = $1 for no key update
  )`;

export interface Advance {
  /** What it was decided on. */
  revision: number;
  from: Date;
  to: Date | null;
  admitted: Date[];
  skipped: number;
  missed: number;
}

/** Runs that came due begin to wait, and the schedule moves on to its next one. Only one of several who try succeeds. */
export async function advanceSchedule(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  advance: Advance,
): Promise<boolean> {
  const { rows } = await db.query<{ moved: boolean }>({
    name: "advance-schedule",
    text: `with s as (
        update schedules set next_run_at = $5, skipped = skipped + $6, missed = missed + $7
        where id = $2 and namespace_id = $1 and revision = $3 and next_run_at = $4
        returning id, namespace_id
      ), waiting as (
        insert into schedule_waiting_runs (schedule_id, run_at, namespace_id, backfill)
        select s.id, run_at, s.namespace_id, false from s, unnest($8::timestamptz[]) as run_at
        on conflict do nothing
      )
      select exists (select from s) as moved`,
    values: [
      namespaceId,
      id,
      advance.revision,
      advance.from,
      advance.to,
      advance.skipped,
      advance.missed,
      advance.admitted,
    ],
  });
  return rows[0]?.moved ?? false;
}

/**
 * Adds runs for instants of the past; one that waits already is left as it is. null where there is no such schedule, and
 * otherwise how many backfills waited before: beyond `max` in all, none is added.
 */
export async function addBackfill(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  runs: readonly Date[],
  max: number,
): Promise<{ waiting: number } | null> {
  const { rows } = await db.query<{ found: boolean; waiting: number }>({
    name: "add-backfill",
    text: `with ${LOCKED}, before as (
        select count(*)::int as waiting from schedule_waiting_runs
        where schedule_id = $2 and namespace_id = $1 and backfill
      ),
      added as (
        insert into schedule_waiting_runs (schedule_id, run_at, namespace_id, backfill)
        select s.id, run_at, s.namespace_id, true from s, before, unnest($3::timestamptz[]) as run_at
        where before.waiting + cardinality($3::timestamptz[]) <= $4
        on conflict do nothing
      )
      select exists (select from s) as found, waiting, (select ${alarm("now()")} from s) from before`,
    values: [namespaceId, id, runs, max],
  });
  return rows[0]?.found ? { waiting: rows[0].waiting } : null;
}

export interface StartedRun {
  runAt: Date;
  executionId: bigint;
}

/** Forgets which executions have closed by now, and keeps those just started where the policy will ask for them. */
const KEEP_OPEN = `closed as (
    delete from schedule_open_runs o using started_any
    where o.schedule_id = $2 and o.namespace_id = $1
      and not exists (select from executions e where e.id = o.execution_id and e.closed_at is null)
  ), opened as (
    insert into schedule_open_runs (schedule_id, execution_id, namespace_id)
    select s.id, started.execution_id, s.namespace_id from started, s where s.overlap <> 'allow'
    on conflict do nothing
  )
  update schedules set last_execution_id = greatest(last_execution_id, started_any.execution_id), last_error = null
  from started_any where id = $2 and namespace_id = $1`;

/** What waited has been started. Of runs that somebody else recorded before, nothing is written again. */
export async function recordStarts(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  runs: readonly StartedRun[],
): Promise<void> {
  await db.query({
    name: "record-starts",
    text: `with ${LOCKED}, started as (
        delete from schedule_waiting_runs w using s, unnest($3::timestamptz[], $4::bigint[]) as run(run_at, execution_id)
        where w.schedule_id = s.id and w.run_at = run.run_at
        returning run.execution_id
      ), started_any as (
        select max(execution_id) as execution_id from started having count(*) > 0
      ), ${KEEP_OPEN}`,
    values: [namespaceId, id, runs.map(({ runAt }) => runAt), runs.map(({ executionId }) => executionId)],
  });
}

/** An execution was started outside the schedule's times. May be recorded again. */
export async function recordTrigger(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  executionId: bigint,
): Promise<void> {
  await db.query({
    name: "record-trigger",
    text: `with ${LOCKED}, started as (select $3::bigint as execution_id from s),
      started_any as (select execution_id from started), ${KEEP_OPEN}`,
    values: [namespaceId, id, executionId],
  });
}

/** A run could not be started and will not be tried again. `error` is JSON text. */
export async function recordFailure(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  runAt: Date,
  error: string,
): Promise<void> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  await db.query({
    name: "record-failed-start",
    text: `with ${LOCKED}, gone as (
        delete from schedule_waiting_runs w using s where w.schedule_id = s.id and w.run_at = $3 returning w.run_at
      )
      update schedules set last_error = $4 from gone where id = $2 and namespace_id = $1`,
    values: [namespaceId, id, runAt, sealJson(payloads, error, aboutSchedule(namespaceId, id, "last_error"))],
  });
}
