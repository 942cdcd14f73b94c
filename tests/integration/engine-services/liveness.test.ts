// A process is alive while its listening connection is: the living free what the dead held, and a lost connection comes back.
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openPool, type Pool } from "@/db/client";
import { systemClock } from "@/lib/clock";
import { DatabaseClock } from "@/lib/engine/process/database-clock";
import { Keys, NoSlot } from "@/lib/engine/process/keys";
import { Liveness } from "@/lib/engine/process/liveness";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { silent, until } from "./engine";

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

const open: Liveness[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((liveness) => liveness.close()));
  await pool.query("delete from engine_processes");
});

interface Heard {
  reconnected: number;
  died: number;
  payloads: string[];
}

async function process(random = 0): Promise<{ liveness: Liveness; keys: Keys; heard: Heard }> {
  const clock = new DatabaseClock(systemClock);
  const keys = new Keys(clock);
  const heard: Heard = { reconnected: 0, died: 0, payloads: [] };
  const liveness = new Liveness({
    connectionString: database.connectionString,
    keys,
    clock,
    log: silent,
    notified: (payload) => heard.payloads.push(payload),
    reconnected: () => heard.reconnected++,
    othersDied: () => heard.died++,
    random: () => random,
    lookEveryMs: 50,
  });
  await liveness.start();
  open.push(liveness);
  return { liveness, keys, heard };
}

/** What `kill -9` does to a connection: the server sees it end, and nobody says good-bye. */
async function terminate(slot: number | null): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_locks l where ${SLOT_LOCK} and l.granted and l.objid = $1`,
    [slot],
  );
}

/** Puts somebody dead before the living and waits until they have cleared it away. */
async function aLookWasMade() {
  await pool.query("insert into engine_processes values (900, now(), '{pool-dead}')");
  await until("the dead is cleared away", async () => {
    const { rows } = await pool.query("select from engine_processes where slot = 900");
    return rows.length === 0;
  });
}

async function session(): Promise<Client> {
  const client = new Client({ connectionString: database.connectionString });
  await client.connect();
  return client;
}

async function lockClass(): Promise<number> {
  const { rows } = await pool.query<{ classid: number }>(`select classid from pg_locks l where ${SLOT_LOCK} limit 1`);
  return Number(rows[0]?.classid);
}

const SLOT_LOCK = `l.locktype = 'advisory' and l.objsubid = 2
  and l.database = (select oid from pg_database where datname = current_database())`;

async function lockedJob(heldBy: string): Promise<string> {
  const { rows } = await pool.query<{ id: bigint }>(
    "select id from graphile_worker.add_job('wake', json_build_object('execution', '0', 'namespace', 1))",
  );
  const id = String(rows[0]?.id);
  await pool.query("update graphile_worker._private_jobs set locked_by = $2, locked_at = now() where id = $1", [
    id,
    heldBy,
  ]);
  return id;
}

const isLocked = async (id: string) => {
  const { rows } = await pool.query<{ locked: boolean }>(
    "select locked_by is not null as locked from graphile_worker.jobs where id = $1",
    [id],
  );
  return rows[0]?.locked;
};

describe("liveness", () => {
  test("the first process is alone, the second is not, and each has a slot of its own", async () => {
    const first = await process();
    const second = await process();
    expect(first.liveness.alone()).toBe(true);
    expect(second.liveness.alone()).toBe(false);
    expect(first.keys.slot).toBe(0);
    expect(second.keys.slot).toBe(1);
  });

  test("of processes that start at the same time exactly one is alone", async () => {
    const started = await Promise.all([process(), process(), process(), process()]);
    expect(started.filter(({ liveness }) => liveness.alone())).toHaveLength(1);
    expect(new Set(started.map(({ keys }) => keys.slot)).size).toBe(4);
  });

  test("the jobs that a killed process held are freed by another one that lives", async () => {
    const survivor = await process();
    const victim = await session();
    const slot = 500;
    await victim.query("select pg_advisory_lock($1, $2)", [await lockClass(), slot]);
    await pool.query("insert into engine_processes values ($1, now(), '{pool-victim}')", [slot]);
    const job = await lockedJob("pool-victim");
    await aLookWasMade();
    expect(await isLocked(job)).toBe(true);
    await victim.end();
    await until("the job is free", async () => !(await isLocked(job)));
    await until("somebody is told", async () => survivor.heard.died > 0);
    const { rows } = await pool.query("select slot from engine_processes");
    expect(rows).toEqual([{ slot: survivor.keys.slot }]);
  });

  test("the jobs of the living stay with them", async () => {
    const one = await process();
    await process();
    await one.liveness.addPool("pool-alive");
    const job = await lockedJob("pool-alive");
    await aLookWasMade();
    expect(await isLocked(job)).toBe(true);
  });

  test("a process that starts frees what died before it", async () => {
    await pool.query("insert into engine_processes values (901, now(), '{pool-past}')");
    const job = await lockedJob("pool-past");
    await process();
    expect(await isLocked(job)).toBe(false);
  });

  test("a lost connection is opened again, with its slot, its pools and its notifications", async () => {
    const one = await process();
    await one.liveness.addPool("pool-one");
    const before = one.keys.next();
    await terminate(one.keys.slot);
    await until("it is connected again", async () => one.heard.reconnected > 0);
    expect(one.keys.slot).toBe(0);
    expect(one.keys.next() > before).toBe(true);
    const { rows } = await pool.query("select slot, graphile_pools as pools from engine_processes");
    expect(rows).toEqual([{ slot: 0, pools: ["pool-one"] }]);
    await pool.query("select pg_notify('cerebelum', 'hello')");
    await until("the notification arrives", async () => one.heard.payloads.includes("hello"));
  });

  test("a process whose slot was taken meanwhile gets another, and makes no key in between", async () => {
    const one = await process();
    const thief = await session();
    // Queued behind the lock, so that it is taken in the moment in which it is lost.
    const taken = thief.query("select pg_advisory_lock($1, 0)", [await lockClass()]);
    await until("the lock is waited for", async () => {
      const { rows } = await pool.query(`select from pg_locks l where ${SLOT_LOCK} and not l.granted`);
      return rows.length > 0;
    });
    await terminate(0);
    await taken;
    await until("the loss is noticed", async () => one.keys.slot !== 0);
    if (one.keys.slot === null) expect(() => one.keys.next()).toThrow(NoSlot);
    await until("it is connected again", async () => one.heard.reconnected > 0);
    expect(one.keys.slot).toBe(1);
    await thief.end();
  });
});
