/**
 * What the compiler cannot rule out about names and settings, found with the server's own codes: plain JavaScript and
 * values computed at run time get past types, and the contract's schemas are not part of this package.
 */
import type {
  ApprovalNode,
  ChoiceNode,
  Compensate,
  Definition,
  Edge,
  FailNode,
  Finding,
  HttpNode,
  MapGraph,
  MapNode,
  Node,
  Poll,
  RetryPolicy,
  SignalNode,
  SleepNode,
  SucceedNode,
  TaskFields,
  TaskTimeout,
  TransformNode,
  WorkflowNode,
} from "../types/definition";
import {
  anything,
  boolean,
  coded,
  duration,
  isObject,
  list,
  name,
  number,
  object,
  oneOf,
  record,
  type Shape,
  text,
} from "./shapes";

const NODES_MAX = 10_000;

/** One shape for each field of an interface, so that a new field breaks the build until it has one. */
type ShapesOf<T> = { [K in keyof Required<T>]: Shape };
type OwnOf<T> = ShapesOf<Omit<T, "id" | "type" | "join" | "keepLosers">>;

const template = anything;
const expression = text({ min: 1 });
const schema: Shape = (value, path) => (typeof value === "boolean" ? [] : record(anything)(value, path));
const wait = duration(4096);

const retry = coded(
  "RETRY_OUT_OF_BOUNDS",
  object({
    maxAttempts: number(1, 10_000),
    initialInterval: duration(),
    backoff: number(1, 100, { whole: false }),
    maxInterval: duration(),
    jitter: number(0, 1, { whole: false }),
    nonRetryable: list(text({ min: 1, max: 128 }), { max: 100 }),
  } satisfies ShapesOf<RetryPolicy>),
);
const timeout = coded(
  "BAD_DURATION",
  object({
    attempt: duration(),
    queue: duration(),
    heartbeat: duration(),
    total: duration(),
  } satisfies ShapesOf<TaskTimeout>),
);
const poll = object(
  {
    until: expression,
    interval: duration(),
    backoff: number(1, 100, { whole: false }),
    timeout: duration(),
  } satisfies ShapesOf<Poll>,
  ["until"],
);
const compensate = object({ task: name, queue: name, input: template, retry, timeout } satisfies ShapesOf<Compensate>, [
  "task",
]);
const task = {
  task: name,
  queue: name,
  input: template,
  retry,
  timeout,
  priority: number(-100, 100),
  sticky: boolean,
  concurrencyKey: text(),
  concurrencyLimit: number(1, 10_000),
  poll,
  ports: list(name, { max: 100 }),
  compensate,
} satisfies ShapesOf<TaskFields>;

const request = object(
  {
    method: oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
    url: expression,
    headers: record(text()),
    query: record(template),
    body: template,
  } satisfies ShapesOf<HttpNode["request"]>,
  ["url"],
);
const body: Shape = (value, path) =>
  isObject(value) && "nodes" in value ? graph(value, path) : object(task, ["task"])(value, path);

const names = list(text(), { max: 100 });
const assignees: Shape = (value, path) => {
  if (typeof value === "string") return text()(value, path);
  const message = "Correct assignees: use text, or a list of at most 100 texts.";
  return names(value, path).length === 0 ? [] : [{ code: "WRONG_TYPE", path, message }];
};

const nodes = {
  task: object(ofNode(task), ["task"]),
  choice: object(
    ofNode({
      cases: list(object({ port: name, when: expression }, ["port", "when"]), { min: 1, max: 100 }),
    } satisfies OwnOf<ChoiceNode>),
    ["cases"],
  ),
  sleep: object(ofNode({ duration: wait, until: text() } satisfies OwnOf<SleepNode>)),
  approval: object(
    ofNode({
      title: text(),
      description: text(),
      assignees,
      form: schema,
      timeout: wait,
    } satisfies OwnOf<ApprovalNode>),
  ),
  signal: object(ofNode({ signal: expression, timeout: wait } satisfies OwnOf<SignalNode>), ["signal"]),
  map: object(
    ofNode({
      items: template,
      body,
      concurrency: number(1, 10_000),
      failure: oneOf("stop", "continue"),
    } satisfies OwnOf<MapNode>),
    ["items", "body"],
  ),
  workflow: object(
    ofNode({
      workflow: name,
      version: number(1, Number.MAX_SAFE_INTEGER),
      input: template,
      wait: boolean,
      onCancel: oneOf("cancel", "abandon"),
    } satisfies OwnOf<WorkflowNode>),
    ["workflow"],
  ),
  transform: object(ofNode({ value: template } satisfies OwnOf<TransformNode>), ["value"]),
  http: object(ofNode({ request, retry, timeout } satisfies OwnOf<HttpNode>), ["request"]),
  fail: object(ofNode({ code: text(), message: text(), rethrow: name } satisfies OwnOf<FailNode>)),
  succeed: object(ofNode({ output: template } satisfies OwnOf<SucceedNode>)),
} satisfies { [T in Node["type"]]: Shape };

const edge = object(
  {
    from: name,
    port: name,
    to: name,
    loop: object({ maxIterations: number(1, 100_000), carry: template } satisfies ShapesOf<NonNullable<Edge["loop"]>>),
  } satisfies ShapesOf<Edge>,
  ["from", "to"],
);

const graphFields = {
  nodes: list(node, { min: 1, max: NODES_MAX, empty: "EMPTY_GRAPH" }),
  edges: list(edge, { max: 10 * NODES_MAX }),
  output: template,
} satisfies ShapesOf<MapGraph>;

function graph(value: unknown, path: string) {
  return object(graphFields, ["nodes", "edges"])(value, path);
}

const definition = object(
  {
    format: number(1, 1),
    name,
    description: text(),
    inputSchema: schema,
    defaults: object({ queue: name, retry, timeout } satisfies ShapesOf<NonNullable<Definition["defaults"]>>),
    timeout: duration(),
    ...graphFields,
  } satisfies ShapesOf<Definition>,
  ["name", "nodes", "edges"],
);

/** All findings on shape, as `parseDefinition` on the server has them. */
export function checkShape(document: Definition): Finding[] {
  return definition(document, "").map((problem) => ({ ...problem, severity: "error" }));
}

function ofNode(own: { readonly [field: string]: Shape }): { readonly [field: string]: Shape } {
  return { id: name, type: anything, join, keepLosers: boolean, ...own };
}

function join(value: unknown, path: string) {
  if (value === "all" || value === "any") return [];
  return coded("JOIN_OUT_OF_RANGE", number(1, Number.MAX_SAFE_INTEGER))(value, path);
}

/** Findings name the innermost node that they are in. */
function node(value: unknown, path: string) {
  const { id, type } = value as Node;
  if (!Object.hasOwn(nodes, type)) {
    const message = `Give the node one of the types ${Object.keys(nodes).join(", ")}.`;
    return [{ code: "UNKNOWN_NODE_TYPE", path: `${path}/type`, message, ...(typeof id === "string" && { node: id }) }];
  }
  return nodes[type](value, path).map((problem) => (typeof id === "string" ? { node: id, ...problem } : problem));
}
