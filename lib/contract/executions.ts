/** Starting, watching and controlling executions over the API. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { errorSchema, instantSchema, valueRefSchema } from "./history";
import { BATCH_MAX } from "./limits";

export const EXECUTION_STATUSES = [
  "scheduled",
  "running",
  "waiting",
  "paused",
  "compensating",
  "completed",
  "failed",
  "cancelled",
  "terminated",
  "timed_out",
  "quarantined",
] as const;
export const executionStatusSchema = z.enum(EXECUTION_STATUSES);
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

export const STEP_STATUSES = [
  "pending",
  "scheduled",
  "running",
  "waiting",
  "retrying",
  "completed",
  "failed",
  "skipped",
  "cancelled",
] as const;
export const stepStatusSchema = z.enum(STEP_STATUSES);
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** A caller's own name for an execution: no white space at its ends, no control characters. */
const keySchema = z.string().min(1).max(256);
const tagSchema = z.string().min(1).max(128);

export const startExecutionSchema = z.strictObject({
  workflow: nameSchema,
  version: z.int().min(1).optional().describe("Default: the latest"),
  input: z.json().optional().describe("Default null"),
  key: keySchema.optional().describe("The caller's own name for it, unique in the namespace"),
  tags: z.array(tagSchema).max(50).optional(),
  correlationId: z.string().min(1).max(256).optional(),
  priority: z.int().min(-100).max(100).optional(),
  timeoutMs: z.int().min(1).optional().describe("Of the whole execution; wins over the definition's"),
});
export type StartExecution = z.infer<typeof startExecutionSchema>;

export const executionStartedSchema = z.object({
  id: z.string(),
  key: z.string().nullable(),
  workflow: z.string(),
  version: z.int(),
  status: executionStatusSchema,
  createdAt: instantSchema,
  startAt: instantSchema.nullable(),
  startedAt: instantSchema.nullable(),
});
export type ExecutionStarted = z.infer<typeof executionStartedSchema>;

/** Each execution is checked by itself, so that one bad one spares its batch. */
export const startBatchSchema = z.strictObject({ executions: z.array(z.unknown()).min(1).max(BATCH_MAX) });
export const batchStartedSchema = z.object({
  results: z.array(
    z.union([
      z.object({ id: z.string() }),
      z.object({ error: z.object({ code: z.string(), message: z.string(), errors: z.array(z.unknown()).optional() }) }),
    ]),
  ),
});
export type BatchStarted = z.infer<typeof batchStartedSchema>;

export const executionSummarySchema = z.object({
  id: z.string(),
  key: z.string().nullable(),
  workflow: z.string(),
  version: z.int(),
  status: executionStatusSchema,
  tags: z.array(z.string()),
  correlationId: z.string().nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  sequence: z.int(),
});
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

export const waitingForSchema = z.object({
  kind: z.enum(["sleep", "approval", "signal", "child", "retry", "poll", "worker", "limit"]),
  node: z.string(),
  since: instantSchema,
  until: instantSchema.optional(),
  detail: z.string(),
});
export type WaitingFor = z.infer<typeof waitingForSchema>;

export const stepSchema = z.object({
  node: z.string(),
  iteration: z.int(),
  index: z.array(z.int()).optional(),
  type: z.string().describe("The node's type"),
  status: stepStatusSchema,
  attempt: z.int(),
  port: z.string().nullable(),
  output: z.json(),
  outputRef: valueRefSchema.optional().describe("Stands for an output left out because the page would be too large"),
  error: errorSchema.nullable(),
  startedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  running: z
    .object({ worker: z.string(), since: instantSchema })
    .optional()
    .describe("While its status is `running`: which worker has it, since when"),
});
export type Step = z.infer<typeof stepSchema>;

export const executionSchema = executionSummarySchema.extend({
  hash: z.string(),
  input: z.json(),
  output: z.json(),
  error: errorSchema.nullable(),
  progress: z.object({ completed: z.int(), total: z.int() }),
  waitingFor: z.array(waitingForSchema),
  steps: z.array(stepSchema),
  stepsCursor: z.string().nullable(),
});
export type Execution = z.infer<typeof executionSchema>;

export const executionResultSchema = z.object({
  id: z.string(),
  status: executionStatusSchema,
  output: z.json().optional(),
  error: errorSchema.nullable().optional(),
  closedAt: instantSchema.optional(),
});
export type ExecutionResult = z.infer<typeof executionResultSchema>;

export const cancelExecutionSchema = z.strictObject({
  reason: z.string().max(2000).optional(),
  compensate: z.boolean().optional(),
});
export type CancelExecution = z.infer<typeof cancelExecutionSchema>;

export const verificationSchema = z.object({
  consistent: z.boolean(),
  sequence: z.int(),
  differences: z.array(z.object({ where: z.string(), stored: z.json(), folded: z.json() })),
});
export type Verification = z.infer<typeof verificationSchema>;
