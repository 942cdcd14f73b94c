/** What validation says: every finding by an example, all of them at once, and large definitions in good time. */
import { describe, expect, it } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { edges, tasks } from "./support/execution";
import { brief, findingsOf } from "./support/findings";

const definition = (more: Partial<Definition>) => ({ name: "w", nodes: tasks("a", "b"), edges: edges("a>b"), ...more });
const node = (fields: object) =>
  definition({ nodes: [...tasks("a"), { id: "b", ...fields } as Definition["nodes"][number]] });

describe("a definition", () => {
  it("without faults has no findings", () => {
    expect(findingsOf(definition({}))).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ["of a newer format", { format: 2, nodes: "whatever" }, ["FORMAT_TOO_NEW /format"]],
    ["that is no object", [], ["WRONG_TYPE "]],
    ["without nodes", definition({ nodes: [], edges: [] }), ["EMPTY_GRAPH /nodes"]],
    ["with an unknown field", { ...definition({}), colour: 1 }, ["UNKNOWN_FIELD /colour"]],
    [
      "with an unknown field and a faulty edge, both at once",
      { ...definition({}), colour: 1, edges: [{ from: "a", to: "nowhere" }] },
      ["UNKNOWN_FIELD /colour", "UNKNOWN_NODE /edges/0/to"],
    ],
    ["with an unknown field in a node", node({ type: "task", task: "b", "a/b": 1 }), ["UNKNOWN_FIELD /nodes/1/a~1b"]],
    [
      "with a malformed id",
      { name: "w", nodes: [{ id: "a b", type: "task", task: "t" }], edges: [] },
      ["MALFORMED_ID /nodes/0/id"],
    ],
    ["with an unknown node type", node({ type: "taks" }), ["UNKNOWN_NODE_TYPE /nodes/1/type"]],
    ["with a field left out", node({ type: "task" }), ["MISSING_FIELD /nodes/1/task"]],
    [
      "with a retry out of bounds",
      node({ type: "task", task: "b", retry: { maxAttempts: 0 } }),
      ["RETRY_OUT_OF_BOUNDS /nodes/1/retry/maxAttempts"],
    ],
    ["with a join of 0", node({ type: "task", task: "b", join: 0 }), ["JOIN_OUT_OF_RANGE /nodes/1/join"]],
    ["with two nodes of one id", definition({ nodes: tasks("a", "b", "a") }), ["DUPLICATE_ID /nodes/2/id"]],
    [
      "with an edge to nowhere",
      definition({ edges: edges("a>x", "y>b") }),
      ["UNKNOWN_NODE /edges/0/to", "UNKNOWN_NODE /edges/1/from"],
    ],
    ["with an unknown port", definition({ edges: edges("a.maybe>b") }), ["UNKNOWN_PORT /edges/0/port"]],
    [
      "with an edge after a fail node",
      node({ type: "fail" }) && { name: "w", nodes: [{ id: "f", type: "fail" }, ...tasks("b")], edges: edges("f>b") },
      ["UNKNOWN_PORT /edges/0"],
    ],
    [
      "with a choice without its port",
      {
        name: "w",
        nodes: [{ id: "c", type: "choice", cases: [{ port: "x", when: "true" }] }, ...tasks("b")],
        edges: edges("c>b", "c.otherwise>b"),
      },
      ["UNKNOWN_PORT /edges/0"],
    ],
    [
      "with a port called error",
      node({ type: "task", task: "b", ports: ["error"] }),
      ["RESERVED_PORT /nodes/1/ports/0"],
    ],
    ["with a cycle", definition({ edges: edges("a>b", "b>a") }), ["CYCLE /edges/1"]],
    ["with an edge from a node to itself", definition({ edges: edges("a>b", "b>b") }), ["CYCLE /edges/1"]],
    ["with a join above its edges", node({ type: "task", task: "b", join: 2 }), ["JOIN_OUT_OF_RANGE /nodes/1/join"]],
    ["with a bad duration", node({ type: "sleep", duration: "5 parsecs" }), ["BAD_DURATION /nodes/1/duration"]],
    [
      "with a bad duration in a retry",
      node({ type: "task", task: "b", retry: { initialInterval: "P1M" } }),
      ["BAD_DURATION /nodes/1/retry/initialInterval"],
    ],
    [
      "with an interval above the longest",
      node({ type: "task", task: "b", retry: { initialInterval: "2s", maxInterval: "1s" } }),
      ["RETRY_OUT_OF_BOUNDS /nodes/1/retry/initialInterval"],
    ],
    ["with a timeout of nothing", definition({ timeout: "0s" }), ["TIMEOUT_OUT_OF_BOUNDS /timeout"]],
    [
      "with a timeout of nothing in its defaults",
      definition({ defaults: { timeout: { queue: 0 } } }),
      ["TIMEOUT_OUT_OF_BOUNDS /defaults/timeout/queue"],
    ],
    ["with a sleep without a time", node({ type: "sleep" }), ["SLEEP_TIME /nodes/1"]],
    [
      "with a sleep of two times",
      node({ type: "sleep", duration: 1, until: "2030-01-01T00:00:00Z" }),
      ["SLEEP_TIME /nodes/1"],
    ],
    [
      "with a day that there is not",
      node({ type: "sleep", until: "2030-02-30T00:00:00Z" }),
      ["BAD_INSTANT /nodes/1/until"],
    ],
    [
      "with a fail that rethrows and has a code",
      node({ type: "fail", rethrow: "a", code: "X" }),
      ["FAIL_RETHROW /nodes/1"],
    ],
    [
      "with a fail that rethrows what comes after",
      { name: "w", nodes: [...tasks("a"), { id: "f", type: "fail", rethrow: "a" }], edges: [] },
      ["STEP_NOT_BEFORE /nodes/1/rethrow"],
    ],
    ["with a fail that rethrows nothing", node({ type: "fail", rethrow: "x" }), ["UNKNOWN_STEP /nodes/1/rethrow"]],
    [
      "with an expression that does not parse",
      node({ type: "task", task: "b", input: { x: ["=1 +"] } }),
      ["EXPRESSION_SYNTAX /nodes/1/input/x/0"],
    ],
    [
      "with an expression of wrong types",
      node({ type: "task", task: "b", input: "=1 + 'a'" }),
      ["EXPRESSION_SYNTAX /nodes/1/input"],
    ],
    ["with an expression on an unknown step", definition({ output: "=steps.x.output" }), ["UNKNOWN_STEP /output"]],
    [
      "with an expression on a later step",
      { ...definition({}), nodes: [{ id: "a", type: "task", task: "a", input: "=steps.b.status" }, ...tasks("b")] },
      ["STEP_NOT_BEFORE /nodes/0/input"],
    ],
    [
      "with an expression on its own step",
      node({ type: "transform", value: "=steps.b.status" }),
      ["STEP_NOT_BEFORE /nodes/1/value"],
    ],
  ])("%s is told so", (_, document, expected) => {
    expect(brief(document)).toEqual(expected);
  });

  it("is told everything at once, errors before warnings, each with its node and what to do", () => {
    const all = findingsOf({
      name: "w",
      nodes: [
        { id: "c", type: "choice", cases: [{ port: "x", when: "1 +" }] },
        { id: "z", type: "sleep", duration: "never" },
        { id: "t", type: "task", task: "t", input: "=steps.u.output", timeout: { total: 0 } },
        ...tasks("u"),
      ],
      edges: edges("c.x>z", "z>nowhere"),
    });
    expect(all.map(({ code }) => code).sort()).toEqual([
      "BAD_DURATION",
      "EXPRESSION_SYNTAX",
      "NO_OTHERWISE",
      "STEP_NOT_BEFORE",
      "TIMEOUT_OUT_OF_BOUNDS",
      "UNKNOWN_NODE",
    ]);
    expect(all.at(-1)).toMatchObject({ severity: "warning", code: "NO_OTHERWISE", node: "c" });
    for (const { message } of all) expect(message).toMatch(/[.)]$/);
  });

  it("is told of several cycles", () => {
    const document = { name: "w", nodes: tasks("a", "b", "c", "d"), edges: edges("a>b", "b>a", "b>c", "c>d", "d>c") };
    expect(brief(document).filter((finding) => finding.startsWith("CYCLE"))).toHaveLength(2);
  });
});

describe("a warning", () => {
  const branching = (more: Partial<Definition>) => ({
    name: "w",
    nodes: [
      ...tasks("f"),
      { id: "c", type: "choice" as const, cases: [{ port: "yes", when: "steps.f.output.ok" }] },
      ...tasks("x", "y", "end"),
    ],
    edges: edges("f>c", "c.yes>x", "c.otherwise>y", "x>end", "y>end"),
    ...more,
  });

  it("is given for the output of an arm that may be skipped, not for what both arms lead to", () => {
    expect(
      brief(branching({ output: { x: "=steps.x.output", end: "=steps.end.output", f: "=steps.f.output" } })),
    ).toEqual(["MAY_BE_MISSING /output/x"]);
  });

  it("is not given where the expression asks first", () => {
    const output = "=has(steps.x.output) ? steps.x.output : steps.f.output";
    expect(findingsOf(branching({ output }))).toEqual([]);
  });

  it("is given for the output of a step whose error is handled, and not on its way of success", () => {
    const document = (input: string, port: string) => ({
      name: "w",
      nodes: [...tasks("a", "h"), { id: "b", type: "task", task: "b", input }],
      edges: edges("a.error>h", `a.${port}>b`),
    });
    expect(brief(document("=steps.a.output", "error"))).toEqual(["MAY_BE_MISSING /nodes/2/input"]);
    expect(brief(document("=steps.a.output", "success"))).toEqual([]);
  });

  it("is given for the output of one who may have lost a race", () => {
    const race = (join: "any" | "all") => ({
      name: "w",
      nodes: [...tasks("a", "b"), { id: "j", type: "transform", value: "=steps.a.output", join }],
      edges: edges("a>j", "b>j"),
    });
    expect(brief(race("any"))).toEqual(["MAY_BE_MISSING /nodes/2/value"]);
    expect(brief(race("all"))).toEqual([]);
  });

  it("is given for a transform that nobody reads", () => {
    const transform = { id: "t", type: "transform" as const, value: 1 };
    const document = (more: Partial<Definition>) => ({
      name: "w",
      nodes: [transform, ...tasks("b")],
      edges: edges("t>b"),
      ...more,
    });
    expect(brief(document({ nodes: [transform, { id: "b", type: "task", task: "b", input: 1 }] }))).toEqual([
      "OUTPUT_UNREAD /nodes/0",
    ]);
    expect(brief(document({}))).toEqual([]);
    expect(brief({ name: "w", nodes: [transform], edges: [] })).toEqual([]);
  });
});

describe("a definition of 5,000 nodes", () => {
  const size = 5000;
  const nodes = Array.from({ length: size }, (_, i) => ({
    id: `n${i}`,
    type: "task",
    task: "t",
    ...(i === 0 ? {} : { input: { before: `=steps.n${i - 1}.output`, half: `=steps.n${i >> 1}.output.x + 1` } }),
  }));
  const links = nodes
    .slice(1)
    .flatMap((_, i) => [
      { from: `n${i}`, to: `n${i + 1}` },
      ...(i + 2 < size ? [{ from: `n${i}`, to: `n${i + 2}` }] : []),
    ]);

  it("is validated without running out of stack or patience", () => {
    expect(findingsOf({ name: "w", nodes, edges: links })).toEqual([]);
    expect(brief({ name: "w", nodes, edges: [...links, { from: `n${size - 1}`, to: "n0" }] })).toEqual([
      `CYCLE /edges/${links.length}`,
    ]);
  });
});
