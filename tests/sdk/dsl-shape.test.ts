/** What the SDK finds wrong with a definition's shape is what the server finds: the same codes at the same places. */
import { describe, expect, it } from "vitest";
import { parseDefinition } from "@/lib/contract/parse-definition";
import { checkShape } from "@/worker-sdk/src/dsl/check-shape";
import type { Definition } from "@/worker-sdk/src/index";

const task = { id: "a", type: "task", task: "a" };
const LONG = "x".repeat(5000);

function places(findings: readonly { code: string; path: string; node?: string }[]): string[] {
  return findings.map(({ code, path, node }) => `${code} ${path} ${node ?? ""}`).toSorted();
}

/** Each is a value, and a place of a definition in which it is wrong. */
const fields: [type: string, node: object, wrong: Record<string, unknown[]>][] = [
  [
    "task",
    task,
    {
      id: ["", "a b", 5, "x".repeat(129)],
      task: ["no good", null],
      queue: ["a/b", 1],
      retry: [
        5,
        { maxAttempts: 0 },
        { maxAttempts: 1.5 },
        { maxAttempts: 10_001 },
        { initialInterval: -1 },
        { initialInterval: "" },
        { backoff: 0.5 },
        { jitter: 2 },
        { maxInterval: true },
        { nonRetryable: "X" },
        { nonRetryable: ["", "x".repeat(129)] },
        { atempts: 1 },
      ],
      timeout: [5, { attempt: "" }, { total: -1 }, { queue: {} }, { heartbeat: "x".repeat(65) }, { soon: 1 }],
      priority: [101, -101, 1.5, "1"],
      sticky: ["yes"],
      concurrencyKey: [5, LONG],
      concurrencyLimit: [0, 10_001, "1"],
      poll: [
        true,
        {},
        { until: "" },
        { until: LONG },
        { until: "true", interval: -1 },
        { until: "true", backoff: 0 },
        { until: "true", timeout: "" },
        { until: "true", every: 1 },
      ],
      ports: ["spam", ["not good", 5], Array.from({ length: 101 }, (_, i) => `p${i}`)],
      compensate: [
        "refund",
        {},
        { task: "a b" },
        { task: "a", queue: "" },
        { task: "a", retry: { backoff: 0 } },
        { task: "a", poll: {} },
      ],
      join: ["some", 0, 1.5, null],
      keepLosers: [1],
      nothing: [1],
    },
  ],
  [
    "choice",
    { id: "c", type: "choice" },
    { cases: [undefined, [], [{}], [{ port: "a b", when: "" }], [{ port: "a", when: "x", then: 1 }]] },
  ],
  ["sleep", { id: "s", type: "sleep" }, { duration: ["", -1, LONG, {}], until: [5, LONG], at: [1] }],
  [
    "approval",
    { id: "p", type: "approval" },
    {
      title: [1, LONG],
      description: [1],
      assignees: [5, [5], LONG, Array(101).fill("x")],
      form: ["x", [1]],
      timeout: ["", {}],
      data: [1],
    },
  ],
  ["signal", { id: "g", type: "signal" }, { signal: [undefined, "", 5, LONG], timeout: [-1] }],
  [
    "map",
    { id: "m", type: "map", items: [], body: { task: "t" } },
    {
      items: [undefined],
      concurrency: [0, 10_001, "1"],
      failure: ["ignore"],
      body: [
        undefined,
        {},
        { task: "a b" },
        { task: "t", id: "x" },
        { nodes: [], edges: [] },
        { nodes: [task] },
        { nodes: [{ ...task, queue: "" }], edges: [], more: 1 },
        {
          nodes: [
            { id: "n", type: "map", items: 1, body: { nodes: [{ id: "i", type: "signal" }], edges: [{ from: "a" }] } },
          ],
          edges: [],
        },
      ],
    },
  ],
  [
    "workflow",
    { id: "w", type: "workflow", workflow: "other" },
    { workflow: [undefined, "a b"], version: [0, "1"], wait: ["no"], onCancel: ["ignore"] },
  ],
  ["transform", { id: "t", type: "transform" }, { value: [undefined] }],
  [
    "http",
    { id: "h", type: "http", request: { url: "https://example.com" } },
    {
      request: [
        undefined,
        {},
        { url: "" },
        { url: "x", method: "TRACE" },
        { url: "x", headers: { a: 1 } },
        { url: "x", headers: [] },
        { url: "x", query: 5 },
        { url: "x", verb: "GET" },
      ],
      retry: [{ maxAttempts: 0 }],
      timeout: [{ attempt: {} }],
    },
  ],
  ["fail", { id: "f", type: "fail" }, { code: [1, LONG], message: [LONG], rethrow: ["a b"] }],
  ["succeed", { id: "s", type: "succeed" }, { result: [1] }],
];

const cases = fields.flatMap(([type, node, wrong]) =>
  Object.entries(wrong).flatMap(([field, values]) =>
    values.map((value, i) => [`${type}.${field} ${i + 1}`, { ...node, [field]: value }] as const),
  ),
);

const graph = { name: "w", nodes: [task], edges: [] };

describe("the shape of a definition", () => {
  it.each(cases)("%s is found wrong as the server finds it", (_, node) => {
    const document = { ...graph, nodes: [task, JSON.parse(JSON.stringify(node))] };
    const expected = places(parseDefinition(document).findings);
    expect(expected).not.toEqual([]);
    expect(places(checkShape(document as unknown as Definition))).toEqual(expected);
  });

  it.each<[string, object]>([
    ["name", { name: "a b" }],
    ["no name", { name: undefined }],
    ["description", { description: LONG }],
    ["inputSchema", { inputSchema: "x" }],
    ["defaults", { defaults: { queue: "a b", retry: { jitter: 7 }, timeout: { total: -1 }, priority: 1 } }],
    ["timeout", { timeout: "" }],
    ["no nodes", { nodes: [] }],
    ["no edges", { edges: undefined }],
    ["edges", { edges: [{ from: "a b", port: "", to: 5, when: "x" }, { from: "a" }] }],
    [
      "loops",
      {
        edges: [
          { from: "a", to: "a", loop: { maxIterations: 0, carry: 1, more: 1 } },
          { from: "a", to: "a", loop: 1 },
        ],
      },
    ],
    ["fields", { version: 1 }],
  ])("%s is found wrong as the server finds it", (_, change) => {
    const document = JSON.parse(JSON.stringify({ ...graph, ...change }));
    const expected = places(parseDefinition(document).findings);
    expect(expected).not.toEqual([]);
    expect(places(checkShape(document))).toEqual(expected);
  });

  it("has nothing to say of a right one", () => {
    const right = fields.map(([, node], i) => ({ ...node, id: `n${i}` }));
    const document = { ...graph, nodes: right.filter(({ id }) => !["n1", "n4", "n7"].includes(id)) };
    expect(parseDefinition(document).findings).toEqual([]);
    expect(checkShape(document as unknown as Definition)).toEqual([]);
  });
});
