/** Executions over the API, as their contract has them; a test holds the two equal. */
import type { Finding, JsonValue } from "./definition";
import type { ErrorInfo, Parent, ValueRef } from "./history";

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
  /** Why it failed or timed out; the message is cut, and `node` is the step that failed. */
  error: { code: string; message: string; node?: string } | null;
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
  /**
   * Of its newest close. `none`: it closed before the server signed the ends of histories; `open`: it is not closed;
   * `unknown`: the history cannot be folded.
   */
  signature: {
    status: "valid" | "invalid" | "missing" | "none" | "open" | "unknown";
    keyId: string | null;
    sequence: number | null;
  };
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
