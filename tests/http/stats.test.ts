// How executions went over time, against rows whose numbers are known.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { firstKeyAt } from "@/lib/contract/ids";
import { statsSchema } from "@/lib/contract/stats";
import { readStats } from "@/lib/views/stats";
import { createDatabase, type TestDatabase } from "../support/postgres";

const NOW = Date.parse("2026-05-04T10:07:00.000Z");
const MINUTE = 60_000;

let database: TestDatabase;
let pool: Pool;

interface Row {
  workflow: number;
  status: string;
  /** Before now, in milliseconds. */
  closed: number;
  took: number;
}

beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "stats" });
  await pool.query("insert into namespaces (name) values ('other')");
  await pool.query(`insert into workflows (namespace_id, name, latest_version)
    values (1, 'pays', 1), (1, 'ships', 1), (2, 'pays', 1)`);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

let made = 0n;
async function add(namespaceId: number, rows: Row[]): Promise<void> {
  for (const { workflow, status, closed, took } of rows) {
    const closedAt = NOW - closed;
    made += 1n;
    await pool.query(
      `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, started_at, closed_at)
        values ($1, $2, $3, 1, 5, $4, '', $5, $6)`,
      [
        firstKeyAt(closedAt - took) + made,
        namespaceId,
        workflow,
        status,
        new Date(closedAt - took),
        status === "running" ? null : new Date(closedAt),
      ],
    );
  }
}

test("tells nothing of nothing, in buckets without a gap", async () => {
  const stats = statsSchema.parse(await readStats(pool, 1, { window: "1h" }, NOW));
  const none = { started: 0, completed: 0, failed: 0, cancelled: 0, p50Ms: null, p95Ms: null };
  expect(stats.buckets).toHaveLength(60);
  expect(stats.totals).toEqual(none);
  expect(stats.previous).toEqual(none);
  expect(stats).toMatchObject({ bucketMs: MINUTE, from: "2026-05-04T09:07:00.000Z", to: "2026-05-04T10:07:00.000Z" });
  expect(stats.buckets.map(({ at }) => Date.parse(at))).toEqual(
    Array.from({ length: 60 }, (_, i) => NOW - (60 - i) * MINUTE),
  );
});

test("counts starts and closes of the window and the one before, and how long they took", async () => {
  await add(1, [
    { workflow: 1, status: "completed", closed: 30_000, took: 100 },
    { workflow: 1, status: "completed", closed: 30_000, took: 300 },
    { workflow: 1, status: "failed", closed: 40_000, took: 200 },
    { workflow: 2, status: "timed_out", closed: 10 * MINUTE, took: 5_000 },
    { workflow: 2, status: "cancelled", closed: 10 * MINUTE, took: 1_000 },
    { workflow: 2, status: "terminated", closed: 10 * MINUTE, took: 1_000 },
    { workflow: 2, status: "running", closed: 20 * MINUTE, took: 0 },
    { workflow: 1, status: "completed", closed: 61 * MINUTE, took: 700 },
    { workflow: 1, status: "completed", closed: 121 * MINUTE, took: 700 },
  ]);
  await add(2, [{ workflow: 3, status: "completed", closed: 30_000, took: 9_999 }]);
  const stats = statsSchema.parse(await readStats(pool, 1, { window: "1h" }, NOW));
  expect(stats.totals).toEqual({ started: 7, completed: 2, failed: 2, cancelled: 2, p50Ms: 300, p95Ms: 5_000 });
  expect(stats.previous).toEqual({ started: 1, completed: 1, failed: 0, cancelled: 0, p50Ms: 700, p95Ms: 700 });
  expect(stats.buckets.at(-1)).toMatchObject({
    started: 3,
    completed: 2,
    failed: 1,
    cancelled: 0,
    p50Ms: 200,
    p95Ms: 300,
  });
  expect(stats.buckets.at(-10)).toMatchObject({ completed: 0, failed: 1, cancelled: 2, p50Ms: 1_000, p95Ms: 5_000 });
  expect(stats.workflows).toEqual([
    { workflow: "pays", completed: 2, failed: 1, p95Ms: 300 },
    { workflow: "ships", completed: 0, failed: 1, p95Ms: 5_000 },
  ]);
  expect(stats.estimated).toBe(false);
});

test("tells of one workflow, and of no other to whom is limited", async () => {
  const ships = await readStats(pool, 1, { window: "1h", workflow: "ships" }, NOW);
  expect(ships.totals).toMatchObject({ started: 4, completed: 0, failed: 1, cancelled: 2 });
  expect(ships.workflows.map(({ workflow }) => workflow)).toEqual(["ships"]);
  const limited = await readStats(pool, 1, { window: "1h" }, NOW, ["ships"]);
  expect({ ...limited, workflows: [] }).toEqual({ ...ships, workflows: [] });
  const nothing = await readStats(pool, 1, { window: "1h", workflow: "pays" }, NOW, ["ships"]);
  expect(nothing.totals).toMatchObject({ started: 0, completed: 0, failed: 0, p95Ms: null });
});

test.each([
  ["24h", 48],
  ["7d", 56],
  ["30d", 60],
] as const)("covers %s, and compares it with as much before", async (window, buckets) => {
  const stats = await readStats(pool, 1, { window }, NOW);
  expect(stats.buckets).toHaveLength(buckets);
  expect(Date.parse(stats.to) - Date.parse(stats.from)).toBe(buckets * stats.bucketMs);
  expect(Date.parse(stats.to) % stats.bucketMs).toBe(0);
  expect(stats.totals).toMatchObject({ started: 9, completed: 4 });
  expect(stats.previous).toMatchObject({ started: 0, completed: 0 });
});

test("lets the newest of a bucket stand for all of it where it has very many, and says so", async () => {
  // A day later, so that they are alone: one workflow closes nine times as often as the other.
  const later = NOW + 86_400_000;
  await pool.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, started_at, closed_at)
      select $1::bigint + i, 1, 1 + (i % 10 = 0)::int, 1, 5, 'completed', '', $2::timestamptz - i * interval '1 ms', $2
      from generate_series(1, 5000) i`,
    [firstKeyAt(later - 30_000), new Date(later - 20_000)],
  );
  const stats = await readStats(pool, 1, { window: "1h" }, later);
  expect(stats.estimated).toBe(true);
  expect(stats.totals).toMatchObject({ started: 5000, completed: 5000 });
  expect(stats.workflows.reduce((total, { completed }) => total + completed, 0)).toBe(5000);
});
