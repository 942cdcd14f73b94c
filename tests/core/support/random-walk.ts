/** One random way through an execution: tasks, people, signals, children and time answer in any order, well or badly. */
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { Command } from "@/lib/core/execution/commands";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import { eachStep } from "@/lib/core/execution/steps";
import type { Dice } from "./dice";
import { TestExecution } from "./execution";

/** Where this many answers do not close it, it is terminated. */
const MOST_MOVES = 300;

/** Tells of each event with the state right after it. */
export function walk(
  definition: Definition,
  dice: Dice,
  onEvent: (event: HistoryEvent, state: ExecutionState) => void,
): TestExecution {
  const execution = new TestExecution(definition);
  execution.workflows.set("child", { version: 1, hash: "h" });
  const flags = Array.from({ length: 4 }, () => dice.roll(2) === 1);
  const start = { type: "start", workflow: definition.name, version: 1, hash: "hash", input: { flags } } as const;
  move(execution, start, onEvent);
  for (let moves = 0; !isClosed(execution.state); moves++) {
    if (moves === MOST_MOVES) move(execution, { type: "terminate" }, onEvent);
    else move(execution, nextCommand(execution, dice), onEvent);
  }
  return execution;
}

function move(
  execution: TestExecution,
  command: Command,
  onEvent: (event: HistoryEvent, state: ExecutionState) => void,
) {
  let state = execution.state;
  for (const event of execution.do(command).events) {
    state = execution.core.evolve(state, event);
    onEvent(event, state);
  }
}

function nextCommand(execution: TestExecution, dice: Dice): Command {
  const due = execution.core.wakeAt(execution.state);
  const answers = [...answersTo(execution.state, dice)];
  const command = answers.length === 0 || (due !== null && dice.once(4)) ? null : dice.pick(answers);
  if (command !== null) return command;
  execution.now = Math.max(execution.now, due ?? execution.now);
  return { type: "wake" };
}

function* answersTo(state: ExecutionState, dice: Dice): Generator<Command> {
  for (const {
    ref: step,
    step: { taskId, wait },
  } of eachStep(state)) {
    if (taskId !== null) yield answer({ step, taskId, lease: taskId }, dice);
    if (wait?.kind === "approval") {
      const decision = dice.once(3) ? "rejected" : "approved";
      yield { type: "decide-approval", step, approvalId: wait.approvalId, decision, decidedBy: "user:u" };
    }
    if (wait?.kind === "signal") yield { type: "signal", signal: wait.signal, payload: 1 };
    if (wait?.kind === "child") {
      yield {
        type: "child-closed",
        step,
        executionId: wait.executionId,
        status: dice.once(4) ? "failed" : "completed",
      };
    }
  }
  for (const [compensation, { step, taskId }] of state.compensations.entries()) {
    if (taskId !== null) yield answer({ step: { ...step, compensation }, taskId, lease: taskId }, dice);
  }
}

function answer(task: { step: object; taskId: string; lease: string }, dice: Dice): Command {
  const base = task as Extract<Command, { type: "complete-task" }>;
  switch (dice.roll(6)) {
    case 0:
      return { ...base, type: "fail-task", error: { code: "E", message: "e", retryable: dice.once(2) } };
    case 1:
      return { ...base, type: "complete-task", output: 1, port: dice.pick(["extra", "again"]) };
    default:
      return { ...base, type: "complete-task", output: { n: 1 } };
  }
}
