/**
 * Answers and deadlines of tasks. An answer counts if its task is the one that the step waits for; else it is a repeat of
 * what the history has already, or comes too late and leaves a trace.
 */
import type { ErrorInfo } from "../../contract/history";
import { PAYLOAD_BYTES } from "../../contract/limits";
import type { CompiledNode } from "../definition/graph";
import { tooLarge } from "./close";
import type { Command, Reply, TaskAnswer } from "./commands";
import { completeStep } from "./endings";
import { outputFields, utf8Bytes } from "./held";
import { type AttemptEnd, failAttempt, hasPort, taskOf } from "./nodes/task";
import { isClosed } from "./statuses";
import { emit, hold, nodeAt, placeOf, stepAt, type Turn } from "./turn";

type CommandOf<T extends Command["type"]> = Extract<Command, { type: T }>;

const REJECTED_A_STEP = 10;

export function completeTask(turn: Turn, node: CompiledNode, command: CommandOf<"complete-task">) {
  const end = endOf(command);
  const { port } = command;
  if (port !== undefined && !hasPort(node, port)) {
    const message = `${node.id} has no port ${port}: name it in the node's ports, or let the handler choose another.`;
    return failAttempt(turn, node, { code: "UNKNOWN_PORT", message }, end);
  }
  const held = hold(turn, command.output);
  if (held === null) return failAttempt(turn, node, tooLarge(`The output of ${node.id}`), end);
  completeStep(turn, node, {
    ...(port === undefined ? {} : { port }),
    ...outputFields(held),
    attempt: stepAt(turn, node).attempt,
    ...end,
  });
}

export function failTask(turn: Turn, node: CompiledNode, command: CommandOf<"fail-task">) {
  const { error } = command;
  const fits = utf8Bytes(JSON.stringify(error)) <= PAYLOAD_BYTES;
  failAttempt(turn, node, fits ? error : tooLarge(`The error of ${node.id}`), endOf(command));
}

/** No lease is recorded: what the worker still sends under it comes late, and is no repeat. */
export function expireTask(turn: Turn, node: CompiledNode, command: CommandOf<"expire-task">) {
  const { lease: _, ...end } = endOf(command);
  failAttempt(turn, node, { code: command.code, message: expiry(node, command.code) }, end);
}

/** What to say of an answer that the step does not wait for, or no longer. */
export function judgeLate(turn: Turn, command: TaskAnswer, why: string): Reply {
  const node = nodeAt(turn, command.step.ordinal);
  const step = stepAt(turn, node);
  const { taskId, lease, worker } = command;
  const ended = step.ended.find((end) => end.taskId === taskId);
  if (ended === undefined && step.taskId !== taskId) return "unknown-task";
  if (ended !== undefined && ended.lease === lease) return "duplicate";
  if (!isClosed(turn.draft) && step.rejected.length < REJECTED_A_STEP && !step.rejected.includes(lease)) {
    emit(turn, "ResultRejected", {
      ...placeOf(turn, node),
      taskId,
      lease,
      why,
      ...(worker === undefined ? {} : { worker }),
    });
  }
  return "stale";
}

function endOf({ taskId, lease, worker, queuedMs, ranMs }: Omit<TaskAnswer, "lease"> & { lease?: string }): AttemptEnd {
  return {
    taskId,
    ...(lease === undefined ? {} : { lease }),
    ...(worker === undefined ? {} : { worker }),
    ...(queuedMs === undefined ? {} : { queuedMs }),
    ...(ranMs === undefined ? {} : { ranMs }),
  };
}

function expiry(node: CompiledNode, code: CommandOf<"expire-task">["code"]): ErrorInfo["message"] {
  const { attemptMs, heartbeatMs, queueMs } = taskOf(node).timeouts;
  switch (code) {
    case "ATTEMPT_TIMEOUT":
      return `The attempt took longer than ${attemptMs} ms.`;
    case "HEARTBEAT_TIMEOUT":
      return `The worker did not name the task in a heartbeat for ${heartbeatMs} ms.`;
    case "QUEUE_TIMEOUT":
      return `No worker took the task within ${queueMs} ms.`;
    case "LEASE_EXPIRED":
      return "The worker stopped renewing its lease.";
  }
}
