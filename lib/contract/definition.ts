/** The workflow definition, format 1: the one document that SDK, editor, API and engine share. */
import { z } from "zod";
import type { JsonValue } from "./json";
import { MAX_NODES } from "./limits";

/** The newest format this build understands; a definition with a higher one is refused as FORMAT_TOO_NEW. */
export const DEFINITION_FORMAT = 1;

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
/** A duration, or an expression that gives one. */
const durationTemplateSchema = z.union([z.int().min(0), textTemplateSchema.min(1)]);

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

export const pollSchema = z.strictObject({
  until: expressionSchema.describe("Sees output and round; true ends the polling"),
  interval: durationSchema.optional().describe("Between two rounds; default 10s"),
  backoff: z.number().min(1).max(100).optional().describe("By what the interval grows each round; default 1"),
  timeout: durationSchema.optional().describe("From the first dispatch; default 1h"),
});

export const compensateSchema = z.strictObject({
  task: nameSchema,
  queue: nameSchema.optional().describe("Default: its node's own"),
  input: templateSchema.optional().describe("Evaluated when the step completes; default {input, output} of the step"),
  retry: retrySchema.optional(),
  timeout: taskTimeoutSchema.optional(),
});

/** What a worker is asked to run, and how: a task node, or, short, the body of a map. */
const taskFields = {
  task: nameSchema.describe("The handler's name on the worker"),
  queue: nameSchema.optional(),
  input: templateSchema.optional(),
  retry: retrySchema.optional(),
  timeout: taskTimeoutSchema.optional(),
  priority: prioritySchema.optional().describe("Higher is sooner; default 0"),
  sticky: z
    .boolean()
    .optional()
    .describe("Prefer for 5 s the worker that ran the execution's last step; default false"),
  concurrencyKey: textTemplateSchema.optional().describe("Tasks of one queue that give the same text share a limit"),
  concurrencyLimit: z.int().min(1).max(10_000).optional().describe("How many of one key run at once; default 1"),
  poll: pollSchema.optional(),
  ports: z.array(nameSchema).max(100).optional().describe("Extra outcomes that the handler may choose"),
  compensate: compensateSchema.optional(),
};

export const taskNodeSchema = z.strictObject({ ...nodeBase, type: z.literal("task"), ...taskFields });

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
  duration: durationTemplateSchema.optional(),
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

/** A JSON Schema, interpreted, never compiled. */
const jsonSchemaSchema = z.union([z.boolean(), z.record(z.string(), z.json())]);
const waitTimeoutSchema = durationTemplateSchema.describe(
  "A duration, or an expression that gives one; none: waits for ever",
);

export const approvalNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("approval"),
  title: textTemplateSchema.optional(),
  description: textTemplateSchema.optional(),
  assignees: z
    .union([textTemplateSchema, z.array(textTemplateSchema).max(100)])
    .optional()
    .describe("User ids, e-mail addresses or roles; an expression may give the list"),
  form: jsonSchemaSchema.optional().describe("JSON Schema of the answer's data"),
  timeout: waitTimeoutSchema.optional(),
});

export const signalNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("signal"),
  signal: textTemplateSchema.min(1),
  timeout: waitTimeoutSchema.optional(),
});

export const workflowNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("workflow"),
  workflow: nameSchema,
  version: z.int().min(1).optional().describe("Default: the latest when the step begins"),
  input: templateSchema.optional().describe("Default null"),
  wait: z.boolean().optional().describe("false: goes on as soon as the child is started; default true"),
  onCancel: z
    .enum(["cancel", "abandon"])
    .optional()
    .describe("What the child gets when this step ends early; default cancel"),
});

export const httpNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("http"),
  request: z.strictObject({
    method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional().describe("Default GET"),
    url: textTemplateSchema.min(1),
    headers: z.record(z.string().max(200), textTemplateSchema).optional(),
    query: z.record(z.string().max(200), templateSchema).optional(),
    body: templateSchema.optional().describe("Text as it is, anything else as JSON"),
  }),
  retry: retrySchema.optional(),
  timeout: taskTimeoutSchema.optional(),
});

/** A graph inside a graph: what a map runs for each item. */
export interface MapGraph {
  nodes: Node[];
  edges: Edge[];
  output?: JsonValue | undefined;
}
const mapTaskSchema = z.strictObject(taskFields);
export type MapTask = z.infer<typeof mapTaskSchema>;

export const edgeSchema = z.strictObject({
  from: nameSchema,
  port: nameSchema.optional().describe("Default success; of an approval approved, of a signal received"),
  to: nameSchema,
  loop: z
    .strictObject({
      maxIterations: z.int().min(1).max(100_000).optional().describe("How often the target may run; default 100"),
      carry: templateSchema.optional().describe("What the next turn sees as loop.value; default null"),
    })
    .optional()
    .describe("Leads back to a node before it, or to the node itself"),
});

const bodyNodesSchema: z.ZodType<Node[]> = z.lazy(() => z.array(nodeSchema).min(1).max(MAX_NODES));
const mapGraphSchema = z.strictObject({
  nodes: bodyNodesSchema,
  edges: z.array(edgeSchema).max(10 * MAX_NODES),
  output: templateSchema.optional(),
});

const mapOwnSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("map"),
  items: templateSchema.describe("A list, or an expression that gives one; at most 10,000 items"),
  concurrency: z.int().min(1).max(10_000).optional().describe("Items with a scheduled task at once; default 100"),
  failure: z.enum(["stop", "continue"]).optional().describe("Default stop"),
});
export type MapNode = z.infer<typeof mapOwnSchema> & { body: MapGraph | MapTask };
export const mapNodeSchema = mapOwnSchema.extend({ body: z.union([mapGraphSchema, mapTaskSchema]) });

export const nodeSchema = z.discriminatedUnion("type", [
  taskNodeSchema,
  choiceNodeSchema,
  sleepNodeSchema,
  approvalNodeSchema,
  signalNodeSchema,
  mapNodeSchema,
  workflowNodeSchema,
  transformNodeSchema,
  httpNodeSchema,
  failNodeSchema,
  succeedNodeSchema,
]);

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

export type Definition = Omit<z.infer<typeof definitionSchema>, "nodes"> & { nodes: Node[] };
export type Node =
  | TaskNode
  | ChoiceNode
  | SleepNode
  | ApprovalNode
  | SignalNode
  | MapNode
  | WorkflowNode
  | TransformNode
  | HttpNode
  | FailNode
  | SucceedNode;
export type NodeType = Node["type"];
export type TaskNode = z.infer<typeof taskNodeSchema>;
export type ChoiceNode = z.infer<typeof choiceNodeSchema>;
export type SleepNode = z.infer<typeof sleepNodeSchema>;
export type ApprovalNode = z.infer<typeof approvalNodeSchema>;
export type SignalNode = z.infer<typeof signalNodeSchema>;
export type WorkflowNode = z.infer<typeof workflowNodeSchema>;
export type HttpNode = z.infer<typeof httpNodeSchema>;
export type TransformNode = z.infer<typeof transformNodeSchema>;
export type FailNode = z.infer<typeof failNodeSchema>;
export type SucceedNode = z.infer<typeof succeedNodeSchema>;
export type Edge = z.infer<typeof edgeSchema>;
export type Poll = z.infer<typeof pollSchema>;
export type Compensate = z.infer<typeof compensateSchema>;
export type RetryPolicy = z.infer<typeof retrySchema>;
export type TaskTimeout = z.infer<typeof taskTimeoutSchema>;
export type Duration = z.infer<typeof durationSchema>;
