/** What a form says around its fields: what a retry comes to, what leads here and on, which names are in use. */
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { nodeSchema } from "@/lib/contract/definition";
import { retryPauses } from "@/lib/editor/fields/retry-pauses";
import { itemSeed, seedOf } from "@/lib/editor/fields/seeds";
import { usedNames } from "@/lib/editor/fields/used-names";
import { waysOf } from "@/lib/editor/fields/ways";

const definition: Definition = {
  name: "orders",
  defaults: { queue: "slow" },
  nodes: [
    { id: "a", type: "task", task: "charge", queue: "pay", compensate: { task: "refund" } },
    { id: "choose", type: "choice", cases: [{ port: "yes", when: "true" }] },
    { id: "each", type: "map", items: [], body: { task: "ship", queue: "fast" } },
    { id: "wait", type: "signal", signal: "paid" },
  ],
  edges: [
    { from: "a", to: "choose" },
    { from: "choose", port: "yes", to: "each" },
    { from: "choose", port: "gone", to: "wait" },
    { from: "each", port: "error", to: "choose", loop: {} },
  ],
};

describe("a retry", () => {
  it("is tried three times, after one second and two, where nothing is said", () => {
    expect(retryPauses(undefined, undefined)).toStrictEqual({
      maxAttempts: 3,
      pausesMs: [1000, 2000],
      hasMore: false,
      totalMs: 3000,
      jitter: 0.2,
    });
  });

  it("takes what it does not say from the workflow, and pauses never longer than the longest", () => {
    const pauses = retryPauses({ maxAttempts: 8, maxInterval: "5s" }, { initialInterval: "2s", backoff: 2 });
    expect(pauses).toMatchObject({
      maxAttempts: 8,
      pausesMs: [2000, 4000, 5000, 5000],
      hasMore: true,
      totalMs: 31_000,
    });
  });

  it("that is tried once has no pauses", () =>
    expect(retryPauses({ maxAttempts: 1 }, undefined)?.pausesMs).toStrictEqual([]));

  it("comes to nothing while a pause is no duration", () => {
    expect(retryPauses({ initialInterval: "soon" }, undefined)).toBeNull();
  });
});

describe("the ways of a node", () => {
  it("are what leads here, and by outcome what it leads to, also from one that it does not have", () => {
    const ways = waysOf(definition, "choose");
    expect(ways?.ins.map(({ edge, isLoop }) => [edge.from, edge.port, isLoop])).toStrictEqual([
      ["a", "success", false],
      ["each", "error", true],
    ]);
    expect(ways?.outs.map(({ port, ways: { length } }) => [port, length])).toStrictEqual([
      ["yes", 1],
      ["otherwise", 0],
      ["error", 0],
      ["gone", 1],
    ]);
    expect(ways?.forwardIns).toBe(1);
  });

  it("of what is gone are none", () => expect(waysOf(definition, "nobody")).toBeNull());
});

describe("names in use", () => {
  it("are those of tasks, of what undoes them, of maps' tasks, and the workflow's own queue", () => {
    expect(usedNames(definition)).toStrictEqual({
      tasks: ["charge", "refund", "ship"],
      queues: ["fast", "pay", "slow"],
    });
  });
});

describe("what a field begins with", () => {
  it("is something that the schema accepts", () => {
    const task = definition.nodes[0];
    const poll = seedOf("poll", task);
    const compensate = seedOf("compensate", task);
    expect(compensate).toStrictEqual({ task: "undo_charge" });
    expect(nodeSchema.safeParse({ ...task, poll, compensate }).success).toBe(true);
  });

  it("of one more case has an outcome of its own", () => {
    const first = itemSeed("cases", []);
    const second = itemSeed("cases", [first]);
    expect(second.port).not.toBe(first.port);
    expect(nodeSchema.safeParse({ id: "c", type: "choice", cases: [first, second] }).success).toBe(true);
  });
});
