/**
 * Schedules, the runs of them that are due and not started, and the executions that an overlap policy has to look at.
 * `nextRunAt` is the truth about when a schedule runs: a graphile job is only its alarm clock. It is null while the
 * schedule is paused, and where its cron expression names no time any more.
 */
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgEnum, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { OVERLAPS } from "../../lib/contract/schedules";
import { instant, key } from "./columns";
import { namespaces } from "./namespaces";

export const scheduleOverlap = pgEnum("schedule_overlap", OVERLAPS);

export const schedules = pgTable(
  "schedules",
  {
    id: key("id").primaryKey(),
    namespaceId: integer("namespace_id")
      .notNull()
      .references(() => namespaces.id),
    name: text("name").notNull(),
    cron: text("cron").notNull(),
    timezone: text("timezone").notNull(),
    workflow: text("workflow").notNull(),
    /** null: the latest at each start. */
    version: integer("version"),
    /** JSON text. */
    input: text("input").notNull(),
    overlap: scheduleOverlap("overlap").notNull(),
    /** JSON text of the duration, as it was sent. */
    catchUpWindow: text("catch_up_window").notNull(),
    paused: boolean("paused").notNull(),
    pauseReason: text("pause_reason"),
    /** Grows with every change by a person: what was decided on an older one does not count. */
    revision: integer("revision").notNull(),
    nextRunAt: instant("next_run_at"),
    /** Of whatever cause; when it was started stands in the key. */
    lastExecutionId: key("last_execution_id"),
    /** JSON text. */
    lastError: text("last_error"),
    skipped: integer("skipped").notNull().default(0),
    missed: integer("missed").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    createdBy: text("created_by").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    unique("schedules_name").on(t.namespaceId, t.name),
    index("schedules_of_namespace").on(t.namespaceId, t.id),
    index("schedules_failing").on(t.namespaceId, t.id).where(sql`${t.lastError} is not null`),
    index("schedules_next_run").on(t.nextRunAt).where(sql`${t.nextRunAt} is not null`),
  ],
);

/** Due and not started. A start takes the row away, so that whoever starts the same run again changes nothing. */
export const scheduleWaitingRuns = pgTable(
  "schedule_waiting_runs",
  {
    scheduleId: key("schedule_id")
      .notNull()
      .references(() => schedules.id, { onDelete: "cascade" }),
    /** The instant that the run is for. */
    runAt: instant("run_at").notNull(),
    namespaceId: integer("namespace_id").notNull(),
    backfill: boolean("backfill").notNull(),
  },
  (t) => [primaryKey({ columns: [t.scheduleId, t.runAt] })],
);

/**
 * Executions of schedules that do not allow an overlap, open when they were last looked at. Those that have closed are
 * taken out at the next start, so that one that is retried meanwhile counts as open again.
 */
export const scheduleOpenRuns = pgTable(
  "schedule_open_runs",
  {
    scheduleId: key("schedule_id")
      .notNull()
      .references(() => schedules.id, { onDelete: "cascade" }),
    executionId: key("execution_id").notNull(),
    namespaceId: integer("namespace_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.scheduleId, t.executionId] })],
);
