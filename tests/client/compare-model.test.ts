/** Two executions compared: where they part first, what explains what, and that it does not matter which of them is named first. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareTimelines, type Difference } from "@/app/_compare/compare-model";
import { diffJson } from "@/app/_compare/json-diff";
import { emptyTimeline, foldTimeline, type TimelineModel } from "@/app/_execution/timeline-model";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";

interface Ran {
  node: string;
  input?: JsonValue;
  output?: JsonValue;
  error?: string;
  ms?: number;
  index?: number[];
}

/** Steps one after the other. */
function history(steps: readonly Ran[], input: JsonValue = { order: 1 }): TimelineModel {
  const model = emptyTimeline();
  let sequence = 0;
  let now = 0;
  const add = (type: string, data: object) => {
    sequence++;
    const event = { sequence, type, at: new Date(now).toISOString(), actor: "engine", command: sequence, data };
    foldTimeline(model, event as HistoryEvent);
  };
  add("ExecutionStarted", { workflow: "w", version: 1, hash: "", input });
  for (const { node, input: given = null, output = null, error, ms = 10, index } of steps) {
    const step = { node, iteration: 1, ...(index && { index }) };
    add("StepScheduled", { ...step, attempt: 1, taskId: `tsk_${sequence}`, task: node, queue: "q", input: given });
    now += ms;
    if (error === undefined) add("StepCompleted", { ...step, output, queuedMs: 0, ranMs: ms });
    else {
      const told = { code: error, message: error };
      add("StepAttemptFailed", { ...step, attempt: 1, error: told, retryAt: null, queuedMs: 0, ranMs: ms });
      add("StepFailed", { ...step, error: told });
    }
  }
  add("ExecutionCompleted", {});
  return model;
}

const parts = (left: TimelineModel, right: TimelineModel) => {
  const { divergence } = compareTimelines(left, right);
  return divergence && [divergence.kind, divergence.pair.key];
};

describe("the first divergence", () => {
  const good: Ran[] = [
    { node: "reserve", input: 1, output: "A-12" },
    { node: "charge", input: "A-12", output: true },
    { node: "ship", input: true, output: "P-1" },
  ];
  const changed = (node: string, change: Partial<Ran>) =>
    good.map((step) => (step.node === node ? { ...step, ...change } : step));

  test("is none where both went the same way", () => {
    expect(parts(history(good), history(good))).toBeNull();
  });

  test("is the step whose same input gave another output, not those that it was handed on to", () => {
    const other = changed("reserve", { output: "B-7" }).map((step) =>
      step.node === "charge" ? { ...step, input: "B-7", output: false } : step,
    );
    expect(parts(history(other), history(good))).toEqual(["output", "reserve"]);
  });

  test("is the step that failed, before those that were never reached", () => {
    const failed = changed("charge", { error: "DECLINED" }).slice(0, 2);
    expect(parts(history(failed), history(good))).toEqual(["status", "charge"]);
    expect(parts(history(changed("charge", { error: "A" })), history(changed("charge", { error: "B" })))).toEqual([
      "error",
      "charge",
    ]);
  });

  test("is a step that only one has", () => {
    expect(parts(history(good), history(good.slice(0, 2)))).toEqual(["missing", "ship"]);
  });

  test("is no output that another input of the execution explains", () => {
    const other = good.map((step) => ({ ...step, input: "other", output: "other" }));
    expect(parts(history(other, { order: 2 }), history(good, { order: 1 }))).toBeNull();
    // With the same input, what the first step was given is what differs.
    expect(parts(history(other), history(good))).toEqual(["input", "reserve"]);
  });

  test("is the item that failed, not the map around it", () => {
    const run = (error?: string) => {
      const model = history([]);
      return history([
        { node: "each", output: error === undefined ? [1] : null, ...(error && { error }) },
        { node: "each/pick", index: [0], ...(error && { error }) },
        ...(model.rows.length === 0 ? [] : good),
      ]);
    };
    const [left, right] = [run("BROKEN"), run()];
    // The map ends after its items.
    for (const model of [left, right]) {
      const row = model.byKey.get("each");
      if (row) row.lastSequence = 99;
    }
    expect(parts(left, right)).toEqual(["status", "each/pick[0]"]);
  });
});

test("a step is slower where it took notably longer, and the slowest is named", () => {
  const run = (ms: number, other: number) =>
    history([
      { node: "a", ms },
      { node: "b", ms: other },
    ]);
  const { slower, slowest, pairs } = compareTimelines(run(900, 140), run(100, 100));
  expect(slower).toEqual({ left: 1, right: 0 });
  expect(slowest?.key).toBe("a");
  expect(pairs[0]?.leftTime).toEqual({ totalMs: 900, queuedMs: 0, ranMs: 900 });
});

const anyStep = fc.record({
  node: fc.constantFrom("a", "b", "c", "d", "e"),
  input: fc.constantFrom<JsonValue>(1, 2),
  output: fc.constantFrom<JsonValue>(1, { x: 1 }, null),
  error: fc.option(fc.constantFrom("X", "Y"), { nil: undefined }),
  ms: fc.integer({ min: 0, max: 1000 }),
});
const anyHistory = fc
  .tuple(fc.uniqueArray(anyStep, { selector: ({ node }) => node }), fc.constantFrom<JsonValue>(1, 2))
  .map(([steps, input]) => history(steps, input));

test("an execution compared with itself differs in nothing", () => {
  fc.assert(
    fc.property(anyHistory, (model) => {
      const { divergence, different, slower, isInputSame, isOutputSame, pairs } = compareTimelines(model, model);
      expect([divergence, different, slower, isInputSame, isOutputSame]).toEqual([
        null,
        0,
        { left: 0, right: 0 },
        true,
        true,
      ]);
      expect(pairs.map(({ key }) => key)).toEqual(model.rows.map(({ key }) => key));
    }),
  );
});

test("swapped, the two differ in the same, and part at the same step", () => {
  fc.assert(
    fc.property(anyHistory, anyHistory, (one, other) => {
      const there = compareTimelines(one, other);
      const back = compareTimelines(other, one);
      const differences = (pairs: typeof there.pairs) =>
        new Map<string, readonly Difference[]>(pairs.map((pair) => [pair.key, pair.differences]));
      expect(differences(back.pairs)).toEqual(differences(there.pairs));
      expect(back.divergence?.pair.differences.length).toEqual(there.divergence?.pair.differences.length);
      expect([back.slower.left, back.slower.right]).toEqual([there.slower.right, there.slower.left]);
      expect(new Set(there.pairs.map(({ key }) => key)).size).toBe(there.pairs.length);
    }),
  );
});

describe("a JSON difference", () => {
  test("names what was added, removed and changed, by its path", () => {
    expect(diffJson({ a: 1, "b/c": { d: [1, 2] } }, { a: 2, "b/c": { d: [1, 2, 3] }, e: null }).changes).toEqual([
      { path: "/a", kind: "changed", before: 1, after: 2 },
      { path: "/b~1c/d/2", kind: "added", before: undefined, after: 3 },
      { path: "/e", kind: "added", before: undefined, after: null },
    ]);
  });

  test("takes one more item in front for one change", () => {
    expect(diffJson([1, 2, 3], [0, 1, 2, 3]).changes).toEqual([
      { path: "/0", kind: "added", before: undefined, after: 0 },
    ]);
  });

  test("is empty exactly where the values are the same, and says where it was cut", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [left, right] = [JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))] as JsonValue[];
        expect(diffJson(left, left).changes).toEqual([]);
        expect(diffJson(left, right).changes.length === 0).toBe(diffJson(right, left).changes.length === 0);
      }),
    );
    const list = (by: number) => Array.from({ length: 50 }, (_, index) => index + by);
    expect(diffJson(list(0), list(100), 10)).toMatchObject({
      isCut: true,
      changes: expect.objectContaining({ length: 10 }),
    });
  });
});
