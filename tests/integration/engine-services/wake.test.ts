// Timers: what comes due is done, by whichever process lives, also if it came due while none did.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { putAlarmsRight } from "@/lib/engine/process/upkeep";
import type { Services } from "@/lib/engine/services";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, sleep, start, until, value } from "./engine";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = openPool(database.connectionString, { max: 2, name: "test" });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const open: Services[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((services) => services.close()));
});

async function services(engine: "embedded" | "off" = "embedded"): Promise<Services> {
  const built = await openServices(database.connectionString, engine);
  open.push(built);
  return built;
}

async function close(closing: Services) {
  open.splice(open.indexOf(closing), 1);
  await closing.close();
}

const never = new AbortController().signal;
const awake = async (on: Services, id: string) => value(await waitForResult(on, CALLER, id, 60_000, never));

async function onlyOnce(on: Services, key: bigint, id: string) {
  const { rows } = await pool.query(
    "select type from events where execution_id = $1 and type in ('SleepCompleted', 'ExecutionCompleted') order by sequence",
    [key],
  );
  expect(rows.map(({ type }) => type)).toEqual(["SleepCompleted", "ExecutionCompleted"]);
  expect(value(await verifyExecution(on, CALLER, id))).toMatchObject({ consistent: true, differences: [] });
}

describe("waking", () => {
  test("a sleep ends after its time, once, and no earlier", async () => {
    const one = await services();
    await publish(one, sleep("nap", "300ms"));
    const { id, key } = await start(one, { workflow: "nap" });
    const result = await awake(one, id);
    expect(result).toMatchObject({ status: "completed", output: { after: "awake" } });
    const { rows } = await pool.query<{ type: string; at: Date; data: string }>(
      "select type, at, data from events where execution_id = $1 order by sequence",
      [key],
    );
    const resumeAt = rows.find(({ type }) => type === "SleepStarted")?.data ?? "{}";
    const woken = rows.find(({ type }) => type === "SleepCompleted")?.at.getTime() ?? 0;
    expect(woken).toBeGreaterThanOrEqual(Date.parse(JSON.parse(resumeAt).resumeAt));
    await onlyOnce(one, key, id);
  });

  test("hundreds of sleeps that end together all end, each once", async () => {
    const one = await services();
    await publish(one, sleep("together", "500ms"));
    const started = await Promise.all(Array.from({ length: 300 }, () => start(one, { workflow: "together" })));
    const results = await Promise.all(started.map(({ id }) => awake(one, id)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(["completed"]));
    const { rows } = await pool.query<{ count: number }>(
      "select count(*)::int as count from events where type = 'SleepCompleted' and execution_id = any ($1)",
      [started.map(({ key }) => key)],
    );
    expect(rows[0]?.count).toBe(300);
  });

  test("a sleep that came due while no process ran ends at the next start", async () => {
    const first = await services();
    await publish(first, sleep("short", "50ms"));
    await close(first);
    const without = await services("off");
    const { id, key } = await start(without, { workflow: "short" });
    await close(without);
    await until("it is due", async () => {
      const { rows } = await pool.query("select from executions where id = $1 and next_wake_at < now()", [key]);
      return rows.length > 0;
    });
    const next = await services();
    expect(await awake(next, id)).toMatchObject({ status: "completed" });
    await onlyOnce(next, key, id);
  });

  test("a process that runs no engine has its sleeps ended by one that does, and hears of it", async () => {
    const without = await services("off");
    await publish(without, sleep("elsewhere", "100ms"));
    await services();
    const { id, key } = await start(without, { workflow: "elsewhere" });
    expect(await awake(without, id)).toMatchObject({ status: "completed" });
    await onlyOnce(without, key, id);
  });

  test("an alarm that was lost is set again by the upkeep", async () => {
    const without = await services("off");
    await publish(without, sleep("lost", "1ms"));
    const { id, key } = await start(without, { workflow: "lost" });
    await pool.query("select graphile_worker.remove_job($1)", [`wake:${key}`]);
    const one = await services();
    await putAlarmsRight({ db: one.db, clock: one.clock, lookSoon: () => {} });
    expect(await awake(one, id)).toMatchObject({ status: "completed" });
    await onlyOnce(one, key, id);
  });

  test("an alarm that is as it should be is left alone, and so is one that is far", async () => {
    const without = await services("off");
    await publish(without, sleep("near", "30s"));
    await publish(without, sleep("far", "30d"));
    const near = await start(without, { workflow: "near" });
    const far = await start(without, { workflow: "far" });
    await pool.query("select graphile_worker.remove_job($1)", [`wake:${far.key}`]);
    const revision = async (key: bigint) => {
      const { rows } = await pool.query("select revision from graphile_worker.jobs where key = $1", [`wake:${key}`]);
      return rows.map((row) => row.revision);
    };
    const before = await revision(near.key);
    await putAlarmsRight({ db: without.db, clock: without.clock, lookSoon: () => {} });
    expect(before).toHaveLength(1);
    expect(await revision(near.key)).toEqual(before);
    expect(await revision(far.key)).toEqual([]);
  });
});
