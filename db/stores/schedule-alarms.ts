/**
 * The alarms of schedules: a graphile job each, keyed by its schedule. That a schedule runs next, or that runs of it wait, is
 * said by rows; an alarm only has somebody look at them, and one that is lost is set again.
 */
import type { Queryable } from "../client";

/** Adds the alarm of a row `s` of schedules, or moves it. `runAt` is SQL. */
export const alarm = (
  runAt: string,
  mode: "replace" | "preserve_run_at" = "replace",
) => `(graphile_worker.add_job('schedule',
    json_build_object('schedule', s.id::text, 'namespace', s.namespace_id),
    run_at := ${runAt}, max_attempts := 1000, job_key := 'schedule:' || s.id, job_key_mode := '${mode}')).id`;

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
