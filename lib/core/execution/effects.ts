/** What the outside must do because of an event: rows to write, leases to drop. Events say what happened, effects what follows. */
import type { HistoryEvent } from "../../contract/history";
import type { StepRef } from "./commands";
import type { ExecutionState } from "./state";

export type Effect =
  | {
      type: "dispatch-task";
      taskId: string;
      step: StepRef;
      task: string;
      queue: string;
      priority: number;
      /** From now on; null: none. The host turns them into instants when it dispatches and leases. */
      queueTimeoutMs: number | null;
      attemptTimeoutMs: number | null;
      heartbeatTimeoutMs: number | null;
    }
  /** The step waits for this task no longer: its row goes, its lease token is dead, its worker is told at its next heartbeat. */
  | { type: "drop-task"; taskId: string }
  | { type: "close" };

export declare function effects(event: HistoryEvent, state: ExecutionState): Effect[];
