// What a step costs the database, counted: write transactions, round trips and rows are the same on every machine.
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPool } from "@/db/client";
import type { Task } from "@/lib/contract/workers";
import { type DatabaseCounts, databaseCounts, difference } from "../../../bench/database-counts";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { chain, NAMESPACE, settled, startEngine, type TestEngine } from "./engine";

const EXECUTIONS = 100;
const STEPS = 10;

let database: TestDatabase;
let engine: TestEngine;

beforeAll(async () => {
  database = await createDatabase();
});

afterAll(() => database.drop());

/** Backends hand their counts in when they end, so both looks come from connections of their own. */
async function counted(): Promise<DatabaseCounts> {
  const pool = openPool(database.connectionString, { max: 1, name: "counts" });
  try {
    return await databaseCounts(pool);
  } finally {
    await pool.end();
  }
}

/** One poll of a worker: delivers results, and is filled in the same flush. */
function poll(worker: bigint, done: readonly Task[]): Promise<Task[]> {
  return new Promise((fill, fail) => {
    const lease = { workerId: worker, namespaceId: NAMESPACE, requestId: null, capacity: EXECUTIONS, fill, fail };
    engine.door
      .applyAll(
        done.map((task) => engine.answer(task, { output: { ok: true } })),
        lease,
      )
      .then((results) => results.forEach((result) => void settled(result)))
      .catch(fail);
  });
}

it("spends at most 0.1 write transactions, 0.1 round trips and 5.5 row writes on a step", async () => {
  const setup = await startEngine(database.connectionString);
  const workflow = await setup.publish(chain("counted", STEPS));
  const worker = await setup.register(["counted"]);
  await setup.close();
  const before = await counted();
  engine = await startEngine(database.connectionString);

  await Promise.all(Array.from({ length: EXECUTIONS }, () => engine.start(workflow)));
  let tasks = await poll(worker, []);
  while (tasks.length > 0) tasks = await poll(worker, tasks);

  const steps = EXECUTIONS * STEPS;
  const { rows } = await engine.pool.query("select count(*)::int as n from executions where status = 'completed'");
  expect(rows).toEqual([{ n: EXECUTIONS }]);
  // Transaction ids are the whole cluster's, and other tests run in it: those that wrote these histories are counted.
  const { rows: writers } = await engine.pool.query("select count(distinct xmin::text)::int as n from events");
  await engine.close();
  const counts = difference(await counted(), before);
  expect(engine.flushes() / steps).toBeLessThanOrEqual(0.1);
  expect(writers[0].n / steps).toBeLessThanOrEqual(0.1);
  // A step: two events and a task row in, already leased; its execution's row updated; the task row out. And an
  // execution's share: its row, two events, a count of its own, its end's signature, and the lease of its first task.
  expect(counts.rowsInserted).toBeLessThanOrEqual(3 * steps + 5 * EXECUTIONS);
  expect(counts.rowsUpdated).toBeLessThanOrEqual(steps + EXECUTIONS);
  expect(counts.rowsDeleted).toBe(steps);
});
