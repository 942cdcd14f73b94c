/** The folded state of one execution: immutable, shared structurally between versions, derived from events alone. */
import type { ExecutionStatus, StepStatus } from "../../contract/executions";
import type { ErrorInfo, Parent, RequestKey, ValueRef } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledGraph } from "../definition/graph";
import type { StepRef } from "./step-ref";

/** Raised whenever a change makes `evolve` give another state for an old history: snapshots of other versions are ignored. */
export const STATE_VERSION = 2;

/** A value as the state holds it: itself, or a reference to where it is stored. */
export type Held = { json: JsonValue } | { ref: ValueRef };

/** What becomes of a step once the waiting that its handler asked for is over. */
export interface DirectiveState {
  readonly then: "complete" | "resume";
  readonly name: string | null;
  readonly data: Held | null;
}

/** What an open step without a task waits for; `at`: when time ends it, in epoch milliseconds. */
export type Wait =
  | { readonly kind: "sleep"; readonly at: number; readonly directive: DirectiveState | null }
  | {
      readonly kind: "approval";
      readonly approvalId: string;
      readonly at: number | null;
      readonly title: string | null;
      readonly description: string | null;
      readonly form: JsonValue | null;
      readonly assignees: readonly string[];
      readonly directive: DirectiveState | null;
    }
  | { readonly kind: "signal"; readonly signal: string; readonly at: number | null }
  | { readonly kind: "child"; readonly executionId: string; readonly at: null }
  | { readonly kind: "retry" | "poll"; readonly at: number }
  /** A directive is over; the next dispatch waits for a place in its map, or for the execution to be resumed. */
  | { readonly kind: "resume"; readonly at: number };

export interface StepState {
  /** The node's path. */
  readonly node: string;
  /** Never goes back within an execution. */
  readonly iteration: number;
  readonly index?: readonly number[];
  /** `running` is never folded: being leased is a fact about a task, laid over this by whoever shows it. */
  readonly status: Exclude<StepStatus, "running">;
  /** Of the last dispatch; 0 before the first. A retry of the execution gives a new budget, counted from `spent`. */
  readonly attempt: number;
  readonly spent: number;
  /** Of the last dispatch, where the node polls; else 0. */
  readonly round: number;
  /** The dispatch that the step waits for, or null. */
  readonly taskId: string | null;
  /** Dispatches that an event ended, by the lease that ended them: tells a repeated result from a late one. */
  readonly ended: readonly { readonly taskId: string; readonly lease: string | null }[];
  /** Leases whose late results are in the history already. */
  readonly rejected: readonly string[];
  /** Incoming edges so far, loop edges apart. */
  readonly taken: number;
  readonly dead: number;
  /** Pending, and to be started without a look at its join: the target of a loop, or opened again. */
  readonly forced: boolean;
  readonly input: Held | null;
  readonly port: string | null;
  readonly output: Held | null;
  /** Of the last attempt that failed, while it is tried again; why it failed, once it has. */
  readonly error: ErrorInfo | null;
  /** Of a cancelled step. */
  readonly why: string | null;
  readonly wait: Wait | null;
  /** Of the last approval that was decided. */
  readonly decided: {
    readonly approvalId: string;
    readonly decision: "approved" | "rejected";
    readonly data: Held | null;
    readonly comment: string | null;
    readonly decidedBy: string;
  } | null;
  /** In the order they came; of the round, where the node polls. */
  readonly checkpoints: readonly { readonly name: string; readonly value: Held }[];
  /** The checkpoint that tells how the last directive ended. */
  readonly resumed: string | null;
  /** What a loop taken at `port` will carry; kept only while the execution is paused. */
  readonly carried: Held | null;
  /** Of map steps that began. */
  readonly map: MapState | null;
  /** The highest iteration that a step inside this map step has had. */
  readonly floor: number;
  /** Epoch milliseconds, all of them. `startedAt`: when the step was activated. */
  readonly startedAt: number | null;
  readonly closedAt: number | null;
  /** When its present status began. */
  readonly since: number | null;
  readonly scheduledAt: number | null;
  readonly totalTimeoutAt: number | null;
  readonly pollTimeoutAt: number | null;
}

/** The earliest times at which something is to be done without anybody's doing; null: none. */
export interface Deadlines {
  /** What holds whatever else goes on: sleeps, expiries, timeouts. */
  readonly due: number | null;
  /** A dispatch, which takes a place in each map around it and is no business of a paused execution. 0: at once. */
  readonly want: number | null;
}

/** `want` of items without a place apart from those that have one. */
export interface MapDeadlines extends Deadlines {
  readonly placed: number | null;
}

/** A graph at work: the definition's own, or one item of a map. */
export interface ScopeState extends Deadlines {
  /** By the node's position in its scope. */
  readonly steps: readonly StepState[];
  /** By the loop's number in its scope. */
  readonly loops: readonly LoopState[];
  /** The earliest of each block of steps; see `deadlines`. */
  readonly blocks: readonly Deadlines[];
  /** Steps that are scheduled, waiting or retrying. */
  readonly open: number;
  /** Tasks that are out, those of inner scopes included. */
  readonly scheduled: number;
  /** Steps not reached yet. */
  readonly pending: number;
  /** An item that is over although steps of it may never have been reached. */
  readonly ended: "completed" | "failed" | null;
}

export interface LoopState {
  /** `loop.iteration`. */
  readonly turn: number;
  /** `loop.value`. */
  readonly value: Held | null;
  /** Steps of the body that are open, and that are pending. */
  readonly open: number;
  readonly pending: number;
  /** A step of the body has ended on a loop edge that is not taken yet. */
  readonly looping: boolean;
  /** Edges out of the body, by the node they come from and their place among its `outs`, until the body is done. */
  readonly held: readonly { readonly from: number; readonly out: number; readonly taken: boolean }[];
}

/** In blocks of 128, so that changing one of ten thousand copies one block; null, or not there: not begun. */
export type Items = readonly (readonly (ScopeState | null)[])[];

export interface MapState extends Deadlines {
  /** The list of items. */
  readonly list: Held;
  readonly count: number;
  readonly items: Items;
  /** The first item that has not begun. */
  readonly next: number;
  /** Items with a scheduled task: they hold the places. */
  readonly active: number;
  readonly completed: number;
  readonly failed: number;
  readonly blocks: readonly MapDeadlines[];
  /** Steps of the scopes around it that its body reads, as they stood at its start, by path. */
  readonly seen: { readonly [node: string]: StepState };
}

/** Something that follows from an event and is still to be decided. */
export type Consequence =
  /** Edges into this step changed. */
  | { readonly kind: "judge"; readonly ref: StepRef }
  /** Failed, and nothing takes it: its scope fails. */
  | { readonly kind: "fail"; readonly ref: StepRef; readonly iteration: number }
  /** Ended on a loop edge while the execution was paused. */
  | { readonly kind: "loop"; readonly ref: StepRef; readonly iteration: number }
  /** A dispatch that a place, or the end of a wait, makes possible. */
  | { readonly kind: "want"; readonly ref: StepRef; readonly iteration: number }
  /** The next item of this map may begin. */
  | { readonly kind: "begin"; readonly ref: StepRef; readonly iteration: number; readonly item: number }
  /** An item of this map ended or gave its place up. */
  | { readonly kind: "map"; readonly ref: StepRef; readonly iteration: number; readonly item?: number };

/** A completed step that is undone if the execution fails; in order of completion. */
export interface CompensationState {
  readonly step: StepRef;
  readonly node: string;
  readonly iteration: number;
  readonly index?: readonly number[];
  readonly input: Held | null;
  /** The input could not be computed. */
  readonly error: ErrorInfo | null;
  readonly status: "pending" | "scheduled" | "retrying" | "completed" | "failed";
  readonly attempt: number;
  readonly taskId: string | null;
  readonly retryAt: number | null;
  readonly ended: readonly { readonly taskId: string; readonly lease: string | null }[];
}

/** How the execution closes once all compensations are done. */
export interface Closing {
  readonly status: "failed" | "cancelled" | "timed_out";
  readonly error: (ErrorInfo & { node?: string; index?: readonly number[] }) | null;
  readonly reason: string | null;
  readonly timeoutAt: number | null;
}

export interface ExecutionState {
  readonly graph: CompiledGraph;
  /** Other versions that the history names: a fork changes to another one. By version. */
  readonly graphs: ReadonlyMap<number, CompiledGraph>;
  /** `scheduled` before the first event. */
  readonly status: ExecutionStatus;
  /** Of the last event folded; 0 before the first. */
  readonly sequence: number;
  /** Epoch milliseconds of the last event. */
  readonly lastAt: number;
  readonly workflow: string;
  readonly version: number;
  readonly hash: string;
  readonly key: string | null;
  readonly tags: readonly string[];
  readonly correlationId: string | null;
  readonly priority: number;
  readonly parent: Parent | null;
  /** What expressions see; a retry from a node may have replaced it. */
  readonly input: Held;
  readonly startAt: number | null;
  readonly startedAt: number | null;
  readonly closedAt: number | null;
  readonly timeoutMs: number | null;
  readonly timeoutAt: number | null;
  readonly output: Held | null;
  readonly error: (ErrorInfo & { node?: string; index?: readonly number[] }) | null;
  readonly cancelReason: string | null;
  readonly cancelRequested: boolean;
  readonly pausedAt: number | null;
  readonly pauseReason: string | null;
  readonly root: ScopeState;
  /** What events of a paused execution would have led to, in order. */
  readonly held: readonly Consequence[];
  /** Calls with an idempotency key, the latest last, as far back as they are remembered. */
  readonly requests: readonly RequestKey[];
  /** Received and not consumed, in order. */
  readonly signals: readonly { readonly signal: string; readonly sequence: number; readonly payload: Held }[];
  /** Steps that wait for a signal, in the order in which they began to. */
  readonly waiters: readonly { readonly signal: string; readonly ref: StepRef; readonly iteration: number }[];
  readonly compensations: readonly CompensationState[];
  readonly closing: Closing | null;
  /** The worker that ran the last task that ended. */
  readonly lastWorker: string | null;
  /** W3C traceparent of the call that asked for it; absent where none was written. */
  readonly trace?: string;
}
