/** Starting executions, and reading where they are. */
import { z } from "zod";
import { explanationSchema } from "@/lib/contract/controls";
import {
  batchStartedSchema,
  executionCountsSchema,
  executionFilterSchema,
  executionResultSchema,
  executionSchema,
  executionStartedSchema,
  executionSummarySchema,
  startBatchSchema,
  startExecutionSchema,
  stepSchema,
  stepStatusSchema,
} from "@/lib/contract/executions";
import { PAYLOAD_BYTES, RESULT_WAIT_MAX_MS } from "@/lib/contract/limits";
import { UNFOLDABLE } from "@/lib/core/execution/explain";
import { stateOf } from "@/lib/engine/load-state";
import { refused } from "@/lib/engine/outcome";
import { startBatch } from "@/lib/engine/start-batch";
import { startExecution } from "@/lib/engine/start-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { json } from "@/lib/http/answer";
import { readExecution, targetOf } from "@/lib/http/execution-ref";
import { idempotencyKeyOf } from "@/lib/http/idempotency-key";
import { route } from "@/lib/http/route";
import { readSteps } from "@/lib/http/steps";
import { executionView, unfoldableView } from "@/lib/views/execution-detail";
import { countExecutions, listExecutions } from "@/lib/views/execution-list";
import { explanationView } from "@/lib/views/explanation";
import { countSchema, keyCursorSchema, limitSchema, pageSchema } from "@/lib/views/page";
import { stepsCursorSchema } from "@/lib/views/steps";

const REF = "/api/v1/executions/{execution}" as const;

const listQuery = executionFilterSchema.extend({ cursor: keyCursorSchema.optional(), limit: limitSchema });

const stepsQuery = z.strictObject({
  cursor: stepsCursorSchema.optional(),
  iteration: countSchema
    .optional()
    .describe("Only steps of that iteration, those left behind too; default: the latest iteration of each"),
  status: stepStatusSchema.optional().describe("Only steps in that status"),
  limit: limitSchema,
});

export const executionRoutes = [
  route({
    method: "POST",
    path: "/api/v1/executions",
    permission: "execute",
    keeps: ["workflows"],
    summary: "Starts an execution; committed before it answers",
    body: startExecutionSchema,
    idempotent: true,
    answers: { 201: executionStartedSchema, 200: executionStartedSchema },
    problems: [
      "WORKFLOW_NOT_FOUND",
      "INVALID_INPUT",
      "IDEMPOTENCY_CONFLICT",
      "PAYLOAD_TOO_LARGE",
      "TOO_MANY_EXECUTIONS",
    ],
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
    keeps: ["workflows"],
    summary: "Starts up to 1,000 executions; each is judged by itself",
    body: startBatchSchema,
    judgedLater: "executions",
    idempotent: true,
    answers: { 201: batchStartedSchema },
    async handle({ body, principal, instance, request }) {
      const key = idempotencyKeyOf(request);
      if (!key.ok) return key;
      return json(201, { results: await startBatch(instance.services, principal, body.executions, key.value) });
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/executions",
    permission: "read",
    keeps: ["workflows"],
    summary: "Executions, newest first",
    query: listQuery,
    answers: { 200: pageSchema(executionSummarySchema) },
    async handle({ query, principal, instance }) {
      return json(200, await listExecutions(instance.reads, principal.namespaceId, query, principal.limits?.workflows));
    },
  }),
  route({
    method: "GET",
    path: "/api/v1/executions/counts",
    permission: "read",
    keeps: ["workflows"],
    summary:
      "How many there are of a filter, by status; of each, counted up to 10,000 where more than a workflow is asked for",
    query: executionFilterSchema,
    answers: { 200: executionCountsSchema },
    async handle({ query, principal, instance }) {
      return json(
        200,
        await countExecutions(instance.reads, principal.namespaceId, query, principal.limits?.workflows),
      );
    },
  }),
  route({
    method: "GET",
    path: REF,
    permission: "read",
    keeps: ["workflows"],
    summary: "One execution: what went in, what came out, what it waits for, its first 500 steps",
    answers: { 200: executionSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance: { reads, services, clock } }) {
      const row = await readExecution(reads, principal, params.execution);
      if (!row.ok) return row;
      const state = await stateOf(services, targetOf(row.value, principal));
      if (state.ok)
        return json(200, await executionView(reads, principal.namespaceId, row.value, state.value, clock.now()));
      return state.code === "EXECUTION_QUARANTINED" ? json(200, unfoldableView(row.value)) : state;
    },
  }),
  route({
    method: "GET",
    path: `${REF}/steps`,
    permission: "read",
    keeps: ["workflows"],
    summary: "All steps, page by page: node by node in the order of the definition, those inside maps item by item",
    query: stepsQuery,
    answers: { 200: pageSchema(stepSchema) },
    problems: ["EXECUTION_NOT_FOUND", "EXECUTION_QUARANTINED"],
    async handle({ params, query, principal, instance }) {
      const row = await readExecution(instance.reads, principal, params.execution);
      if (!row.ok) return row;
      const target = targetOf(row.value, principal);
      const state = await stateOf(instance.services, target);
      return state.ok ? json(200, await readSteps(instance, target, state.value, query)) : state;
    },
  }),
  route({
    method: "GET",
    path: `${REF}/explain`,
    permission: "read",
    keeps: ["workflows"],
    summary: "Why it is where it is, in sentences: what it waits for, since when, until when, and who could end it",
    answers: { 200: explanationSchema },
    problems: ["EXECUTION_NOT_FOUND"],
    async handle({ params, principal, instance: { reads, services, clock } }) {
      const row = await readExecution(reads, principal, params.execution);
      if (!row.ok) return row;
      const target = targetOf(row.value, principal);
      const state = await stateOf(services, target);
      if (state.ok) return json(200, await explanationView(reads, target, state.value, clock.now()));
      return state.code === "EXECUTION_QUARANTINED" ? json(200, UNFOLDABLE) : state;
    },
  }),
  route({
    method: "GET",
    path: `${REF}/result`,
    waits: true,
    permission: "read",
    keeps: ["workflows"],
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
];
