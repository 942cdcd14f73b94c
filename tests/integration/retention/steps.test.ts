// Removing goes in steps that hold nobody up, finds what is due by index, and leaves no empty partition behind.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { openExecutions } from "@/db/queries/namespace-settings";
import { removeClosed, removeEnded } from "@/db/stores/retention";
import { firstKeyAt } from "@/lib/contract/ids";
import { dropEmptyPartitions, removeExpired } from "@/lib/engine/retention/retention";
import { createDatabase, type TestDatabase } from "../../support/postgres";

const NOW = Date.UTC(2026, 4, 4, 10);
const DAY = 86_400_000;
const CLOSED = 100_000;
const never = new AbortController().signal;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 4, name: "test" });
  await pool.query("insert into namespaces (name) values ('other')");
  // Ten a namespace, status and second, the last at now.
  await pool.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, closed_at)
     select $1::bigint + (i::bigint << 22), 1 + i % 2, 1, 1, 3,
       (case when i % 20 < 10 then 'completed' else 'failed' end)::execution_status, '',
       to_timestamp($2 / 1000.0) - (${CLOSED} - i) * interval '25 milliseconds'
     from generate_series(1, ${CLOSED}) i`,
    [firstKeyAt(NOW - DAY), NOW],
  );
  await pool.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head)
     select $1::bigint + i, 1, 1, 1, 3, 'waiting', '' from generate_series(1, 1000) i`,
    [firstKeyAt(NOW - 2 * DAY)],
  );
  await pool.query(`insert into execution_counts (workflow_id, namespace_id, status, delta)
    select workflow_id, namespace_id, status, count(*) from executions group by 1, 2, 3`);
  await pool.query("vacuum analyze");
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

async function count(where: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from executions where ${where}`);
  return rows[0]?.n ?? -1;
}

async function plan(text: string, values: unknown[]): Promise<string> {
  const { rows } = await pool.query(`explain (format json) ${text}`, values);
  return JSON.stringify(rows);
}

describe("among a hundred thousand closed executions", () => {
  test("those that are due are read off their index, and the open ones are summed off theirs", async () => {
    const due = `select e.id from executions e where e.namespace_id = $1 and e.status = $2 and e.closed_at < $3
      and not exists (select from messages m where m.source_execution_id = e.id)
      order by e.closed_at limit 500 for update of e skip locked`;
    const found = await plan(due, [1, "completed", new Date(NOW - DAY)]);
    expect(found).toContain('"executions_closed"');
    expect(found).not.toMatch(/"Seq Scan"[^{]*"Relation Name":"executions"/);
    expect(found).not.toContain('"Sort"');
    const { text, values } = openExecutions(1);
    // Two statuses of one workflow: whichever way a table of so few rows is read, it is not the executions.
    expect(await plan(text, values)).not.toContain('"executions"');
  });

  test("a step takes the longest closed, a bounded number of them, and the steps pause in between", async () => {
    const before = await count("namespace_id = 2");
    const oldest = new Date(NOW - CLOSED * 25 + 60_000);
    const due = await count(`namespace_id = 1 and status = 'completed' and closed_at < '${oldest.toISOString()}'`);
    expect(due).toBeGreaterThan(500);
    expect(await removeClosed(pool, 1, "completed", oldest)).toBe(500);
    expect(await count(`namespace_id = 1 and status = 'completed' and closed_at < '${oldest.toISOString()}'`)).toBe(
      due - 500,
    );
    await pool.query(
      "insert into namespace_settings (namespace_id, retention, updated_at) values (1, $1, now()) on conflict do nothing",
      [JSON.stringify({ completed: CLOSED * 25 - 120_000, failed: CLOSED * 25 - 60_000 })],
    );
    const aged = (status: string, ms: number) =>
      count(`namespace_id = 1 and status = '${status}' and closed_at < '${new Date(NOW - ms).toISOString()}'`);
    const expired = (await aged("completed", CLOSED * 25 - 120_000)) + (await aged("failed", CLOSED * 25 - 60_000));
    expect(expired).toBeGreaterThan(1000);
    let pauses = 0;
    const pause = async () => void pauses++;
    const removed = await removeExpired({ db: pool, clock: { now: () => NOW }, pause, signal: never });
    expect(removed).toBe(expired);
    expect(pauses).toBeGreaterThan(removed / 500);
    expect(await count("namespace_id = 2")).toBe(before);
    expect(await count("status = 'waiting'")).toBe(1000);
  });

  test("a step ends early where histories are long, and takes one at least", async () => {
    const long = await pool.query<{ id: bigint }>(
      `update executions set sequence = 15000 where id = any (array(
         select id from executions where namespace_id = 2 and status = 'failed' order by closed_at limit 3)) returning id`,
    );
    expect(long.rows).toHaveLength(3);
    const until = new Date(NOW);
    // 15,000 and what begins below 20,000.
    expect(await removeClosed(pool, 2, "failed", until)).toBe(2);
    await pool.query(
      `update executions set sequence = 999999 where id = any (array(
         select id from executions where namespace_id = 2 and status = 'failed' order by closed_at limit 1))`,
    );
    expect(await removeClosed(pool, 2, "failed", until)).toBe(1);
  });

  test("while another process removes, nobody else does, and nobody waits", async () => {
    const other = await pool.connect();
    try {
      await other.query("begin");
      await other.query("select remove_closed(2, 'failed', $1, 5, 100)", [new Date(NOW)]);
      expect(await removeClosed(pool, 2, "failed", new Date(NOW))).toBe("busy");
    } finally {
      await other.query("rollback");
      other.release();
    }
    expect(await removeClosed(pool, 2, "failed", new Date(NOW))).toBe(500);
  });

  test("what a flush holds is passed by", async () => {
    const flush = await pool.connect();
    try {
      await flush.query("begin");
      await flush.query(
        "select from executions where namespace_id = 2 and status = 'failed' order by closed_at limit 400 for update",
      );
      expect(await removeClosed(pool, 2, "failed", new Date(NOW))).toBe(500);
    } finally {
      await flush.query("rollback");
      flush.release();
    }
  });

  test("once the process stops no further step begins", async () => {
    const stopping = new AbortController();
    await pool.query("update namespace_settings set retention = $1 where namespace_id = 1", [
      JSON.stringify({ failed: 0 }),
    ]);
    const pause = async () => stopping.abort();
    const ports = { db: pool, clock: { now: () => NOW }, pause, signal: stopping.signal };
    expect(await removeExpired(ports)).toBe(500);
    expect(await removeExpired(ports)).toBe(0);
  });

  test("of a deleted namespace everything that has ended goes, whatever its age", async () => {
    await pool.query(
      "update executions set status = 'quarantined', closed_at = null where id = any (array(select id from executions where namespace_id = 1 and status = 'failed' limit 3))",
    );
    while ((await removeEnded(pool, 1)) > 0);
    expect(await count("namespace_id = 1 and status <> 'waiting'")).toBe(0);
    expect(await count("namespace_id = 1")).toBe(1000);
  });
});

describe("partitions of events", () => {
  const names = async () => {
    const { rows } = await pool.query<{ name: string }>(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1",
    );
    return rows.map(({ name }) => name);
  };

  test("those that are empty and past are dropped, unless somebody is in the way; others never", async () => {
    const week = 7 * DAY;
    const year = new Date(NOW + 52 * week);
    const recent = await names();
    for (const weeks of [10, 8, 6])
      await pool.query("select ensure_event_partitions($1, 0)", [new Date(NOW - weeks * week)]);
    const old = (await names()).filter((name) => !recent.includes(name));
    expect(old.length).toBeGreaterThan(4);
    const held = firstKeyAt(NOW - 8 * week);
    await pool.query(
      "insert into events (execution_id, at, sequence, namespace_id, command, type, actor, data) values ($1, now(), 1, 1, 1, 'StepSkipped', 'engine', '{}')",
      [held],
    );
    const reader = await pool.connect();
    try {
      await reader.query("begin");
      await reader.query("select from events limit 1");
      expect(await dropEmptyPartitions(pool, new Date(NOW))).toEqual([]);
    } finally {
      await reader.query("rollback");
      reader.release();
    }
    const dropped = await dropEmptyPartitions(pool, new Date(NOW));
    const { rows } = await pool.query<{ name: string }>(
      "select tableoid::regclass::text as name from events where execution_id = $1",
      [held],
    );
    expect([...dropped, rows[0]?.name].sort()).toEqual(old);
    expect(await names()).toEqual([...recent, rows[0]?.name].sort());
    await pool.query("delete from events where execution_id = $1", [held]);
    expect(await dropEmptyPartitions(pool, new Date(NOW))).toEqual([rows[0]?.name]);
    // The last two weeks and what is to come stay, however empty.
    await pool.query("select ensure_event_partitions($1, 1)", [year]);
    const young = (await names()).filter((name) => !recent.includes(name));
    await dropEmptyPartitions(pool, year);
    expect(await names()).toEqual(young);
  });
});
