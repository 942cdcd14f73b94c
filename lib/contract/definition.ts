/** The workflow definition, format 1: the one document that SDK, editor, API and engine share. */
import { z } from "zod";
import type { JsonValue } from "./json";
import { MAX_NODES } from "./limits";

/** The newest format this build understands; a definition with a higher one is refused as FORMAT_TOO_NEW. */
export const DEFINITION_FORMAT = 1;

/** What a value means where its JSON type does not say it: for whoever draws a field for it, or completes it. */
export type Meaning =
  | "name"
  | "duration"
  | "template"
  | "expression"
  | "text-template"
  | "duration-template"
  | "instant-template"
  | "json-schema";
/** Follows a schema through its checks and descriptions; nothing of it stands in a JSON Schema. */
export const meanings = z.registry<{ meaning: Meaning }>();

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
export const nameSchema = z
  .string()
  .regex(NAME, "must be 1 to 128 letters, digits, _ . or -, and begin with a letter, a digit or _")
  .register(meanings, { meaning: "name" });

/** `250ms`, `90s`, `15m`, `36h`, `7d`, ISO 8601 (`PT15M`), or whole milliseconds. */
export const durationSchema = z
  .union([z.int().min(0), z.string().min(1).max(64)])
  .register(meanings, { meaning: "duration" });

/** Any JSON; every string in it that begins with `=` is an expression, `==` escapes a literal `=`. */
export const templateSchema: z.ZodType<JsonValue> = z.json().register(meanings, { meaning: "template" });
const expressionSchema = z.string().min(1).max(4096).register(meanings, { meaning: "expression" });
/** A string field that takes an expression after a leading `=`. */
const textTemplateSchema = z.string().max(4096).register(meanings, { meaning: "text-template" });
/** A duration, or an expression that gives one. */
const durationTemplateSchema = z
  .union([z.int().min(0), textTemplateSchema.min(1)])
  .register(meanings, { meaning: "duration-template" });
/** A JSON Schema, interpreted, never compiled. */
const jsonSchemaSchema = z
  .union([z.boolean(), z.record(z.string(), z.json())])
  .register(meanings, { meaning: "json-schema" });

export const retrySchema = z.strictObject({
  maxAttempts: z.int().min(1).max(10_000).optional().describe("The first one counts; default 3"),
  initialInterval: durationSchema.optional().describe("Between the first attempt and the second; default 1s"),
  backoff: z.number().min(1).max(100).optional().describe("By what the pause grows each time; default 2"),
  maxInterval: durationSchema.optional().describe("The longest pause; default 1m"),
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
  id: nameSchema.describe("Its name in the workflow: edges and expressions name it by this"),
  join: z
    .union([z.enum(["all", "any"]), z.int().min(1)])
    .optional()
    .describe("When the node runs: all incoming edges decided (default), the first taken one, or the n-th"),
  keepLosers: z.boolean().optional().describe("An any or n join leaves the steps it no longer needs running"),
};

const prioritySchema = z.int().min(-100).max(100);
const retry = retrySchema.optional().describe("How often it is tried, and how long it waits in between");
const timeout = taskTimeoutSchema.optional().describe("How long it may take; without, there is no limit");

export const pollSchema = z.strictObject({
  until: expressionSchema.describe("Sees output and round; true ends the polling"),
  interval: durationSchema.optional().describe("Between two rounds; default 10s"),
  backoff: z.number().min(1).max(100).optional().describe("By what the interval grows each round; default 1"),
  timeout: durationSchema.optional().describe("From the first dispatch; default 1h"),
});

export const compensateSchema = z.strictObject({
  task: nameSchema.describe("The handler that undoes what the step did"),
  queue: nameSchema.optional().describe("Default: its node's own"),
  input: templateSchema.optional().describe("Evaluated when the step completes; default {input, output} of the step"),
  retry,
  timeout,
});

/** What a worker is asked to run, and how: a task node, or, short, the body of a map. */
const taskFields = {
  task: nameSchema.describe("The handler's name on the worker"),
  queue: nameSchema.optional().describe("Workers that listen on it take the task; default default"),
  input: templateSchema
    .optional()
    .describe("What the handler gets; without, the execution's input and the outputs of the steps before it"),
  retry,
  timeout,
  priority: prioritySchema.optional().describe("Higher is sooner; default 0"),
  sticky: z
    .boolean()
    .optional()
    .describe("Prefer for 5 s the worker that ran the execution's last step; default false"),
  concurrencyKey: textTemplateSchema.optional().describe("Tasks of one queue that give the same text share a limit"),
  concurrencyLimit: z.int().min(1).max(10_000).optional().describe("How many of one key run at once; default 1"),
  poll: pollSchema
    .optional()
    .describe("Runs the task again and again, in rounds, until its output says that it is done"),
  ports: z.array(nameSchema).max(100).optional().describe("Extra outcomes that the handler may choose"),
  compensate: compensateSchema.optional().describe("Undoes the step when the execution fails later"),
};

export const taskNodeSchema = z.strictObject({ ...nodeBase, type: z.literal("task"), ...taskFields });

export const choiceNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("choice"),
  cases: z
    .array(
      z.strictObject({
        port: nameSchema.describe("The outcome that its edges lead on from"),
        when: expressionSchema.describe("An expression that is true or false, without = before it"),
      }),
    )
    .min(1)
    .max(100)
    .describe("The first one that holds wins; if none does, it ends on otherwise"),
});

export const sleepNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("sleep"),
  duration: durationTemplateSchema.optional().describe("A duration, or an expression that gives one"),
  until: textTemplateSchema
    .describe("An instant (RFC 3339), or an expression that gives one")
    .register(meanings, { meaning: "instant-template" })
    .optional(),
});

export const transformNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("transform"),
  value: templateSchema.describe("Computed when the step runs; its output"),
});

export const failNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("fail"),
  code: textTemplateSchema.optional().describe("What the execution's error is called"),
  message: textTemplateSchema.optional().describe("What it says to whoever looks"),
  rethrow: nameSchema.optional().describe("Fails exactly as if that failed step had no error edge"),
});

export const succeedNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("succeed"),
  output: templateSchema.optional().describe("What its graph gives; without, what it would have given anyway"),
});

const waitTimeoutSchema = durationTemplateSchema.describe(
  "A duration, or an expression that gives one; none: waits for ever",
);

export const approvalNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("approval"),
  title: textTemplateSchema.optional().describe("What is asked, in one line"),
  description: textTemplateSchema.optional().describe("What one must know to decide"),
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
  signal: textTemplateSchema.min(1).describe("The name of the signal that it waits for"),
  timeout: waitTimeoutSchema.optional(),
});

export const workflowNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("workflow"),
  workflow: nameSchema.describe("The workflow that is started as a child"),
  version: z.int().min(1).optional().describe("Default: the latest when the step begins"),
  input: templateSchema.optional().describe("Default null"),
  wait: z.boolean().optional().describe("Off, it goes on as soon as the child is started; default true"),
  onCancel: z
    .enum(["cancel", "abandon"])
    .optional()
    .describe("What the child gets when this step ends early; default cancel"),
});

export const httpNodeSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("http"),
  request: z
    .strictObject({
      method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]).optional().describe("Default GET"),
      url: textTemplateSchema
        .min(1)
        .describe("Begins with https:// or http://, or is an expression that gives such a one"),
      headers: z.record(z.string().max(200), textTemplateSchema).optional().describe("Sent with the request"),
      query: z.record(z.string().max(200), templateSchema).optional().describe("Added to the address"),
      body: templateSchema.optional().describe("Text as it is, anything else as JSON"),
    })
    .describe("What the server itself calls"),
  retry,
  timeout,
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
  from: nameSchema.describe("The node that it leads on from"),
  port: nameSchema.optional().describe("Default success; of an approval approved, of a signal received"),
  to: nameSchema.describe("The node that runs next"),
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
  output: templateSchema.optional().describe("What one item gives; without, the outputs of its last nodes"),
});

const mapOwnSchema = z.strictObject({
  ...nodeBase,
  type: z.literal("map"),
  items: templateSchema.describe("A list, or an expression that gives one; at most 10,000 items"),
  concurrency: z.int().min(1).max(10_000).optional().describe("Items with a scheduled task at once; default 100"),
  failure: z
    .enum(["stop", "continue"])
    .optional()
    .describe("Whether the first item that fails stops all, or is noted among the others; default stop"),
});
export type MapNode = z.infer<typeof mapOwnSchema> & { body: MapGraph | MapTask };
export const mapNodeSchema = mapOwnSchema.extend({
  body: z.union([mapGraphSchema, mapTaskSchema]).describe("What runs for each item: a graph, or, short, one task"),
});

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
  description: z.string().max(4096).optional().describe("What the workflow is for"),
  inputSchema: jsonSchemaSchema.optional().describe("JSON Schema of the input; what does not fit it does not start"),
  defaults: z
    .strictObject({
      queue: nameSchema.optional().describe("Of every task that names none; default default"),
      retry,
      timeout,
    })
    .optional()
    .describe("What holds for every node that says nothing else"),
  timeout: durationSchema.optional().describe("Of the whole execution, from its start"),
  nodes: z.array(nodeSchema).min(1).max(MAX_NODES),
  edges: z.array(edgeSchema).max(10 * MAX_NODES),
  output: templateSchema.optional().describe("What the execution gives; without, the outputs of the last nodes"),
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
