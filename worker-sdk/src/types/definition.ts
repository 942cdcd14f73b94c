/**
 * Workflow definitions, format 1. The types of what crosses the wire are written out, so that whoever installs the package
 * needs no schema library and reads plain interfaces; `tests/sdk/types.test.ts` keeps each equal to its contract.
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** `250ms`, `90s`, `15m`, `36h`, `7d`, ISO 8601 (`PT15M`), or whole milliseconds. */
export type Duration = string | number;

/** How often and how fast a failed step is tried again. */
export interface RetryPolicy {
  /** The first one counts. Default 3. */
  maxAttempts?: number;
  /** Default `1s`. */
  initialInterval?: Duration;
  /** Each interval is so many times the one before. Default 2. */
  backoff?: number;
  /** Default `1m`. */
  maxInterval?: Duration;
  /** 0.2 means up to 20 % more or less. Default 0.2. */
  jitter?: number;
  /** Error codes that end the step at once. */
  nonRetryable?: string[];
}

/** What may take how long. Absent: no limit, but a worker that falls silent loses its task after the lease time. */
export interface TaskTimeout {
  /** From lease to result; uses up an attempt. */
  attempt?: Duration;
  /** From dispatch to lease; the step fails with `QUEUE_TIMEOUT` and is not tried again. */
  queue?: Duration;
  /** The longest gap between two heartbeats that name the task. */
  heartbeat?: Duration;
  /** From the first dispatch, back-off included. */
  total?: Duration;
}

interface NodeBase {
  id: string;
  /** When the node runs: all incoming edges decided (default), the first taken one, or the n-th. */
  join?: "all" | "any" | number;
  /** An `any` or n join leaves the steps it no longer needs running. */
  keepLosers?: boolean;
}

/** Tries again until a condition holds. Each try is a round, with attempts and an idempotency key of its own. */
export interface Poll {
  /** CEL that sees `output` and `round`; true ends the polling. */
  until: string;
  /** Between two rounds. Default `10s`. */
  interval?: Duration;
  /** Each interval is so many times the one before. Default 1. */
  backoff?: number;
  /** From the first dispatch; then the step fails with `POLL_TIMEOUT`. Default `1h`. */
  timeout?: Duration;
}

/** The task that undoes a completed step when the execution fails, or is cancelled with compensation. */
export interface Compensate {
  task: string;
  /** Default: the step's own. */
  queue?: string;
  /** Evaluated when the step completes. Default `{input, output}` of the step. */
  input?: JsonValue;
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
}

/** What a worker is asked to run, and how; alone, the short form of a map's body. */
export interface TaskFields {
  /** The handler's name on the worker. */
  task: string;
  queue?: string;
  input?: JsonValue;
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
  /** −100 to 100, higher is sooner. Default 0. */
  priority?: number;
  /** The worker that ran the execution's last step is preferred for 5 s. Default false. */
  sticky?: boolean;
  /** Tasks of one queue that give the same text share a limit. */
  concurrencyKey?: string;
  /** How many of one key run at once. Default 1. */
  concurrencyLimit?: number;
  poll?: Poll;
  /** Extra outcomes that the handler may choose. */
  ports?: string[];
  compensate?: Compensate;
}
export interface TaskNode extends NodeBase, TaskFields {
  type: "task";
}
export interface ChoiceNode extends NodeBase {
  type: "choice";
  cases: { port: string; when: string }[];
}
export interface SleepNode extends NodeBase {
  type: "sleep";
  duration?: Duration;
  until?: string;
}
export interface ApprovalNode extends NodeBase {
  type: "approval";
  title?: string;
  description?: string;
  /** User ids, e-mail addresses or roles; an expression may give the list. */
  assignees?: string | string[];
  /** JSON Schema of the answer's data. */
  form?: boolean | { [key: string]: JsonValue };
  timeout?: Duration;
}
export interface SignalNode extends NodeBase {
  type: "signal";
  signal: string;
  timeout?: Duration;
}
/** A graph inside a graph: what a map runs for each item. */
export interface MapGraph {
  nodes: Node[];
  edges: Edge[];
  output?: JsonValue;
}
export interface MapNode extends NodeBase {
  type: "map";
  items: JsonValue;
  body: MapGraph | TaskFields;
  /** Items with a scheduled task at once. Default 100. */
  concurrency?: number;
  /** Default `stop`. */
  failure?: "stop" | "continue";
}
export interface WorkflowNode extends NodeBase {
  type: "workflow";
  workflow: string;
  /** Default: the latest when the step begins. */
  version?: number;
  input?: JsonValue;
  /** False: goes on as soon as the child is started. Default true. */
  wait?: boolean;
  /** What the child gets when this step ends early. Default `cancel`. */
  onCancel?: "cancel" | "abandon";
}
export interface TransformNode extends NodeBase {
  type: "transform";
  value: JsonValue;
}
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
export interface HttpNode extends NodeBase {
  type: "http";
  request: {
    /** Default GET. */
    method?: HttpMethod;
    url: string;
    headers?: { [name: string]: string };
    query?: { [name: string]: JsonValue };
    /** Text as it is, anything else as JSON. */
    body?: JsonValue;
  };
  retry?: RetryPolicy;
  timeout?: TaskTimeout;
}
export interface FailNode extends NodeBase {
  type: "fail";
  code?: string;
  message?: string;
  rethrow?: string;
}
export interface SucceedNode extends NodeBase {
  type: "succeed";
  output?: JsonValue;
}
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

export interface Edge {
  from: string;
  /** Default `success`; of an approval `approved`, of a signal `received`. */
  port?: string;
  to: string;
  /** Leads back to a node before it, or to the node itself. */
  loop?: {
    /** How often the target may run. Default 100. */
    maxIterations?: number;
    /** What the next turn sees as `loop.value`. Default null. */
    carry?: JsonValue;
  };
}

/** The workflow definition, format 1: the one document that SDK, editor, API and engine share. */
export interface Definition {
  format?: number;
  name: string;
  description?: string;
  /** JSON Schema of the input. */
  inputSchema?: boolean | { [key: string]: JsonValue };
  defaults?: { queue?: string; retry?: RetryPolicy; timeout?: TaskTimeout };
  /** Of the whole execution, from its start. */
  timeout?: Duration;
  nodes: Node[];
  edges: Edge[];
  output?: JsonValue;
}

/** One thing that is wrong with a definition, or worth a thought. */
export interface Finding {
  code: string;
  severity: "error" | "warning";
  /** JSON pointer into the definition. */
  path: string;
  node?: string;
  /** A sentence that says what to do. */
  message: string;
}
