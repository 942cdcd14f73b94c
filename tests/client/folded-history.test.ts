/** Any moment of a history is what its events up to it fold to, and stays so while newer ones come. */
import { describe, expect, it } from "vitest";
import { FoldedHistory } from "@/app/_execution/folded-history";
import { CHECKPOINT_EVERY } from "@/app/_execution/history-fold";
import { emptyTimeline, foldTimeline, type TimelineModel } from "@/app/_execution/timeline-model";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import { serializeState } from "@/lib/core/execution/serialize-state";
import type { ExecutionState } from "@/lib/core/execution/state";
import { TestExecution } from "../core/support/execution";

const task = (id: string) => ({
  id,
  type: "task" as const,
  task: id,
  retry: { maxAttempts: 2, initialInterval: 1000 },
});
const MAP: Definition = {
  name: "m",
  nodes: [
    {
      id: "each",
      type: "map",
      items: "=input.items",
      concurrency: 7,
      body: { nodes: [task("a"), { id: "b", type: "transform", value: "=1" }], edges: [{ from: "a", to: "b" }] },
    },
    { ...task("last"), compensate: { task: "undo" } },
    task("end"),
  ],
  edges: [
    { from: "each", to: "last" },
    { from: "last", to: "end" },
  ],
};

/** Hundreds of items, every third of which is tried twice; then a step that completes, and one that does not. */
function long(): TestExecution {
  const execution = new TestExecution(MAP).start({ items: Array.from({ length: 220 }, (_, item) => item) });
  for (let read = 0; read < execution.events.length; read++) {
    const event = execution.events[read];
    if (event?.type !== "StepScheduled" || event.data.index === undefined) continue;
    const [item = 0] = event.data.index;
    execution.now += 10;
    if (item % 3 === 0 && event.data.attempt === 1) execution.fail(["each/a", item]).wakeAfter(2000);
    else execution.complete(["each/a", item]);
  }
  return execution.complete("last");
}

/** Goes on after a fork with other steps open, and ends while something is undone. */
function forkedAndTerminated(): TestExecution {
  const execution = long();
  execution.state = { ...execution.state, graphs: new Map([[2, compileGraph(MAP)]]) };
  execution.do({ type: "fork", source: "exe_source", at: execution.events.length, version: 2, hash: "second" });
  execution.fail("end").wakeAfter(2000);
  execution.fail("end");
  execution.do({ type: "terminate", reason: "enough" });
  return execution;
}

function folded(events: readonly HistoryEvent[]): FoldedHistory {
  const history = new FoldedHistory();
  history.bind(1, MAP);
  history.bind(2, MAP);
  for (const event of events) history.append(event);
  history.follow();
  return history;
}

/** What views see of it. */
function seen({ byKey: _, ordinals: __, changed: ___, newest: ____, ...model }: TimelineModel) {
  return model;
}

function fromScratch(events: readonly HistoryEvent[]) {
  const model = emptyTimeline();
  for (const event of events) foldTimeline(model, event);
  return seen(model);
}

function stored(state: ExecutionState | null): string {
  return JSON.stringify(state && serializeState(state));
}

describe("a folded history", () => {
  const { events } = forkedAndTerminated();
  const history = folded(events);
  const moments = [
    1,
    2,
    CHECKPOINT_EVERY - 1,
    CHECKPOINT_EVERY,
    CHECKPOINT_EVERY + 1,
    2 * CHECKPOINT_EVERY + 77,
    events.length - 7,
    events.length - 1,
    events.length,
  ];

  it("is longer than a few checkpoints, so that what follows says something", () => {
    expect(events.length).toBeGreaterThan(3 * CHECKPOINT_EVERY);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["StepAttemptFailed", "ExecutionForked", "CompensationScheduled", "ExecutionTerminated"]),
    );
  });

  it.each(moments)("draws at event %i what the events up to it say", (at) => {
    expect(seen(history.momentAt(at).timeline)).toEqual(fromScratch(events.slice(0, at)));
  });

  it.each(moments)("has at event %i the state that the core had then", (at) => {
    const graph = compileGraph(MAP);
    const then = evolveAll(initialState(graph, new Map([[2, graph]])), events.slice(0, at));
    expect(stored(history.momentAt(at).state)).toBe(stored(then));
  });

  it("leaves a moment as it is while newer events come, and the newest as if nobody had looked back", () => {
    const growing = folded(events.slice(0, 300));
    const moment = growing.momentAt(290).timeline;
    const before = structuredClone(seen(moment));
    for (const event of events.slice(300)) growing.append(event);
    expect(seen(moment)).toEqual(before);
    expect(seen(growing.timeline)).toEqual(fromScratch(events));
  });

  it("keeps the rows of the newest moment the same objects, and finds them by key", () => {
    const growing = folded(events.slice(0, 20));
    const row = growing.timeline.byKey.get("each");
    for (const event of events.slice(20)) growing.append(event);
    expect(growing.timeline.byKey.get("each")).toBe(row);
    expect(row?.status).toBe("completed");
  });

  it("knows a step at a moment only once it had begun", () => {
    expect(history.momentAt(5).timeline.byKey.get("last")).toBeUndefined();
    expect(history.momentAt(events.length).timeline.byKey.get("last")?.status).toBe("completed");
  });

  it("shares what did not change between two moments", () => {
    const first = history.momentAt(3 * CHECKPOINT_EVERY).timeline.byKey.get("each/a[0]");
    const second = history.momentAt(3 * CHECKPOINT_EVERY + 1).timeline.byKey.get("each/a[0]");
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });

  it("says of a moment that has not arrived what the newest says", () => {
    expect(folded(events.slice(0, 10)).momentAt(500).state?.sequence).toBe(10);
  });

  it("has the states before an event that it does not know, and none from there on", () => {
    const at = CHECKPOINT_EVERY + 10;
    const newer = events.map((event) => (event.sequence === at ? { ...event, type: "StepDreamt" } : event));
    const cut = folded(newer as HistoryEvent[]);
    expect(cut.newer).toBe(true);
    expect(cut.momentAt(at - 1).state?.sequence).toBe(at - 1);
    expect(cut.momentAt(at).state).toBeNull();
    expect(cut.momentAt(at).timeline.rows.length).toBeGreaterThan(0);
  });

  it("has no state, and all of the timeline, while the definition is missing", () => {
    const unbound = new FoldedHistory();
    for (const event of events) unbound.append(event);
    expect(unbound.follow()).toBe(true);
    expect(unbound.missing).toEqual([1, 2]);
    expect(unbound.momentAt(300).state).toBeNull();
    expect(seen(unbound.momentAt(300).timeline)).toEqual(fromScratch(events.slice(0, 300)));
  });

  it("folds in slices when it is told to stop, and goes on where it was", () => {
    const sliced = new FoldedHistory();
    sliced.bind(1, MAP);
    sliced.bind(2, MAP);
    for (const event of events) sliced.append(event);
    expect(sliced.follow(() => true)).toBe(false);
    expect(sliced.reaches(CHECKPOINT_EVERY)).toBe(true);
    expect(sliced.reaches(CHECKPOINT_EVERY + 1)).toBe(false);
    let slices = 1;
    while (!sliced.follow(() => true)) slices++;
    expect(slices).toBeGreaterThan(2);
    expect(stored(sliced.state)).toBe(stored(history.state));
  });
});
