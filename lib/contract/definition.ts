/** The workflow definition, format 1: the one document that SDK, editor, API and engine share. */
import { z } from "zod";
import type { JsonValue } from "./json";

/** The newest format this build understands; a definition with a higher one is refused as FORMAT_TOO_NEW. */
export const DEFINITION_FORMAT = 1;
export const MAX_NODES = 10_000;

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
export const nameSchema = z
  .string()
  .regex(NAME, "must be 1 to 128 letters, digits, _ . or -, and begin with a letter, a digit or _");

/** `250ms`, `90s`, `15m`, `36h`, `7d`, ISO 8601 (`PT15M`), or whole milliseconds. */
export const durationSchema = z.union([z.int().min(0), z.string().min(1).max(64)]);

/** Any JSON; every string in it that begins with `=` is an expression, `==` escapes a literal `=`. */
export const templateSchema: z.ZodType<JsonValue> = z.json();
const expressionSchema = z.string().min(1).max(4096);
/** A string field that takes an expression after a leading `=`. */
const textTemplateSchema = z.string().max(4096);

export const retrySchema = z.strictObject({
  maxAttempts: z.int().min(1).max(10_000).optional().describe("The first one counts; default 3"),
  initialInterval: durationSchema.optional().describe("Default 1s"),
  backoff: z.number().min(1).max(100).optional().describe("Default 2"),
  maxInterval: durationSchema.optional().describe("Default 1m"),
  jitter: z.number().min(0).max(1).optional().describe("0.2 means up to 20 % more or less; default 0.2"),
  nonRetryable: z
    .array(z.string().min(1).max(128))
    .max(100)
    .optional()
    .describe("Error codes that end the step at once"),
});

export const taskTimeoutSchema = z.strictObject({
  attempt: durationSchema.optional().describe("From lease to result; uses up an attempt"),
  queue: durationSchema.optional().describe("From dispatch to lease; QUEUE_TIMEOUT, not tried again"),
  heartbeat: durationSchema.optional().describe("Longest gap between two heartbeats that name the task"),
  total: durationSchema.optional().describe("From the first dispatch, back-off included"),
});

const nodeBase = {
  id: nameSchema,
  join: z
    .union([z.enum(["all", "any"]), z.int().min(1)])
    .optional()
    .describe("When the node runs: all incoming edges decided (default), the first taken one, or the n-th"),
  keepLosers: z.boolean().optional().describe("An any or n join leaves the steps it no longer needs running"),
};

const prioritySchema = z.int().min(-100).max(100);

export const taskNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("task"),
  task: nameSchema.describe("The handler's name on the worker"),
  queue: nameSchema.optional(),
  input: templateSchema.optional(),
  retry: retrySchema.optional(),
  timeout: taskTimeoutSchema.optional(),
  priority: prioritySchema.optional().describe("Higher is sooner; default 0"),
  ports: z.array(nameSchema).max(100).optional().describe("Extra outcomes that the handler may choose"),
});

export const choiceNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("choice"),
  cases: z
    .array(z.strictObject({ port: nameSchema, when: expressionSchema }))
    .min(1)
    .max(100),
});

export const sleepNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("sleep"),
  duration: durationSchema.optional(),
  until: textTemplateSchema.optional().describe("An instant (RFC 3339), or an expression that gives one"),
});

export const transformNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("transform"),
  value: templateSchema,
});

export const failNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("fail"),
  code: textTemplateSchema.optional(),
  message: textTemplateSchema.optional(),
  rethrow: nameSchema.optional().describe("Fails exactly as if that failed step had no error edge"),
});

export const succeedNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("succeed"),
  output: templateSchema.optional(),
});

export const nodeSchema = z.discriminatedUnion("type", [
  taskNodeSchema,
  choiceNodeSchema,
  sleepNodeSchema,
  transformNodeSchema,
  failNodeSchema,
  succeedNodeSchema,
]);

export const edgeSchema = z.strictObject({
  from: nameSchema,
  port: nameSchema.optional().describe("Default success"),
  to: nameSchema,
});

export const definitionSchema = z.strictObject({
  format: z.int().min(1).optional(),
  name: nameSchema,
  description: z.string().max(4096).optional(),
  inputSchema: z
    .union([z.boolean(), z.record(z.string(), z.json())])
    .optional()
    .describe("JSON Schema of the input"),
  defaults: z
    .strictObject({
      queue: nameSchema.optional(),
      retry: retrySchema.optional(),
      timeout: taskTimeoutSchema.optional(),
    })
    .optional(),
  timeout: durationSchema.optional().describe("Of the whole execution, from its start"),
  nodes: z.array(nodeSchema).min(1).max(MAX_NODES),
  edges: z.array(edgeSchema).max(10 * MAX_NODES),
  output: templateSchema.optional(),
});

export type Definition = z.infer<typeof definitionSchema>;
export type Node = z.infer<typeof nodeSchema>;
export type NodeType = Node["type"];
export type TaskNode = z.infer<typeof taskNodeSchema>;
export type ChoiceNode = z.infer<typeof choiceNodeSchema>;
export type SleepNode = z.infer<typeof sleepNodeSchema>;
export type TransformNode = z.infer<typeof transformNodeSchema>;
export type FailNode = z.infer<typeof failNodeSchema>;
export type SucceedNode = z.infer<typeof succeedNodeSchema>;
export type Edge = z.infer<typeof edgeSchema>;
export type RetryPolicy = z.infer<typeof retrySchema>;
export type TaskTimeout = z.infer<typeof taskTimeoutSchema>;
export type Duration = z.infer<typeof durationSchema>;
