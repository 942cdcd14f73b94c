/** Runs a random execution on any core: results, failures, repeats, late answers, wakes and cancels in random order. */
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { Command, Reply, TaskAnswer } from "@/lib/core/execution/commands";
import { effects } from "@/lib/core/execution/effects";
import type { ExecutionState } from "@/lib/core/execution/state";
import { isClosed } from "@/lib/core/execution/statuses";
import type { Core } from "./core";
import type { Dice } from "./dice";
import { TestExecution } from "./execution";

/** One command as it went. */
export interface Move {
  readonly command: Command;
  readonly now: number;
  readonly before: ExecutionState;
  readonly after: ExecutionState;
  readonly reply: Reply;
  readonly events: readonly HistoryEvent[];
}

export interface Run {
  readonly definition: Definition;
  readonly moves: readonly Move[];
  readonly events: readonly HistoryEvent[];
  readonly state: ExecutionState;
}

/** More than any of the small random graphs can take: whoever needs more does not end. */
const MOST_MOVES = 400;

class Simulation {
  readonly execution: TestExecution;
  readonly moves: Move[] = [];
  readonly out = new Map<string, TaskAnswer>();
  readonly answered: Command[] = [];

  constructor(
    readonly core: Core,
    readonly definition: Definition,
  ) {
    this.execution = new TestExecution(definition, core);
  }

  do(command: Command) {
    const before = this.execution.state;
    const { reply, events, state } = this.execution.do(command);
    this.moves.push({ command, now: this.execution.now, before, after: state, reply, events });
    for (const effect of events.flatMap((event) => effects(event, state))) {
      if (effect.type === "drop-task") this.out.delete(effect.taskId);
      if (effect.type !== "dispatch-task") continue;
      const { step, taskId } = effect;
      this.out.set(taskId, { step, taskId, lease: `lease of ${taskId}` });
    }
  }

  answer(command: Command) {
    this.answered.push(command);
    this.do(command);
  }

  wakeWhenDue() {
    const due = this.core.wakeAt(this.execution.state);
    if (due === null) throw new Error(`nothing is out and nothing is due, but it is ${this.execution.state.status}`);
    this.execution.now = Math.max(this.execution.now, due);
    this.do({ type: "wake" });
  }

  run(): Run {
    return {
      definition: this.definition,
      moves: this.moves,
      events: this.execution.events,
      state: this.execution.state,
    };
  }
}

export function simulate(core: Core, definition: Definition, dice: Dice): Run {
  const simulation = new Simulation(core, definition);
  const flags = [dice.roll(2), dice.roll(2), dice.roll(2), dice.roll(2)].map(Boolean);
  simulation.do({ type: "start", workflow: "random", version: 1, hash: "h", input: { flags } });
  while (!dice.isSpent) disturb(simulation, dice);
  drain(simulation);
  for (const command of simulation.answered) {
    simulation.do(command);
    if (command.type === "complete-task") simulation.do({ ...command, lease: "another" });
  }
  simulation.do({ type: "wake" });
  simulation.do({ type: "cancel" });
  return simulation.run();
}

/** Answers all that is out and wakes for all that is due, until it is closed. */
function drain(simulation: Simulation) {
  while (!isClosed(simulation.execution.state)) {
    if (simulation.moves.length > MOST_MOVES) throw new Error("the execution does not end");
    const [task] = simulation.out.values();
    if (task === undefined) simulation.wakeWhenDue();
    else simulation.answer({ type: "complete-task", ...task, output: task.step.ordinal });
  }
}

function disturb(simulation: Simulation, dice: Dice) {
  const { execution, out, answered } = simulation;
  execution.now += dice.roll(1500);
  execution.random = dice.roll(100) / 100;
  const tasks = [...out.values()];
  const kind = dice.roll(16);
  if (kind >= 12) return simulation.do({ type: "wake" });
  if (kind === 10 && dice.once(10)) return simulation.do({ type: "cancel" });
  if (kind === 9 && answered.length > 0) return simulation.do(dice.pick(answered));
  if (tasks.length === 0) return isClosed(execution.state) ? undefined : simulation.wakeWhenDue();
  const task = dice.pick(tasks);
  switch (kind) {
    case 5:
      return simulation.answer({ type: "fail-task", ...task, error: { code: "E", message: "e" } });
    case 6:
      return simulation.answer({ type: "fail-task", ...task, error: { code: "E", message: "e", retryable: false } });
    case 7:
      return simulation.do({ type: "expire-task", step: task.step, taskId: task.taskId, code: "LEASE_EXPIRED" });
    case 8:
      return simulation.do({ type: "complete-task", ...task, taskId: "task-0", output: 0 });
    default:
      return simulation.answer({
        type: "complete-task",
        ...task,
        output: task.step.ordinal,
        ...(kind === 4 ? { port: dice.pick(["extra", "success", "unknown"]) } : {}),
      });
  }
}
