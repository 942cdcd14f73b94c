// What pages offer is what the engine takes: a control has no obstacle exactly where its command changes something.
import { describe, expect, test } from "vitest";
import type { Command } from "@/lib/core/execution/commands";
import { CONTROLS, type Control, obstacleTo } from "@/lib/core/execution/possible";
import { given, type TestExecution, tasks } from "./support/execution";

const COMMANDS: Record<Control, (execution: TestExecution) => Command> = {
  cancel: () => ({ type: "cancel" }),
  terminate: () => ({ type: "terminate" }),
  pause: () => ({ type: "pause" }),
  resume: () => ({ type: "resume" }),
  signal: () => ({ type: "signal", signal: "go", payload: null }),
  retry: () => ({ type: "retry" }),
  fork: ({ state }) => ({ type: "fork", source: "exe_s", at: state.sequence, version: 1, hash: "hash" }),
};

const once = { retry: { maxAttempts: 1 } };
const undoable = { id: "a", type: "task" as const, task: "a", compensate: { task: "undo" } };
const failing = { id: "b", type: "task" as const, task: "b", ...once };
const edge = { from: "a", to: "b" };
const plain = () => given({ nodes: tasks("a") });
const undoing = () =>
  given({ nodes: [undoable, failing], edges: [edge] })
    .start()
    .complete("a");

const STANDINGS: [string, () => TestExecution][] = [
  ["scheduled for later", () => plain().start(null, { startAt: Date.UTC(2031, 0, 1) })],
  ["running", () => plain().start()],
  ["waiting", () => given({ nodes: [{ id: "nap", type: "sleep", duration: "1h" }] }).start()],
  ["paused", () => after(plain().start(), { type: "pause" })],
  ["completed", () => plain().start().complete("a")],
  ["failed", () => plain().start().fail("a", { retryable: false })],
  ["timed out", () => plain().start(null, { timeoutMs: 1000 }).wakeAfter(1000)],
  ["cancelled", () => plain().start().cancel()],
  ["terminated", () => after(plain().start(), { type: "terminate" })],
  ["compensating", () => undoing().fail("b")],
  [
    "failed, with nothing undone",
    () =>
      given({ nodes: [failing] })
        .start()
        .fail("b"),
  ],
  ["failed, with steps undone", () => undone(undoing().fail("b"))],
];

function after(execution: TestExecution, command: Command): TestExecution {
  execution.do(command);
  return execution;
}

function undone(execution: TestExecution): TestExecution {
  const number = execution.state.compensations.findIndex(({ status }) => status === "scheduled");
  const { taskId, step } = execution.state.compensations[number] ?? {};
  if (taskId == null || step === undefined) throw new Error("nothing is being undone");
  const answer = { step: { ...step, compensation: number }, taskId, lease: "lease" };
  return after(execution, { type: "complete-task", output: null, ...answer });
}

describe.each(STANDINGS)("an execution that is %s", (_, make) => {
  test.each(CONTROLS)("answers %s as its obstacle says", (control) => {
    const execution = make();
    const obstacle = obstacleTo(control, execution.state);
    const decision = execution.peek(COMMANDS[control](execution));
    if (decision.kind === "needs") throw new Error("nothing here needs a value");
    expect(decision.reply).toBe(obstacle === null || obstacle === "idle" ? "accepted" : obstacle);
    if (obstacle === null) expect(decision.events).not.toEqual([]);
    else if (obstacle === "idle") expect(decision.state.status).toBe(execution.state.status);
    else expect(decision.events).toEqual([]);
  });
});

test("the standings cover every obstacle that the core knows", () => {
  const met = STANDINGS.flatMap(([, make]) => CONTROLS.map((control) => obstacleTo(control, make().state)));
  expect(new Set(met)).toEqual(new Set([null, "closed", "not-retryable", "compensated", "compensating", "idle"]));
});

test("what is in quarantine may only be taken back", () => {
  const state = { ...plain().start().state, status: "quarantined" as const };
  const free = CONTROLS.filter((control) => obstacleTo(control, state) === null);
  expect(free).toEqual(["retry"]);
});
