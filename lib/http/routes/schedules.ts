/** Schedules: made, changed, paused, removed, run out of turn, made up for and looked ahead. */
import { z } from "zod";
import {
  backfillScheduleSchema,
  createScheduleSchema,
  PREVIEW_DEFAULT,
  PREVIEW_MAX,
  scheduleSchema,
  scheduleTimesSchema,
  scheduleTriggeredSchema,
  updateScheduleSchema,
} from "@/lib/contract/schedules";
import { refused } from "@/lib/engine/outcome";
import { backfillSchedule } from "@/lib/engine/schedule/backfill-schedule";
import { createSchedule } from "@/lib/engine/schedule/create-schedule";
import { deleteSchedule } from "@/lib/engine/schedule/delete-schedule";
import { previewSchedule, previewTimes } from "@/lib/engine/schedule/preview-schedule";
import { triggerSchedule } from "@/lib/engine/schedule/trigger-schedule";
import { updateSchedule } from "@/lib/engine/schedule/update-schedule";
import { type Answer, empty, json } from "@/lib/http/answer";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { answer, route } from "@/lib/http/route";
import { countSchema, keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";
import { listSchedules, readSchedule } from "@/lib/views/schedules";

const SCHEDULE = "/api/v1/schedules/{schedule}" as const;

const previewed = {
  count: countSchema
    .transform((count) => Math.min(count, PREVIEW_MAX))
    .optional()
    .describe(`Default ${PREVIEW_DEFAULT}, at most ${PREVIEW_MAX}`),
  from: z.iso.datetime({ offset: true }).optional().describe("Runs after that instant; default now"),
};

export const scheduleRoutes = [
  route({
    method: "POST",
    path: "/api/v1/schedules",
    permission: "publish",
    audit: "schedule.create",
    summary: "Makes a schedule; the very same again answers 200 with the one that is there",
    body: createScheduleSchema,
    answers: { 201: scheduleSchema, 200: scheduleSchema },
    problems: ["WORKFLOW_NOT_FOUND", "INVALID_INPUT", "PAYLOAD_TOO_LARGE", "NAME_TAKEN"],
    async handle({ body, principal, instance, audit }) {
      const outcome = await createSchedule(instance.services, principal, body);
      if (!outcome.ok) return outcome;
      if (outcome.value.existed) audit.nothing();
      audit.tell({ target: outcome.value.id, details: { name: body.name, workflow: body.workflow } });
      const schedule = await readSchedule(instance.reads, principal.namespaceId, outcome.value.id);
      return shown(schedule, outcome.value.existed ? 200 : 201);
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/schedules",
    permission: "read",
    summary: "Schedules, newest first",
    query: z.strictObject({ cursor: keyCursorSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(scheduleSchema) },
    async handle({ query, principal, instance }) {
      const page = { before: query.cursor ?? null, limit: query.limit };
      return json(200, await listSchedules(instance.reads, principal.namespaceId, page));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/schedules/times",
    permission: "read",
    summary: "When a schedule would run that is not saved yet",
    query: z.strictObject({
      cron: scheduleSchema.shape.cron.max(200),
      timezone: scheduleSchema.shape.timezone.max(64).optional().describe("Default UTC"),
      ...previewed,
    }),
    answers: { 200: scheduleTimesSchema },
    async handle({ query: { count = PREVIEW_DEFAULT, ...query }, instance }) {
      return answer(previewTimes(instance.services, { ...query, count }), 200);
    },
  }),
  route({
    method: "GET",
    path: SCHEDULE,
    permission: "read",
    summary: "One schedule: when it runs next, what it ran last",
    answers: { 200: scheduleSchema },
    problems: ["SCHEDULE_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      return shown(await readSchedule(instance.reads, principal.namespaceId, params.schedule));
    },
  }),
  route({
    method: "PATCH",
    path: SCHEDULE,
    permission: "publish",
    audit: "schedule.update",
    summary: "Changes what the body names; paused stops it, and what would have run meanwhile is not made up for",
    body: updateScheduleSchema,
    answers: { 200: scheduleSchema },
    problems: ["SCHEDULE_NOT_FOUND", "WORKFLOW_NOT_FOUND", "INVALID_INPUT", "PAYLOAD_TOO_LARGE", "NAME_TAKEN"],
    async handle({ params, body, principal, instance }) {
      const outcome = await updateSchedule(instance.services, principal, params.schedule, body);
      if (!outcome.ok) return outcome;
      return shown(await readSchedule(instance.reads, principal.namespaceId, params.schedule));
    },
  }),
  route({
    method: "DELETE",
    path: SCHEDULE,
    permission: "publish",
    audit: "schedule.delete",
    summary: "Removes a schedule and its runs that wait; executions that it started go on",
    answers: { 204: null },
    problems: ["SCHEDULE_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const outcome = await deleteSchedule(instance.services, principal, params.schedule);
      return outcome.ok ? empty(204) : outcome;
    },
  }),
  route({
    method: "POST",
    path: `${SCHEDULE}/trigger`,
    permission: "publish",
    audit: "schedule.trigger",
    summary: "Starts an execution at once, whatever overlap says, paused or not",
    body: z.strictObject({}),
    idempotent: true,
    answers: { 201: scheduleTriggeredSchema, 200: scheduleTriggeredSchema },
    problems: [
      "SCHEDULE_NOT_FOUND",
      "WORKFLOW_NOT_FOUND",
      "INVALID_INPUT",
      "IDEMPOTENCY_CONFLICT",
      "TOO_MANY_EXECUTIONS",
    ],
    async handle({ params, principal, instance, request }) {
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const outcome = await triggerSchedule(instance.services, principal, params.schedule, key.value ?? null);
      if (!outcome.ok) return outcome;
      const { existed, ...triggered } = outcome.value;
      return json(existed ? 200 : 201, triggered);
    },
  }),
  route({
    method: "POST",
    path: `${SCHEDULE}/backfill`,
    permission: "publish",
    audit: "schedule.backfill",
    summary: "Makes up for up to 1,000 runs of the past; one that was started before is not started again",
    body: backfillScheduleSchema,
    answers: { 202: scheduleTimesSchema },
    problems: ["SCHEDULE_NOT_FOUND"],
    async handle({ params, body, principal, instance }) {
      return answer(await backfillSchedule(instance.services, principal, params.schedule, body), 202);
    },
  }),
  route({
    method: "GET",
    path: `${SCHEDULE}/preview`,
    permission: "read",
    summary: "When it will run next, or would if it were not paused",
    query: z.strictObject(previewed),
    answers: { 200: scheduleTimesSchema },
    problems: ["SCHEDULE_NOT_FOUND"],
    async handle({ params, query: { count = PREVIEW_DEFAULT, from }, principal, instance }) {
      return answer(await previewSchedule(instance.services, principal, params.schedule, { from, count }));
    },
  }),
];

/** It may have been removed in the moment since it was written. */
function shown(schedule: Awaited<ReturnType<typeof readSchedule>>, status = 200): Answer | ReturnType<typeof refused> {
  return schedule === null ? refused("SCHEDULE_NOT_FOUND") : json(status, schedule);
}
