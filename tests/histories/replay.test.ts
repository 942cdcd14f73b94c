// Histories that executions left behind fold for ever. To keep new behaviours, or the hashes of a new STATE_VERSION:
// RECORD_HISTORIES=1 npx vitest run tests/histories && npx biome check --write tests/histories
import { describe, expect, it } from "vitest";
import { EVENT_TYPES, eventDataSchemas, type HistoryEvent } from "@/lib/contract/history";
import { STATE_VERSION } from "@/lib/core/execution/state";
import { AREAS } from "../conformance/behaviours";
import { definitionsOf } from "../conformance/given";
import { localHost } from "../conformance/local-host";
import { rehearse } from "../conformance/rehearse";
import { record, recordedHistories, renew, stateHash } from "./recorded";

/** Of each area, and every type of event among them. */
const RECORDED_EACH = 2;
/** What no execution in this process can come to: it has one worker, which is never late. */
const NOT_LOCAL = new Set(["ResultRejected"]);

if (process.env.RECORD_HISTORIES === "1") {
  for (const [file, recorded] of recordedHistories())
    if (recorded.stateVersion !== STATE_VERSION) renew(file, recorded);
  const seen = new Set(recordedHistories().flatMap(([, { events }]) => events.map(({ type }) => type)));
  for (const behaviours of Object.values(AREAS)) {
    let kept = 0;
    for (const behaviour of behaviours.filter(({ only }) => only !== "engine")) {
      const { histories } = await rehearse(localHost, behaviour);
      const definition = definitionsOf(behaviour.given).at(-1);
      const isForked = (events: HistoryEvent[]) => events.some(({ type }) => type === "ExecutionForked");
      const events = histories.find(isForked) ?? histories[0] ?? [];
      if (definition === undefined || (kept++ >= RECORDED_EACH && events.every(({ type }) => seen.has(type)))) continue;
      for (const { type } of events) seen.add(type);
      record(behaviour.name, definition, events);
    }
  }
}

const all = recordedHistories();

describe("recorded histories", () => {
  it.each(all)("%s folds to the state it always did", (_, recorded) => {
    const hash = stateHash(recorded);
    expect(
      STATE_VERSION,
      "STATE_VERSION was raised: write the hashes anew with RECORD_HISTORIES=1 npx vitest run tests/histories",
    ).toBe(recorded.stateVersion);
    expect(
      hash,
      "This history folds to another state than it did: snapshots of running servers no longer agree with their histories. " +
        "Undo the change of evolve, or raise STATE_VERSION in lib/core/execution/state.ts and record the hashes anew",
    ).toBe(recorded.stateHash);
  });

  it.each(all)("%s is still what the contract says a history is", (_, { events }) => {
    for (const { type, data } of events) expect(eventDataSchemas[type].parse(data)).toEqual(data);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((__, i) => i + 1));
  });

  it("are of every type of event", () => {
    const types = new Set<string>(all.flatMap(([, { events }]) => events.map(({ type }) => type)));
    expect(EVENT_TYPES.filter((type) => !types.has(type) && !NOT_LOCAL.has(type))).toEqual([]);
  });

  it("fold to another hash where one event is another", () => {
    const [, recorded] = all[0] ?? [];
    if (recorded === undefined) throw new Error("nothing is recorded");
    const events = recorded.events.map((event) => ({ ...event, at: "2030-01-01T00:00:00.000Z" }));
    expect(stateHash({ ...recorded, events })).not.toBe(recorded.stateHash);
  });
});
