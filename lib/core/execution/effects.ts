/** What the outside must do because of an event: rows to write, leases to drop. Events say what happened, effects what follows. */
import type { EventOf, HistoryEvent } from "../../contract/history";
import type { StepRef } from "./commands";
import type { ExecutionState } from "./state";

export type Effect =
  | {
      type: "dispatch-task";
      taskId: string;
      step: StepRef;
      task: string;
      queue: string;
      /** The node's and the execution's together. */
      priority: number;
      /** From now on; null: none. The host turns them into instants when it dispatches and leases. */
      queueTimeoutMs: number | null;
      attemptTimeoutMs: number | null;
      heartbeatTimeoutMs: number | null;
    }
  /** The step waits for this task no longer: its row goes, its lease token is dead, its worker is told at its next heartbeat. */
  | { type: "drop-task"; taskId: string }
  | { type: "close" };

/** `state` is one that has folded the event, or later ones too. */
export function effects(event: HistoryEvent, state: ExecutionState): Effect[] {
  switch (event.type) {
    case "StepScheduled":
      return [dispatchTask(event, state)];
    case "StepCompleted":
    case "StepAttemptFailed":
    case "StepCancelled":
      return event.data.taskId === undefined ? [] : [{ type: "drop-task", taskId: event.data.taskId }];
    case "ExecutionCompleted":
    case "ExecutionFailed":
    case "ExecutionTimedOut":
    case "ExecutionCancelled":
      return [{ type: "close" }];
    case "ExecutionStarted":
    case "ExecutionCancelRequested":
    case "StepFailed":
    case "StepSkipped":
    case "ChoiceEvaluated":
    case "SleepStarted":
    case "SleepCompleted":
    case "ResultRejected":
      return [];
  }
}

function dispatchTask({ data }: EventOf<"StepScheduled">, { graph, priority }: ExecutionState): Effect {
  const node = graph.nodes[graph.ordinals.get(data.node) ?? -1];
  if (node === undefined || node.task === null) throw new Error(`${data.node} is no task of this graph`);
  const { timeouts } = node.task;
  return {
    type: "dispatch-task",
    taskId: data.taskId,
    step: { ordinal: node.ordinal },
    task: data.task,
    queue: data.queue,
    priority: node.task.priority + priority,
    queueTimeoutMs: timeouts.queueMs,
    attemptTimeoutMs: timeouts.attemptMs,
    heartbeatTimeoutMs: timeouts.heartbeatMs,
  };
}
