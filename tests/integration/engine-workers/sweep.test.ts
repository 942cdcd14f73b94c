// The sweep of deadlines, the rates of queues, and what all of it costs while nothing happens.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Queryable } from "@/db/client";
import { keepHeartbeatDetails, readHeartbeatDetails } from "@/db/stores/heartbeat-details";
import { sweepDeadlines } from "@/db/stores/lease-sweep";
import { addQueueRates } from "@/db/stores/queue-rates";
import { extendLeases, readLeases, readyKinds, renewLeases } from "@/db/stores/task-leases";
import { deleteWorker, seeWorker } from "@/db/stores/workers";
import { heartbeat } from "@/lib/engine/heartbeat";
import { LeaseSweep } from "@/lib/engine/leasing/lease-sweep";
import { noMetrics } from "@/lib/engine/metrics";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, historyOf, only, startProcess, type TestProcess } from "./process";

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

/** Counts statements, and can ask how the database would run each. */
function watched(): { db: Queryable; texts: { text: string; values: unknown[] }[] } {
  const texts: { text: string; values: unknown[] }[] = [];
  const pool = process.engine.pool;
  const query = (config: { text: string; values: unknown[] }) => {
    texts.push(config);
    return pool.query(config);
  };
  return { db: { query: query as Queryable["query"] }, texts };
}

describe("the sweep", () => {
  it("asks every five seconds while nothing is under way, and each second while something is", async () => {
    const { db, texts } = watched();
    const sweep = new LeaseSweep({ ...process.services, db, metrics: noMetrics });
    const turns = async (count: number) => {
      const before = texts.length;
      for (let i = 0; i < count; i++) {
        process.clock.advance(1000);
        await sweep.turn();
      }
      return texts.length - before;
    };
    await turns(1);
    expect(await turns(60)).toBe(12);
    await process.start({ queue: "rhythm" });
    const worker = await process.register({ queues: ["rhythm"] });
    const task = only((await process.poll(worker, {})).tasks);
    expect(await turns(4)).toBe(4);
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
    await turns(1);
    expect(await turns(60)).toBe(12);
  });

  it("burns no attempt over a time in which the database was away", async () => {
    const id = await process.start({ queue: "away" });
    const worker = await process.register({ queues: ["away"] });
    const task = only((await process.poll(worker, {})).tasks);
    const running = [{ taskId: task.taskId, leaseToken: task.leaseToken }];
    await heartbeat(process.services, CALLER, worker, { running });
    let away = false;
    const { db } = watched();
    const query: Queryable["query"] = (...args) => (away ? Promise.reject(new Error("away")) : db.query(...args));
    const sweep = new LeaseSweep({ ...process.services, db: { query }, metrics: noMetrics });
    await sweep.turn();
    away = true;
    for (let i = 0; i < 20; i++) {
      process.clock.advance(1000);
      await expect(sweep.turn()).rejects.toThrow("away");
    }
    away = false;
    for (let i = 0; i < 9; i++) {
      process.clock.advance(1000);
      await sweep.turn();
    }
    const [ack] = (await process.poll(worker, { capacity: 0, results: [completed(task)] })).acks;
    expect(ack?.status).toBe("accepted");
    expect(await historyOf(process, id)).not.toContain("StepAttemptFailed LEASE_EXPIRED");
  });

  it("leaves alone a task whose result came first", async () => {
    const id = await process.start({ queue: "race" });
    const worker = await process.register({ queues: ["race"] });
    const task = only((await process.poll(worker, {})).tasks);
    const running = [{ taskId: task.taskId, leaseToken: task.leaseToken }];
    await heartbeat(process.services, CALLER, worker, { running });
    process.clock.advance(10_000);
    const before = new Date(process.clock.now());
    const { overdue } = await sweepDeadlines(process.services.db, { now: before, unnamedLeftMs: 5_000, limit: 10 });
    expect(overdue).toHaveLength(1);
    // The result is committed between the sweep's look and its command.
    const applyAll: typeof process.services.door.applyAll = async (submissions) => {
      await process.poll(worker, { capacity: 0, results: [completed(task)] });
      return process.services.door.applyAll(submissions);
    };
    const door = { applyAll, state: process.services.door.state.bind(process.services.door) };
    const sweep = new LeaseSweep({ ...process.services, door, metrics: noMetrics });
    await sweep.turn();
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  it("takes the tasks of a quarantined execution out of its way", async () => {
    const id = await process.start({ queue: "broken" });
    const worker = await process.register({ queues: ["broken"] });
    const task = only((await process.poll(worker, {})).tasks);
    const running = [{ taskId: task.taskId, leaseToken: task.leaseToken }];
    await heartbeat(process.services, CALLER, worker, { running });
    await process.engine.pool.query("update executions set status = 'quarantined', sequence = sequence where id = $1", [
      id,
    ]);
    const other = await startProcess(database.connectionString, { slot: 2, clock: process.clock });
    await other.pass(0);
    process.clock.advance(10_000);
    await new LeaseSweep({ ...other.services, metrics: noMetrics }).turn();
    const { rows } = await process.engine.pool.query("select held, worker_id from tasks where execution_id = $1", [id]);
    expect(rows).toEqual([{ held: true, worker_id: null }]);
    await other.close();
  });
});

describe("a queue's rate", () => {
  it("counts tasks that ended, well or not, and is written in one statement", async () => {
    await Promise.all([1, 2, 3].map(() => process.start({ queue: "rated" })));
    const worker = await process.register({ queues: ["rated"] });
    const { tasks } = await process.poll(worker, { capacity: 3 });
    await process.poll(worker, { capacity: 0, results: tasks.map((task) => completed(task)) });
    await process.services.queueRates.write();
    const { rows } = await process.engine.pool.query(
      "select sum(ended)::int as ended from queue_rates where namespace_id = 1 and queue = 'rated'",
    );
    expect(only(rows).ended).toBe(3);
  });
});

describe("with a hundred thousand tasks waiting", () => {
  it("no statement of workers and leases scans a table", async () => {
    const pool = process.engine.pool;
    await pool.query(`insert into tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step)
      select i, i, 3, 0, now(), 'q' || i % 50, 'work', '0' from generate_series(1, 100000) i`);
    await pool.query(`insert into workers select i, 3, 'w', '{q}', '{work}', 'node', '0', 1, '{}', now(), now()
      from generate_series(1, 5000) i`);
    await pool.query("insert into queue_rates select 3, 'q' || i % 50, now(), 1 from generate_series(1, 10000) i");
    await pool.query(
      "insert into heartbeat_details select i, '0', 3, 1, 0, '{}' from generate_series(100001, 120000) i",
    );
    await pool.query("analyze tasks, workers, queue_rates, heartbeat_details");
    const { db, texts } = watched();
    const now = new Date(process.clock.now());
    const lease = { executionId: 5n, taskId: 5n, secret: 5n, details: null };
    await seeWorker(db, 3, 7n, now);
    await deleteWorker(db, 3, 7n);
    await renewLeases(db, 3, [lease], { now, leaseMs: 10_000 });
    await keepHeartbeatDetails(db, [{ ...lease, namespaceId: 3, iteration: 1, round: 0 }]);
    await readHeartbeatDetails(db, [{ namespaceId: 3, executionId: 5n, step: "0", iteration: 1, round: 0 }]);
    await readLeases(db, 3, [lease]);
    await extendLeases(db, now);
    await readyKinds(db, [{ namespaceId: 3, queue: "q1", task: "work" }], 100, { workers: [1n], now });
    await sweepDeadlines(db, { now, unnamedLeftMs: 5_000, limit: 500 });
    await addQueueRates(db, [{ namespaceId: 3, queue: "q1", minute: now, ended: 1 }], now);
    for (const { text, values } of texts) {
      const { rows } = await pool.query(`explain ${text}`, values);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).not.toMatch(/Seq Scan on (tasks|workers|queue_rates|heartbeat_details)/);
    }
    expect(texts).toHaveLength(10);
  });
});
