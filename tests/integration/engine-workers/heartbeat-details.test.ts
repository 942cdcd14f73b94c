// What a heartbeat carried reaches the next attempt, however the one before it failed, and nobody else.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { completed, named, only, startProcess, type TestProcess } from "./process";

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

const RETRY = { maxAttempts: 10, jitter: 0, initialInterval: "1s" };

async function leased(queue: string, node = {}): Promise<{ worker: string; task: Task; id: bigint }> {
  const id = await process.start({ queue, node: { retry: RETRY, ...node } });
  const worker = await process.register({ queues: [queue] });
  return { id, worker, task: only((await process.poll(worker, {})).tasks) };
}

const tell = (worker: string, task: Task, details: JsonValue) => process.beat(worker, { ...named(task), details });

const fail = (worker: string, task: Task) =>
  process.poll(worker, { capacity: 0, results: [{ ...named(task), status: "failed", error: { code: "E" } }] });

async function next(id: bigint, worker: string): Promise<Task> {
  process.clock.advance(60_000);
  await process.wake(id);
  return only((await process.poll(worker, {})).tasks);
}

async function kept(id: bigint): Promise<string[]> {
  const { rows } = await process.engine.pool.query<{ details: string }>(
    "select details from heartbeat_details where execution_id = $1",
    [id],
  );
  return rows.map(({ details }) => details);
}

describe("the last details that a heartbeat carried", () => {
  it("reach the attempt after one that failed, and those after it until others are told", async () => {
    const { id, worker, task } = await leased("fails");
    expect(task.heartbeatDetails).toBeUndefined();
    await tell(worker, task, { page: 1 });
    await tell(worker, task, { page: 2 });
    await fail(worker, task);
    const second = await next(id, worker);
    expect(second).toMatchObject({ attempt: 2, heartbeatDetails: { page: 2 } });
    await fail(worker, second);
    const third = await next(id, worker);
    expect(third).toMatchObject({ attempt: 3, heartbeatDetails: { page: 2 } });
    await tell(worker, third, null);
    await fail(worker, third);
    expect(await next(id, worker)).toMatchObject({ attempt: 4, heartbeatDetails: null });
  });

  it("reach the attempt after one whose lease ran out", async () => {
    const { id, worker, task } = await leased("expires");
    await tell(worker, task, "half");
    await process.pass(11_000);
    expect(await next(id, worker)).toMatchObject({ attempt: 2, heartbeatDetails: "half" });
  });

  it("reach the attempt after one whose result could not be kept", async () => {
    const { id, worker, task } = await leased("unfit");
    await tell(worker, task, "far");
    await process.poll(worker, { capacity: 0, results: [completed(task, "a\u0000b")] });
    expect(await next(id, worker)).toMatchObject({ attempt: 2, heartbeatDetails: "far" });
  });

  it("reach whoever is given the task in another process", async () => {
    const { id, worker, task } = await leased("moves");
    await tell(worker, task, [1, 2]);
    const other = await startProcess(database.connectionString, { slot: 2, clock: process.clock });
    const error = { code: "E", message: "m" };
    await other.poll(worker, { capacity: 0, results: [{ ...named(task), status: "failed", error }] });
    process.clock.advance(60_000);
    await other.wake(id);
    expect(only((await other.poll(worker, {})).tasks)).toMatchObject({ attempt: 2, heartbeatDetails: [1, 2] });
    await other.close();
  });

  it("are forged by nobody: a token that is dead keeps nothing", async () => {
    const { id, worker, task } = await leased("forged");
    await tell(worker, task, "true");
    const dead = { ...named(task), leaseToken: `${task.leaseToken.slice(0, -3)}000`, status: "failed", error: {} };
    await process.poll(worker, { capacity: 0, results: [dead] });
    expect(await kept(id)).toEqual([]);
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
  });

  it("stay with their round and their iteration", async () => {
    const poll = { until: "output == 'done'", interval: "1s" };
    const { id, worker, task } = await leased("rounds-alone", { poll });
    await tell(worker, task, "of round 1");
    await fail(worker, task);
    const again = await next(id, worker);
    expect(again).toMatchObject({ round: 1, attempt: 2, heartbeatDetails: "of round 1" });
    await process.poll(worker, { capacity: 0, results: [completed(again, "not yet")] });
    const second = await next(id, worker);
    expect(second).toMatchObject({ round: 2, attempt: 1 });
    expect(second.heartbeatDetails).toBeUndefined();
    await fail(worker, second);
    const retried = await next(id, worker);
    expect(retried).toMatchObject({ round: 2, attempt: 2 });
    expect(retried.heartbeatDetails).toBeUndefined();
  });

  it("are kept for nobody where no heartbeat told any", async () => {
    const { id, worker, task } = await leased("never");
    await process.beat(worker, named(task));
    await fail(worker, task);
    expect((await next(id, worker)).heartbeatDetails).toBeUndefined();
    expect(await kept(id)).toEqual([]);
  });

  it("are kept for nobody where the task succeeds", async () => {
    const { id, worker, task } = await leased("succeeds");
    await tell(worker, task, "nearly");
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
    expect(await kept(id)).toEqual([]);
  });
});
