// A step's settings as the engine runs it, and where each comes from.
import { expect, test } from "vitest";
import type { Definition } from "@/lib/contract/definition";
import { compileGraph } from "@/lib/core/definition/graph";
import { settingsOf } from "@/lib/core/definition/settings";
import { itemStatuses, tellingStep } from "@/lib/core/execution/map-items";
import { given } from "./support/execution";

const DEFINITION: Definition = {
  name: "w",
  defaults: { queue: "slow", retry: { backoff: 3, maxAttempts: 9 }, timeout: { heartbeat: "5s" } },
  nodes: [
    { id: "a", type: "task", task: "a", retry: { maxAttempts: 5 }, timeout: { attempt: "2m" } },
    { id: "call", type: "http", request: { url: "https://example.com" } },
    { id: "nap", type: "sleep", duration: "1h" },
  ],
  edges: [],
};

function settings(id: string) {
  const graph = compileGraph(DEFINITION);
  const node = graph.nodes.find((each) => each.id === id);
  if (node === undefined) throw new Error(`no node ${id}`);
  return Object.fromEntries(settingsOf(graph, node).map(({ name, value, source }) => [name, [value, source]]));
}

test("the node wins over the workflow, and the workflow over the format", () => {
  expect(settings("a")).toMatchObject({
    queue: ["slow", "workflow"],
    maxAttempts: [5, "node"],
    backoff: [3, "workflow"],
    initialIntervalMs: [1000, "default"],
    attemptMs: [120_000, "node"],
    heartbeatMs: [5000, "workflow"],
    totalMs: [null, "default"],
    join: ["all", "default"],
  });
});

test("a call by the engine has its own queue and no heartbeat, whatever the workflow says", () => {
  expect(settings("call")).toMatchObject({
    queue: ["cerebelum.http", "default"],
    heartbeatMs: [null, "default"],
    backoff: [3, "workflow"],
  });
});

test("a step that no worker runs has nothing to retry", () => {
  expect(Object.keys(settings("nap"))).toEqual(["join"]);
});

test("each item of a map has a status, and a step that tells most about it", () => {
  const body = { task: "each", retry: { maxAttempts: 1 } };
  const map = {
    id: "all",
    type: "map" as const,
    items: [1, 2, 3, 4],
    concurrency: 3,
    failure: "continue" as const,
    body,
  };
  const execution = given({ nodes: [map] }).start();
  execution.complete(["all/all.item", 0]).fail(["all/all.item", 1]);
  const step = execution.state.root.steps[0]?.map;
  const node = execution.state.graph.nodes[0];
  if (step == null || node === undefined) throw new Error("the map has not begun");
  expect(itemStatuses(step)).toEqual(["completed", "failed", "scheduled", "scheduled"]);
  expect(tellingStep(execution.state.graph, node, step, 1)).toBe("all/all.item");
});
