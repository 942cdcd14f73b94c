/** How a graph runs: order, arms, parallel paths, dead paths, and how it ends. */
import { describe, expect, it } from "vitest";
import { edges, given, tasks } from "./support/execution";

const branching = {
  nodes: [
    ...tasks("fetch"),
    { id: "adult", type: "choice" as const, cases: [{ port: "yes", when: "steps.fetch.output.age >= 18" }] },
    ...tasks("welcome", "consent", "after"),
  ],
  edges: edges("fetch>adult", "adult.yes>welcome", "adult.otherwise>consent", "welcome>after", "consent>after"),
};

describe("a graph", () => {
  it("runs its steps one after another and completes with the output of the last", () => {
    const execution = given({ nodes: tasks("a", "b"), edges: edges("a>b") }).start({ x: 1 });
    execution.complete("a", 1).complete("b", 2);
    expect(execution.story()).toEqual([
      "ExecutionStarted",
      "StepScheduled a",
      "StepCompleted a",
      "StepScheduled b",
      "StepCompleted b",
      "ExecutionCompleted",
    ]);
    expect(execution.state.status).toBe("completed");
    expect(execution.output()).toEqual({ b: 2 });
  });

  it("names in every event the first event that its command wrote", () => {
    const execution = given({ nodes: tasks("a", "b"), edges: edges("a>b") })
      .start()
      .complete("a")
      .complete("b");
    expect(execution.events.map(({ sequence, command }) => [sequence, command])).toEqual([
      [1, 1],
      [2, 1],
      [3, 3],
      [4, 3],
      [5, 5],
      [6, 5],
    ]);
  });

  it("starts every node without an incoming edge, whatever its join says", () => {
    const nodes = [...tasks("a"), { id: "b", type: "task" as const, task: "b", join: "any" as const }];
    expect(given({ nodes }).start().statuses()).toEqual({ a: "scheduled", b: "scheduled" });
  });

  it("runs parallel paths at once and waits for all of them at a join", () => {
    const execution = given({ nodes: tasks("a", "b", "c", "d"), edges: edges("a>b", "a>c", "b>d", "c>d") }).start();
    execution.complete("a");
    expect(execution.statuses()).toMatchObject({ b: "scheduled", c: "scheduled", d: "pending" });
    execution.complete("c");
    expect(execution.step("d").status).toBe("pending");
    execution.complete("b");
    expect(execution.step("d").status).toBe("scheduled");
  });

  it("takes one arm of a choice, skips the other, and needs nothing special where they meet", () => {
    const execution = given(branching).start().complete("fetch", { age: 20 });
    expect(execution.statuses()).toMatchObject({ welcome: "scheduled", consent: "skipped", after: "pending" });
    execution.complete("welcome").complete("after", "done");
    expect(execution.output()).toEqual({ after: "done" });
    expect(execution.of("StepSkipped")).toHaveLength(1);
  });

  it("keeps what a choice saw", () => {
    const execution = given(branching).start().complete("fetch", { age: 7 });
    expect(execution.of("ChoiceEvaluated")[0]?.data).toEqual({
      node: "adult",
      iteration: 1,
      port: "otherwise",
      cases: [
        { port: "yes", when: "steps.fetch.output.age >= 18", result: false, saw: { "steps.fetch.output.age": 7 } },
      ],
    });
  });

  it("lets the first case that holds win and evaluates none after it", () => {
    const cases = [
      { port: "small", when: "input.n < 10" },
      { port: "any", when: "true" },
      { port: "broken", when: "input.nothing.at.all" },
    ];
    const execution = given({
      nodes: [{ id: "c", type: "choice", cases }, ...tasks("s", "o", "b")],
      edges: edges("c.small>s", "c.any>o", "c.broken>b"),
    }).start({ n: 50 });
    expect(execution.statuses()).toMatchObject({ s: "skipped", o: "scheduled", b: "skipped" });
    expect(execution.of("ChoiceEvaluated")[0]?.data.cases.map(({ result }) => result)).toEqual([false, true]);
  });

  it("ends a path on a port without an edge", () => {
    const execution = given({
      nodes: [{ id: "c", type: "choice", cases: [{ port: "yes", when: "false" }] }, ...tasks("a", "b")],
      edges: edges("c.yes>a", "a>b"),
    }).start();
    expect(execution.state.status).toBe("completed");
    expect(execution.statuses()).toEqual({ c: "completed", a: "skipped", b: "skipped" });
  });

  it("takes the extra port that a handler chose", () => {
    const execution = given({
      nodes: [{ id: "a", type: "task", task: "a", ports: ["maybe"] }, ...tasks("m", "s")],
      edges: edges("a.maybe>m", "a>s"),
    }).start();
    execution.complete("a", 1, "maybe");
    expect(execution.statuses()).toEqual({ a: "completed", m: "scheduled", s: "skipped" });
    expect(execution.step("a").port).toBe("maybe");
  });

  it("completes with its own output where it has one", () => {
    const execution = given({ nodes: tasks("a"), output: { twice: "=steps.a.output * 2", text: "==kept" } }).start();
    expect(execution.complete("a", 21).output()).toEqual({ twice: 42, text: "=kept" });
  });

  it("fails where its own output cannot be computed, naming the field", () => {
    const execution = given({ nodes: tasks("a"), output: { x: "=steps.a.output.nothing" } })
      .start()
      .complete("a", {});
    expect(execution.state.status).toBe("failed");
    expect(execution.of("ExecutionFailed")[0]?.data).toMatchObject({ code: "EXPRESSION_ERROR" });
    expect(execution.of("ExecutionFailed")[0]?.data.message).toContain("output/x");
    expect(execution.of("ExecutionFailed")[0]?.data.node).toBeUndefined();
  });

  it("leaves skipped sinks out of its output and gives null for a sleep", () => {
    const execution = given({
      nodes: [
        { id: "c", type: "choice", cases: [{ port: "yes", when: "true" }] },
        { id: "s", type: "sleep", duration: "1s" },
        ...tasks("never"),
      ],
      edges: edges("c.yes>s", "c.otherwise>never"),
    }).start();
    expect(execution.wakeAfter(1000).output()).toEqual({ s: null });
  });

  it("is completed at once by a succeed node, which cancels what is open", () => {
    const execution = given({
      nodes: [...tasks("a", "slow"), { id: "done", type: "succeed", output: { from: "=steps.a.output" } }],
      edges: edges("a>done"),
    }).start();
    execution.complete("a", 5);
    expect(execution.story().slice(-4)).toEqual([
      "StepCompleted a",
      "StepCompleted done",
      "StepCancelled slow",
      "ExecutionCompleted",
    ]);
    expect(execution.output()).toEqual({ from: 5 });
    expect(execution.of("StepCancelled")[0]?.data.why).toBe("EXECUTION_COMPLETED");
  });

  it("completes a succeed node without output with what the graph itself would have given", () => {
    const execution = given({
      nodes: [...tasks("a"), { id: "done", type: "succeed" }],
      edges: edges("a>done"),
      output: "=steps.a.output",
    }).start();
    expect(execution.complete("a", 5).output()).toBe(5);
  });

  it("runs ten thousand transforms in a row in one command", () => {
    const count = 10_000;
    const nodes = Array.from({ length: count }, (_, i) => ({
      id: `n${i}`,
      type: "transform" as const,
      value: i === 0 ? 0 : `=steps.n${i - 1}.output + 1`,
    }));
    const chain = Array.from({ length: count - 1 }, (_, i) => ({ from: `n${i}`, to: `n${i + 1}` }));
    expect(given({ nodes, edges: chain }).start().output()).toEqual({ [`n${count - 1}`]: count - 1 });
  });
});

describe("a task without input", () => {
  it("gets the execution's input and the outputs of the nearest steps before it, through choices and sleeps", () => {
    const execution = given({
      nodes: [
        ...tasks("first", "a", "b"),
        { id: "c", type: "choice", cases: [{ port: "go", when: "true" }] },
        { id: "z", type: "sleep", duration: 0 },
        ...tasks("end"),
      ],
      edges: edges("first>a", "a>c", "c.go>z", "z>end", "b>end"),
    }).start({ user: 1 });
    execution.complete("first", "far").complete("a", "A").complete("b", "B").wakeAfter(0);
    expect(execution.step("end").input).toEqual({ json: { input: { user: 1 }, steps: { a: "A", b: "B" } } });
  });

  it("does not get what came over an edge that was not taken", () => {
    const execution = given({
      nodes: [...tasks("a", "b", "end"), { id: "c", type: "choice", cases: [{ port: "no", when: "false" }] }],
      edges: edges("a>c", "c.no>end", "b>end"),
    }).start();
    execution.complete("a", 1).complete("b", 2);
    expect(execution.step("end").input).toEqual({ json: { input: null, steps: { b: 2 } } });
  });
});

describe("a sleep", () => {
  it("freezes when it ends and completes at the first wake from then on", () => {
    const execution = given({ nodes: [{ id: "z", type: "sleep", duration: "=input.pause" }] }).start({ pause: "90s" });
    expect(execution.of("SleepStarted")[0]?.data.resumeAt).toBe("2030-01-01T00:01:30.000Z");
    expect(execution.state.status).toBe("waiting");
    execution.wakeAfter(89_999);
    expect(execution.state.status).toBe("waiting");
    expect(execution.wakeAfter(1).story().slice(-3)).toEqual([
      "SleepCompleted z",
      "StepCompleted z",
      "ExecutionCompleted",
    ]);
  });

  it("sleeps until an instant, which may lie in the past", () => {
    const nodes = [{ id: "z", type: "sleep" as const, until: "=execution.startedAt - duration('1h')" }];
    expect(given({ nodes }).start().wakeAfter(0).state.status).toBe("completed");
  });

  it("fails where its expression gives no time", () => {
    const execution = given({ nodes: [{ id: "z", type: "sleep", duration: "=input" }] }).start("soon");
    expect(execution.state.error).toMatchObject({ code: "EXPRESSION_ERROR", node: "z" });
  });
});
