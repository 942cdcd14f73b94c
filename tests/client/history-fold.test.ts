/** The page folds what arrives as the core does, over forks to other versions too, and goes without where it cannot. */
import { describe, expect, it } from "vitest";
import { HistoryFold } from "@/app/_execution/history-fold";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { compileGraph } from "@/lib/core/definition/graph";
import { TestExecution } from "../core/support/execution";

const task = (id: string) => ({ id, type: "task" as const, task: id, retry: { maxAttempts: 1 } });
const FIRST: Definition = { name: "w", nodes: [task("a"), task("b")], edges: [{ from: "a", to: "b" }] };
const SECOND: Definition = {
  name: "w",
  nodes: [task("a"), task("b"), task("c")],
  edges: [
    { from: "a", to: "b" },
    { from: "b", to: "c" },
  ],
};

/** Begun by the first version, forked to the second, and completed by it. */
function forked(): TestExecution {
  const execution = new TestExecution(FIRST).start().complete("a");
  execution.state = { ...execution.state, graphs: new Map([[2, compileGraph(SECOND)]]) };
  execution.do({ type: "fork", source: "exe_source", at: execution.events.length, version: 2, hash: "second" });
  return execution.complete("b").complete("c");
}

function foldEach(fold: HistoryFold, events: readonly HistoryEvent[]) {
  events.forEach((_, i) => {
    fold.follow(events.slice(0, i + 1));
  });
}

describe("the fold of a page", () => {
  it("follows a fork to another version, event by event, once it has both definitions", () => {
    const { events, state } = forked();
    const fold = new HistoryFold();
    fold.bind(1, FIRST);
    fold.bind(2, SECOND);
    foldEach(fold, events);
    const { graph: _, graphs: __, ...rest } = state;
    expect(fold.state).toMatchObject(rest);
    expect(fold.state).toMatchObject({ status: "completed", version: 2, graph: { definition: SECOND } });
  });

  it("waits for the definition of the version that it does not have, and says which", () => {
    const { events } = forked();
    const fold = new HistoryFold();
    fold.follow(events.slice(0, 1));
    expect([fold.state, fold.missing]).toEqual([null, [1]]);
    fold.bind(1, FIRST);
    const fork = events.findIndex(({ type }) => type === "ExecutionForked");
    foldEach(fold, events.slice(0, fork));
    expect(fold.state?.sequence).toBe(fork);
    fold.follow(events);
    expect([fold.state?.sequence, fold.missing]).toEqual([fork, [2]]);
    fold.bind(2, SECOND);
    fold.follow(events);
    expect([fold.state?.sequence, fold.missing]).toEqual([events.length, []]);
  });

  it("has no state once an event is newer than the page, and says so", () => {
    const { events } = forked();
    const unknown = { ...events[1], type: "StepDreamt" } as unknown as HistoryEvent;
    const fold = new HistoryFold();
    fold.bind(1, FIRST);
    fold.follow(events.slice(0, 1));
    expect(fold.state?.sequence).toBe(1);
    fold.follow([...events.slice(0, 1), unknown]);
    expect([fold.state, fold.newer]).toEqual([null, true]);
  });

  it("has no state of a history that cannot be folded, and stays so", () => {
    const { events } = forked();
    const fold = new HistoryFold();
    fold.bind(1, { ...FIRST, nodes: [task("x")], edges: [] });
    fold.follow(events.slice(0, 2));
    fold.follow(events.slice(0, 3));
    expect([fold.state, fold.newer]).toEqual([null, false]);
  });
});
