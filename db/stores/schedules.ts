/**
 * Schedules: changed by people, moved on by their alarms. Every write that a job makes may be made twice, late, or by two
 * processes at once: it names what it was decided on, and changes nothing where that is no longer so.
 */
import type { ScheduleSettings } from "@/db/queries/schedules";
import type { Queryable } from "../client";

/** Adds the alarm of a row `s` of schedules, or moves it. `runAt` is SQL. */
const alarm = (runAt: string, mode: "replace" | "preserve_run_at" = "replace") => `(graphile_worker.add_job('schedule',
    json_build_object('schedule', s.id::text, 'namespace', s.namespace_id),
    run_at := ${runAt}, max_attempts := 1000, job_key := 'schedule:' || s.id, job_key_mode := '${mode}')).id`;

export interface NewSchedule extends ScheduleSettings {
  id: bigint;
  namespaceId: number;
  nextRunAt: Date | null;
  createdAt: Date;
  createdBy: string;
}

/**
 * Its alarm is set with it. False where the name is taken.
 * @param notify what other processes are told, which may have to set their own clocks
 */
export async function insertSchedule(db: Queryable, schedule: NewSchedule, notify: string): Promise<boolean> {
  const { rows } = await db.query<{ inserted: boolean }>({
    name: "insert-schedule",
    text: `with s as (
        insert into schedules (id, namespace_id, name, cron, timezone, workflow, version, input, overlap, catch_up_window,
          paused, pause_reason, revision, next_run_at, created_at, created_by, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14, $15, $14)
        on conflict (namespace_id, name) do nothing
        returning id, namespace_id, next_run_at
      )
      select exists (select from s) as inserted, pg_notify('cerebelum', $16),
        (select ${alarm("s.next_run_at")} from s where s.next_run_at is not null)`,
    values: [
      schedule.id,
      schedule.namespaceId,
      ...settingValues(schedule),
      schedule.nextRunAt,
      schedule.createdAt,
      schedule.createdBy,
      notify,
    ],
  });
  return rows[0]?.inserted ?? false;
}

export interface ScheduleChange extends ScheduleSettings {
  /** What the change was decided on. */
  revision: number;
  /** null where its times stay as they are; else the next one. */
  timing: { nextRunAt: Date | null } | null;
  updatedAt: Date;
}

/** The schedule is looked at at once: runs that waited may start now. */
export async function updateSchedule(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  change: ScheduleChange,
  notify: string,
): Promise<"updated" | "name-taken" | "changed-meanwhile"> {
  try {
    const { rows } = await db.query<{ updated: boolean }>({
      name: "update-schedule",
      text: `with s as (
          update schedules set name = $3, cron = $4, timezone = $5, workflow = $6, version = $7, input = $8, overlap = $9,
            catch_up_window = $10, paused = $11, pause_reason = $12, revision = revision + 1,
            next_run_at = case when $13 then $14 else next_run_at end, updated_at = $15
          where id = $1 and namespace_id = $2 and revision = $16
          returning id, namespace_id
        )
        select exists (select from s) as updated, pg_notify('cerebelum', $17), (select ${alarm("now()")} from s)`,
      values: [
        id,
        namespaceId,
        ...settingValues(change),
        change.timing !== null,
        change.timing?.nextRunAt ?? null,
        change.updatedAt,
        change.revision,
        notify,
      ],
    });
    return rows[0]?.updated ? "updated" : "changed-meanwhile";
  } catch (error) {
    if (isNameTaken(error)) return "name-taken";
    throw error;
  }
}

function settingValues(settings: ScheduleSettings): unknown[] {
  return [
    settings.name,
    settings.cron,
    settings.timezone,
    settings.workflow,
    settings.version,
    settings.input,
    settings.overlap,
    settings.catchUpWindow,
    settings.paused,
    settings.pauseReason,
  ];
}

function isNameTaken(error: unknown): boolean {
  return error instanceof Error && "constraint" in error && error.constraint === "schedules_name";
}

/** With its runs that wait; executions go on. False where the namespace has no such schedule. */
export async function deleteSchedule(db: Queryable, namespaceId: number, id: bigint): Promise<boolean> {
  const { rows } = await db.query<{ deleted: boolean }>({
    name: "delete-schedule",
    text: `with s as (delete from schedules where id = $2 and namespace_id = $1 returning id)
      select exists (select from s) as deleted, (select (graphile_worker.remove_job('schedule:' || s.id)).id from s)`,
    values: [namespaceId, id],
  });
  return rows[0]?.deleted ?? false;
}

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
    text: `with s as (select id, namespace_id from schedules where id = $2 and namespace_id = $1),
      before as (select count(*)::int as waiting from schedule_waiting_runs where schedule_id = $2 and backfill),
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
    select s.id, started.execution_id, s.namespace_id from started, schedules s
    where s.id = $2 and s.namespace_id = $1 and s.overlap <> 'allow'
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
    text: `with started as (
        delete from schedule_waiting_runs w using unnest($3::timestamptz[], $4::bigint[]) as run(run_at, execution_id)
        where w.schedule_id = $2 and w.namespace_id = $1 and w.run_at = run.run_at
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
    text: `with started as (select $3::bigint as execution_id), started_any as (select execution_id from started),
      ${KEEP_OPEN}`,
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
  await db.query({
    name: "record-failed-start",
    text: `with gone as (
        delete from schedule_waiting_runs where schedule_id = $2 and namespace_id = $1 and run_at = $3 returning run_at
      )
      update schedules set last_error = $4 from gone where id = $2 and namespace_id = $1`,
    values: [namespaceId, id, runAt, error],
  });
}

/**
 * Has the schedule looked at in this moment, or at its next run if nobody has asked for an earlier look meanwhile. Answers
 * when the next run is; null where none is to come.
 */
export async function armSchedule(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  when: "now" | "next-run",
): Promise<Date | null> {
  const set = when === "now" ? alarm("now()") : alarm("s.next_run_at", "preserve_run_at");
  const { rows } = await db.query<{ at: Date | null }>({
    name: `arm-schedule-${when}`,
    text: `select s.next_run_at as at, case when ${when === "now"} or s.next_run_at is not null then ${set} end
      from schedules s where s.id = $2 and s.namespace_id = $1`,
    values: [namespaceId, id],
  });
  return rows[0]?.at ?? null;
}

const PAGE = 2_000;

/**
 * Adds the alarms that should exist and do not: of schedules that run before `until`, and of those with runs that wait and
 * nothing open to wait for. One whose job has been locked for over a minute, used up its attempts or backs off past its
 * time counts as having none. False once nothing is left.
 */
export async function addLostAlarms(db: Queryable, until: Date): Promise<boolean> {
  const { rowCount } = await db.query({
    name: "add-lost-schedule-alarms",
    text: `select ${alarm("s.at")} from (
        select id, namespace_id, next_run_at as at from schedules where next_run_at < $1
        union all
        select s.id, s.namespace_id, now() from schedules s
        where s.id in (select w.schedule_id from schedule_waiting_runs w)
          and exists (
            select from schedule_waiting_runs w where w.schedule_id = s.id and (w.backfill or not s.paused)
          )
          and (s.overlap in ('allow', 'cancel_previous') or not exists (
            select from schedule_open_runs o join executions e on e.id = o.execution_id
            where o.schedule_id = s.id and e.closed_at is null
          ))
      ) s
      where not exists (
        select from graphile_worker.jobs j
        where j.key = 'schedule:' || s.id and j.attempts < j.max_attempts
          and (j.locked_at is null or j.locked_at > now() - interval '1 minute')
          and j.run_at <= greatest(s.at, now() + interval '5 seconds')
      )
      limit ${PAGE}`,
    values: [until],
  });
  return rowCount === PAGE;
}
