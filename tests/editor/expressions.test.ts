/** What an expression may name in its place, what is known of it, and what it would have given. */
import { describe, expect, it } from "vitest";
import { complete } from "@/lib/editor/expressions/complete";
import { evaluate, evaluateTemplate, valueAt } from "@/lib/editor/expressions/evaluate";
import { faultsOf } from "@/lib/editor/expressions/faults";
import { languageFunctions } from "@/lib/editor/expressions/language";
import { placeOf, rootsAt, stepsAt } from "@/lib/editor/expressions/place";
import { at, type FIELDS, ORDERS, SAMPLES } from "./expressions-tools";

/** Labels at the `|` of a text; what calls something apart. */
function offered(field: keyof typeof FIELDS, marked: string, samples = SAMPLES as typeof SAMPLES | null) {
  const cursor = marked.indexOf("|");
  const { options } = complete(marked.replace("|", ""), cursor, at(field), samples);
  return options.filter(({ kind }) => kind !== "function" && kind !== "macro" && kind !== "keyword");
}

const labels = (...of: Parameters<typeof offered>) => offered(...of).map(({ label }) => label);

describe("what an expression may name", () => {
  it("is what there is in its place", () => {
    expect(rootsAt(at("when"))).toEqual(["input", "steps", "execution"]);
    expect(rootsAt(at("pick"))).toEqual(["input", "steps", "execution", "item", "index"]);
    expect(rootsAt(at("inner"))).toEqual(["input", "steps", "execution", "item", "index", "outer"]);
    expect(rootsAt(at("until"))).toEqual(["input", "steps", "execution", "loop", "output", "round"]);
    expect(rootsAt(at("output"))).toEqual(["input", "steps", "execution"]);
  });

  it("are the steps that may have run before, with a mark on those that may have been skipped", () => {
    expect(stepsAt(at("sign")).map(({ id, isCertain }) => [id, isCertain])).toEqual([
      ["sum", false],
      ["quote-1", false],
      ["enough", true],
      ["stock", true],
    ]);
    expect(stepsAt(at("until")).map(({ id }) => id)).not.toContain("poll");
    expect(stepsAt(at("undo")).map(({ id }) => id)).toContain("poll");
    expect(stepsAt(at("inner")).map(({ id }) => id)).toContain("pick");
    expect(stepsAt(at("output")).map(({ id }) => id)).not.toContain("pick");
  });

  it("is nothing where no expression is taken", () => {
    expect(placeOf(ORDERS, { node: "stock", path: ["queue"] })).toBeNull();
    expect(placeOf(ORDERS, { node: "gone", path: ["input"] })).toBeNull();
    expect(placeOf(ORDERS, { path: ["description"] })).toBeNull();
    expect(
      placeOf(ORDERS, { edge: { scope: null, edge: { from: "stock", port: "success", to: "enough" } }, path: [] }),
    ).toBeNull();
  });

  it("is the same in a field that nobody has written yet", () => {
    expect(placeOf(ORDERS, { node: "stock", path: ["input", "deep", 0, "er"] })).not.toBeNull();
    expect(placeOf(ORDERS, { node: "enough", path: ["cases", 1, "when"] })).not.toBeNull();
  });
});

describe("completion", () => {
  it("offers roots, and members by the schema of the input, with what was recorded", () => {
    expect(labels("when", "inp|")).toEqual(["input", "steps", "execution"]);
    expect(labels("when", "input.|")).toEqual(["customer", "lines", "ship-to", "extra"]);
    expect(labels("when", "input.customer.|")).toEqual(["name", "tier"]);
    expect(offered("when", "input.customer.|")[0]).toMatchObject({ detail: "string", value: "Ada" });
    expect(labels("when", "input.lines[0].|", null)).toEqual(["sku", "count"]);
  });

  it("writes what is no identifier in brackets, in the dot's place", () => {
    const [option] = offered("when", "input.sh|").filter(({ label }) => label === "ship-to");
    expect(option).toMatchObject({ apply: '["ship-to"]', from: 5, to: 8, note: "Where it goes", mayBeMissing: true });
    expect(labels("sign", 'steps["qu|')).toEqual(['"sum"', '"quote-1"', '"enough"', '"stock"']);
    const keyed = complete('steps["qu"].output', 9, at("sign"), null).options.find(
      ({ label }) => label === '"quote-1"',
    );
    expect(keyed).toMatchObject({ from: 6, to: 11, apply: '"quote-1"]' });
  });

  it("knows what nodes give: by their type, by how it is computed, by what was recorded", () => {
    expect(labels("until", "steps.sign.output.|", null)).toEqual(["decision", "data", "comment", "decidedBy"]);
    expect(labels("until", "steps.sign.output.data.|", null)).toEqual(["amount"]);
    expect(labels("sign", 'steps["quote-1"].output.|', null)).toEqual(["status", "headers", "body"]);
    expect(labels("sign", 'steps["quote-1"].output.body.|')).toEqual(["price"]);
    expect(labels("sign", "steps.sum.output.|", null)).toEqual(["total", "who", "lines"]);
    expect(labels("sign", "steps.sum.output.lines[0].|", null)).toEqual(["sku", "count"]);
    expect(labels("sign", "steps.stock.output.|", null)).toEqual([]);
    expect(labels("sign", "steps.stock.output.|")).toEqual(["ok", "left-over", "at"]);
    expect(labels("until", "steps.each.output[0].|", null)).toEqual(["picked", "n"]);
  });

  it("follows items, loops and what macros bind", () => {
    expect(labels("pick", "item.|", null)).toEqual(["sku", "count"]);
    expect(labels("inner", "outer.item.|", null)).toEqual(["sku", "count"]);
    expect(labels("inner", "item.|")).toEqual(["weight"]);
    expect(labels("again", "loop.value.|", null)).toEqual(["seen", "n"]);
    expect(labels("again", "loop.value.seen.|")).toEqual(["done"]);
    expect(labels("when", "input.lines.filter(x, x.|")).toEqual(["sku", "count"]);
    expect(labels("when", "input.lines.filter(x, x.count > 1).map(y, y.|")).toEqual(["sku", "count"]);
    expect(labels("when", "input.filter(key, true)[|")).toEqual([]);
    expect(labels("when", "input.lines.exists(x, |)")).toEqual(["x", "input", "steps", "execution"]);
    expect(labels("when", "input.lines.exists(|")).toEqual([]);
  });

  it("offers the texts that a value can have, where it is compared with one", () => {
    expect(labels("when", 'input.customer.tier == "|')).toEqual(['"gold"', '"plain"']);
    expect(labels("until", 'steps.sign.status == "comp|"')).toContain('"completed"');
  });

  it("offers nothing in texts, numbers, comments and where an operator is due", () => {
    for (const text of ['"inp|"', "12|", "// inp|", "input.customer |"]) expect(labels("when", text), text).toEqual([]);
  });

  it("has the functions that the environment has, and none that the core refuses", () => {
    const names = languageFunctions().map(({ name }) => name);
    for (const name of [
      "size",
      "has",
      "exists",
      "all",
      "map",
      "filter",
      "startsWith",
      "timestamp",
      "getFullYear",
      "join",
    ])
      expect(names).toContain(name);
    expect(names).not.toContain("matches");
    expect(names).not.toContain("bind");
    const methods = complete("input.customer.name.", 20, at("when"), null).options.map(({ label }) => label);
    expect(methods).toContain("startsWith");
    expect(methods).not.toContain("filter");
  });
});

describe("faults", () => {
  it("stand at the character, in the validator's words", () => {
    expect(faultsOf("input.a +", at("when"))).toMatchObject([{ severity: "error", to: 9 }]);
    expect(faultsOf("1 + steps.sign.output.x", at("when"))).toMatchObject([
      {
        from: 4,
        to: 23,
        severity: "error",
        message: "sign cannot have run before enough: read a step that comes before it.",
      },
    ]);
    expect(faultsOf("item.sku == 'A'", at("when"))).toMatchObject([
      { from: 0, to: 8, message: expect.stringContaining("inside a map") },
    ]);
    expect(faultsOf('steps["quote-1"].output.body', at("sign"))).toMatchObject([
      { from: 0, to: 28, severity: "warning" },
    ]);
    expect(faultsOf('has(steps["quote-1"].output) && true', at("sign"))).toEqual([]);
    expect(faultsOf("steps.nobody.output", at("when"))).toMatchObject([
      { message: expect.stringContaining("no node nobody") },
    ]);
    expect(faultsOf("", at("when"))).toMatchObject([{ from: 0, to: 0, message: "Write an expression." }]);
  });
});

describe("with what an execution recorded", () => {
  it("gives the value, or says why there is none", () => {
    expect(evaluate("input.lines.map(x, x.count)", at("when"), SAMPLES)).toEqual({ value: [2, 1] });
    expect(evaluate("[item.sku, string(index)]", at("pick"), SAMPLES)).toEqual({ value: ["A", "0"] });
    expect(evaluate("[item, outer.item.sku]", at("inner"), SAMPLES)).toEqual({ value: [{ weight: 4 }, "A"] });
    expect(evaluate("[output.done, round, loop.iteration]", at("until"), SAMPLES)).toEqual({ value: [true, 3, 2] });
    expect(evaluate("execution.startedAt.getFullYear()", at("when"), SAMPLES)).toEqual({ value: 2030 });
    expect(evaluate("has(steps.sum.output)", at("sign"), SAMPLES)).toEqual({ value: false });
    expect(evaluate("steps.sum.output", at("sign"), SAMPLES)).toMatchObject({
      error: expect.stringContaining("output"),
      position: 10,
    });
    expect(evaluateTemplate({ a: "=input.customer.name", b: ["==x"] }, at("sign"), SAMPLES)).toEqual({
      value: { a: "Ada", b: ["=x"] },
    });
  });

  it("shows what stands under the pointer, as far as it is pointed at", () => {
    const text = "steps.stock.output.at.shelf == input.lines.filter(x, x.count > 1)[0].sku";
    const under = (word: string, samples: typeof SAMPLES | null = SAMPLES) =>
      valueAt(text, text.indexOf(word), at("sign"), samples);
    expect(under("at.")).toMatchObject({ text: "steps.stock.output.at", value: { shelf: "x" } });
    expect(under("shelf")).toMatchObject({ value: "x", type: "string" });
    expect(under("sku")).toMatchObject({ value: "A" });
    expect(under("x.count")).toMatchObject({ value: { sku: "A", count: 2 } });
    expect(under("count")).toMatchObject({ text: "x.count", value: 2 });
    expect(under("lines", null)).toMatchObject({ type: "list of object" });
    expect(under("filter")).toBeNull();
    expect(under("==")).toBeNull();
  });
});
