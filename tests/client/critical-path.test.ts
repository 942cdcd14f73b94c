/** The critical path covers the whole duration without a hole, runs along edges, and goes by what really let the next step begin. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CriticalPath, criticalPath, routesOf } from "@/app/_execution/critical-path";
import { emptyTimeline, foldTimeline } from "@/app/_execution/timeline-model";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { recordedHistories } from "../histories/recorded";
import { History } from "./step-history";

type Graph = Pick<Definition, "nodes" | "edges">;

function pathOf(history: History, graph: Graph | null, until = history.lastMs): CriticalPath {
  return criticalPath({ rows: history.timeline().rows, routes: routesOf(graph), from: 0, until });
}

const task = (id: string) => ({ id, type: "task" as const, task: id });

function chain(...ids: string[]): Graph {
  return { nodes: ids.map(task), edges: ids.slice(1).map((to, at) => ({ from: ids[at] ?? "", to })) };
}

describe("the critical path", () => {
  it("goes by the slower of two branches", () => {
    const history = new History();
    const fast = history.run("fast", 0, 0, 100);
    const slow = history.run("slow", 0, 50, 400);
    history.run("join", Math.max(fast, slow), 0, 10);
    const graph = {
      nodes: ["fast", "slow", "join"].map(task),
      edges: ["fast", "slow"].map((from) => ({ from, to: "join" })),
    };
    const path = pathOf(history, graph);
    expect(path.steps).toEqual(["slow", "join"]);
    expect(path.msByKind).toMatchObject({ queued: 50, running: 410, idle: 0 });
  });

  it("goes by the branch that won where a join waits for any", () => {
    const history = new History();
    history.run("won", 0, 0, 100);
    history.at(100, "StepCancelled", { node: "lost", iteration: 1, why: "JOIN_WON" });
    history.run("join", 100, 0, 10);
    const graph: Graph = {
      nodes: [task("won"), task("lost"), { ...task("join"), join: "any" }],
      edges: ["won", "lost"].map((from) => ({ from, to: "join" })),
    };
    expect(pathOf(history, graph).steps).toEqual(["won", "join"]);
  });

  it("holds each turn of a loop", () => {
    const history = new History();
    let at = 0;
    for (let iteration = 1; iteration <= 3; iteration++) at = history.run("turn", at, 0, 100, { iteration });
    history.run("after", at, 0, 5);
    const graph: Graph = {
      nodes: ["turn", "after"].map(task),
      edges: [
        { from: "turn", to: "after" },
        { from: "turn", port: "again", to: "turn", loop: {} },
      ],
    };
    expect(pathOf(history, graph).steps).toEqual(["turn", "turn#2", "turn#3", "after"]);
  });

  it("goes through a map by the items that held one another up", () => {
    const history = new History();
    const loaded = history.run("load", 0, 0, 10);
    history.at(loaded, "MapStarted", { node: "each", iteration: 1, count: 3 });
    const first = history.run("each/each.item", loaded, 0, 100, { index: [0] });
    history.run("each/each.item", loaded, 0, 30, { index: [1] });
    const second = history.run("each/each.item", first, 0, 80, { index: [2] });
    history.at(second, "StepCompleted", { node: "each", iteration: 1 });
    history.run("report", second, 0, 10);
    const path = pathOf(history, chain("load", "each", "report"));
    expect(path.steps).toEqual(["load", "each", "each/each.item[0]", "each/each.item[2]", "report"]);
    expect(path.msByKey.get("each/each.item[2]")).toBe(80);
  });

  it("counts back-off to the step that backed off, and what lay between to nobody", () => {
    const history = new History();
    const failed = history.run("a", 0, 0, 100, {}, { code: "BROKEN", retryAfterMs: 500 });
    history.run("a", failed + 500, 0, 100, { attempt: 2 });
    history.run("b", 1000, 0, 100);
    const path = pathOf(history, chain("a", "b"));
    expect(path.msByKind).toMatchObject({ running: 300, backoff: 500, idle: 300 });
  });

  it("ends with what undid the steps", () => {
    const history = new History();
    const done = history.run("a", 0, 0, 100);
    history.run("b", done, 0, 50, {}, { code: "BROKEN", retryAfterMs: null });
    history.undo("a", 150, 70);
    const path = pathOf(history, chain("a", "b"));
    expect(path.segments.at(-1)).toMatchObject({ key: "a", from: 150, to: 220 });
    expect(path.steps).toContain("b");
  });

  it("reaches to the present while the execution is open", () => {
    const history = new History();
    const done = history.run("a", 0, 0, 100);
    history.schedule("b", done);
    const path = pathOf(history, chain("a", "b"), 900);
    expect(path.segments.at(-1)).toMatchObject({ key: "b", kind: "queued", from: 100, to: 900 });
  });

  it("covers every random history of layers without a hole, in order, by steps that follow one another", () => {
    const layers = fc.array(fc.array(fc.tuple(fc.nat(50), fc.nat(500)), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(layers, (sizes) => {
        const { history, graph, slowest } = layered(sizes);
        const path = pathOf(history, graph);
        expectWhole(path, 0, history.lastMs);
        expect(path.steps.length).toBe(sizes.length);
        expect([...path.msByKey.values()].reduce((sum, ms) => sum + ms, 0)).toBe(slowest);
        const edges = new Set(graph.edges.map(({ from, to }) => `${from} ${to}`));
        expect(path.steps.slice(1).every((to, at) => edges.has(`${path.steps[at]} ${to}`))).toBe(true);
      }),
    );
  });

  it.each(recordedHistories())("covers the whole of %s", (_, { definition, events }) => {
    const timeline = emptyTimeline();
    for (const event of events as HistoryEvent[]) foldTimeline(timeline, event);
    const from = timeline.startedAt ?? timeline.lastAt;
    const path = criticalPath({ rows: timeline.rows, routes: routesOf(definition), from, until: timeline.lastAt });
    expectWhole(path, from, timeline.lastAt);
    expect(new Set(path.steps).size).toBe(path.steps.length);
    expect(path.steps.every((key) => timeline.byKey.get(key) !== undefined)).toBe(true);
  });
});

function expectWhole({ segments, totalMs, msByKind }: CriticalPath, from: number, until: number): void {
  expect(totalMs).toBe(until - from);
  expect(Object.values(msByKind).reduce((sum, ms) => sum + ms, 0)).toBe(until - from);
  expect(segments.every((segment, at) => segment.from === (segments[at - 1]?.to ?? from))).toBe(true);
  expect(segments.every((segment) => segment.to > segment.from)).toBe(true);
  expect(segments.at(-1)?.to ?? until).toBe(until);
}

/** Each node of a layer waits for all of the one before. */
function layered(sizes: readonly (readonly [queuedMs: number, ranMs: number][])[]) {
  const history = new History();
  const graph: Graph = { nodes: [], edges: [] };
  let before: string[] = [];
  let at = 0;
  for (const [layer, steps] of sizes.entries()) {
    const ids = steps.map((_, number) => `n${layer}_${number}`);
    let end = at;
    for (const [number, [queuedMs, ranMs]] of steps.entries())
      end = Math.max(end, history.run(ids[number] ?? "", at, queuedMs, ranMs));
    for (const to of ids) {
      graph.nodes.push(task(to));
      for (const from of before) graph.edges.push({ from, to });
    }
    before = ids;
    at = end;
  }
  return { history, graph, slowest: at };
}
