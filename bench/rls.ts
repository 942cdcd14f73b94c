// What PostgreSQL's row level security would cost here: `npx tsx bench/rls.ts`. Figures and the decision are in decision 0015.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate } from "@/db/migrate";
import { firstKeyAt } from "@/lib/contract/ids";
import { startPostgres } from "../scripts/postgres.mjs";

const NAMESPACES = 20;
const EXECUTIONS = 20_000;
const READS = 3_000;
const FLUSHES = 150;
/** Events of one flush, of executions of every namespace. */
const ROWS = 200;

const WALLED = ["executions", "events"];

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-rls-"));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, "data") });
  try {
    await measure(postgres.connectionString);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(connectionString: string): Promise<void> {
  await migrate({ connectionString });
  const owner = new pg.Client({ connectionString });
  await owner.connect();
  await fill(owner);
  const as = (role: string) => connected(connectionString, role);
  const [open, walled, known] = await Promise.all([as("unwalled"), as("walled"), as("walled")]);
  await known.query("select set_config('cerebelum.namespaces', $1, false)", [ALL]);
  const reads: Variants = {
    "read, as it is": (i) => plainly(open, i),
    "read, walled, in a transaction that says where": (i) => inTransaction(walled, i),
    "read, walled, by a session that is told first": (i) => toldFirst(walled, i),
    "read, walled, by a session that knows already": (i) => plainly(known, i),
  };
  report(await inTurns(reads, READS));
  const writes: Variants = {
    "flush, as it is": () => flush(open),
    "flush, walled, by a session that is told first": () => told(walled, ALL).then(() => flush(walled)),
    "flush, walled, by a session that knows already": () => flush(known),
  };
  report(await inTurns(writes, FLUSHES));
  await Promise.all([owner, open, walled, known].map((client) => client.end()));
}

async function connected(connectionString: string, role: string): Promise<pg.Client> {
  const url = new URL(connectionString);
  [url.username, url.password] = [role, role];
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

const ALL = `{${Array.from({ length: NAMESPACES }, (_, i) => i + 1).join()}}`;

async function fill(client: pg.Client): Promise<void> {
  await client.query("select ensure_event_partitions(now(), 1)");
  await client.query(
    `insert into executions (id, namespace_id, workflow_id, version, sequence, status, head, started_at)
     select i, 1 + i % ${NAMESPACES}, 1, 1, 1, 'completed', '', now() from generate_series(1, ${EXECUTIONS}) i`,
  );
  await client.query("create role walled login password 'walled'");
  await client.query("create role unwalled login password 'unwalled' bypassrls");
  await client.query(`grant select, insert on ${WALLED.join()} to walled, unwalled`);
  for (const table of WALLED) {
    await client.query(`alter table ${table} enable row level security`);
    await client.query(
      `create policy own on ${table} to walled using (namespace_id = any(current_setting('cerebelum.namespaces')::int[]))
       with check (namespace_id = any(current_setting('cerebelum.namespaces')::int[]))`,
    );
  }
  await client.query("alter system set synchronous_commit = off");
  await client.query("select pg_reload_conf()");
  await client.query("vacuum analyze");
}

function plainly(client: pg.Client, i: number): Promise<unknown> {
  const text = "select id, status, sequence from executions where id = $2 and namespace_id = $1";
  return client.query({ name: "one", text, values: [1 + (i % NAMESPACES), i] });
}

function told(client: pg.Client, namespaces: string, local = false): Promise<unknown> {
  const text = "select set_config('cerebelum.namespaces', $1, $2)";
  return client.query({ name: "told", text, values: [namespaces, local] });
}

async function inTransaction(client: pg.Client, i: number): Promise<void> {
  await client.query("begin");
  await told(client, `{${1 + (i % NAMESPACES)}}`, true);
  await plainly(client, i);
  await client.query("commit");
}

async function toldFirst(client: pg.Client, i: number): Promise<void> {
  await told(client, `{${1 + (i % NAMESPACES)}}`);
  await plainly(client, i);
}

/** Events lie by the time in their execution's key. */
const NOW_AS_KEY = firstKeyAt(Date.now());
let sequence = 0;

/** The part of a flush that grows with it. Nothing waits for the disk, so that the wall is all that differs. */
async function flush(client: pg.Client): Promise<void> {
  sequence += ROWS;
  await client.query({
    name: "flush",
    text: `insert into events (execution_id, at, sequence, namespace_id, command, type, actor, data)
       select $2::bigint + n, now(), $1::int + n, 1 + n % ${NAMESPACES}, $1::int + n, 'StepSkipped', 'engine', '{}'
       from generate_series(1, ${ROWS}) n`,
    values: [sequence, NOW_AS_KEY],
  });
}

type Variants = Record<string, (turn: number) => Promise<unknown>>;

/** Milliseconds of each call. All variants take turns call by call, so that what else the machine does falls on all of them. */
async function inTurns(variants: Variants, turns: number): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  const names = Object.keys(variants);
  for (let turn = -50; turn < turns; turn++)
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + Math.abs(turn)) % names.length] ?? "";
      const startedAt = performance.now();
      await variants[name]?.(Math.abs(turn) + 1);
      times[name] ??= [];
      if (turn >= 0) times[name].push(performance.now() - startedAt);
    }
  return times;
}

function report(times: Record<string, number[]>): void {
  const inOrder = Object.entries(times).sort();
  const asItIs = middle(inOrder[0]?.[1] ?? []);
  for (const [name, all] of inOrder) {
    const ratio = middle(all) / asItIs;
    console.log(`${name.padEnd(50)}${middle(all).toFixed(3)} ms   ${Math.round(100 * ratio)} %`);
  }
}

function middle(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[all.length >> 1] ?? 0;
}

await main();
