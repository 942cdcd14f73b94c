/** What the format knows stands in the page: a node with everything written has a field for each of it, and can be read alone. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { EditorInspector } from "@/app/_editor/inspector/inspector";
import { NOTHING, onlyNodes, type Selection } from "@/app/_editor/selection";
import { EditorStore } from "@/app/_editor/store";
import { EditorContext } from "@/app/_editor/use-editor";
import { type Definition, type Node, type NodeType, nodeSchema } from "@/lib/contract/definition";
import { nodeShapes } from "@/lib/contract/definition-shape";
import type { JsonValue } from "@/lib/contract/json";
import { edgeFields, everyField, nodeFields, workflowFields } from "@/lib/editor/fields/form-fields";
import { pointerOf } from "@/lib/editor/fields/place-at";

const RETRY = { maxAttempts: 3, initialInterval: "1s", backoff: 2, maxInterval: "1m", jitter: 0, nonRetryable: ["NO"] };
const TIMEOUT = { attempt: "1m", queue: "1h", heartbeat: "10s", total: "1d" };
const TASK = {
  task: "charge",
  queue: "pay",
  input: {},
  retry: RETRY,
  timeout: TIMEOUT,
  priority: 1,
  sticky: true,
  concurrencyKey: "=input.customer",
  concurrencyLimit: 2,
  poll: { until: "output.done", interval: "1s", backoff: 1, timeout: "1h" },
  ports: ["later"],
  compensate: { task: "refund", queue: "pay", input: {}, retry: RETRY, timeout: TIMEOUT },
};
const WRITTEN: { readonly [type in NodeType]: object } = {
  task: TASK,
  choice: { cases: [{ port: "yes", when: "true" }] },
  sleep: { duration: "1h", until: "2030-01-01T00:00:00Z" },
  approval: { title: "Go?", description: "On.", assignees: ["admin"], form: { type: "object" }, timeout: "1d" },
  signal: { signal: "paid", timeout: "1d" },
  map: { items: [], body: { task: "charge" }, concurrency: 2, failure: "stop" },
  workflow: { workflow: "other", version: 1, input: {}, wait: false, onCancel: "abandon" },
  transform: { value: {} },
  http: {
    request: { method: "POST", url: "https://example.com", headers: { a: "b" }, query: { a: "b" }, body: {} },
    retry: RETRY,
    timeout: TIMEOUT,
  },
  fail: { code: "X", message: "No", rethrow: "a" },
  succeed: { output: {} },
};

const nodeOf = (type: NodeType): Node =>
  nodeSchema.parse({ id: "it", type, join: 1, keepLosers: true, ...WRITTEN[type] }) as Node;

function drawn(definition: Definition, selection: Selection, isReadOnly = false): string {
  const store = new EditorStore({
    opened: { document: { definition, layout: {} }, revision: 0, baseVersion: null, updatedAt: null, updatedBy: null },
    isReadOnly,
    server: { save: () => new Promise(() => {}), read: () => new Promise(() => {}), codeOf: () => null },
    alarm: { after: () => () => {} },
    now: () => 0,
    judge: () => {},
    refuse: () => {},
    merged: () => {},
  });
  store.select(selection);
  const inspector = createElement(EditorContext, { value: store }, createElement(EditorInspector));
  return renderToString(createElement(QueryClientProvider, { client: new QueryClient() }, inspector));
}

const placesIn = (html: string) => new Set([...html.matchAll(/data-path="([^"]*)"/g)].map(([, path]) => path));
const workflow = (...nodes: Node[]): Definition => ({ name: "orders", nodes, edges: [] });

/** Of what a list holds the first one stands for all; of a map's task the rest is folded. */
const pathsOf = (type: NodeType) =>
  nodeFields(type).flatMap((field) => [
    pointerOf(field.path),
    ...(field.control === "rows"
      ? field.fields.map(({ path }) => pointerOf([...field.path, 0, ...path]))
      : everyField(field.fields).map(({ path }) => pointerOf(path))),
  ]);

describe("the inspector", () => {
  it.each([...nodeShapes.keys()])("has every field of a %s", (type) => {
    const places = placesIn(drawn(workflow(nodeOf(type)), onlyNodes("it")));
    // A group that is always there is its fields.
    const groups = new Set([
      "/request",
      "/retry",
      "/timeout",
      "/poll",
      "/compensate",
      "/compensate/retry",
      "/compensate/timeout",
    ]);
    expect(pathsOf(type).filter((path) => !places.has(path) && !groups.has(path))).toStrictEqual([]);
  });

  it("has every setting of the workflow where nothing is selected", () => {
    const definition = {
      ...workflow(nodeOf("task")),
      description: "What for",
      inputSchema: { type: "object" } as JsonValue as Definition["inputSchema"],
      defaults: { queue: "pay", retry: RETRY, timeout: TIMEOUT },
      timeout: "1d",
      output: {},
    } as Definition;
    const places = placesIn(drawn(definition, NOTHING));
    const groups = new Set(["/defaults", "/defaults/retry", "/defaults/timeout"]);
    const missing = everyField(workflowFields)
      .map(({ path }) => pointerOf(path))
      .filter((path) => !places.has(path) && !groups.has(path));
    expect(missing).toStrictEqual([]);
  });

  it("has all that an edge can be told", () => {
    const definition: Definition = {
      ...workflow(nodeOf("task")),
      edges: [{ from: "it", port: "error", to: "it", loop: { maxIterations: 3, carry: "=1" } }],
    };
    const edge = { from: "it", port: "error", to: "it" };
    const places = placesIn(drawn(definition, { ...NOTHING, edges: [{ scope: null, edge }] }));
    expect(
      everyField(edgeFields)
        .map(({ path }) => pointerOf(path))
        .filter((path) => !places.has(path)),
    ).toStrictEqual([]);
  });

  it("offers for several nodes what all of them can be told", () => {
    const tasks = ["a", "b"].map((id) => ({ ...nodeOf("task"), id }) as Node);
    const places = placesIn(drawn(workflow(...tasks), onlyNodes("a", "b")));
    expect([...places]).toEqual(expect.arrayContaining(["/queue", "/retry/maxAttempts", "/timeout/attempt", "/join"]));
  });

  it("only shows to who may only look: nothing in it can be added or taken away", () => {
    const html = drawn(workflow(nodeOf("choice")), onlyNodes("it"), true);
    expect(html).toContain("Cases");
    expect(html).not.toMatch(/>Add<|aria-label="Remove|aria-label="Move/);
    expect(drawn(workflow(nodeOf("choice")), onlyNodes("it"))).toMatch(/aria-label="Move/);
  });
});
