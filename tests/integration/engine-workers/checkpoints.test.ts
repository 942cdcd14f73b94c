// What handlers note down on their way: recorded before it is acknowledged, once, and told to every later task of the step.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeId } from "@/lib/contract/ids";
import type { Task } from "@/lib/contract/workers";
import { decodeLeaseToken } from "@/lib/engine/leasing/lease-token";
import { recordCheckpoints } from "@/lib/engine/leasing/record-checkpoints";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, eventsOf, historyOf, named, only, startProcess, type TestProcess } from "./process";

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

async function leased(queue: string, node = {}): Promise<{ worker: string; task: Task; id: bigint }> {
  const id = await process.start({ queue, node });
  const worker = await process.register({ queues: [queue] });
  return { id, worker, task: only((await process.poll(worker, {})).tasks) };
}

const failed = (task: Task, more = {}) => ({ ...named(task), status: "failed", error: { code: "E" }, ...more });

/** The next attempt, once its back-off is over. */
async function nextAttempt(id: bigint, worker: string): Promise<Task> {
  process.clock.advance(60_000);
  await process.wake(id);
  return only((await process.poll(worker, {})).tasks);
}

const names = async (id: bigint) => (await eventsOf(process, id, "StepCheckpointed")).map(({ name }) => name);

describe("a checkpoint of a heartbeat", () => {
  it("is in the history when it is acknowledged, in the worker's name", async () => {
    const { id, worker, task } = await leased("recorded");
    const { acks } = await process.beat(worker, { ...named(task), checkpoints: [{ name: "charged", value: 7 }] });
    expect(acks).toEqual([{ taskId: task.taskId, status: "ok", checkpoints: [{ name: "charged", value: 7 }] }]);
    const events = await eventsOf(process, id, "StepCheckpointed");
    expect(events).toMatchObject([{ name: "charged", value: 7, node: "s1", actor: `worker:${worker}` }]);
  });

  it("keeps the first value of its name, which is what later acks say", async () => {
    const { id, worker, task } = await leased("first-wins");
    const say = async (...checkpoints: object[]) =>
      only((await process.beat(worker, { ...named(task), checkpoints })).acks).checkpoints;
    await say({ name: "a", value: 1 }, { name: "a", value: 2 });
    expect(await say({ name: "a", value: 3 }, { name: "b", value: null })).toEqual([
      { name: "a", value: 1 },
      { name: "b", value: null },
    ]);
    expect(await say({ name: "b", value: 4 })).toEqual([{ name: "b", value: null }]);
    expect(await names(id)).toEqual(["a", "b"]);
  });

  it("goes to the next attempt, a large one too, in the order it came", async () => {
    const { id, worker, task } = await leased("carried", { retry: { maxAttempts: 3 } });
    const large = "x".repeat(100_000);
    await process.beat(worker, { ...named(task), checkpoints: [{ name: "large", value: large }] });
    const checkpoints = [{ name: "small", value: { n: 1 } }];
    await process.poll(worker, { capacity: 0, results: [failed(task, { checkpoints })] });
    const second = await nextAttempt(id, worker);
    expect(second.attempt).toBe(2);
    expect(second.checkpoints).toEqual([{ name: "large", value: large }, ...checkpoints]);
    const { acks } = await process.beat(worker, {
      ...named(second),
      checkpoints: [{ name: "large", value: "another" }],
    });
    expect(only(acks).checkpoints).toEqual([{ name: "large", value: large }]);
  });

  it("ends with its step: a task of the next one carries none", async () => {
    await process.start({ queue: "own", steps: 2 });
    const worker = await process.register({ queues: ["own"] });
    const first = only((await process.poll(worker, {})).tasks);
    const results = [{ ...completed(first), checkpoints: [{ name: "done", value: 1 }] }];
    const second = only((await process.poll(worker, { results })).tasks);
    expect(second.node).toBe("s2");
    expect(second.checkpoints).toBeUndefined();
  });

  it("may share its flush with the result that ends the task", async () => {
    const { id, worker, task } = await leased("together");
    const checkpoints = [{ name: "late", value: 1 }];
    const [{ acks }, answer] = await Promise.all([
      process.beat(worker, { ...named(task), checkpoints }),
      process.poll(worker, { capacity: 0, results: [completed(task)] }),
    ]);
    expect(only(answer.acks).status).toBe("accepted");
    // Whichever came first: it is recorded, or the worker is told to stop.
    expect(await names(id)).toEqual(only(acks).status === "ok" ? ["late"] : []);
    expect(await historyOf(process, id)).toContain("ExecutionCompleted");
  });

  it("of a lease that went to another worker is not taken", async () => {
    const { id, worker, task } = await leased("fenced");
    await process.pass(6_000);
    const other = await process.register({ queues: ["fenced"] });
    const again = only((await process.poll(other, {})).tasks);
    expect(again.taskId).toBe(task.taskId);
    const checkpoints = [{ name: "stolen", value: 1 }];
    expect(only((await process.beat(worker, { ...named(task), checkpoints })).acks).status).toBe("stale");

    // The same where the lease changed hands after it was renewed: the flush itself compares the token.
    const old = decodeLeaseToken(task.leaseToken);
    const now = decodeLeaseToken(again.leaseToken);
    if (old === null || now === null) throw new Error("no token");
    const record = ({ secret }: { secret: bigint }, leaseToken: string) =>
      recordCheckpoints(process.services, CALLER, {
        ...now,
        secret,
        leaseToken,
        publicTaskId: task.taskId,
        taskId: decodeId("task", task.taskId) ?? 0n,
        checkpoints,
      });
    expect(await record(old, task.leaseToken)).toEqual({ status: "stale" });
    expect(await names(id)).toEqual([]);
    expect(await record(now, again.leaseToken)).toEqual({ status: "ok", checkpoints });
    expect(await names(id)).toEqual(["stolen"]);
    const { acks } = await process.poll(other, { capacity: 0, results: [completed(again)] });
    expect(only(acks).status).toBe("accepted");
  });

  it("that cannot be kept renews the lease and says why, and the others of the heartbeat are recorded", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => process.start({ queue: "bad" })));
    const worker = await process.register({ queues: ["bad"] });
    const { tasks } = await process.poll(worker, { capacity: 4 });
    const sent: unknown[] = [
      [{ name: "a\u0000b", value: 1 }],
      [{ name: "big", value: "x".repeat(2 * 1024 * 1024) }],
      [{ name: "no value" }],
      [{ name: "good", value: 1 }],
    ];
    const { acks, commands } = await process.beat(
      worker,
      ...tasks.map((task, i) => ({ ...named(task), checkpoints: sent[i] })),
    );
    expect(acks.map(({ status, code }) => [status, code])).toEqual([
      ["ok", "INVALID_TEXT"],
      ["ok", "PAYLOAD_TOO_LARGE"],
      ["ok", "INVALID_REQUEST"],
      ["ok", undefined],
    ]);
    expect(commands).toEqual([]);
    expect((await Promise.all(ids.map(names))).flat()).toEqual(["good"]);
  });

  it("beyond what a step may have is refused, by count and by size, and what is recorded may come again", async () => {
    const { id, worker, task } = await leased("full");
    const hundred = (from: number) => Array.from({ length: 100 }, (_, i) => ({ name: `c${from + i}`, value: i }));
    for (let from = 0; from < 1000; from += 100)
      expect(
        only((await process.beat(worker, { ...named(task), checkpoints: hundred(from) })).acks).code,
      ).toBeUndefined();
    const more = [{ name: "one more", value: 1 }];
    expect(only((await process.beat(worker, { ...named(task), checkpoints: more })).acks).code).toBe(
      "TOO_MANY_CHECKPOINTS",
    );
    expect(only((await process.beat(worker, { ...named(task), checkpoints: hundred(900) })).acks).code).toBeUndefined();
    const { acks } = await process.poll(worker, { capacity: 0, results: [{ ...completed(task), checkpoints: more }] });
    expect(acks).toEqual([{ taskId: task.taskId, status: "rejected", code: "TOO_MANY_CHECKPOINTS" }]);
    expect(await names(id)).toHaveLength(1000);
    // Sent again it would be refused again: it is not tried again.
    expect((await historyOf(process, id)).slice(-3)).toEqual([
      "StepAttemptFailed TOO_MANY_CHECKPOINTS",
      "StepFailed TOO_MANY_CHECKPOINTS",
      "ExecutionFailed",
    ]);
  });

  it("is refused once all of a step are ten megabytes", async () => {
    const { worker, task } = await leased("heavy");
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 11; i++) {
      const checkpoints = [{ name: `m${i}`, value: "x".repeat(1_000_000) }];
      codes.push(only((await process.beat(worker, { ...named(task), checkpoints })).acks).code);
    }
    expect(codes.filter((code) => code === undefined)).toHaveLength(10);
    expect(codes.at(-1)).toBe("TOO_MANY_CHECKPOINTS");
  });
});

describe("a checkpoint of a result", () => {
  it("stays true where the result itself cannot be kept", async () => {
    const { id, worker, task } = await leased("rejected", { retry: { maxAttempts: 2 } });
    const checkpoints = [{ name: "charged", value: "receipt" }];
    const result = { ...completed(task, "a\u0000b"), checkpoints };
    const { acks } = await process.poll(worker, { capacity: 0, results: [result] });
    expect(acks).toEqual([{ taskId: task.taskId, status: "rejected", code: "INVALID_TEXT" }]);
    expect((await nextAttempt(id, worker)).checkpoints).toEqual(checkpoints);
  });

  it("of more than a message may carry is refused with it", async () => {
    const { id, worker, task } = await leased("crowd");
    const checkpoints = Array.from({ length: 101 }, (_, i) => ({ name: `c${i}`, value: i }));
    const { acks } = await process.poll(worker, { capacity: 0, results: [{ ...completed(task), checkpoints }] });
    expect(only(acks)).toMatchObject({ status: "rejected", code: "INVALID_REQUEST" });
    expect(await names(id)).toEqual([]);
  });
});

describe("a heartbeat without checkpoints", () => {
  it("touches no execution, whatever else it says", async () => {
    const { id, worker, task } = await leased("silent");
    const version = async () => {
      const { rows } = await process.engine.pool.query("select xmin, ctid from executions where id = $1", [id]);
      return rows;
    };
    const before = { row: await version(), flushes: process.engine.flushes() };
    const logs = [{ at: "2026-01-05T12:00:00Z", level: "info", text: "still here" }];
    await process.beat(worker, { ...named(task), details: { page: 3 }, checkpoints: [], logs });
    expect({ row: await version(), flushes: process.engine.flushes() }).toEqual(before);
    expect(await historyOf(process, id)).toEqual(["ExecutionStarted", "StepScheduled"]);
  });
});
