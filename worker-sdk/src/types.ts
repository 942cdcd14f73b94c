/**
 * The public types of what crosses the wire, written out so that whoever installs the package needs no schema
 * library and reads plain interfaces; `tests/sdk/types.test.ts` keeps each equal to the contract it stands for.
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

/** What went wrong with a step or an execution. */
export interface ErrorInfo {
  code: string;
  message: string;
  details?: JsonValue;
  stack?: string;
  retryable?: boolean;
}

/** Stands for a value too large to lie in its event: the SHA-256 of its JSON text in hex, and its UTF-8 length. */
export interface ValueRef {
  hash: string;
  bytes: number;
}

interface OfStep {
  /** Inside maps a path: the ids of the maps around it, then its own, joined by `/`. */
  node: string;
  iteration: number;
  /** Which item of each map around it, from the outside in. */
  index?: number[];
}
interface WithInput {
  input?: JsonValue;
  inputRef?: ValueRef;
}
interface WithOutput {
  output?: JsonValue;
  outputRef?: ValueRef;
}
interface WithData {
  data?: JsonValue;
  dataRef?: ValueRef;
}
interface OfDispatch {
  taskId?: string;
  /** A short hash of the lease token, by which a repeated result is told from a late one. */
  lease?: string;
  worker?: string;
  /** From dispatch to lease. */
  queuedMs?: number;
  /** From lease to answer. */
  ranMs?: number;
}
interface OfDirective extends OfDispatch {
  /** Where a handler asked for it: its dispatch ended here. */
  directive?: { then: "complete" | "resume"; name?: string } & WithData;
}
interface WithCompensation {
  /** The input of the step's compensation, or why it could not be computed. */
  compensate?: { error?: ErrorInfo } & WithInput;
}
/** What the step still waited for when it ended. */
interface GivenUp {
  approvalId?: string;
  executionId?: string;
}
interface WithCarry {
  /** Of a paused execution, for the loop that will be taken. */
  carry?: JsonValue;
  carryRef?: ValueRef;
}
interface OfRequest {
  /** Short hashes of the call's idempotency key and of what it asked for. */
  request?: { key: string; hash: string };
  reason?: string;
}
interface Failed {
  code: string;
  message: string;
  node?: string;
  index?: number[];
  error?: ErrorInfo;
}
interface Closing extends Partial<Failed> {
  status: "failed" | "cancelled" | "timed_out";
  reason?: string;
  timeoutAt?: string;
}

/** The step of another execution that started this one. */
export interface Parent {
  executionId: string;
  node: string;
  iteration: number;
  index?: number[];
  /** How many executions are above this one. */
  depth: number;
  /** Whether the parent's step waits for this one to close. */
  wait: boolean;
}

interface Started extends WithInput {
  workflow: string;
  version: number;
  hash: string;
  key?: string;
  tags?: string[];
  correlationId?: string;
  priority?: number;
  timeoutMs?: number;
  parent?: Parent;
}

/** Each event type with its data. Instants are RFC 3339 in UTC, with milliseconds. */
export interface EventDataByType {
  ExecutionScheduled: Started & { startAt: string };
  ExecutionStarted: Started & { timeoutAt?: string };
  ExecutionCompleted: WithOutput;
  ExecutionFailed: Failed;
  ExecutionTimedOut: { timeoutAt: string };
  ExecutionCancelRequested: OfRequest & { compensate?: boolean };
  ExecutionCancelled: { reason?: string };
  ExecutionTerminated: OfRequest & {
    /** Of a compensation that was out. */
    taskId?: string;
  };
  ExecutionPaused: OfRequest;
  ExecutionResumed: OfRequest & { pausedMs: number };
  ExecutionRetried: OfRequest & WithInput & { fromNode?: string; timeoutAt?: string };
  ExecutionForked: WithInput & {
    /** The execution whose history was copied up to here. */
    source: string;
    at: number;
    version: number;
    hash: string;
    overrides?: { [node: string]: WithOutput };
    reason?: string;
    timeoutAt?: string;
  };
  StepScheduled: OfStep &
    WithInput & {
      attempt: number;
      round?: number;
      taskId: string;
      task: string;
      queue: string;
      concurrencyKey?: string;
      /** Both in the first of an iteration. */
      totalTimeoutAt?: string;
      pollTimeoutAt?: string;
      /** The same attempt goes on after a directive. */
      resumed?: boolean;
    };
  StepCheckpointed: OfStep & { name: string; round?: number; value?: JsonValue; valueRef?: ValueRef };
  StepCompleted: OfStep &
    WithOutput &
    WithCarry &
    WithCompensation &
    OfDispatch & {
      /** Absent: the default port of its type. */
      port?: string;
      attempt?: number;
    };
  StepAttemptFailed: OfStep &
    OfDispatch & {
      attempt: number;
      error: ErrorInfo;
      /** Null: this was the last attempt. */
      retryAt: string | null;
    };
  StepPolled: OfStep & WithOutput & OfDispatch & { round: number; nextAt: string };
  StepFailed: OfStep &
    WithCarry &
    WithCompensation &
    GivenUp &
    OfDispatch & {
      error: ErrorInfo;
      /** Its loop edge on `error` cannot be taken again: nothing takes the failure. */
      unrouted?: boolean;
      /** Where the step failed although its attempt had not. */
      attempt?: number;
    };
  StepSkipped: OfStep;
  StepCancelled: OfStep &
    GivenUp & {
      why: string;
      /** The dispatch that was out. */
      taskId?: string;
    };
  ChoiceEvaluated: OfStep & {
    port: string;
    /** `saw`: the operands by the path they were read from. */
    cases: { port: string; when: string; result: boolean; saw: Record<string, JsonValue> }[];
  };
  LoopTaken: OfStep & {
    port: string;
    /** The node that runs again. */
    to: string;
    /** What `loop.iteration` is from now on. */
    turn: number;
    value?: JsonValue;
    valueRef?: ValueRef;
  };
  SleepStarted: OfStep & OfDirective & { resumeAt: string };
  SleepCompleted: OfStep;
  ApprovalRequested: OfStep &
    OfDirective & {
      approvalId: string;
      title?: string;
      description?: string;
      assignees?: string[];
      form?: JsonValue;
      expiresAt?: string;
    };
  ApprovalDecided: OfStep &
    WithData & { approvalId: string; decision: "approved" | "rejected"; comment?: string; decidedBy: string };
  ApprovalExpired: OfStep & { approvalId: string };
  SignalAwaited: OfStep & { signal: string; expiresAt?: string };
  SignalReceived: {
    request?: { key: string; hash: string };
    signal: string;
    payload?: JsonValue;
    payloadRef?: ValueRef;
  };
  SignalConsumed: OfStep & {
    signal: string;
    /** The sequence of the signal's own event. */
    received: number;
  };
  SignalExpired: OfStep & { signal: string };
  MapStarted: OfStep & { count: number; items?: JsonValue; itemsRef?: ValueRef };
  MapCompleted: OfStep & { completed: number; failed: number };
  ChildStarted: OfStep &
    WithInput & { executionId: string; workflow: string; version: number; hash: string; wait: boolean };
  ChildClosed: OfStep & WithOutput & { executionId: string; status: string; error?: ErrorInfo };
  CompensationScheduled: OfStep &
    WithInput & {
      attempt: number;
      taskId: string;
      task: string;
      queue: string;
      /** In the first of them: how the execution closes once all are done. */
      closing?: Closing;
    };
  CompensationCompleted: OfStep & WithOutput & OfDispatch & { attempt: number };
  CompensationFailed: OfStep &
    OfDispatch & { error: ErrorInfo; attempt: number; retryAt: string | null; closing?: Closing };
  ResultRejected: OfStep & { taskId: string; lease: string; why: string; worker?: string };
}
export type EventType = keyof EventDataByType;

/** One fact of an execution. `sequence` runs 1, 2, 3 without a gap. */
export type HistoryEvent = {
  [T in EventType]: {
    sequence: number;
    type: T;
    /** RFC 3339, UTC, milliseconds. */
    at: string;
    /** `engine`, or a kind and its id: `worker:wrk_…`, `key:key_…`, `user:…`. */
    actor: string;
    /** The sequence of the first event that the same command wrote. */
    command: number;
    data: EventDataByType[T];
  };
}[EventType];

export type ExecutionStatus =
  | "scheduled"
  | "running"
  | "waiting"
  | "paused"
  | "compensating"
  | "completed"
  | "failed"
  | "cancelled"
  | "terminated"
  | "timed_out"
  | "quarantined";

export type StepStatus =
  | "pending"
  | "scheduled"
  | "running"
  | "waiting"
  | "retrying"
  | "completed"
  | "failed"
  | "skipped"
  | "cancelled";

export interface ExecutionStarted {
  id: string;
  key: string | null;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  createdAt: string;
  startAt: string | null;
  startedAt: string | null;
}

export interface ExecutionSummary {
  id: string;
  key: string | null;
  workflow: string;
  version: number;
  status: ExecutionStatus;
  tags: string[];
  correlationId: string | null;
  createdAt: string;
  /** Where it was to start later than it was made. */
  startAt: string | null;
  startedAt: string | null;
  closedAt: string | null;
  /** Of the last event. */
  sequence: number;
}

/** What an open execution waits for, since when and until when. */
export interface WaitingFor {
  kind: "sleep" | "approval" | "signal" | "child" | "retry" | "poll" | "worker" | "limit";
  node: string;
  iteration?: number;
  index?: number[];
  since: string;
  until?: string;
  detail: string;
}

/** One activation of a node in an execution. */
export interface ExecutionStep {
  node: string;
  iteration: number;
  index?: number[];
  type: string;
  status: StepStatus;
  attempt: number;
  port: string | null;
  output: JsonValue;
  outputRef?: ValueRef;
  error: ErrorInfo | null;
  startedAt: string | null;
  closedAt: string | null;
  /** While its status is `running`: which worker has it, since when. */
  running?: { worker: string; since: string };
}

export interface Execution extends ExecutionSummary {
  hash: string;
  input: JsonValue;
  output: JsonValue;
  error: ErrorInfo | null;
  /** The step that started it. */
  parent: Parent | null;
  /** Where the executions that its steps started are listed; null: there are none. */
  children: string | null;
  /** The execution whose history its own begins with. */
  forkedFrom: string | null;
  pausedAt: string | null;
  pauseReason: string | null;
  cancelRequested: boolean;
  /** While compensating: how it closes once all is undone. */
  closing: { status: ExecutionStatus; reason: string | null; error: ErrorInfo | null } | null;
  progress: { completed: number; total: number };
  waitingFor: WaitingFor[];
  steps: ExecutionStep[];
  stepsCursor: string | null;
}

/** `output`, `error` and `closedAt` once it is closed. */
export interface ExecutionResult {
  id: string;
  status: ExecutionStatus;
  output?: JsonValue;
  error?: ErrorInfo | null;
  closedAt?: string;
}

export interface WorkflowPublished {
  name: string;
  version: number;
  hash: string;
  warnings: Finding[];
}

export interface Validation {
  valid: boolean;
  errors: Finding[];
  warnings: Finding[];
}

/** One entry for each execution of the batch, in its order. */
export interface BatchStarted {
  results: ({ id: string } | { error: { code: string; message: string; errors?: unknown[] } })[];
}

/** Whether what is stored about an execution is what its events fold into. */
export interface Verification {
  consistent: boolean;
  sequence: number;
  differences: { where: string; stored: JsonValue; folded: JsonValue }[];
}

export interface Page<T> {
  items: T[];
  /** Null at the end. */
  nextCursor: string | null;
}

/** What a handler may know of the execution that its step belongs to. */
export interface ExecutionContext {
  /** The execution's own input. */
  input: JsonValue;
  tags: string[];
  correlationId: string | null;
  startedAt: string;
}
