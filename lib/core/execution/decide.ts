/**
 * The one place where anything about an execution is decided: from a state and a command to events. Pure: time, ids and
 * chance come with the command, and the same of them always gives the same.
 */
import { toInstant } from "../time";
import { advance } from "./advance";
import { cancelExecution } from "./close";
import type { Command, DecideEnv, Decision, Reply, TaskAnswer } from "./commands";
import { applyDue } from "./due";
import { findStep } from "./find-step";
import { inputFields } from "./held";
import { completeTask, expireTask, failTask, judgeLate } from "./results";
import type { ExecutionState } from "./state";
import { isClosed } from "./statuses";
import { emit, hold, MissingValues, nodeAt, openTurn, type Turn } from "./turn";

/**
 * Events, the state after them, and what to tell whoever sent the command; or the large values that deciding needs.
 * Throws on what no host may ask: starting twice, or anything before the start.
 */
export function decide(state: ExecutionState, command: Command, env: DecideEnv): Decision {
  const turn = openTurn(state, env);
  try {
    const reply = apply(turn, command);
    return decided(state, turn, reply);
  } catch (error) {
    if (error instanceof MissingValues) return { kind: "needs", values: [...turn.missing] };
    throw error;
  }
}

function decided(state: ExecutionState, { events, draft, values }: Turn, reply: Reply): Decision {
  return {
    kind: "decided",
    reply,
    events,
    state: events.length === 0 ? state : draft,
    values: events.length === 0 ? [] : [...values].map(([hash, json]) => ({ hash, json })),
  };
}

function apply(turn: Turn, command: Command): Reply {
  if ((command.type === "start") !== (turn.draft.sequence === 0)) {
    throw new Error(`${command.type} at sequence ${turn.draft.sequence}`);
  }
  switch (command.type) {
    case "start":
      start(turn, command);
      return "accepted";
    case "complete-task":
      return answer(turn, command, () => completeTask(turn, nodeAt(turn, command.step.ordinal), command));
    case "fail-task":
      return answer(turn, command, () => failTask(turn, nodeAt(turn, command.step.ordinal), command));
    case "expire-task":
      if (!isAwaited(turn, command)) return "stale";
      expireTask(turn, nodeAt(turn, command.step.ordinal), command);
      advance(turn);
      return "accepted";
    case "reject-result":
      return isKnownStep(turn, command) ? judgeLate(turn, command, command.why) : "unknown-task";
    case "wake":
      if (isClosed(turn.draft)) return "closed";
      applyDue(turn);
      return "accepted";
    case "cancel":
      if (isClosed(turn.draft)) return "closed";
      cancelExecution(turn, command.reason, command.compensate);
      return "accepted";
  }
}

function start(turn: Turn, command: Extract<Command, { type: "start" }>) {
  const { graph } = turn.draft;
  const held = hold(turn, command.input);
  if (held === null) throw new Error("the input is larger than a payload may be");
  const timeoutMs = command.timeoutMs ?? graph.timeoutMs;
  const { workflow, version, hash, key, tags, correlationId, priority } = command;
  emit(turn, "ExecutionStarted", {
    workflow,
    version,
    hash,
    ...inputFields(held),
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(priority === undefined ? {} : { priority }),
    ...(timeoutMs === null ? {} : { timeoutAt: toInstant(turn.now + timeoutMs) }),
  });
  for (const node of graph.nodes) if (node.ins.length === 0) turn.ready.push(node.ordinal);
  advance(turn);
}

function answer(turn: Turn, command: TaskAnswer, accept: () => void): Reply {
  if (!isKnownStep(turn, command)) return "unknown-task";
  if (!isAwaited(turn, command)) return judgeLate(turn, command, "The step no longer waits for this task.");
  accept();
  advance(turn);
  return "accepted";
}

function isKnownStep(turn: Turn, { step }: Pick<TaskAnswer, "step">): boolean {
  return findStep(turn.draft, step) !== undefined;
}

function isAwaited(turn: Turn, { step, taskId }: Pick<TaskAnswer, "step" | "taskId">): boolean {
  return !isClosed(turn.draft) && findStep(turn.draft, step)?.taskId === taskId;
}
