/** What validation says about maps and what is inside them, at any depth, written long or short. */
import { describe, expect, it } from "vitest";
import type { Edge, MapGraph, MapNode, Node } from "@/lib/contract/definition";
import { brief, findingsOf, graph, links, plainTasks } from "./support/findings";

const map = (id: string, body: unknown, more: Partial<MapNode> = {}): Node => ({
  id,
  type: "map",
  items: "=input.items",
  body: body as MapNode["body"],
  ...more,
});
const body = (nodes: readonly Node[], edges: readonly Edge[] = [], more: Partial<MapGraph> = {}): MapGraph => ({
  nodes: [...nodes],
  edges: [...edges],
  ...more,
});
const nested = (...nodes: unknown[]) => graph([map("outer", body([map("inner", { nodes, edges: [] })]))]);
const INNER = "/nodes/0/body/nodes/0/body";

describe("a map", () => {
  it("whose body is a graph, or one task, or holds another map is no fault", () => {
    expect(findingsOf(graph([map("each", { task: "t" })]))).toEqual([]);
    expect(findingsOf(graph([map("each", body(plainTasks("a", "b"), links("a>b")))]))).toEqual([]);
    expect(findingsOf(nested(...plainTasks("a")))).toEqual([]);
    expect(findingsOf(nested(map("each", { task: "t", ports: ["x"] })))).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ["without a body", map("m", undefined), ["MISSING_FIELD /nodes/0/body"]],
    ["whose body is no object", map("m", 5), ["WRONG_TYPE /nodes/0/body"]],
    ["whose body is a list", map("m", []), ["WRONG_TYPE /nodes/0/body"]],
    ["whose body is empty", map("m", {}), ["MISSING_FIELD /nodes/0/body/task"]],
    ["whose body has no nodes", map("m", { nodes: [], edges: [] }), ["EMPTY_GRAPH /nodes/0/body/nodes"]],
    ["whose body has no edges", map("m", { nodes: plainTasks("a") }), ["MISSING_FIELD /nodes/0/body/edges"]],
    ["whose body has only edges", map("m", { edges: [] }), ["MISSING_FIELD /nodes/0/body/nodes"]],
    [
      "whose body is both",
      map("m", { task: "t", nodes: plainTasks("a"), edges: [] }),
      ["UNKNOWN_FIELD /nodes/0/body/task"],
    ],
    ["whose task has an unknown field", map("m", { task: "t", colour: 1 }), ["UNKNOWN_FIELD /nodes/0/body/colour"]],
    [
      "whose task has an id of its own",
      map("m", { id: "x", type: "task", task: "t" }),
      ["UNKNOWN_FIELD /nodes/0/body/id", "UNKNOWN_FIELD /nodes/0/body/type"],
    ],
    ["whose items are no list", map("m", { task: "t" }, { items: { a: 1 } }), ["ITEMS_NO_LIST /nodes/0/items"]],
    ["whose items are a text", map("m", { task: "t" }, { items: "==input" }), ["ITEMS_NO_LIST /nodes/0/items"]],
    [
      "of too many items",
      map("m", { task: "t" }, { items: Array.from({ length: 10_001 }, () => 0) }),
      ["TOO_MANY_ITEMS /nodes/0/items"],
    ],
    ["of 10,000 items", map("m", { task: "t" }, { items: Array.from({ length: 10_000 }, () => "=input") }), []],
    ["of no concurrency", map("m", { task: "t" }, { concurrency: 0 }), ["OUT_OF_BOUNDS /nodes/0/concurrency"]],
    ["whose id leaves no room for its task's", map("m".repeat(124), { task: "t" }), ["MALFORMED_ID /nodes/0/body"]],
  ])("%s is told so", (_, node, expected) => {
    expect(brief(graph([node as Node]))).toEqual(expected);
  });

  it.each<[string, object, string[]]>([
    ["an unknown field", { id: "a", type: "task", task: "t", x: 1 }, [`UNKNOWN_FIELD ${INNER}/nodes/0/x`]],
    ["an unknown type", { id: "a", type: "taks" }, [`UNKNOWN_NODE_TYPE ${INNER}/nodes/0/type`]],
    ["a malformed id", { id: "a b", type: "task", task: "t" }, [`MALFORMED_ID ${INNER}/nodes/0/id`]],
    ["a bad duration", { id: "a", type: "sleep", duration: "soon" }, [`BAD_DURATION ${INNER}/nodes/0/duration`]],
    [
      "a retry out of bounds",
      { id: "a", type: "task", task: "t", retry: { maxAttempts: 0 } },
      [`RETRY_OUT_OF_BOUNDS ${INNER}/nodes/0/retry/maxAttempts`],
    ],
    [
      "a step that nobody knows",
      { id: "a", type: "transform", value: "=steps.x.output" },
      [`UNKNOWN_STEP ${INNER}/nodes/0/value`],
    ],
    [
      "a broken expression",
      { id: "a", type: "transform", value: ["=1 +"] },
      [`EXPRESSION_SYNTAX ${INNER}/nodes/0/value/0`],
    ],
  ])("is told of %s two maps deep, by the node that has it", (_, node, expected) => {
    expect(brief(nested(node))).toEqual(expected);
    const named = findingsOf(nested(node)).map((finding) => finding.node);
    expect(named).toEqual([(node as { id: string }).id]);
  });

  it("has ids that nothing else in the document has, the one of its short body included", () => {
    expect(brief(graph([...plainTasks("a"), map("m", body(plainTasks("b", "a")))]))).toEqual([
      "DUPLICATE_ID /nodes/1/body/nodes/1/id",
    ]);
    expect(brief(graph([map("m", body(plainTasks("a"))), map("n", body(plainTasks("a")))]))).toEqual([
      "DUPLICATE_ID /nodes/1/body/nodes/0/id",
    ]);
    expect(brief(graph([map("m", { task: "t" }), ...plainTasks("m.item")]))).toEqual(["DUPLICATE_ID /nodes/0/body"]);
    expect(brief(graph([map("m", body(plainTasks("m")))]))).toEqual(["DUPLICATE_ID /nodes/0/body/nodes/0/id"]);
  });

  it("is entered and left by no edge", () => {
    const around = graph(
      [...plainTasks("a"), map("m", body(plainTasks("b", "c"), links("b>c", "a>c")))],
      links("a>m", "m>b"),
    );
    expect(findingsOf(around)).toMatchObject([
      { code: "UNKNOWN_NODE", path: "/edges/1/to", message: expect.stringContaining("another graph") },
      { code: "UNKNOWN_NODE", path: "/nodes/1/body/edges/1/from" },
    ]);
  });

  it("is told of circles, ports and joins inside it", () => {
    const faulty = body(
      [...plainTasks("a", "b"), { id: "c", type: "task", task: "t", input: null, join: 3 }],
      links("a>b", "b>a", "b.maybe>c"),
    );
    expect(brief(graph([map("m", faulty)]))).toEqual([
      "UNKNOWN_PORT /nodes/0/body/edges/2/port",
      "JOIN_OUT_OF_RANGE /nodes/0/body/nodes/2/join",
      "CYCLE /nodes/0/body/edges/1",
    ]);
  });

  it("may hold ten thousand nodes together with what is outside, and no more", () => {
    const many = (count: number) =>
      graph([map("m", body(plainTasks(...Array.from({ length: count - 1 }, (_, i) => `n${i}`))))]);
    expect(findingsOf(many(10_000))).toEqual([]);
    expect(brief(many(10_001))).toEqual(["TOO_MANY_NODES /nodes"]);
  });
});

describe("a signal inside a map", () => {
  const waiting = (signal: string, more: readonly Node[] = [], edges: readonly Edge[] = []) =>
    graph([map("m", body([...more, { id: "s", type: "signal", signal, timeout: "1d" }], edges))]);

  it.each(["approved", "=input.name", "=execution.id", "=1 == 1 ? 'a' : 'b'"])(
    "of the name %s is shared by all items",
    (signal) => {
      expect(brief(waiting(signal))).toEqual(["SIGNAL_SHARED /nodes/0/body/nodes/0/signal"]);
    },
  );

  it.each(["=item.id", "='paid-' + string(index)", "=input.names[index]"])("of the name %s is not", (signal) => {
    expect(findingsOf(waiting(signal))).toEqual([]);
  });

  it("may take its name from a step of the body, which may differ for each item, and not from one outside", () => {
    expect(findingsOf(waiting("=steps.a.output", plainTasks("a"), links("a>s")))).toEqual([]);
    const outside = graph(
      [...plainTasks("a"), map("m", body([{ id: "s", type: "signal", signal: "=steps.a.output", timeout: "1d" }]))],
      links("a>m"),
    );
    expect(brief(outside)).toEqual(["SIGNAL_SHARED /nodes/1/body/nodes/0/signal"]);
  });

  it("is shared by the inner items where only the outer one names it", () => {
    expect(brief(nested({ id: "s", type: "signal", signal: "=outer.item.id", timeout: "1d" }))).toEqual([
      `SIGNAL_SHARED ${INNER}/nodes/0/signal`,
    ]);
  });

  it("may have any name outside", () => {
    expect(findingsOf(graph([{ id: "s", type: "signal", signal: "approved", timeout: "1d" }]))).toEqual([]);
  });
});
