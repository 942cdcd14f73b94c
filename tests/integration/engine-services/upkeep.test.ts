// Upkeep: small tables stay small, sums stay right, and what is still needed stays.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { compactCounts, ensurePartitions, forgetOld, removeSpentJobs } from "@/db/stores/upkeep";
import { createDatabase, type TestDatabase } from "../../support/postgres";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 8, name: "test" });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function counts() {
  const { rows } = await pool.query<{ workflow: number; status: string; rows: number; total: number }>(
    `select workflow_id as workflow, status::text, count(*)::int as rows, sum(delta)::int as total
     from execution_counts group by 1, 2 order by 1, 2`,
  );
  return rows;
}

test("counts are folded into one row each, also by several at once, and those that are zero vanish", async () => {
  await pool.query(
    `insert into execution_counts (workflow_id, namespace_id, status, delta)
     select w, 1, s, d from generate_series(1, 3) w, (values ('running'::execution_status, 1), ('running', 1), ('running', -1),
       ('completed', 5), ('waiting', 1), ('waiting', -1)) x(s, d), generate_series(1, 50)`,
  );
  const expected = [1, 2, 3].flatMap((workflow) => [
    { workflow, status: "completed", rows: 1, total: 250 },
    { workflow, status: "running", rows: 1, total: 50 },
  ]);
  await Promise.all(Array.from({ length: 6 }, () => compactCounts(pool)));
  await compactCounts(pool);
  expect(await counts()).toEqual(expected);
});

test("old rates and workers that left long ago are forgotten, those that hold a lease are not", async () => {
  await pool.query(
    `insert into queue_rates values (1, 'q', now() - interval '2 hours', 1), (1, 'q', now() - interval '5 minutes', 2)`,
  );
  const worker = (id: number, lastSeen: string) =>
    pool.query(
      `insert into workers (id, namespace_id, queues, tasks, language, sdk_version, capacity, metadata, registered_at,
         last_seen_at) values ($1, 1, '{q}', '{t}', 'node', '1', 1, '{}', now(), now() - $2::interval)`,
      [id, lastSeen],
    );
  await worker(1, "2 days");
  await worker(2, "2 days");
  await worker(3, "2 hours");
  await pool.query(
    `insert into tasks (execution_id, id, namespace_id, priority, ready_at, queue, task, step, worker_id)
     values (1, 1, 1, 0, now(), 'q', 't', '0', 2)`,
  );
  await forgetOld(pool);
  const rates = await pool.query("select ended from queue_rates");
  expect(rates.rows).toEqual([{ ended: 2 }]);
  const workers = await pool.query("select id from workers order by id");
  expect(workers.rows).toEqual([{ id: 2n }, { id: 3n }]);
});

test("jobs that will never run again are removed, all others stay", async () => {
  const add = (key: string) =>
    pool.query("select graphile_worker.add_job('wake', '{}', job_key => $1, max_attempts => 3)", [key]);
  for (const key of ["fresh", "spent", "spent but running"]) await add(key);
  await pool.query("update graphile_worker._private_jobs set attempts = 3 where key like 'spent%'");
  await pool.query(
    "update graphile_worker._private_jobs set locked_at = now(), locked_by = 'x' where key like '%running'",
  );
  await removeSpentJobs(pool);
  const { rows } = await pool.query("select key from graphile_worker.jobs order by key");
  expect(rows).toEqual([{ key: "fresh" }, { key: "spent but running" }]);
});

test("partitions of the weeks to come are there, and making them again changes nothing", async () => {
  const partitions = async () =>
    (
      await pool.query(
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1",
      )
    ).rows;
  const before = await partitions();
  await Promise.all([ensurePartitions(pool), ensurePartitions(pool)]);
  expect(before.length).toBeGreaterThanOrEqual(5);
  expect(await partitions()).toEqual(before);
});
