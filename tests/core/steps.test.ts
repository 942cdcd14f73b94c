// The order of steps, from any place on, and what is left behind when iterations begin.
import { describe, expect, test } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import { leftBehind } from "@/lib/core/execution/left-behind";
import { eachStep, type PlacedStep, stepCount } from "@/lib/core/execution/steps";
import { edges, given, type TestExecution } from "./support/execution";

const value = (id: string, value: JsonValue) => ({ id, type: "transform" as const, value });
const named = ({ step: { node, index, iteration } }: PlacedStep) =>
  `${node}${index === undefined ? "" : `[${index}]`} ${iteration}`;
const all = ({ state }: TestExecution) => [...eachStep(state)];

/** A map in a map, between two steps. */
function nested() {
  const inner = { nodes: [value("x", "=item"), value("y", "=index")], edges: [] };
  const outer = {
    nodes: [value("w", "=index"), { id: "in", type: "map" as const, items: "=item", body: inner }],
    edges: [],
  };
  const nodes = [value("a", 1), { id: "out", type: "map" as const, items: "=input", body: outer }, value("z", 1)];
  return given({ nodes, edges: edges("a>out", "out>z") }).start([[1], [], [2, 3]]);
}

describe("steps in order", () => {
  test("are the graph's own, then those inside maps node by node, of each node item by item", () => {
    expect(all(nested()).map(named)).toEqual([
      "a 1",
      "out 1",
      "z 1",
      ...["out/w[0] 1", "out/w[1] 1", "out/w[2] 1", "out/in[0] 1", "out/in[1] 1", "out/in[2] 1"],
      ...["out/in/x[0,0] 1", "out/in/x[2,0] 1", "out/in/x[2,1] 1"],
      ...["out/in/y[0,0] 1", "out/in/y[2,0] 1", "out/in/y[2,1] 1"],
    ]);
    expect(stepCount(nested().state)).toBe(all(nested()).length);
  });

  test("go on from each of their places, and from places that are not there any more", () => {
    const execution = nested();
    const steps = all(execution);
    for (const [i, { ref }] of steps.entries())
      expect([...eachStep(execution.state, ref)].map(named)).toEqual(steps.slice(i).map(named));
    const from = (index: number[]) => {
      const ordinal = execution.ordinal("out/in/x");
      return [...eachStep(execution.state, { ordinal, index })].map(named)[0];
    };
    expect(from([0, 7])).toBe("out/in/x[2,0] 1");
    expect(from([1, 0])).toBe("out/in/x[2,0] 1");
    expect(from([9, 9])).toBe("out/in/y[0,0] 1");
    expect([...eachStep(execution.state, { ordinal: 99 })]).toEqual([]);
  });

  test("have none for items that have not begun", () => {
    const body = { nodes: [{ id: "t", type: "task" as const, task: "t" }], edges: [] };
    const map = { id: "each", type: "map" as const, items: "=input", concurrency: 1, body };
    const execution = given({ nodes: [map] }).start([1, 2, 3]);
    expect(all(execution).map(named)).toEqual(["each 1", "each/t[0] 1"]);
    execution.complete(["each/t", 0]);
    expect(all(execution).map(named)).toEqual(["each 1", "each/t[0] 1", "each/t[1] 1"]);
  });
});

describe("what a new iteration leaves behind", () => {
  /** A map and a choice that go round three times. */
  function looping() {
    const body = { nodes: [value("x", "=item")], edges: [] };
    const nodes = [
      { id: "each", type: "map" as const, items: [1, 2], body },
      { id: "again", type: "choice" as const, cases: [{ port: "yes", when: "loop.iteration < 3" }] },
      value("end", 1),
    ];
    const loop = { from: "again", port: "yes", to: "each", loop: { maxIterations: 5 } };
    return given({ nodes, edges: [...edges("each>again", "again.otherwise>end"), loop] }).start();
  }

  /** For each event, the steps of that iteration that it left behind. */
  function left({ core, definition, events }: TestExecution, iteration: number): string[] {
    let state = core.initialState(core.compileGraph(definition));
    return events.flatMap((event) => {
      const before = state;
      state = core.evolve(state, event);
      return leftBehind(before, state, iteration).map(named);
    });
  }

  test("is every step of the turn that is over, those inside maps too, each once", () => {
    const execution = looping();
    expect(left(execution, 1)).toEqual(["each 1", "again 1", "each/x[0] 1", "each/x[1] 1"]);
    expect(left(execution, 2)).toEqual(["each 2", "again 2", "each/x[0] 2", "each/x[1] 2"]);
    expect(left(execution, 3)).toEqual([]);
  });

  test("is what a retry from a node runs anew, and nothing where failed steps go on", () => {
    const nodes = [value("a", 1), { id: "no", type: "fail" as const, code: "NO" }];
    const execution = given({ nodes, edges: edges("a>no") }).start();
    execution.do({ type: "retry" });
    expect(left(execution, 1)).toEqual([]);
    execution.do({ type: "retry", fromNode: "a" });
    expect(left(execution, 1)).toEqual(["a 1", "no 1"]);
  });

  test("is nothing of steps that were never reached", () => {
    const nodes = [
      value("a", 1),
      { id: "b", type: "task" as const, task: "b", retry: { maxAttempts: 1 } },
      value("c", 1),
    ];
    const execution = given({ nodes, edges: edges("a>b", "b>c") }).start();
    execution.fail("b");
    execution.do({ type: "retry", fromNode: "a" });
    expect(left(execution, 1)).toEqual(["a 1", "b 1"]);
  });
});
