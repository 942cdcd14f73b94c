// Who is given which task, and when: by rank with ageing, by the worker that was there before, by key, by rate.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskNode } from "@/lib/contract/definition";
import type { QueueLimits } from "@/lib/contract/queues";
import type { Task } from "@/lib/contract/workers";
import { setQueueLimits } from "@/lib/engine/set-queue-limits";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { until } from "../engine-services/engine";
import { CALLER, completed, only, startProcess, type TestProcess, value } from "./process";

let database: TestDatabase;
let process: TestProcess;

beforeAll(async () => {
  database = await createDatabase();
  process = await startProcess(database.connectionString);
});

afterAll(async () => {
  await process.close();
  await database.drop();
});

/** One execution after another, so that their order is known. */
async function startEach(queue: string, nodes: readonly Partial<TaskNode>[]): Promise<void> {
  for (const node of nodes) await process.start({ queue, node });
}

/** Polls for one task at a time, and ends each, until there is none. */
async function inOrder(worker: string): Promise<Task[]> {
  const tasks: Task[] = [];
  let results: ReturnType<typeof completed>[] = [];
  for (;;) {
    const [task] = (await process.poll(worker, { results })).tasks;
    if (task === undefined) return tasks;
    tasks.push(task);
    results = [completed(task)];
  }
}

async function limit(queue: string, limits: Partial<QueueLimits>): Promise<void> {
  value(await setQueueLimits(process.services, CALLER, queue, { paused: false, rate: null, keyRate: null, ...limits }));
}

const polling = (worker: string, count = 1) =>
  until(`${count} polls are parked`, async () => worker !== "" && process.services.waiters.parked === count);

describe("priority", () => {
  it("goes before arrival", async () => {
    await startEach(
      "urgent",
      [0, -5, 10, 5].map((priority) => ({ priority, input: priority })),
    );
    const worker = await process.register({ queues: ["urgent"] });
    expect((await inOrder(worker)).map(({ input }) => input)).toEqual([10, 5, 0, -5]);
  });

  it.each([
    [299_000, ["new", "old"]],
    [301_000, ["old", "new"]],
  ])("of five points is worth five minutes of waiting: after %i ms", async (waitedMs, order) => {
    const queue = `ageing_${waitedMs}`;
    await startEach(queue, [{ priority: 0, input: "old" }]);
    process.clock.advance(waitedMs);
    await startEach(queue, [{ priority: 5, input: "new" }]);
    const worker = await process.register({ queues: [queue] });
    expect((await inOrder(worker)).map(({ input }) => input)).toEqual(order);
  });

  it("counts for a task that its own flush could give out, as for one that waits", async () => {
    await startEach("fresh", [{ priority: 0, input: "waiting" }]);
    await process.start({ queue: "first", node: { priority: 9 } });
    const worker = await process.register({ queues: ["first", "fresh"] });
    const first = only((await process.poll(worker, {})).tasks);
    expect(first.queue).toBe("first");
    const next = await process.poll(worker, { results: [completed(first)] });
    expect(only(next.tasks).input).toBe("waiting");
  });
});

describe("a sticky step", () => {
  async function secondStep(queue: string) {
    await process.start({ queue, steps: 2, node: { sticky: true } });
    const [before, other] = await Promise.all([1, 2].map(() => process.register({ queues: [queue] })));
    if (before === undefined || other === undefined) throw new Error("no worker");
    const first = only((await process.poll(before, {})).tasks);
    return { before, other, end: () => process.poll(before, { capacity: 0, results: [completed(first)] }) };
  }

  it("goes to the worker that ran the one before, though others wait for longer", async () => {
    const { before, other, end } = await secondStep("stuck");
    const others = process.poll(other, { waitMs: 30_000 });
    await polling(other, 1);
    const own = process.poll(before, { waitMs: 30_000 });
    await polling(before, 2);
    await end();
    expect((await own).tasks).toHaveLength(1);
    expect(process.services.waiters.parked).toBe(1);
    process.clock.advance(30_000);
    process.services.waiters.tick();
    expect((await others).tasks).toEqual([]);
  });

  it("is for no other worker for five seconds, and then for any", async () => {
    const { other, end } = await secondStep("unstuck");
    await end();
    process.clock.advance(4_999);
    expect((await process.poll(other, {})).tasks).toEqual([]);
    process.clock.advance(1);
    expect((await process.poll(other, {})).tasks).toHaveLength(1);
  });

  it("comes to a poll that was parked all the while, once the five seconds are over", async () => {
    const { other, end } = await secondStep("abandoned");
    const waiting = process.poll(other, { waitMs: 30_000 });
    await polling(other);
    await end();
    process.clock.advance(4_000);
    await process.services.waiters.look();
    expect(process.services.waiters.parked).toBe(1);
    process.clock.advance(1_000);
    await process.services.waiters.look();
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("that nobody has run before is anybody's", async () => {
    await process.start({ queue: "unbound", node: { sticky: true } });
    const worker = await process.register({ queues: ["unbound"] });
    expect((await process.poll(worker, {})).tasks).toHaveLength(1);
  });
});

describe("a concurrency key", () => {
  const keyed = (key: string, input: unknown = key): Partial<TaskNode> => ({
    concurrencyKey: key,
    input: input as TaskNode["input"],
  });

  it("keeps back what is beyond its limit, in order, and hands out the next in the flush that ends the one before", async () => {
    await startEach(
      "keyed",
      [1, 2, 3].map((i) => keyed("a", i)),
    );
    const worker = await process.register({ queues: ["keyed"] });
    const { tasks } = await process.poll(worker, { capacity: 3 });
    expect(tasks.map(({ input }) => input)).toEqual([1]);
    const flushes = process.engine.flushes();
    const next = await process.poll(worker, { capacity: 3, results: tasks.map((task) => completed(task)) });
    expect(process.engine.flushes()).toBe(flushes + 1);
    expect(next.tasks.map(({ input }) => input)).toEqual([2]);
    expect((await inOrder(worker)).length).toBe(0);
  });

  it("offers the next to a poll that is parked, at once", async () => {
    await startEach(
      "handed_on",
      [1, 2].map((i) => keyed("a", i)),
    );
    const [one, other] = await Promise.all([1, 2].map(() => process.register({ queues: ["handed_on"] })));
    if (one === undefined || other === undefined) throw new Error("no worker");
    const first = only((await process.poll(one, {})).tasks);
    const waiting = process.poll(other, { waitMs: 30_000 });
    await polling(other);
    await process.poll(one, { capacity: 0, results: [completed(first)] });
    expect(only((await waiting).tasks).input).toBe(2);
  });

  it("holds up no other key", async () => {
    await startEach("apart", [keyed("a", 1), keyed("a", 2), keyed("b", 3), { input: 4 }]);
    const worker = await process.register({ queues: ["apart"] });
    const { tasks } = await process.poll(worker, { capacity: 4 });
    expect(tasks.map(({ input }) => input).sort()).toEqual([1, 3, 4]);
  });

  it("gives the place of a paused execution to the next, and that of a cancelled one too", async () => {
    const [first, second] = [
      await process.start({ queue: "gives_way", node: keyed("a", 1) }),
      await process.start({ queue: "gives_way", node: keyed("a", 2) }),
      await process.start({ queue: "gives_way", node: keyed("a", 3) }),
    ];
    if (first === undefined || second === undefined) throw new Error("not started");
    const worker = await process.register({ queues: ["gives_way"] });
    await process.engine.apply(first, { type: "pause" });
    await process.engine.apply(second, { type: "cancel" });
    expect(only((await process.poll(worker, { capacity: 3 })).tasks).input).toBe(3);
    await process.engine.apply(first, { type: "resume" });
    expect((await process.poll(worker, { capacity: 3 })).tasks).toEqual([]);
  });
});

describe("a queue's rate", () => {
  it("gives out no more in any span than it saves up and takes in", async () => {
    await limit("slow", { rate: { limit: 3, perMs: 1_000 } });
    await Promise.all(Array.from({ length: 30 }, () => process.start({ queue: "slow" })));
    const workers = await Promise.all([1, 2].map(() => process.register({ queues: ["slow"] })));
    const given: number[] = [];
    for (let turn = 0; given.length < 30 && turn < 300; turn++) {
      const answers = await Promise.all(workers.map((worker) => process.poll(worker, { capacity: 1 + (turn % 4) })));
      for (const { tasks } of answers) given.push(...tasks.map(() => process.clock.now()));
      process.clock.advance(37 + ((turn * 61) % 200));
    }
    expect(given).toHaveLength(30);
    for (const [i, from] of given.entries())
      for (const [j, to] of given.slice(i).entries()) expect(j + 1).toBeLessThanOrEqual(3 + (3 * (to - from)) / 1_000);
    // It was the rate that held them up, and nothing else.
    expect((given.at(-1) ?? 0) - (given[0] ?? 0)).toBeGreaterThanOrEqual(((30 - 3) / 3) * 1_000 - 1_000);
  });

  it("holds back what a flush makes ready, and wakes parked polls when it may give out again", async () => {
    await limit("minutely", { rate: { limit: 1, perMs: 60_000 } });
    await process.start({ queue: "minutely", steps: 2 });
    const worker = await process.register({ queues: ["minutely"] });
    const first = only((await process.poll(worker, {})).tasks);
    expect((await process.poll(worker, { results: [completed(first)] })).tasks).toEqual([]);
    const waiting = process.poll(worker, { waitMs: 30_000 });
    await polling(worker);
    process.clock.advance(20_000);
    await process.sweep.turn();
    await until("the poll has asked and is parked again", async () => process.services.waiters.parked === 1);
    await limit("minutely", { rate: { limit: 1, perMs: 10_000 } });
    process.clock.advance(9_000);
    await process.sweep.turn();
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("of a key is its own, and holds up no other key", async () => {
    await limit("by_key", { keyRate: { limit: 2, perMs: 60_000 } });
    const of = (key: string): Partial<TaskNode> => ({ concurrencyKey: key, concurrencyLimit: 50, input: key });
    await startEach("by_key", [..."aaaab"].map(of));
    const worker = await process.register({ queues: ["by_key"] });
    const given = async () => (await process.poll(worker, { capacity: 9 })).tasks.map(({ input }) => input).sort();
    expect(await given()).toEqual(["a", "a", "b"]);
    await process.sweep.turn();
    expect(await given()).toEqual([]);
    await process.pass(30_000, { heartbeats: async () => {} });
    expect(await given()).toContain("a");
  });
});

describe("a paused queue", () => {
  it("gives out nothing, and all of it once it goes on", async () => {
    await limit("paused", { paused: true });
    await process.start({ queue: "paused" });
    const worker = await process.register({ queues: ["paused"] });
    expect((await process.poll(worker, {})).tasks).toEqual([]);
    const waiting = process.poll(worker, { waitMs: 30_000 });
    await polling(worker);
    await process.start({ queue: "paused" });
    await process.sweep.turn();
    await polling(worker);
    await limit("paused", {});
    expect((await waiting).tasks).toHaveLength(1);
    expect((await process.poll(worker, { capacity: 5 })).tasks).toHaveLength(1);
  });

  it("holds up no other queue of its workers", async () => {
    await limit("shut", { paused: true });
    await startEach("shut", [{}, {}, {}]);
    await process.start({ queue: "open" });
    const worker = await process.register({ queues: ["shut", "open"] });
    const { tasks } = await process.poll(worker, { capacity: 2 });
    expect(tasks.map(({ queue }) => queue)).toEqual(["open"]);
  });
});
