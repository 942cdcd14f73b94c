/** The list of events: filtered, and gathered by step, as the history grows. */
import { describe, expect, it } from "vitest";
import { EventList, itemsOf } from "@/app/_execution/event-list";
import type { HistoryEvent } from "@/lib/contract/history";

function event(sequence: number, type: string, node?: string): HistoryEvent {
  const data = node === undefined ? {} : { node, iteration: 1 };
  return { sequence, type, at: "2026-01-01T00:00:00.000Z", actor: "engine", command: 1, data } as HistoryEvent;
}

const HISTORY = [
  event(1, "ExecutionStarted"),
  event(2, "StepScheduled", "a"),
  event(3, "StepScheduled", "b"),
  event(4, "StepCompleted", "a"),
  event(5, "StepCompleted", "b"),
  event(6, "ExecutionCompleted"),
];

function listed(filter: { type?: string; step?: string }, all: readonly HistoryEvent[] = HISTORY): EventList {
  const list = new EventList({ type: filter.type ?? null, step: filter.step ?? null });
  list.grow(all);
  return list;
}

const sequences = ({ events }: { events: readonly HistoryEvent[] }) => events.map(({ sequence }) => sequence);

describe("the list of events", () => {
  it("holds what its filter lets through", () => {
    expect(sequences(listed({}))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sequences(listed({ type: "StepCompleted" }))).toEqual([4, 5]);
    expect(sequences(listed({ step: "a" }))).toEqual([2, 4]);
    expect(sequences(listed({ step: "a", type: "StepCompleted" }))).toEqual([4]);
  });

  it("takes each event once, however often it is asked to grow", () => {
    const all = HISTORY.slice(0, 3);
    const list = listed({}, all);
    list.grow(all);
    all.push(...HISTORY.slice(3));
    list.grow(all);
    expect(sequences(list)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("finds where an event is, or would be", () => {
    const list = listed({ step: "a" });
    expect([1, 2, 3, 4, 5].map((sequence) => list.indexOf(sequence))).toEqual([0, 0, 1, 1, 2]);
  });

  it("gathers the events of a step where its first one stands, those of the execution by themselves", () => {
    const { groups } = listed({});
    expect(groups.map((group) => [group.key, sequences(group)])).toEqual([
      [null, [1]],
      ["a", [2, 4]],
      ["b", [3, 5]],
      [null, [6]],
    ]);
  });

  it("draws a group as one row until it is unfolded, and a single event as itself", () => {
    const { groups } = listed({});
    const kinds = (unfolded: string[]) =>
      itemsOf(groups, new Set(unfolded)).map((item) =>
        item.kind === "group" ? item.group.key : `${item.isInside ? "in " : ""}${item.event.sequence}`,
      );
    expect(kinds([])).toEqual(["1", "a", "b", "6"]);
    expect(kinds(["a"])).toEqual(["1", "a", "in 2", "in 4", "b", "6"]);
    expect(itemsOf(listed({ type: "StepCompleted" }).groups, new Set()).map(({ kind }) => kind)).toEqual([
      "event",
      "event",
    ]);
  });
});
