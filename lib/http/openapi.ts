/** The OpenAPI 3.1 document, generated from the routes and the schemas they check with: it cannot say anything else. */
import { z } from "zod";
import * as approvals from "@/lib/contract/approvals";
import * as controls from "@/lib/contract/controls";
import * as deadLetters from "@/lib/contract/dead-letters";
import * as executions from "@/lib/contract/executions";
import { findingSchema } from "@/lib/contract/findings";
import { errorSchema, eventSchema, valueRefSchema } from "@/lib/contract/history";
import type { JsonObject, JsonValue } from "@/lib/contract/json";
import * as logs from "@/lib/contract/logs";
import * as operations from "@/lib/contract/operations";
import { type ProblemCode, problemSchema } from "@/lib/contract/problems";
import * as schedules from "@/lib/contract/schedules";
import * as workers from "@/lib/contract/workers";
import * as workflows from "@/lib/contract/workflows";
import { statusOf } from "@/lib/http/problem";
import type { AnswerShape, Route } from "@/lib/http/route";
import { COUNT_PATTERN } from "@/lib/views/page";

/** Schemas with a name of their own in the document; all others stand where they are used. */
const NAMES = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({
  Problem: problemSchema,
  Error: errorSchema,
  ValueRef: valueRefSchema,
  Event: eventSchema,
  Finding: findingSchema,
  StartExecution: executions.startExecutionSchema,
  ExecutionStarted: executions.executionStartedSchema,
  ExecutionSummary: executions.executionSummarySchema,
  ExecutionStatus: executions.executionStatusSchema,
  Execution: executions.executionSchema,
  ExecutionResult: executions.executionResultSchema,
  Step: executions.stepSchema,
  StepStatus: executions.stepStatusSchema,
  WaitingFor: executions.waitingForSchema,
  Verification: executions.verificationSchema,
  CreateSchedule: schedules.createScheduleSchema,
  UpdateSchedule: schedules.updateScheduleSchema,
  Schedule: schedules.scheduleSchema,
  CancelExecution: controls.cancelExecutionSchema,
  RetryExecution: controls.retryExecutionSchema,
  ForkExecution: controls.forkExecutionSchema,
  ExecutionPlan: controls.executionPlanSchema,
  Explanation: controls.explanationSchema,
  StartOperation: operations.startOperationSchema,
  Operation: operations.operationSchema,
  Approval: approvals.approvalSchema,
  DecideApproval: approvals.decideApprovalSchema,
  DeadLetter: deadLetters.deadLetterSchema,
  DeadLetterGroup: deadLetters.deadLetterGroupSchema,
  BulkDeadLetters: deadLetters.bulkDeadLettersSchema,
  RegisterWorker: workers.registerWorkerSchema,
  Poll: workers.pollSchema,
  PollAnswer: workers.pollAnswerSchema,
  TaskResult: workers.taskResultSchema,
  Checkpoint: workers.checkpointSchema,
  LogLine: logs.logLineSchema,
  LogItem: logs.logItemSchema,
  Ack: workers.ackSchema,
  Task: workers.taskSchema,
  Heartbeat: workers.heartbeatSchema,
  HeartbeatAnswer: workers.heartbeatAnswerSchema,
  Worker: workers.workerSchema,
  Queue: workers.queueSchema,
  Workflow: workflows.workflowSchema,
  WorkflowVersion: workflows.workflowVersionSchema,
}))
  NAMES.add(schema as z.ZodType, { id });

const EVERYWHERE: readonly ProblemCode[] = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "INTERNAL",
  "BUSY",
  "OUTCOME_UNKNOWN",
  "UNAVAILABLE",
];
const WITH_BODY: readonly ProblemCode[] = [
  "INVALID_JSON",
  "INVALID_REQUEST",
  "INVALID_TEXT",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
];

let document: JsonObject | null = null;

export function openApiDocument(routes: readonly Route[]): JsonObject {
  document ??= describe(routes);
  return document;
}

function describe(routes: readonly Route[]): JsonObject {
  const components: JsonObject = {};
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Cerebelum",
      version: "1",
      description: "Durable workflow orchestration: the engine orchestrates, workers execute.",
    },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key; its scopes decide what it may do" },
        session: { type: "apiKey", in: "cookie", name: "cerebelum.session_token" },
      },
    },
  };
}

function operation(route: Route, components: JsonObject): JsonObject {
  const body = route.body && {
    required: true,
    content: { "application/json": { schema: schemaOf(route.body, components) } },
  };
  return {
    summary: route.summary,
    operationId: `${route.method.toLowerCase()}${route.path.replace(/^\/api\/v1/, "").replace(/\W+(\w?)/g, (_, next) => next.toUpperCase())}`,
    tags: [route.path.split("/")[3] ?? "process"],
    ...(route.permission === "public"
      ? { security: [] }
      : { description: needs(route.permission), "x-cerebelum-permission": route.permission }),
    parameters: [...pathParameters(route.path), ...queryParameters(route, components), ...headerParameters(route)],
    ...(body && { requestBody: body }),
    responses: { ...answers(route, components), ...problems(route, components) },
  };
}

function needs(permission: Route["permission"]): string {
  if (permission === "anyone") return "For any valid credential.";
  return permission === "person" ? "For whoever is signed in." : `Needs the permission to ${permission}.`;
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    ...(name === "execution" && { description: "The execution's id, or `key:` and its key" }),
  }));
}

function queryParameters(route: Route, components: JsonObject): JsonObject[] {
  const schema = route.query && (schemaOf(route.query, components) as { properties?: Record<string, JsonObject> });
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { description, ...shape } = property;
    const isCount = shape.pattern === COUNT_PATTERN.source;
    return {
      name,
      in: "query",
      required: false,
      schema: isCount ? { type: "integer", minimum: 0 } : shape,
      ...(description !== undefined && { description }),
    };
  });
}

function headerParameters(route: Route): JsonObject[] {
  if (!route.idempotent) return [];
  const description = "The same key with the same body again answers with the first one";
  return [
    { name: "Idempotency-Key", in: "header", required: false, description, schema: { type: "string", maxLength: 256 } },
  ];
}

function answers(route: Route, components: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, shape]) => [
      status,
      { description: route.summary, ...contentOf(shape, components) },
    ]),
  );
}

function contentOf(shape: AnswerShape, components: JsonObject): JsonObject {
  if (shape === null) return {};
  if (typeof shape === "string") return { content: { [shape]: { schema: { type: "string" } } } };
  return { content: { "application/json": { schema: schemaOf(shape, components) } } };
}

/** Refusals by status, each naming its codes. */
function problems(route: Route, components: JsonObject): JsonObject {
  const codes = new Set<ProblemCode>(route.problems);
  if (route.permission !== "public") for (const code of EVERYWHERE) codes.add(code);
  if (route.body !== undefined) for (const code of WITH_BODY) codes.add(code);
  if (route.query !== undefined) codes.add("INVALID_REQUEST");
  const content = { "application/problem+json": { schema: schemaOf(problemSchema, components) } };
  const byStatus: JsonObject = {};
  for (const status of new Set([...codes].map(statusOf))) {
    const named = [...codes].filter((code) => statusOf(code) === status);
    byStatus[status] = { description: named.join(", "), content };
  }
  return byStatus;
}

/** What may be sent, and what will be answered at least: fields may be added to answers, so that none is closed. */
function schemaOf(schema: z.ZodType, components: JsonObject): JsonValue {
  const generated = z.toJSONSchema(schema, {
    io: "input",
    metadata: NAMES,
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // Any JSON: its recursive definition would say nothing more.
      if (zodSchema._zod.def.type === "lazy") for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
    },
  });
  const text = JSON.stringify(generated).replaceAll("#/$defs/", "#/components/schemas/");
  const { $schema: _dialect, $defs, ...own } = JSON.parse(text) as JsonObject;
  Object.assign(components, $defs);
  if (typeof own.id !== "string") return own;
  const { id, ...named } = own;
  components[id as string] = named;
  return { $ref: `#/components/schemas/${id}` };
}
