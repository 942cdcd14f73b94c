/** Histories, as their contract has them; a test holds the two equal. */
import type { JsonValue } from "./definition";

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
  /** W3C traceparent of the call that asked for it, where the server writes traces. */
  trace?: string;
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
    trace?: string;
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
