/** What an execution recorded, beside the definition: each expression gives what the engine gave for it. */
import { describe, expect, it, test } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { evaluateTemplate } from "@/lib/editor/expressions/evaluate";
import { type FieldAt, placeOf } from "@/lib/editor/expressions/place";
import { samplesOf } from "@/lib/editor/expressions/samples";
import { toExpression, toText, typed, writtenOf } from "@/lib/editor/expressions/written";
import { ran } from "./trial-tools";

const SHOP: Definition = {
  name: "shop",
  nodes: [
    { id: "stock", type: "task", task: "stock", input: { for: "=input.customer", by: "=execution.key" } },
    { id: "gold", type: "choice", cases: [{ port: "yes", when: "input.customer == 'Ada'" }] },
    { id: "gift", type: "transform", value: { name: "=input.customer", left: "=steps.stock.output.left - 1" } },
    { id: "none", type: "transform", value: 0 },
    {
      id: "each",
      type: "map",
      items: "=input.lines",
      body: {
        nodes: [
          { id: "pick", type: "task", task: "pick", input: ["=item.sku", "=index", "=steps.stock.output.left"] },
          { id: "pack", type: "transform", value: "=[item.sku, steps.pick.output]" },
        ],
        edges: [{ from: "pick", to: "pack" }],
        output: "=steps.pack.output",
      },
    },
    { id: "count", type: "transform", value: { turn: "=loop.iteration", before: "=loop.value" } },
    { id: "again", type: "choice", cases: [{ port: "no", when: "loop.iteration > 2" }] },
    {
      id: "end",
      type: "task",
      task: "end",
      input: "=[steps.each.output, has(steps.none.output), steps.count.output.turn]",
    },
  ],
  edges: [
    { from: "stock", to: "gold" },
    { from: "gold", port: "yes", to: "gift" },
    { from: "gold", port: "otherwise", to: "none" },
    { from: "gift", to: "each" },
    { from: "none", to: "each" },
    { from: "each", to: "count" },
    { from: "count", to: "again" },
    { from: "again", port: "otherwise", to: "count", loop: { maxIterations: 9, carry: "=steps.count.output.turn" } },
    { from: "again", port: "no", to: "end" },
  ],
};

const run = ran(SHOP, {
  input: { customer: "Ada", lines: [{ sku: "A" }, { sku: "B" }] },
  key: "k-7",
  steps: {
    stock: [{ output: { left: 5 } }],
    "each/pick[0]": [{ output: "a" }],
    "each/pick[1]": [{ output: "b" }],
    end: [{ output: null }],
  },
});
const samples = samplesOf(run.state, "exe_trial");

function gives(field: FieldAt, source: JsonValue) {
  const place = placeOf(SHOP, field);
  if (place === null) throw new Error("there is no such field");
  return evaluateTemplate(source, place, samples);
}

/** What tasks were sent, by the node's path; of a map's the first item's. */
const sent = new Map(
  run.history.flatMap((event): [string, unknown][] =>
    event.type === "StepScheduled" && (event.data.index?.[0] ?? 0) === 0 && "input" in event.data
      ? [[event.data.node, event.data.input]]
      : [],
  ),
);

describe("what is shown of a past execution", () => {
  it("is what the engine computed for it, in and out of maps and loops", () => {
    expect(run.state.status).toBe("completed");
    for (const [path, node] of [
      ["stock", SHOP.nodes[0]],
      ["end", SHOP.nodes[7]],
    ] as const) {
      if (node?.type !== "task") throw new Error(path);
      expect(gives({ node: path, path: ["input"] }, node.input ?? null), path).toEqual({ value: sent.get(path) });
    }
    const pick = ["=item.sku", "=index", "=steps.stock.output.left"];
    expect(gives({ node: "pick", path: ["input"] }, pick)).toEqual({ value: sent.get("each/pick") });
    expect(sent.get("each/pick")).toEqual(["A", 0, 5]);
    expect(gives({ node: "again", path: ["cases", 0, "when"] }, "=[loop.iteration, loop.value]")).toEqual({
      value: [3, 2],
    });
    expect(gives({ path: ["output"] }, "=[has(steps.none.output), steps.gift.output.left]")).toEqual({
      value: [false, 4],
    });
  });

  it("says what was not there as the engine would have", () => {
    expect(gives({ node: "end", path: ["input"] }, "=steps.none.output")).toMatchObject({
      error: expect.stringContaining("output"),
    });
  });
});

test("a text is an expression after one =, and a text with a = after two; both ways lead back", () => {
  expect(writtenOf("=a")).toEqual({ kind: "expression", text: "a" });
  expect(writtenOf("==a")).toEqual({ kind: "text", text: "=a" });
  expect(typed({ kind: "text", text: "" }, "=")).toBe("=");
  expect(typed({ kind: "text", text: "=a" }, "=ab")).toBe("==ab");
  expect(typed({ kind: "expression", text: "a" }, "")).toBe("=");
  expect(toExpression('say "hi"')).toBe('="say \\"hi\\""');
  expect(toText('"say \\"hi\\""')).toBe('say "hi"');
  expect(toText("'=x'")).toBe("==x");
  expect(toText("input.a")).toBe("input.a");
});
