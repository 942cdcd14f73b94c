/** Large values lie outside their events; a decision that needs one asks for it. */
import { describe, expect, it } from "vitest";
import { edges, given, sha256, tasks } from "./support/execution";

const large = (kib: number) => "x".repeat(kib * 1024);

describe("a value above 32 KiB", () => {
  it("is referred to by its hash and handed over with the events", () => {
    const execution = given({ nodes: tasks("a") }).start();
    const value = large(40);
    const { events, values } = execution.do({ type: "complete-task", ...execution.answer("a"), output: value });
    const ref = { hash: sha256(JSON.stringify(value)), bytes: 40 * 1024 + 2 };
    expect(events[0]?.data).toMatchObject({ outputRef: ref });
    expect(events[0]?.data).not.toHaveProperty("output");
    expect(values).toContainEqual({ hash: ref.hash, json: value });
  });

  it("is measured in bytes, not in characters", () => {
    const execution = given({ nodes: tasks("a") }).start();
    execution.complete("a", "é".repeat(20 * 1024));
    expect(execution.of("StepCompleted")[0]?.data.outputRef?.bytes).toBe(40 * 1024 + 2);
  });

  it("is asked for where a decision reads it and nobody has loaded it", () => {
    const execution = given({
      nodes: [...tasks("a", "x"), { id: "b", type: "transform", value: "=size(steps.a.output)" }],
      edges: edges("a>b", "x>b"),
    }).start();
    execution.complete("a", large(40));
    const command = { type: "complete-task" as const, ...execution.answer("x"), output: null };
    const hash = sha256(JSON.stringify(large(40)));
    expect(execution.peek(command, { values: new Map() })).toEqual({ kind: "needs", values: [hash], workflows: [] });
    execution.do(command);
    expect(execution.step("b").output).toEqual({ json: 40 * 1024 });
  });

  it("is not asked for by an expression that reads only the status", () => {
    const execution = given({
      nodes: [...tasks("a", "x"), { id: "b", type: "transform", value: "=steps.a.status" }],
      edges: edges("a>b", "x>b"),
    }).start();
    execution.complete("a", large(40));
    const command = { type: "complete-task" as const, ...execution.answer("x"), output: null };
    expect(execution.peek(command, { values: new Map() }).kind).toBe("decided");
  });

  it("can be read in the very command that made it", () => {
    const execution = given({
      nodes: [
        { id: "a", type: "transform", value: large(40) },
        { id: "b", type: "transform", value: "=steps.a.output + 'y'" },
      ],
      edges: edges("a>b"),
    }).start();
    expect(execution.output()).toEqual({ b: `${large(40)}y` });
  });

  it("is cut where a choice shows what it saw", () => {
    const execution = given({
      nodes: [{ id: "c", type: "choice", cases: [{ port: "yes", when: "size(input.text) > 3" }] }],
    }).start({ text: large(40) });
    const saw = execution.of("ChoiceEvaluated")[0]?.data.cases[0]?.saw["input.text"];
    expect(String(saw).length).toBeLessThan(1100);
  });
});

describe("a value above 1 MiB", () => {
  it("fails the step that computed it", () => {
    const nodes = [{ id: "b", type: "transform" as const, value: ["=input", "=input"] }];
    expect(given({ nodes }).start(large(700)).state.error).toMatchObject({ code: "PAYLOAD_TOO_LARGE", node: "b" });
  });

  it("fails the execution where it is its output", () => {
    const execution = given({ nodes: [{ id: "b", type: "transform", value: 1 }], output: ["=input", "=input"] });
    expect(execution.start(large(700)).state.error?.code).toBe("PAYLOAD_TOO_LARGE");
  });
});
