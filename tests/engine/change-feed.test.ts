// Whoever follows a namespace is told of its rooms soon, seldom, and of nothing else.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Queryable } from "@/db/client";
import type { ChangedRoom } from "@/lib/contract/changes";
import { Announcements } from "@/lib/engine/process/announcements";
import { ChangeFeed } from "@/lib/engine/process/change-feed";
import { openLog } from "@/lib/log";

interface Mark {
  namespace_id: number;
  room: string;
  mark: string;
}

let announcements: Announcements;
let feed: ChangeFeed;
let marks: Mark[];
let asked: number[][];
let left: AbortController;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["setTimeout", "clearTimeout", "Date"] });
  announcements = new Announcements();
  marks = [];
  asked = [];
  left = new AbortController();
  const db = {
    query: async ({ values }: { values: [number[]] }) => {
      asked.push(values[0]);
      return { rows: marks.filter(({ namespace_id }) => values[0].includes(namespace_id)) };
    },
  } as unknown as Queryable;
  const clock = { now: () => Date.now() };
  feed = new ChangeFeed({ db, announcements, local: clock, clock, log: openLog("silent") });
});

afterEach(() => {
  left.abort();
  vi.useRealTimers();
});

const changed = (namespaceId: number, ...rooms: ChangedRoom[]) =>
  announcements.publish({ executions: [], queues: [], changes: [{ namespaceId, rooms }] });

/** Messages with the times at which they came, from the first moment on; the first one is left out. */
async function followed(namespaceId: number, signal = left.signal) {
  const told: [atMs: number, ...rooms: ChangedRoom[]][] = [];
  const from = Date.now();
  const ended = (async () => {
    for await (const rooms of feed.follow(namespaceId, signal)) told.push([Date.now() - from, ...rooms]);
  })();
  await pass(0);
  expect(told.shift()).toHaveLength(9);
  return { told, ended };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("the first change is told at once, and what follows it together, a quarter of a second later", async () => {
  const { told } = await followed(1);
  changed(1, "executions");
  await pass(10);
  changed(1, "executions");
  changed(1, "approvals");
  await pass(1_000);
  expect(told).toEqual([
    [0, "executions"],
    [250, "executions", "approvals"],
  ]);
});

test("rooms that change with each step are told every two seconds, and the last change of them is not lost", async () => {
  const { told } = await followed(1);
  for (let ms = 0; ms < 3_000; ms += 100) {
    changed(1, "queues");
    await pass(100);
  }
  await pass(5_000);
  expect(told).toEqual([
    [0, "queues"],
    [2_000, "queues"],
    [4_000, "queues"],
  ]);
});

test("nobody hears of another namespace, and all hear when something may have been missed", async () => {
  const here = await followed(1);
  const there = await followed(2);
  changed(2, "executions");
  await pass(500);
  expect([here.told, there.told]).toEqual([[], [[0, "executions"]]]);
  announcements.missed();
  await pass(0);
  expect(here.told[0]).toHaveLength(9);
  expect(there.told[1]).toHaveLength(9);
});

test("what no flush announces is looked up for all who follow with one statement, and told when it is another", async () => {
  marks = [{ namespace_id: 1, room: "workers", mark: "1" }];
  const first = await followed(1);
  const second = await followed(1);
  await followed(2);
  expect(asked).toEqual([[1], [2]]);
  await pass(2_000);
  expect(asked.at(-1)).toEqual([1, 2]);
  expect(asked).toHaveLength(3);
  expect(first.told).toEqual([]);
  marks = [{ namespace_id: 1, room: "workers", mark: "2" }];
  await pass(2_000);
  expect(first.told).toEqual([[4_000, "workers"]]);
  expect(second.told).toEqual([[4_000, "workers"]]);
});

test("a slow follower gets what it missed as one message", async () => {
  const stream = feed.follow(1, left.signal);
  await stream.next();
  changed(1, "executions");
  await pass(300);
  changed(1, "approvals");
  await pass(300);
  expect(await stream.next()).toEqual({ done: false, value: ["executions", "approvals"] });
});

test("nothing is looked up once nobody follows any more", async () => {
  const { ended } = await followed(1);
  left.abort();
  await ended;
  const before = asked.length;
  await pass(10_000);
  expect(asked).toHaveLength(before);
});
