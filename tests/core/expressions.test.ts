/** Expressions: what they see, how numbers mix, what they may not do, and that none of them runs away. */
import { describe, expect, it } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import { compileTemplate } from "@/lib/core/expressions/template";
import { edges, given, START_MS, tasks } from "./support/execution";

const steps = new Map<string, unknown>([
  ["done", { status: "completed", iteration: 1, output: { n: 3, list: [1, 2, 3] } }],
  ["align.reads-1", { status: "completed", iteration: 1, output: { ok: true } }],
  ["skipped", { status: "skipped", iteration: 1 }],
  ["constructor", { status: "failed", iteration: 1, error: { code: "X", message: "m" } }],
]);

function evaluate(template: JsonValue, input: JsonValue = { n: 3, list: [1, 2, 3], text: "abc", nothing: null }) {
  return compileTemplate(template).evaluate({ input, steps, execution: { id: "exe_1", tags: [] } });
}

function fault(template: JsonValue, input?: JsonValue): string {
  const result = evaluate(template, input);
  return "fault" in result ? result.fault.message : `gave ${JSON.stringify(result.value)}`;
}

describe("an expression", () => {
  it.each<[string, JsonValue]>([
    ["input.n + 1", 4],
    ["1 + input.n", 4],
    ["input.n / 2", 1.5],
    ["input.n % 2 == 1", true],
    ["input.n * 2 - 1", 5],
    ["input.n >= 3 && input.n < 4", true],
    ["input.n == 3 && 3 == input.n && input.n != 4", true],
    ["input.n in [1, 2, 3]", true],
    ["2 in input.list", true],
    ["input.list[input.n - 1]", 3],
    ["input.list[0]", 1],
    ["size(input.list) + 1", 4],
    ["size(input.list) == input.n", true],
    ["input.list.map(x, x * 2)", [2, 4, 6]],
    ["input.list.filter(x, x > 1).map(x, {'x': x})", [{ x: 2 }, { x: 3 }]],
    ["[1, 2.5, 'a', null]", [1, 2.5, "a", null]],
    ["{'a': 1, 'b': [true]}", { a: 1, b: [true] }],
    ["input.nothing == null", true],
    ["steps.done.output.n", 3],
    ["steps['align.reads-1'].output.ok", true],
    ["has(steps['align.reads-1'].output)", true],
    ["has(steps.skipped.output)", false],
    ["has(steps.skipped.output) ? steps.skipped.output : 'none'", "none"],
    ["steps.constructor.error.code", "X"],
    ["has(input.text) && !has(input.missing)", true],
    ["duration('90s')", 90_000],
    ["timestamp('2030-01-01T00:00:00Z') + duration('1h')", "2030-01-01T01:00:00.000Z"],
    ["uint(3)", 3],
    ["-0.0", 0],
    ["input.list == [1, 2, 3]", true],
  ])("%s gives %j", (source, expected) => {
    expect(evaluate(`=${source}`)).toEqual({ value: expected });
  });

  it.each<[string, RegExp]>([
    ["input.missing", /No such key: missing/],
    ["steps.skipped.output", /No such key: output/],
    ["steps.unknown", /No such key: unknown/],
    ["input.text + 1", /no such overload/],
    ["input.constructor", /No such key/],
    ["input.__proto__", /No such key/],
    ["nothing_like_it", /Unknown variable/],
    ["input.n +", /Unexpected token/],
    ["0.0 / 0.0", /NaN/],
    ["b'bytes'", /bytes/],
    ["type(1)", /type/],
    ["'\\u0000'", /NUL/],
    ["'😀'.substring(0, 1)", /surrogate/],
    ["input.text.matches('(a+)+$')", /Regular expressions/],
    ["cel.bind(x, input.list, x + x)", /cel\.bind/],
    ["input.list.map(input, input)", /another name/],
    ["input.list.map(a, input.list.map(b, input.list.map(c, 1)))", /inside more than 2/],
    [`${"(".repeat(100)}1${")".repeat(100)}`, /maxDepth/],
    [Array(1500).fill("1").join("+"), /maxAstNodes/],
    ["x".repeat(5000), /longer than 4096/],
  ])("%s is refused or fails", (source, message) => {
    expect(fault(`=${source}`)).toMatch(message);
  });

  it("sees the execution, its start as a timestamp", () => {
    const nodes = [
      {
        id: "t",
        type: "transform" as const,
        value: {
          id: "=execution.id",
          of: "=execution.workflow + ' ' + string(execution.version)",
          later: "=execution.startedAt + duration('1s')",
          tags: "=execution.tags",
          key: "=execution.key",
          correlation: "=execution.correlationId",
        },
      },
    ];
    expect(
      given({ nodes })
        .start(null, { tags: ["x"], key: "k" })
        .output(),
    ).toEqual({
      t: {
        id: "exe_test",
        of: "test 1",
        later: new Date(START_MS + 1000).toISOString(),
        tags: ["x"],
        key: "k",
        correlation: null,
      },
    });
  });

  it("sees the whole of steps where it asks by a computed name", () => {
    const execution = given({
      nodes: [
        ...tasks("a"),
        { id: "b", type: "transform", value: "=steps[input].output" },
        { id: "c", type: "transform", value: "=size(steps)" },
      ],
      edges: edges("a>b", "a>c"),
    }).start("a");
    expect(execution.complete("a", 7).output()).toEqual({ b: 7, c: 3 });
  });

  it("sees steps by ids that mean something to JavaScript", () => {
    const execution = given({
      nodes: [...tasks("__proto__", "constructor"), { id: "b", type: "transform", value: "=steps.constructor.output" }],
      edges: edges("constructor>b", "__proto__>b"),
    }).start();
    execution.complete("__proto__", 1).complete("constructor", 2);
    expect(execution.output()).toEqual({ b: 2 });
  });
});

describe("the message of an expression that failed", () => {
  it("can be stored, whatever it quotes", () => {
    expect(fault("=bool('😀'.substring(0, 1) + '\\u0000')")).toContain('"\uFFFD\uFFFD"');
  });

  it("is not as long as what it quotes", () => {
    expect(fault("=bool(input)", "x".repeat(100_000)).length).toBeLessThan(600);
  });
});

describe("a template", () => {
  it("computes every string that begins with =, deep inside, and keeps the rest", () => {
    expect(evaluate({ a: ["=input.n", "n = 3", 1, null], b: { "=input.n": "==input.n" } })).toEqual({
      value: { a: [3, "n = 3", 1, null], b: { "=input.n": "=input.n" } },
    });
  });

  it("says which of its expressions failed", () => {
    expect(evaluate({ ok: "=1", "a/b": [0, "=input.missing"] })).toMatchObject({
      fault: { pointer: "/a~1b/1", source: "input.missing", position: 6, code: "EXPRESSION_ERROR" },
    });
  });
});

describe("the cost of an expression", () => {
  const long = { list: Array.from({ length: 100_000 }, (_, i) => i), text: "ab".repeat(200_000) };

  it.each([
    ["nested macros over long lists", "input.list.map(a, input.list.filter(b, a == b))"],
    ["looking for each element of a list in a list", "input.list.filter(a, a in input.list)"],
    ["comparing long lists again and again", "input.list.map(a, [input.list] == [input.list])"],
    ["splitting a long text again and again", "input.list.map(a, size(input.text.split('')))"],
    [
      "a costly error that another operand outweighs",
      "input.list.exists(a, input.list.exists(b, a + b == 0.5)) || true",
    ],
  ])("stops %s", (_, source) => {
    expect(fault(`=${source}`, long)).toMatch(/costs too much/);
  });

  it("is the same the first time and the thousandth", () => {
    const template = compileTemplate("=input.list.filter(a, a in input.list).size()");
    const scope = { input: { list: long.list.slice(0, 600) }, steps, execution: {} };
    const results = Array.from({ length: 10 }, () => template.evaluate(scope));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(results[0]).toEqual({ value: 600 });
  });

  it("stops a value that shares its parts and would be enormous when written", () => {
    expect(fault("=input.list.map(a, input.list)", { list: long.list.slice(0, 3000) })).toMatch(/larger than/);
  });

  it("lets one pass over a long list through", () => {
    expect(evaluate("=size(input.list.filter(a, a % 2 == 0))", long)).toEqual({ value: 50_000 });
  });
});
