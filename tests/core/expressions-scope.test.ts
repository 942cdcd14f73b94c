/** What an expression sees of the map and the loop around it, of a poll's round, and under which names. */
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import { compileExpression, type Scope } from "@/lib/core/expressions/expression";

const scope: Scope = {
  input: { list: [{ price: 1 }, { price: 2 }], loop: "a member" },
  steps: new Map([["loop", { status: "completed", iteration: 1, output: 5 }]]),
  execution: {},
  item: { price: 7, tags: ["x"] },
  index: 2,
  outer: { item: "o", index: 4 },
  loop: { iteration: 3, value: "carried", outer: { iteration: 9, value: null } },
  output: { status: "done" },
  round: 5,
};

function compiled(source: string) {
  const expression = compileExpression(source);
  if ("fault" in expression) throw new Error(expression.fault.message);
  return expression;
}

function evaluate(source: string, seen: Scope = scope) {
  const result = compiled(source).evaluate(seen);
  return "fault" in result ? result.fault.message : result.value;
}

describe("an expression", () => {
  it.each<[string, JsonValue]>([
    ["item.price * index", 14],
    ["item.tags[index - 2]", "x"],
    ["'n' + string(index)", "n2"],
    ["outer.item + string(outer.index + index)", "o6"],
    ["loop.iteration + 1", 4],
    ["loop.value", "carried"],
    ["loop.outer.iteration", 9],
    ["loop.outer.value == null && !has(loop.outer.outer)", true],
    ["output.status == 'done' && round >= 5", true],
    ["steps.loop.output + loop.iteration", 8],
    ["input.loop + ' loop ' + \"loop\" + r'\\loop'", "a member loop loop\\loop"],
    ["'''loop ' '' ''' + string(loop.iteration)", "loop ' '' 3"],
    ["loop.iteration // the loop's own", 3],
    ["input . loop == 'a member'", true],
    ["[loop][0].value", "carried"],
    ["{'loop': loop.iteration}.loop", 3],
    ["input.list.map(loop, loop.price)", [1, 2]],
    ["input.list.map(item, item.price + index)", [3, 4]],
    [
      "input.list.map(index, input.list.map(item, item.price * index.price))",
      [
        [1, 2],
        [2, 4],
      ],
    ],
    ["[1].map(item, item)[0] + item.price", 8],
  ])("%s gives %j", (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  it.each<[string, RegExp]>([
    ["item.price", /Unknown variable: item/],
    ["index + 1", /Unknown variable: index/],
    ["loop.iteration", /Unknown variable: loop\b/],
    ["outer.item", /Unknown variable: outer/],
    ["round", /Unknown variable: round/],
    ["output", /Unknown variable: output/],
  ])("%s fails where there is no such thing", (source, message) => {
    expect(evaluate(source, { input: null, steps: new Map(), execution: {} })).toMatch(message);
  });

  it("sees an item that is null, and knows it from none", () => {
    expect(evaluate("item == null", { ...scope, item: null })).toBe(true);
  });

  it("says where it is wrong in the text as it was written", () => {
    const expression = compileExpression("loop.iteration + loop.loop +");
    expect(expression).toMatchObject({ fault: { position: 28 } });
    expect(compiled("loop.value.x").evaluate({ ...scope, loop: { iteration: 1, value: {} } })).toMatchObject({
      fault: { message: "No such key: x.", position: 11 },
    });
  });

  it("asks for nothing that it does not read", () => {
    const lazy: Scope = {
      ...scope,
      get item(): JsonValue {
        throw new Error("read");
      },
      loop: {
        iteration: 1,
        get value(): JsonValue {
          throw new Error("read");
        },
      },
    };
    expect(evaluate("loop.iteration + index", lazy)).toBe(3);
    expect(evaluate("item", lazy)).toMatch(/read/);
    expect(evaluate("loop.value", lazy)).toMatch(/read/);
  });
});

describe("the references of an expression", () => {
  const paths = (source: string) =>
    compiled(source).references.paths.map(({ text, tested }) => (tested ? `has ${text}` : text));

  it("name each operand as it was written", () => {
    expect(paths("loop.outer.value + item.price + outer.index + index + round")).toEqual([
      "loop.outer.value",
      "item.price",
      "outer.index",
      "index",
      "round",
    ]);
    expect(paths("has(loop.outer) && has(output.x)")).toEqual(["has loop.outer", "has output.x"]);
  });

  it("are not taken for the variables of macros that bear their names", () => {
    expect(paths("input.list.map(item, item.price + index)")).toEqual(["input.list", "index"]);
    expect(paths("input.list.filter(loop, loop.ok).map(output, loop.value + output)")).toEqual([
      "input.list",
      "loop.value",
    ]);
    expect(paths("item.map(item, item)")).toEqual(["item"]);
  });

  it("may not be hidden where they are everywhere", () => {
    expect(compileExpression("input.list.map(steps, steps)")).toMatchObject({ fault: { position: 15 } });
  });
});
