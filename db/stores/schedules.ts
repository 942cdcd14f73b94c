/** Schedules as people make, change and remove them; each is looked at at once, and other processes are told. */
import { aboutSchedule, type ScheduleSettings } from "@/db/queries/schedules";
import type { Queryable } from "../client";
import { payloadsOf, sealJson } from "../sealed-payloads";
import { alarm } from "./schedule-alarms";

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
      ...(await settingValues(db, schedule.namespaceId, schedule.id, schedule)),
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
        ...(await settingValues(db, namespaceId, id, change)),
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

async function settingValues(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  settings: ScheduleSettings,
): Promise<unknown[]> {
  const payloads = payloadsOf(db);
  await payloads.prepare([namespaceId]);
  return [
    settings.name,
    settings.cron,
    settings.timezone,
    settings.workflow,
    settings.version,
    sealJson(payloads, settings.input, aboutSchedule(namespaceId, id, "input")),
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
