// A process that removes what was deleted may stop, or be killed, in the middle: the next one goes on.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { deleteNamespace } from "@/lib/engine/removal/delete-namespace";
import { removeDeleted } from "@/lib/engine/removal/removal";
import type { Services } from "@/lib/engine/services";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { openServices, publish, sleep, start } from "../engine-services/engine";

const EXECUTIONS = 1_500;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "test" });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

async function left(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>("select count(*)::int as n from executions where namespace_id = 2");
  return rows[0]?.n ?? -1;
}

function later(services: Services, pause: () => Promise<unknown>, signal = new AbortController().signal) {
  const { db, door, clock } = services;
  return removeDeleted({ db, door, clock: { now: () => clock.now() + 3_600_000 }, pause, signal });
}

test("killed between two steps and stopped in another, the third process finishes", async () => {
  // Nothing of these removes by itself: an engine that is off has no background.
  const first = await openServices(database.connectionString, "off");
  await publish(first, sleep("rests", "1h"));
  await start(first, { workflow: "rests" });
  await pool.query("insert into namespaces (name) values ('second')");
  await pool.query(`insert into workflows (namespace_id, name, latest_version) values (2, 'w', 1)`);
  await pool.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, closed_at)
     select i, 2, (select max(id) from workflows), 1, 3, 'completed', '', now() from generate_series(1, ${EXECUTIONS}) i`,
  );
  const deleted = await deleteNamespace(first, 1, "second", async () => {});
  expect(deleted).toMatchObject({ ok: true });

  // Killed: its connections are cut as soon as the first step has committed.
  let steps = 0;
  const cut = async () => {
    steps += 1;
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'cerebelum reads' and pid <> pg_backend_pid()`,
    );
    throw new Error("killed");
  };
  await expect(later(first, cut)).rejects.toThrow("killed");
  expect([steps, await left()]).toEqual([1, EXECUTIONS - 500]);
  await first.close();

  const second = await openServices(database.connectionString, "off");
  const stopping = new AbortController();
  await later(second, async () => stopping.abort(), stopping.signal);
  expect(await left()).toBe(EXECUTIONS - 1_000);
  await second.close();

  const third = await openServices(database.connectionString, "off");
  await later(third, async () => {});
  expect(await left()).toBe(0);
  const names = await pool.query<{ name: string }>("select name from namespaces order by id");
  expect(names.rows).toEqual([{ name: "default" }]);
  const others = await pool.query<{ status: string }>("select status from executions");
  expect(others.rows).toEqual([{ status: "waiting" }]);
  await third.close();
});
