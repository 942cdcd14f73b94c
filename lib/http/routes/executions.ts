/** Starting, watching and controlling executions. */
import { z } from "zod";
import {
  batchStartedSchema,
  cancelExecutionSchema,
  EXECUTION_STATUSES,
  executionResultSchema,
  executionSchema,
  executionStartedSchema,
  executionStatusSchema,
  executionSummarySchema,
  startBatchSchema,
  startExecutionSchema,
  stepSchema,
  stepStatusSchema,
  verificationSchema,
} from "@/lib/contract/executions";
import { eventSchema } from "@/lib/contract/history";
import { PAYLOAD_BYTES, RESULT_WAIT_MAX_MS } from "@/lib/contract/limits";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { followEvents } from "@/lib/engine/follow-events";
import { stateOf } from "@/lib/engine/load-state";
import { refused } from "@/lib/engine/outcome";
import { startBatch } from "@/lib/engine/start-batch";
import { startExecution } from "@/lib/engine/start-execution";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { json } from "@/lib/http/answer";
import { eventStream, resumeAfter } from "@/lib/http/event-stream";
import { readExecution, targetOf } from "@/lib/http/execution-ref";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { answer, route } from "@/lib/http/route";
import { listEvents } from "@/lib/views/events";
import { executionView, loadOpenTasks, NO_TASKS, stepsPage, unfoldableView } from "@/lib/views/execution-detail";
import { listExecutions } from "@/lib/views/execution-list";
import { readValue } from "@/lib/views/large-values";
import { countSchema, keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";

const REF = "/api/v1/executions/{execution}" as const;
const instantQuery = z.iso.datetime({ offset: true });

/** One status, or several with commas between them. */
const statusesSchema = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(executionStatusSchema).max(EXECUTION_STATUSES.length))
  .transform((statuses) => [...new Set(statuses)]);

const listQuery = z.strictObject({
  workflow: z.string().max(128).optional(),
  status: statusesSchema.optional().describe("One, or several with commas between them"),
  tag: z.string().max(128).optional(),
  correlationId: z.string().max(256).optional(),
  startedAfter: instantQuery.optional(),
  startedBefore: instantQuery.optional(),
  q: z.string().min(1).max(256).optional().describe("Begin of an id, a key, a correlation id or a tag"),
  cursor: keyCursorSchema.optional(),
  limit: limitSchema,
});

const stepsQuery = z.strictObject({
  cursor: countSchema.optional(),
  iteration: countSchema.optional().describe("Only steps of that iteration"),
  status: stepStatusSchema.optional().describe("Only steps in that status"),
  limit: limitSchema,
});

export const executionRoutes = [
  route({
    method: "POST",
    path: "/api/v1/executions",
    permission: "execute",
    summary: "Starts an execution; committed before it answers",
    body: startExecutionSchema,
    idempotent: true,
    answers: { 201: executionStartedSchema, 200: executionStartedSchema },
    problems: ["WORKFLOW_NOT_FOUND", "INVALID_INPUT", "IDEMPOTENCY_CONFLICT", "PAYLOAD_TOO_LARGE"],
    async handle({ body, bodyBytes, principal, instance, request }) {
      if (bodyBytes > PAYLOAD_BYTES && Buffer.byteLength(JSON.stringify(body.input ?? null)) > PAYLOAD_BYTES)
        return refused("PAYLOAD_TOO_LARGE", `The input may have ${PAYLOAD_BYTES} bytes.`);
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      const outcome = await startExecution(instance.services, principal, body, key.value);
      return outcome.ok ? json(outcome.value.existed ? 200 : 201, outcome.value.started) : outcome;
    },
  }),
  route({
    method: "POST",
    path: "/api/v1/executions/batch",
    permission: "execute",
    summary: "Starts up to 1,000 executions; each is judged by itself",
    body: startBatchSchema,
    judgedLater: "executions",
    answers: { 201: batchStartedSchema },
    async handle({ body, principal, instance }) {
      return json(201, { results: await startBatch(instance.services, principal, body.executions) });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/executions",
    permission: "read",
    summary: "Executions, newest first",
    query: listQuery,
    answers: { 200: pageSchema(executionSummarySchema) },
    async handle({ query: { status, ...query }, principal, instance }) {
      return json(200, await listExecutions(instance.reads, principal.namespaceId, { ...query, statuses: status }));
    },
  }),
  route({
    method: "GET",
    path: REF,
    permission: "read",
    summary: "One execution: what went in, what came out, what it waits for, its first 500 steps",
    answers: { 200: executionSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const [state, tasks] = await Promise.all([
        stateOf(instance.services, targetOf(row.value, principal)),
        loadOpenTasks(instance.reads, principal.namespaceId, row.value.id, instance.clock.now()),
      ]);
      if (state.ok) return json(200, await executionView(instance.reads, row.value, state.value, tasks));
      return state.code === "EXECUTION_QUARANTINED" ? json(200, unfoldableView(row.value)) : state;
    },
  }),
  route({
    method: "GET",
    path: `${REF}/steps`,
    permission: "read",
    summary: "All steps, page by page, in the order of the definition",
    query: stepsQuery,
    answers: { 200: pageSchema(stepSchema) },
    problems: ["EXECUTION_NOT_FOUND", "EXECUTION_QUARANTINED"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const { id } = row.value;
      const [state, tasks] = await Promise.all([
        stateOf(instance.services, targetOf(row.value, principal)),
        loadOpenTasks(instance.reads, principal.namespaceId, id, instance.clock.now()),
      ]);
      if (!state.ok) return state;
      const page = { from: query.cursor ?? 0, limit: query.limit, iteration: query.iteration, status: query.status };
      return json(200, await stepsPage(instance.reads, id, state.value, tasks, page));
    },
  }),
  route({
    method: "GET",
    path: `${REF}/events`,
    permission: "read",
    summary: "The history; sequences run 1, 2, 3 without a gap",
    query: z.strictObject({ after: countSchema.optional(), limit: limitSchema }),
    answers: { 200: pageSchema(eventSchema) },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      return json(200, await listEvents(instance.reads, row.value.id, query.after ?? 0, query.limit));
    },
  }),
  route({
    method: "GET",
    path: `${REF}/events/stream`,
    permission: "read",
    summary:
      "The history as server-sent events, resumed by Last-Event-ID or after; `event: end` after a closed one's last",
    query: z.strictObject({ after: countSchema.optional() }),
    answers: { 200: "text/event-stream" },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query, principal, instance, request, signal }) {
      const after = resumeAfter(request, query.after);
      if (!after.ok) return after;
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const events = followEvents(instance.services, principal, params.execution, after.value, signal);
      return eventStream(events, signal);
    },
  }),
  route({
    method: "GET",
    path: `${REF}/values/{hash}`,
    permission: "read",
    summary: "A large value that an event or a step refers to by its hash",
    answers: { 200: z.json() },
    problems: ["EXECUTION_NOT_FOUND", "NOT_FOUND"],
    async handle({ params, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const text = await readValue(instance.reads, row.value.id, params.hash);
      if (text === null) return refused("NOT_FOUND", "The execution has no such value.");
      return { status: 200, headers: { "content-type": "application/json" }, body: text };
    },
  }),
  route({
    method: "GET",
    path: `${REF}/result`,
    permission: "read",
    summary: "Waits for the end: 200 once closed, 202 while open",
    query: z.strictObject({
      waitMs: countSchema
        .transform((waitMs) => Math.min(waitMs, RESULT_WAIT_MAX_MS))
        .optional()
        .describe("Default 0; capped at 60,000"),
    }),
    answers: { 200: executionResultSchema, 202: executionResultSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, query, principal, instance, signal }) {
      const result = await waitForResult(instance.services, principal, params.execution, query.waitMs ?? 0, signal);
      if (!result.ok) return result;
      return json(result.value.closedAt === undefined ? 202 : 200, result.value);
    },
  }),
  route({
    method: "GET",
    path: `${REF}/state`,
    permission: "read",
    summary: "The execution as it was after that event, folded from its history alone",
    query: z.strictObject({ at: countSchema.refine((at) => at >= 1, "must be at least 1").optional() }),
    answers: { 200: executionSchema },
    problems: ["EXECUTION_NOT_FOUND", "EXECUTION_QUARANTINED", "NOT_FOUND"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      if (query.at !== undefined && query.at > row.value.sequence)
        return refused("NOT_FOUND", `The history ends at ${row.value.sequence}.`);
      const state = await stateOf(instance.services, targetOf(row.value, principal), query.at ?? row.value.sequence);
      return state.ok ? json(200, await executionView(instance.reads, row.value, state.value, NO_TASKS)) : state;
    },
  }),
  route({
    method: "POST",
    path: `${REF}/verify`,
    permission: "execute",
    summary: "Folds the whole history anew and compares it with all that is stored",
    answers: { 200: verificationSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance }) {
      return answer(await verifyExecution(instance.services, principal, params.execution));
    },
  }),
  route({
    method: "POST",
    path: `${REF}/cancel`,
    permission: "execute",
    summary: "Cancels: steps end at once, workers learn it at their next heartbeat",
    body: cancelExecutionSchema,
    answers: { 202: z.object({ id: z.string(), status: executionStatusSchema }) },
    problems: ["EXECUTION_NOT_FOUND", "EXECUTION_CLOSED", "EXECUTION_QUARANTINED"],
    async handle({ params, body, principal, instance }) {
      return answer(await cancelExecution(instance.services, principal, params.execution, body), 202);
    },
  }),
];
