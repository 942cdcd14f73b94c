/** What can be asked of an execution, and what the core answers. */
import type { Actor, ErrorInfo, HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { ExecutionState } from "./state";

/**
 * Where a step is in its execution: the node's position in the compiled graph, and inside maps the item
 * indexes from the outside in. A host carries it with a task, so that a result finds its step without a search.
 */
export interface StepRef {
  ordinal: number;
  index?: number[];
}

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
    }
  | ({ type: "complete-task"; output: JsonValue; port?: string } & TaskAnswer)
  | ({ type: "fail-task"; error: ErrorInfo } & TaskAnswer)
  /** A deadline of a leased or queued task passed; judged by the host, for it alone sees leases and heartbeats. */
  | ({ type: "expire-task"; code: "LEASE_EXPIRED" | "HEARTBEAT_TIMEOUT" | "ATTEMPT_TIMEOUT" | "QUEUE_TIMEOUT" } & Omit<
      TaskAnswer,
      "lease"
    > & { lease?: string })
  /** Applies everything whose time has come: sleeps, retries, total and execution timeouts. Too early: does nothing. */
  | { type: "wake" }
  /** A result came with a token that the host knows to be dead although the folded state still waits for the task. */
  | ({ type: "reject-result"; why: string } & TaskAnswer)
  | { type: "cancel"; reason?: string; compensate?: boolean };

/** Refusals that can be expected are values; a bug throws. */
export type Reply = "accepted" | "duplicate" | "stale" | "closed" | "unknown-task";

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
  /** The decision reads large values that are not in `env.values`: load them, and ask again. */
  | { kind: "needs"; values: string[] };

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
  /** SHA-256 of UTF-8 text, in hex. */
  sha256: (text: string) => string;
  /** Large values by hash, as far as the host has loaded them. */
  values: ReadonlyMap<string, JsonValue>;
}
