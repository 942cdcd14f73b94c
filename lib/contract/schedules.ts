/** Schedules over the API: which workflow is started, when, and what happens if the last one is still open. */
import { z } from "zod";
import { durationSchema, nameSchema } from "./definition";
import { instantSchema } from "./history";

/** Runs that one backfill may ask for. */
export const BACKFILL_MAX = 1_000;
export const PREVIEW_DEFAULT = 10;
export const PREVIEW_MAX = 100;

export const OVERLAPS = ["skip", "queue", "cancel_previous", "allow"] as const;
export const overlapSchema = z.enum(OVERLAPS);
export type Overlap = z.infer<typeof overlapSchema>;

/** Short enough that `schedule:<name>` is a tag. */
const scheduleNameSchema = nameSchema.max(100);
const reasonSchema = z.string().max(2000);

const fields = {
  name: scheduleNameSchema.describe("Unique in the namespace; every execution it starts is tagged schedule:<name>"),
  cron: z
    .string()
    .min(1)
    .max(200)
    .describe("Minute, hour, day of month, month, day of week; six fields begin with the second"),
  timezone: z.string().min(1).max(64).describe("An IANA name, such as Europe/Berlin"),
  workflow: nameSchema,
  version: z.int().min(1),
  input: z.json(),
  overlap: overlapSchema.describe("What happens to a run that comes due while an earlier one is open"),
  catchUpWindow: durationSchema.describe("Runs missed in an outage are made up for if they are no older than this"),
  paused: z.boolean(),
  pauseReason: reasonSchema,
};

export const createScheduleSchema = z.strictObject({
  ...fields,
  timezone: fields.timezone.optional().describe("An IANA name, such as Europe/Berlin; default UTC"),
  version: fields.version.optional().describe("Default: the latest at each start"),
  input: fields.input.optional().describe("Default null"),
  overlap: fields.overlap.optional().describe("Default skip"),
  catchUpWindow: fields.catchUpWindow.optional().describe("Default 1d"),
  paused: fields.paused.optional().describe("Default false"),
  pauseReason: fields.pauseReason.optional(),
});
export type CreateSchedule = z.infer<typeof createScheduleSchema>;

/** What is left out stays as it is. */
export const updateScheduleSchema = z
  .strictObject({
    ...fields,
    version: fields.version.nullable().describe("null: the latest at each start"),
    pauseReason: fields.pauseReason.nullable(),
  })
  .partial();
export type UpdateSchedule = z.infer<typeof updateScheduleSchema>;

export const scheduleSchema = z.object({
  id: z.string(),
  name: z.string(),
  cron: z.string(),
  timezone: z.string(),
  workflow: z.string(),
  version: z.int().nullable(),
  input: z.json(),
  overlap: overlapSchema,
  catchUpWindow: durationSchema,
  paused: z.boolean(),
  pauseReason: z.string().nullable(),
  nextRunAt: instantSchema.nullable().describe("null while it is paused"),
  lastRunAt: instantSchema.nullable().describe("When it last started an execution, a trigger or a backfill included"),
  lastExecutionId: z.string().nullable(),
  lastError: z
    .object({
      runAt: instantSchema.describe("The instant that the run was for"),
      code: z.string(),
      message: z.string(),
    })
    .nullable()
    .describe("Why the last run could not be started; null once one was"),
  waiting: z.int().describe("Runs that are due and not started: queued behind an open one, or of a backfill"),
  skipped: z
    .int()
    .describe(
      "Runs not started because an earlier one, or too many of the namespace, were open, since the schedule was created",
    ),
  missed: z.int().describe("Runs not made up for because they were older than the catch-up window, since then"),
  createdAt: instantSchema,
  createdBy: z.string(),
  updatedAt: instantSchema,
});
export type Schedule = z.infer<typeof scheduleSchema>;

export const scheduleTriggeredSchema = z.object({ executionId: z.string() });
export type ScheduleTriggered = z.infer<typeof scheduleTriggeredSchema>;

export const backfillScheduleSchema = z.strictObject({
  from: z.iso.datetime({ offset: true }).describe("Included"),
  to: z.iso.datetime({ offset: true }).describe("Included; not in the future"),
});
export type BackfillSchedule = z.infer<typeof backfillScheduleSchema>;

export const scheduleTimesSchema = z.object({ times: z.array(instantSchema) });
export type ScheduleTimes = z.infer<typeof scheduleTimesSchema>;
