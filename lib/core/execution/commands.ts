/** What can be asked of an execution, and what the core answers. */
import type { Actor, ErrorInfo, HistoryEvent, Parent, RequestKey } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { ExecutionState } from "./state";
import type { StepRef } from "./step-ref";

/** What a host knows of one leased task when an answer or a deadline for it arrives. */
export interface TaskAnswer {
  step: StepRef;
  taskId: string;
  /** A short hash of the lease token the answer came with. */
  lease: string;
  worker?: string;
  queuedMs?: number;
  ranMs?: number;
}

/** What a handler noted down on its way; the first value of a name wins. */
export interface Checkpoint {
  name: string;
  value: JsonValue;
}

/** A handler ended its dispatch with a wish to wait; `then: "resume"` has a `name`. */
export interface Directive {
  data?: JsonValue;
  then?: "complete" | "resume";
  name?: string;
  checkpoints?: readonly Checkpoint[];
}

/**
 * Of a call with an idempotency key. The first event of the command carries it, and the state keeps the last ones: the same
 * key again is a `duplicate`, whatever has become of the execution since, and with another hash `key-conflict`.
 */
interface Repeatable {
  request?: RequestKey;
}

export type Command =
  | {
      type: "start";
      workflow: string;
      version: number;
      /** Of the definition, as `GET /workflows/{name}/versions/{version}` shows it. */
      hash: string;
      input: JsonValue;
      key?: string;
      tags?: string[];
      correlationId?: string;
      priority?: number;
      /** Wins over the definition's own `timeout`. */
      timeoutMs?: number;
      /** Epoch milliseconds; where it lies in the future the execution is only scheduled. */
      startAt?: number;
      parent?: Parent;
      /** W3C traceparent. */
      trace?: string;
    }
  | ({ type: "complete-task"; output: JsonValue; port?: string; checkpoints?: readonly Checkpoint[] } & TaskAnswer)
  | ({ type: "fail-task"; error: ErrorInfo; checkpoints?: readonly Checkpoint[] } & TaskAnswer)
  | ({ type: "sleep-task"; durationMs: number } & Directive & TaskAnswer)
  | ({
      type: "approval-task";
      title?: string;
      description?: string;
      form?: JsonValue;
      assignees?: readonly string[];
      timeoutMs?: number;
    } & Directive &
      TaskAnswer)
  /** From a heartbeat: the task goes on. */
  | ({ type: "checkpoint-task"; checkpoints: readonly Checkpoint[] } & TaskAnswer)
  /** A deadline of a leased or queued task passed; judged by the host, for it alone sees leases and heartbeats. */
  | ({ type: "expire-task"; code: "LEASE_EXPIRED" | "HEARTBEAT_TIMEOUT" | "ATTEMPT_TIMEOUT" | "QUEUE_TIMEOUT" } & Omit<
      TaskAnswer,
      "lease"
    > & { lease?: string })
  /** Applies everything whose time has come: sleeps, retries, total and execution timeouts. Too early: does nothing. */
  | { type: "wake" }
  /** A result came with a token that the host knows to be dead although the folded state still waits for the task. */
  | ({ type: "reject-result"; why: string } & TaskAnswer)
  | ({ type: "cancel"; reason?: string; compensate?: boolean } & Repeatable)
  | ({ type: "terminate"; reason?: string } & Repeatable)
  | ({ type: "pause"; reason?: string } & Repeatable)
  | ({ type: "resume"; reason?: string } & Repeatable)
  /** `input` only with `fromNode`. */
  | ({ type: "retry"; reason?: string; fromNode?: string; input?: JsonValue } & Repeatable)
  /** The first command of its own on a state folded from a copied history. */
  | {
      type: "fork";
      source: string;
      at: number;
      version: number;
      hash: string;
      input?: JsonValue;
      overrides?: { readonly [node: string]: { output: JsonValue } };
      reason?: string;
      trace?: string;
    }
  | ({ type: "signal"; signal: string; payload: JsonValue } & Repeatable)
  | {
      type: "decide-approval";
      step: StepRef;
      approvalId: string;
      decision: "approved" | "rejected";
      data?: JsonValue;
      comment?: string;
      /** As the event keeps it: `user:…`, `key:…`. */
      decidedBy: string;
    }
  | {
      type: "child-closed";
      step: StepRef;
      executionId: string;
      status: string;
      output?: JsonValue;
      error?: ErrorInfo;
    };

export type CommandOf<T extends Command["type"]> = Extract<Command, { type: T }>;

/** Refusals that can be expected are values; a bug throws. */
export type Reply =
  | "accepted"
  /** Repeats what was accepted, and changes nothing. */
  | "duplicate"
  /** The same idempotency key came with another request before. */
  | "key-conflict"
  | "stale"
  | "closed"
  | "unknown-task"
  /** Retry: the execution did not fail or time out, or has no such node. */
  | "not-retryable"
  /** Retry: steps that it would keep have been undone. */
  | "compensated"
  /** Pause, while compensating. */
  | "compensating"
  /** Fork: a completed node is missing, or of another type, in the other version; or an override names no completed step. */
  | "version-mismatch"
  | "too-many-signals"
  | "already-decided"
  | "approval-closed"
  /** The approval's data breaks its form. */
  | "invalid-data"
  /** A payload is larger than it may be. */
  | "too-large";

export type Decision =
  | {
      kind: "decided";
      reply: Reply;
      /** In order, gapless from `state.sequence + 1`; empty where nothing changed. */
      events: HistoryEvent[];
      /** The state after the events. */
      state: ExecutionState;
      /** Large values that the events refer to by hash, to be stored with them. */
      values: { hash: string; json: JsonValue }[];
    }
  /** The decision reads large values, or names workflows, that are not in `env`: load them, and ask again. */
  | { kind: "needs"; values: string[]; workflows: WorkflowName[] };

/** A version as a node names it; none: the latest. */
export interface WorkflowName {
  workflow: string;
  version?: number;
}

/** How {@link DecideEnv.workflows} is asked. */
export function workflowKey({ workflow, version }: WorkflowName): string {
  return version === undefined ? workflow : `${workflow}@${version}`;
}

/** Everything that a decision takes from outside; with the same of it, the same state decides the same. */
export interface DecideEnv {
  /** Epoch milliseconds; a time before the execution's last event counts as that event's time. */
  now: number;
  actor: Actor;
  /** What expressions see as `execution.id`. */
  executionId: string;
  /** At least 0 and less than 1: jitter. */
  random: () => number;
  newTaskId: () => string;
  newApprovalId: () => string;
  newExecutionId: () => string;
  /** SHA-256 of UTF-8 text, in hex. */
  sha256: (text: string) => string;
  /** Large values by hash, as far as the host has loaded them. */
  values: ReadonlyMap<string, JsonValue>;
  /** Published versions by {@link workflowKey}, as far as the host has loaded them; null: there is none. */
  workflows: ReadonlyMap<string, { version: number; hash: string } | null>;
  /** What a value breaks of a JSON Schema, or null. Interprets the schema, never compiles it. */
  checkSchema: (schema: JsonValue, value: JsonValue) => string | null;
}
