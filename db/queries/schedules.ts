/** Schedules, as lists show them and as the engine runs them. */
import type { Queryable } from "@/db/client";
import type { About } from "@/db/payload-codec";
import { allRows, firstRow, type Query } from "@/db/queries/query";
import type { SealedColumns } from "@/db/sealed-payloads";
import type { Overlap } from "@/lib/contract/schedules";

export interface ScheduleListRow {
  id: bigint;
  name: string;
  cron: string;
  timezone: string;
  workflow: string;
  version: number | null;
  /** JSON text. */
  input: string;
  overlap: Overlap;
  /** JSON text. */
  catch_up_window: string;
  paused: boolean;
  pause_reason: string | null;
  next_run_at: Date | null;
  last_execution_id: bigint | null;
  /** JSON text. */
  last_error: string | null;
  skipped: number;
  missed: number;
  created_at: Date;
  created_by: string;
  updated_at: Date;
  waiting: number;
}

const COLUMNS = `s.id, s.name, s.cron, s.timezone, s.workflow, s.version, s.input, s.overlap, s.catch_up_window, s.paused,
  s.pause_reason, s.next_run_at, s.last_execution_id, s.last_error, s.skipped, s.missed, s.created_at,
  s.created_by, s.updated_at,
  (select count(*)::int from schedule_waiting_runs w where w.schedule_id = s.id) as waiting`;

/** @param id the schedule's */
export function aboutSchedule(namespaceId: number, id: bigint, column: string): About {
  return { namespaceId, of: id, as: `schedule ${column}` };
}

/** Newest first. */
export function schedulesPage(namespaceId: number, before: bigint | null, limit: number): Query<ScheduleListRow> {
  return {
    name: "schedules-page",
    text: `select ${COLUMNS} from schedules s
      where s.namespace_id = $1 and ($2::bigint is null or s.id < $2) order by s.id desc limit $3`,
    values: [namespaceId, before, limit],
    sealed: sealedInList(namespaceId),
  };
}

export function scheduleById(namespaceId: number, id: bigint): Query<ScheduleListRow> {
  return {
    name: "schedule-by-id",
    text: `select ${COLUMNS} from schedules s where s.id = $2 and s.namespace_id = $1`,
    values: [namespaceId, id],
    sealed: sealedInList(namespaceId),
  };
}

function sealedInList(namespaceId: number): SealedColumns<ScheduleListRow> {
  return { columns: ["input", "last_error"], about: ({ id }, column) => aboutSchedule(namespaceId, id, column) };
}

/** What a person decided about a schedule. */
export interface ScheduleSettings {
  name: string;
  cron: string;
  timezone: string;
  workflow: string;
  version: number | null;
  /** JSON text. */
  input: string;
  overlap: Overlap;
  /** JSON text of a duration. */
  catchUpWindow: string;
  paused: boolean;
  pauseReason: string | null;
}

export interface ScheduleRow extends ScheduleSettings {
  id: bigint;
  revision: number;
  nextRunAt: Date | null;
}

const SETTINGS = `s.id, s.name, s.cron, s.timezone, s.workflow, s.version, s.input, s.overlap,
  s.catch_up_window as "catchUpWindow", s.paused, s.pause_reason as "pauseReason", s.revision, s.next_run_at as "nextRunAt"`;

/** What it starts with may be a payload. */
function sealedInput<Row extends ScheduleRow>(namespaceId: number): SealedColumns<Row> {
  return { columns: ["input"], about: ({ id }) => aboutSchedule(namespaceId, id, "input") };
}

export function scheduleRow(db: Queryable, namespaceId: number, id: bigint): Promise<ScheduleRow | null> {
  return firstRow<ScheduleRow>(db, {
    name: "schedule-row",
    text: `select ${SETTINGS} from schedules s where s.id = $2 and s.namespace_id = $1`,
    values: [namespaceId, id],
    sealed: sealedInput(namespaceId),
  });
}

export function scheduleByName(db: Queryable, namespaceId: number, name: string): Promise<ScheduleRow | null> {
  return firstRow<ScheduleRow>(db, {
    name: "schedule-by-name",
    text: `select ${SETTINGS} from schedules s where s.name = $2 and s.namespace_id = $1`,
    values: [namespaceId, name],
    sealed: sealedInput(namespaceId),
  });
}

export interface FiringSchedule extends ScheduleRow {
  /** Its executions that are open, where its overlap policy asks for them; keys in decimal. */
  open: string[];
  /** How many of its scheduled runs wait, backfills left out. */
  queued: number;
}

/** A schedule and what the decision about its next runs needs, all as of one moment. */
export function scheduleToFire(db: Queryable, namespaceId: number, id: bigint): Promise<FiringSchedule | null> {
  return firstRow<FiringSchedule>(db, {
    name: "schedule-to-fire",
    text: `select ${SETTINGS}, ${OPEN} as open,
        (select count(*)::int from schedule_waiting_runs w where w.schedule_id = s.id and not w.backfill) as queued
      from schedules s where s.id = $2 and s.namespace_id = $1`,
    values: [namespaceId, id],
    sealed: sealedInput(namespaceId),
  });
}

const OPEN = `array(
    select o.execution_id::text from schedule_open_runs o join executions e on e.id = o.execution_id
    where o.schedule_id = s.id and e.closed_at is null and s.overlap <> 'allow' order by o.execution_id
  )`;

export interface StartingSchedule extends ScheduleRow {
  open: string[];
  /** In order of time: the first runs that wait, of each kind as many as were asked for. */
  waiting: { run_at: string; backfill: boolean }[];
}

/** A schedule and the first of its runs that wait, all as of one moment; null too where none wait. */
export function scheduleToStart(
  db: Queryable,
  namespaceId: number,
  id: bigint,
  limit: number,
): Promise<StartingSchedule | null> {
  const first = (kind: string) =>
    `(select run_at, backfill from schedule_waiting_runs where schedule_id = $2 and ${kind} order by run_at limit $3)`;
  return firstRow<StartingSchedule>(db, {
    name: "schedule-to-start",
    text: `select ${SETTINGS}, ${OPEN} as open, waiting
      from schedules s cross join lateral (
        select json_agg(w order by w.run_at) as waiting from (${first("backfill")} union all ${first("not backfill")}) w
      ) runs
      where s.id = $2 and s.namespace_id = $1 and waiting is not null`,
    values: [namespaceId, id, limit],
    sealed: sealedInput(namespaceId),
  });
}

/** Schedules with runs that wait for an open execution to close, and one such execution of each. */
export function blockedSchedules(db: Queryable): Promise<{ id: bigint; namespaceId: number; executionId: bigint }[]> {
  return allRows(db, {
    name: "blocked-schedules",
    text: `select distinct on (s.id) s.id, s.namespace_id as "namespaceId", o.execution_id as "executionId"
      from schedules s
      join schedule_open_runs o on o.schedule_id = s.id
      join executions e on e.id = o.execution_id and e.closed_at is null
      where s.overlap <> 'allow' and s.id in (select w.schedule_id from schedule_waiting_runs w)
      order by s.id, o.execution_id`,
    values: [],
  });
}
