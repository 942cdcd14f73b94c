/**
 * Answers and deadlines of tasks. An answer counts if its task is the one that the step waits for; else it is a repeat of
 * what the history has already, or comes too late and leaves a trace.
 */
import type { ErrorInfo } from "../../contract/history";
import { PAYLOAD_BYTES } from "../../contract/limits";
import type { ResolvedTimeouts } from "../definition/graph";
import { endOf } from "./attempts";
import type { CommandOf, Reply, TaskAnswer } from "./commands";
import { recordCheckpoints } from "./directives";
import type { At } from "./draft";
import { completeStep } from "./endings";
import { utf8Bytes } from "./held";
import { approvalTask } from "./nodes/approval";
import { sleepTask } from "./nodes/sleep";
import { endRound, failAttempt, hasPort, taskOf } from "./nodes/task";
import { isClosed } from "./statuses";
import { tooLarge } from "./too-large";
import { emit, hold, placeOf, stepAt, type Turn } from "./turn";

export type Answer = CommandOf<"complete-task" | "fail-task" | "sleep-task" | "approval-task" | "checkpoint-task">;

const REJECTED_A_STEP = 10;

/** The step waits for this answer. */
export function acceptAnswer(turn: Turn, at: At, command: Answer) {
  recordCheckpoints(turn, at, command.checkpoints);
  switch (command.type) {
    case "complete-task":
      return completeTask(turn, at, command);
    case "fail-task":
      return failAttempt(turn, at, fitting(command.error, at.node.path), endOf(command));
    case "sleep-task":
      return failedDirective(turn, at, command, sleepTask(turn, at, command));
    case "approval-task":
      return failedDirective(turn, at, command, approvalTask(turn, at, command));
    case "checkpoint-task":
      return;
  }
}

function failedDirective(turn: Turn, at: At, command: TaskAnswer, failed: { error: ErrorInfo } | null) {
  if (failed !== null) failAttempt(turn, at, failed.error, endOf(command));
}

function completeTask(turn: Turn, at: At, command: CommandOf<"complete-task">) {
  const end = endOf(command);
  const { port } = command;
  if (port !== undefined && !hasPort(at, port)) {
    const message = `${at.node.path} has no port ${port}: name it in the node's ports, or let the handler choose another.`;
    return failAttempt(turn, at, { code: "UNKNOWN_PORT", message }, end);
  }
  const output = hold(turn, command.output);
  if (output === null) return failAttempt(turn, at, tooLarge(`The output of ${at.node.path}`), end);
  if (taskOf(at).poll !== null && port === undefined) return endRound(turn, at, output, command.output, end);
  completeStep(turn, at, { port, output, details: { attempt: stepAt(turn, at).attempt, ...end } });
}

export function fitting(error: ErrorInfo, of: string): ErrorInfo {
  return utf8Bytes(JSON.stringify(error)) <= PAYLOAD_BYTES ? error : tooLarge(`The error of ${of}`);
}

/** No lease is recorded: what the worker still sends under it comes late, and is no repeat. */
export function expireTask(turn: Turn, at: At, command: CommandOf<"expire-task">) {
  const { lease: _, ...answer } = command;
  failAttempt(turn, at, expiryError(command.code, taskOf(at).timeouts), endOf(answer));
}

/** What to say of an answer that the step does not wait for, or no longer. */
export function judgeLate(turn: Turn, at: At, command: TaskAnswer, why: string): Reply {
  const step = stepAt(turn, at);
  const { taskId, lease, worker } = command;
  const ended = step.ended.find((end) => end.taskId === taskId);
  if (ended === undefined && step.taskId !== taskId) return "unknown-task";
  if (ended !== undefined && ended.lease === lease) return "duplicate";
  if (!isClosed(turn.state) && step.rejected.length < REJECTED_A_STEP && !step.rejected.includes(lease)) {
    emit(turn, "ResultRejected", {
      ...placeOf(turn, at),
      taskId,
      lease,
      why,
      ...(worker === undefined ? {} : { worker }),
    });
  }
  return "stale";
}

export function expiryError(code: CommandOf<"expire-task">["code"], timeouts: ResolvedTimeouts): ErrorInfo {
  return { code, message: expiry(code, timeouts) };
}

function expiry(code: CommandOf<"expire-task">["code"], { attemptMs, heartbeatMs, queueMs }: ResolvedTimeouts): string {
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
