/**
 * The one place where anything about an execution is decided: from a state and a command to events. Pure: time, ids and
 * chance come with the command, and the same of them always gives the same.
 */
import { advance } from "./advance";
import { cancelExecution, terminateExecution } from "./close";
import type { Command, CommandOf, DecideEnv, Decision, Reply, TaskAnswer } from "./commands";
import { forkExecution, pauseExecution, resumeExecution, retryExecution } from "./controls";
import { type At, atRef } from "./draft";
import { applyDue } from "./due";
import { findStep } from "./find-step";
import { decideApproval } from "./nodes/approval";
import { closeChild } from "./nodes/child";
import { receiveSignal } from "./nodes/signal";
import { repeatOf, requestOf } from "./requests";
import { type Answer, acceptAnswer, expireTask, judgeLate } from "./results";
import { startExecution } from "./start";
import type { ExecutionState } from "./state";
import { isClosed } from "./statuses";
import { MissingValues, openTurn, type Turn } from "./turn";
import { answerCompensation, expireCompensation, lateReply } from "./undoing";

/**
 * Events, the state after them, and what to tell whoever sent the command; or what deciding needs from outside.
 * Throws on what no host may ask: starting twice, or anything before the start.
 */
export function decide(state: ExecutionState, command: Command, env: DecideEnv): Decision {
  const turn = openTurn(state, env, requestOf(command));
  try {
    const reply = apply(turn, command);
    return decided(state, turn, reply);
  } catch (error) {
    if (error instanceof MissingValues) return { kind: "needs", values: [...turn.missing], workflows: turn.unknown };
    throw error;
  }
}

function decided(before: ExecutionState, { events, state, values }: Turn, reply: Reply): Decision {
  return {
    kind: "decided",
    reply,
    events,
    state: events.length === 0 ? before : state,
    values: events.length === 0 ? [] : [...values].map(([hash, json]) => ({ hash, json })),
  };
}

function apply(turn: Turn, command: Command): Reply {
  if ((command.type === "start") !== (turn.state.sequence === 0)) {
    throw new Error(`${command.type} at sequence ${turn.state.sequence}`);
  }
  const repeat = repeatOf(turn.state.requests, turn.request);
  if (repeat !== null) return repeat;
  switch (command.type) {
    case "start":
      startExecution(turn, command);
      return "accepted";
    case "complete-task":
    case "fail-task":
    case "sleep-task":
    case "approval-task":
    case "checkpoint-task":
      return answer(turn, command);
    case "expire-task":
      return expire(turn, command);
    case "reject-result":
      return reject(turn, command);
    case "child-closed":
      return about(turn, command, (at) => closeChild(turn, at, command));
    case "decide-approval":
      return about(turn, command, (at) => decideApproval(turn, at, command));
    case "retry":
      return retryExecution(turn, command);
    case "fork":
      return forkExecution(turn, command);
    default:
      return isClosed(turn.state) ? "closed" : control(turn, command);
  }
}

/** Of what a closed execution refuses. */
function control(
  turn: Turn,
  command: CommandOf<"wake" | "cancel" | "terminate" | "pause" | "resume" | "signal">,
): Reply {
  switch (command.type) {
    case "wake":
      applyDue(turn);
      return "accepted";
    case "cancel":
      cancelExecution(turn, command.reason, command.compensate);
      return "accepted";
    case "terminate":
      terminateExecution(turn, command.reason);
      return "accepted";
    case "pause":
      return pauseExecution(turn, command);
    case "resume":
      return resumeExecution(turn, command);
    case "signal": {
      const reply = receiveSignal(turn, command);
      advance(turn);
      return reply;
    }
  }
}

function answer(turn: Turn, command: Answer): Reply {
  if (command.step.compensation !== undefined) {
    return isClosed(turn.state) ? lateCompensation(turn, command) : answerCompensation(turn, command);
  }
  const at = knownAt(turn, command);
  if (at === null) return "unknown-task";
  if (!isAwaited(turn, command)) return judgeLate(turn, at, command, "The step no longer waits for this task.");
  acceptAnswer(turn, at, command);
  advance(turn);
  return "accepted";
}

function expire(turn: Turn, command: CommandOf<"expire-task">): Reply {
  if (command.step.compensation !== undefined) return expireCompensation(turn, command);
  const at = knownAt(turn, command);
  if (at === null || !isAwaited(turn, command)) return "stale";
  expireTask(turn, at, command);
  advance(turn);
  return "accepted";
}

function reject(turn: Turn, command: CommandOf<"reject-result">): Reply {
  if (command.step.compensation !== undefined) return lateCompensation(turn, command);
  const at = knownAt(turn, command);
  return at === null ? "unknown-task" : judgeLate(turn, at, command, command.why);
}

function lateCompensation({ state }: Turn, command: TaskAnswer): Reply {
  const undo = state.compensations[command.step.compensation ?? -1];
  return undo === undefined ? "unknown-task" : lateReply(undo, command);
}

function about(turn: Turn, { step }: Pick<TaskAnswer, "step">, judge: (at: At) => Reply): Reply {
  const at = knownAt(turn, { step });
  if (at === null) return "stale";
  const reply = judge(at);
  advance(turn);
  return reply;
}

function knownAt({ state }: Turn, { step }: Pick<TaskAnswer, "step">): At | null {
  return findStep(state, step) === undefined ? null : atRef(state, step);
}

function isAwaited({ state }: Turn, { step, taskId }: Pick<TaskAnswer, "step" | "taskId">): boolean {
  return !isClosed(state) && findStep(state, step)?.taskId === taskId;
}
