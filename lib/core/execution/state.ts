/** The folded state of one execution: immutable, shared structurally between versions, derived from events alone. */
import type { ExecutionStatus, StepStatus } from "../../contract/executions";
import type { ErrorInfo, ValueRef } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledGraph } from "../definition/graph";

/** Raised whenever a change makes `evolve` give another state for an old history: snapshots of other versions are ignored. */
export const STATE_VERSION = 1;

/** A value as the state holds it: itself, or a reference to where it is stored. */
export type Held = { json: JsonValue } | { ref: ValueRef };

export interface StepState {
  node: string;
  iteration: number;
  index?: readonly number[];
  /** `running` is never folded: being leased is a fact about a task, laid over this by whoever shows it. */
  status: Exclude<StepStatus, "running">;
  /** Of the last dispatch; 0 before the first. */
  attempt: number;
  /** The dispatch that the step waits for, or null. */
  taskId: string | null;
  /** Dispatches that an event ended, by the lease that ended them: tells a repeated result from a late one. */
  ended: readonly { taskId: string; lease: string | null }[];
  /** Leases whose late results are in the history already. */
  rejected: readonly string[];
  /** Incoming edges so far. */
  taken: number;
  dead: number;
  input: Held | null;
  port: string | null;
  output: Held | null;
  /** Of the last attempt that failed, while it is tried again; why it failed, once it has. */
  error: ErrorInfo | null;
  /** Epoch milliseconds, all of them. `startedAt`: when the step was activated. */
  startedAt: number | null;
  closedAt: number | null;
  /** When its present status began. */
  since: number | null;
  scheduledAt: number | null;
  resumeAt: number | null;
  retryAt: number | null;
  totalTimeoutAt: number | null;
}

export interface ExecutionState {
  readonly graph: CompiledGraph;
  /** `scheduled` before the first event. */
  status: ExecutionStatus;
  /** Of the last event folded; 0 before the first. */
  sequence: number;
  /** Epoch milliseconds of the last event. */
  lastAt: number;
  workflow: string;
  version: number;
  hash: string;
  key: string | null;
  tags: readonly string[];
  correlationId: string | null;
  priority: number;
  input: Held;
  startedAt: number | null;
  closedAt: number | null;
  timeoutAt: number | null;
  output: Held | null;
  error: (ErrorInfo & { node?: string }) | null;
  cancelReason: string | null;
  /** By the node's position in the compiled graph. */
  steps: readonly StepState[];
  /** The earliest deadline of the open steps, by blocks of ordinals; see `wake-at`. */
  deadlines: readonly (number | null)[];
  /** How many steps are scheduled, waiting or retrying. */
  open: number;
  /** How many of the open ones are scheduled: the execution is running while there are any. */
  scheduled: number;
  /** How many were not reached yet. */
  pending: number;
  /** How many ended, in whatever way: progress. */
  completed: number;
}
