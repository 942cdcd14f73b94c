/** What the outside must do because of an event: rows to write, leases to drop. Events say what happened, effects what follows. */
import type { ErrorInfo, EventOf, HistoryEvent, Parent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import type { CompiledTask } from "../definition/graph";
import type { StepRef } from "./commands";
import type { ExecutionState, Held } from "./state";

/** Where an effect belongs, as events write it. */
interface Place {
  node: string;
  iteration: number;
  index?: readonly number[];
}

export type Effect =
  | {
      type: "dispatch-task";
      taskId: string;
      step: StepRef;
      task: string;
      queue: string;
      /** The node's and the execution's together. */
      priority: number;
      /** The worker to prefer for a while; null: any. */
      stickyWorker: string | null;
      /** Tasks of one queue with the same key share the limit; null: no limit. */
      concurrencyKey: string | null;
      concurrencyLimit: number | null;
      /** From now on; null: none. The host turns them into instants when it dispatches and leases. */
      queueTimeoutMs: number | null;
      attemptTimeoutMs: number | null;
      heartbeatTimeoutMs: number | null;
    }
  /** The step waits for this task no longer: its row goes, its lease token is dead, its worker is told at its next heartbeat. */
  | { type: "drop-task"; taskId: string }
  /** Paused: ready tasks are not leased until `release-tasks`, which moves queue deadlines by the pause. */
  | { type: "hold-tasks" }
  | { type: "release-tasks"; pausedMs: number }
  | ({
      type: "open-approval";
      approvalId: string;
      step: StepRef;
      title: string | null;
      description: string | null;
      assignees: readonly string[];
      form: JsonValue | null;
      requestedAt: string;
      expiresAt: string | null;
    } & Place)
  | {
      type: "close-approval";
      approvalId: string;
      status: "approved" | "rejected" | "expired" | "cancelled";
      data: Held | null;
      comment: string | null;
      decidedBy: string | null;
      at: string;
    }
  /** A message: start this execution under this id, unless it is there already; where that is refused, tell the parent. */
  | {
      type: "start-child";
      executionId: string;
      workflow: string;
      version: number;
      hash: string;
      input: Held | null;
      priority: number;
      correlationId: string | null;
      parent: Parent;
    }
  /** A message. */
  | { type: "cancel-child"; executionId: string; reason: string }
  /** A message: the child that this execution is has closed. */
  | { type: "tell-parent"; parent: Parent; status: string; output: Held | null; error: ErrorInfo | null }
  /** Of the innermost step whose failure the execution failed by. */
  | ({ type: "write-dead-letter"; attempts: number; error: ErrorInfo } & Place)
  /** Its open dead letters are retried. */
  | { type: "retry-dead-letters" }
  | { type: "close" };

export type EffectOf<T extends Effect["type"]> = Extract<Effect, { type: T }>;
