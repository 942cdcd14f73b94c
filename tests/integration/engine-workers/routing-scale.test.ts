// What leasing costs among a hundred thousand tasks, counted in rows; and that a namespace that floods holds up no other.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { NAMESPACE } from "../door/engine";
import { until } from "../engine-services/engine";
import { CALLER, chainOn, only, startProcess, type TestProcess } from "./process";

const CROWDED = 7;
const WORKER = 700n;
/** Rows of a table that a statement may touch, whatever waits: some for each task that it hands out. */
const FEW = 50;

let database: TestDatabase;
let process: TestProcess;
let pool: Pool;

beforeAll(async () => {
  database = await createDatabase();
  process = await startProcess(database.connectionString);
  pool = openPool(database.connectionString, { max: 2, name: "test" });
});

afterAll(async () => {
  await pool.end();
  await process.close();
  await database.drop();
});

/** Rows of tasks that one statement reads, by index or not; what it changes is taken back. */
async function rowsRead(
  text: string,
  values: unknown[],
): Promise<{ scanned: number; found: number; answer: unknown[] }> {
  const client = await pool.connect();
  const sofar = async () => {
    const { rows } = await client.query<{ scanned: number; found: number }>(
      "select seq_tup_read::int as scanned, idx_tup_fetch::int as found from pg_stat_xact_user_tables where relname = 'tasks'",
    );
    return only(rows);
  };
  try {
    await client.query("begin");
    // They count on from what this connection has not reported yet.
    const before = await sofar();
    const { rows: answer } = await client.query(text, values);
    const after = await sofar();
    return { scanned: after.scanned - before.scanned, found: after.found - before.found, answer };
  } finally {
    await client.query("rollback");
    client.release();
  }
}

describe("with a hundred thousand tasks waiting", () => {
  const now = () => new Date(process.clock.now());

  beforeAll(async () => {
    // Of one key ten thousand wait for one that is admitted; of ten thousand keys each has one that waits; the others are free.
    await pool.query(
      `insert into tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, rank, concurrency_key,
         concurrency_limit, admitted)
       select i, i, $1, 0, $2, 'q', 'work', '0', i,
         case when i <= 10000 then 'crowd' when i <= 20000 then 'key' || i end, case when i <= 20000 then 1 end,
         i = 1 or i > 10000
       from generate_series(1, 100000) i`,
      [CROWDED, now()],
    );
    await pool.query(`insert into workers select $1, $2, 'w', '{q}', '{work}', 'node', '0', 9, '{}', $3, $3`, [
      WORKER,
      CROWDED,
      now(),
    ]);
    await pool.query("analyze tasks, workers");
  });

  const lease = () => rowsRead("select * from lease_tasks($1, null, 5, $2, 10000, null)", [WORKER, now()]);

  it("a poll reads the rows that it is given, and no others", async () => {
    const { answer, ...read } = await lease();
    expect(answer).toHaveLength(5);
    expect(read.scanned).toBe(0);
    expect(read.found).toBeLessThan(FEW);
  });

  it("the ten thousand that wait for one of their key hold up nobody", async () => {
    const { answer } = await lease();
    const keys = (answer as { concurrency_key: string }[]).map((row) => row.concurrency_key);
    expect(keys.filter((key) => key === "crowd")).toHaveLength(1);
    expect(keys.filter((key) => key !== "crowd")).toHaveLength(4);
  });

  it("a key whose place is taken admits none, and one whose place is free its first, for a few rows", async () => {
    const keys = JSON.stringify([{ n: CROWDED, q: "q", k: "crowd" }]);
    const admit = () => rowsRead("select admit_tasks($1, $2) as admitted", [keys, now()]);
    const full = await admit();
    expect(full.answer).toEqual([{ admitted: [] }]);
    expect(full.scanned).toBe(0);
    expect(full.found).toBeLessThan(FEW);
    await pool.query("delete from tasks where namespace_id = $1 and execution_id = 1 and id = 1", [CROWDED]);
    const free = await admit();
    expect(free.answer).toEqual([{ admitted: [{ namespaceId: CROWDED, queue: "q", task: "work" }] }]);
    expect(free.scanned).toBe(0);
    expect(free.found).toBeLessThan(FEW);
  });

  it("the sweep finds the keys with tasks that were kept back by skipping from key to key", async () => {
    const { answer, ...read } = await rowsRead("select admit_kept_back($1, 500) as admitted", [now()]);
    expect(answer).toEqual([{ admitted: [{ namespaceId: CROWDED, queue: "q", task: "work" }] }]);
    expect(read.scanned).toBe(0);
    expect(read.found).toBeLessThan(FEW);
  });

  it("a poll of a paused queue, or of one that has given out its rate, reads no more", async () => {
    await pool.query("insert into queue_limits values ($1, 'q', true, null, null, null, null)", [CROWDED]);
    const paused = await lease();
    expect(paused.answer).toEqual([]);
    expect(paused.scanned).toBe(0);
    expect(paused.found).toBeLessThan(FEW);
    await pool.query(
      "update queue_limits set paused = false, rate_limit = 2, rate_per_ms = 1000 where namespace_id = $1",
      [CROWDED],
    );
    await pool.query("insert into rate_buckets values ($1, 'q', '', 2, $2)", [CROWDED, now()]);
    const limited = await lease();
    expect(limited.answer).toHaveLength(2);
    expect(limited.found).toBeLessThan(FEW);
  });
});

describe("a namespace that floods", () => {
  const FLOOD = 10_000;

  it("does not hold up the first task of another: it is leased in the next flush or the one after it", async () => {
    const made = await pool.query<{ id: number }>("insert into namespaces (name) values ('quiet') returning id");
    const namespaceId = only(made.rows).id;
    const flooding = await process.engine.publish(chainOn("flood", 1, { task: "work", queue: "flood" }));
    const { rows } = await pool.query<{ id: number }>(
      `with made as (insert into workflows (namespace_id, name, latest_version) values ($2, 'quiet', 1) returning id),
         version as (insert into workflow_versions select made.id, 1, $2, v.hash, v.definition, now(), 'engine'
           from made, workflow_versions v where v.workflow_id = $1)
       select id from made`,
      [flooding.workflowId, namespaceId],
    );
    const quiet = { ...CALLER, namespaceId };
    const worker = await process.register({ queues: ["flood"] }, quiet);
    const waiting = process.poll(worker, { waitMs: 30_000 }, { caller: quiet });
    await until("the poll is parked", async () => process.services.waiters.parked === 1);
    const flushes = process.engine.flushes();
    const flood = Array.from({ length: FLOOD }, () => process.engine.start(flooding));
    const first = process.engine.door.start({
      namespaceId,
      actor: "key:test",
      workflowId: only(rows).id,
      version: 1,
      command: { type: "start", workflow: "quiet", version: 1, hash: flooding.hash, input: null },
      idempotencyKey: null,
      requestHash: null,
    });
    expect((await waiting).tasks).toHaveLength(1);
    expect(process.engine.flushes() - flushes).toBeLessThanOrEqual(2);
    await first;
    const started = await Promise.all(flood);
    expect(process.engine.flushes() - flushes).toBeGreaterThan(3);
    expect(new Set(started.map(({ executionId }) => executionId)).size).toBe(FLOOD);
    const { rows: counted } = await pool.query("select count(*)::int as n from tasks where namespace_id = $1", [
      NAMESPACE,
    ]);
    expect(counted).toEqual([{ n: FLOOD }]);
  }, 120_000);
});
