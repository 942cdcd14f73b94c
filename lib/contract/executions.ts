/** Starting, watching and controlling executions over the API. */
import { z } from "zod";
import { nameSchema } from "./definition";
import { errorSchema, instantSchema, parentSchema, valueRefSchema } from "./history";
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

/** An instant as callers may write it: RFC 3339, with any offset. */
const givenInstantSchema = z.iso.datetime({ offset: true });

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
  timeoutMs: z.int().min(1).optional().describe("Of the whole execution from its start; wins over the definition's"),
  startAt: givenInstantSchema
    .optional()
    .describe("When to start, at most ten years ahead; default, and where it is past: at once"),
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

/** Of an error's message in lists. */
export const ERROR_MESSAGE_SHOWN = 300;

export const executionSummarySchema = z.object({
  id: z.string(),
  key: z.string().nullable(),
  workflow: z.string(),
  version: z.int(),
  status: executionStatusSchema,
  tags: z.array(z.string()),
  correlationId: z.string().nullable(),
  createdAt: instantSchema,
  startAt: instantSchema.nullable().describe("Where it was to start later than it was made"),
  startedAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  sequence: z.int(),
  error: z
    .object({
      code: z.string(),
      message: z.string().describe(`At most ${ERROR_MESSAGE_SHOWN} characters`),
      node: z.string().optional().describe("The step that failed, where one did"),
    })
    .nullable()
    .describe("Why it failed or timed out"),
});
export type ExecutionSummary = z.infer<typeof executionSummarySchema>;

/** One status, or several with commas between them. */
export const statusesSchema = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(executionStatusSchema).max(EXECUTION_STATUSES.length))
  .transform((statuses) => [...new Set(statuses)]);

/** A whole number as a query has it, or as a body has it. */
function wholeNumber(most: number) {
  const inText = z
    .string()
    .regex(/^[0-9]{1,15}$/, "must be a whole number")
    .transform(Number);
  return z.union([inText, z.int()]).pipe(z.int().min(0).max(most));
}

/** Ten years: beyond any execution. */
const DURATION_MAX_MS = 10 * 366 * 86_400_000;

const filterFields = {
  workflow: z.string().max(128).optional(),
  version: wholeNumber(2 ** 31 - 1)
    .optional()
    .describe("Of whatever workflow, unless one is named"),
  status: statusesSchema.optional().describe("One, or several with commas between them"),
  tag: z.string().max(128).optional(),
  correlationId: z.string().max(256).optional(),
  startedAfter: givenInstantSchema.optional(),
  startedBefore: givenInstantSchema.optional(),
  closedAfter: givenInstantSchema.optional(),
  closedBefore: givenInstantSchema.optional(),
  minDurationMs: wholeNumber(DURATION_MAX_MS).optional().describe("From start to close, inclusive; closed ones only"),
  maxDurationMs: wholeNumber(DURATION_MAX_MS).optional().describe("The same; exclusive"),
  errorCode: z.string().min(1).max(500).optional().describe("A step failed it with that code"),
  fingerprint: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("A step failed it with an error of that dead letter group"),
  parent: z.string().max(64).optional().describe("Id of the execution whose steps started them"),
  q: z.string().min(1).max(256).optional().describe("Begin of an id, a key, a correlation id or a tag"),
};
/** Which executions: all conditions together. */
export const executionFilterSchema = z.strictObject(filterFields);
export type ExecutionFilter = z.output<typeof executionFilterSchema>;

/** How many there are of a filter, by status. */
export const executionCountsSchema = z.object({
  counts: z.partialRecord(executionStatusSchema, z.int()).describe("Statuses without any are left out"),
  total: z.int(),
  capped: z.boolean().describe("Counting stopped: there are at least so many"),
});
export type ExecutionCounts = z.infer<typeof executionCountsSchema>;

export const waitingForSchema = z.object({
  kind: z.enum(["sleep", "approval", "signal", "child", "retry", "poll", "worker", "limit"]),
  node: z.string(),
  iteration: z.int().optional(),
  index: z.array(z.int()).optional(),
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
  parent: parentSchema.nullable().describe("The step that started it"),
  children: z
    .string()
    .nullable()
    .describe("Where the executions that its steps started are listed; null: there are none"),
  forkedFrom: z.string().nullable().describe("The execution whose history its own begins with"),
  pausedAt: instantSchema.nullable(),
  pauseReason: z.string().nullable(),
  cancelRequested: z.boolean(),
  closing: z
    .object({ status: executionStatusSchema, reason: z.string().nullable(), error: errorSchema.nullable() })
    .nullable()
    .describe("While compensating: how it closes once all is undone"),
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

export const verificationSchema = z.object({
  consistent: z.boolean(),
  sequence: z.int(),
  differences: z.array(z.object({ where: z.string(), stored: z.json(), folded: z.json() })),
  signature: z
    .object({
      status: z
        .enum(["valid", "invalid", "missing", "none", "open", "unknown"])
        .describe("none: it closed before ends were signed; unknown: the history cannot be folded"),
      keyId: z.string().nullable(),
      sequence: z.int().nullable(),
    })
    .describe("Of its newest close"),
});
export type Verification = z.infer<typeof verificationSchema>;
