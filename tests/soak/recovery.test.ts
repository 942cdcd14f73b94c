// Point-in-time recovery: a base backup made while the service works, its log archived, and a database brought back to a moment
// between two steps. What was acknowledged by then is there; what came after is done again, with the same idempotency keys.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type Definition, step, Worker } from "@cerebelum/sdk";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningPostgres, startPostgres } from "../../scripts/postgres.mjs";
import { openReleases, type Releases } from "../kill/releases";
import { ServerProcess } from "../kill/server-process";

const THREE_STEPS: Definition = {
  name: "three_steps",
  nodes: [
    { id: "first", type: "task", task: "note", input: { small: true } },
    { id: "gate", type: "approval" },
    { id: "second", type: "task", task: "note", input: { small: true } },
    { id: "hear", type: "signal", signal: "go" },
    { id: "third", type: "task", task: "note", input: { small: true } },
  ],
  edges: ["gate", "second", "hear", "third"].map((to, i, all) => ({ from: all[i - 1] ?? "first", to })),
};

let folder: string;
let archive: string;
let releases: Releases;
let postgres: RunningPostgres | undefined;
let server: ServerProcess | undefined;
let worker: Worker | undefined;
const clients: Client[] = [];
/** Node and idempotency key of each run of a handler, by execution. */
const runs = new Map<string, { node: string; key: string }[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerebelum-recovery-"));
  archive = join(folder, "archive");
  mkdirSync(archive);
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  chmodSync(archive, 0o777);
  releases = await openReleases();
}, 60_000);

afterAll(async () => {
  await worker?.stop({ graceMs: 0 });
  for (const client of clients) client.close();
  await server?.stop();
  await postgres?.stop();
  releases.remove();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function serve(databaseUrl: string): Promise<Client> {
  server = await ServerProcess.start({ script: releases.present, databaseUrl, engine: "embedded" });
  const { url, apiKey } = server;
  const note = step("note", (_: unknown, { executionId, node, idempotencyKey }) => {
    runs.set(executionId, [...(runs.get(executionId) ?? []), { node, key: idempotencyKey }]);
    return null;
  });
  worker = new Worker({ url, apiKey, steps: [note], log: () => {} });
  await worker.start();
  const client = new Client({ url, apiKey });
  clients.push(client);
  return client;
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: postgres?.connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** As docs/backup-and-restore.md says, where there is no pg_basebackup. */
async function baseBackup(cluster: string, target: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres?.connectionString });
  await client.connect();
  try {
    await client.query("select pg_backup_start('base', true)");
    // Files may vanish while they are copied: what has become of them is in the log.
    spawnSync("cp", ["-a", cluster, target], { stdio: "ignore" });
    const { rows } = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop()");
    const { uid, gid } = statSync(target);
    writeFileSync(join(target, "backup_label"), rows[0]?.labelfile ?? "");
    execFileSync("chown", [`${uid}:${gid}`, join(target, "backup_label")]);
  } finally {
    await client.end();
  }
  rmSync(join(target, "postmaster.pid"), { force: true });
  rmSync(join(target, "postmaster.opts"), { force: true });
}

async function untilArchived(): Promise<void> {
  const [{ file } = { file: "" }] = await query<{ file: string }>("select pg_walfile_name(pg_switch_wal()) as file");
  await expect.poll(() => existsSync(join(archive, file)), { timeout: 60_000 }).toBe(true);
}

async function decide(client: Client, id: string): Promise<void> {
  const pending = async () => (await client.approvals.list({ execution: id, status: "pending" })).items;
  await expect.poll(async () => (await pending()).length, { timeout: 60_000 }).toBe(1);
  await client.approvals.decide((await pending())[0]?.id ?? "", "approved");
}

async function waitsForItsSignal(client: Client, id: string): Promise<void> {
  const waiting = async () => (await client.get(id)).waitingFor.map(({ kind }) => kind);
  await expect.poll(waiting, { timeout: 60_000 }).toEqual(["signal"]);
}

it("executions go on from the moment that a database was brought back to", async () => {
  const origin = join(folder, "origin");
  postgres = await startPostgres({
    dataDir: origin,
    settings: [
      "wal_level=replica",
      "archive_mode=on",
      `archive_command=test ! -f ${archive}/%f && cp %p ${archive}/%f`,
    ],
  });
  const before = await serve(postgres.connectionString);
  await before.publish(THREE_STEPS);
  const start = async () => (await before.start({ workflow: THREE_STEPS.name })).id;
  const [done, underWay] = [await start(), await start()];
  await decide(before, done);
  await waitsForItsSignal(before, done);

  await baseBackup(join(origin, "postgres"), join(folder, "base"));

  await before.signal(done, "go");
  expect((await before.result(done)).status).toBe("completed");
  await decide(before, underWay);
  await waitsForItsSignal(before, underWay);
  const [{ moment } = { moment: "" }] = await query<{ moment: string }>("select clock_timestamp()::text as moment");

  const tooLate = await start();
  await before.signal(underWay, "go");
  expect((await before.result(underWay)).status).toBe("completed");
  await untilArchived();
  await worker?.stop({ graceMs: 0 });
  await server?.kill();
  process.kill(postgres.pid, "SIGKILL");
  await postgres.exited;

  const restored = join(folder, "restored");
  mkdirSync(restored);
  execFileSync("cp", ["-a", join(folder, "base"), join(restored, "postgres")]);
  copyFileSync(join(origin, "postgres-password"), join(restored, "postgres-password"));
  const { uid, gid } = statSync(join(folder, "base"));
  writeFileSync(join(restored, "postgres", "recovery.signal"), "");
  execFileSync("chown", ["-R", `${uid}:${gid}`, join(restored, "postgres")]);
  postgres = await startPostgres({
    dataDir: restored,
    settings: [
      `restore_command=cp ${archive}/%f %p`,
      `recovery_target_time=${moment}`,
      "recovery_target_action=promote",
    ],
  });
  await expect
    .poll(async () => (await query("select pg_is_in_recovery() as r"))[0]?.r, { timeout: 60_000 })
    .toBe(false);

  const after = await serve(postgres.connectionString);
  expect(await after.result(done)).toMatchObject({ status: "completed" });
  await expect(after.get(tooLate)).rejects.toMatchObject({ status: 404 });
  // It was completed in a time that is no more.
  await waitsForItsSignal(after, underWay);
  await after.signal(underWay, "go");
  expect((await after.result(underWay)).status).toBe("completed");
  for (const id of [done, underWay])
    expect(await after.verify(id)).toMatchObject({ consistent: true, differences: [] });
  expect(runs.get(done)?.map(({ node }) => node)).toEqual(["first", "second", "third"]);
  const again = runs.get(underWay) ?? [];
  expect(again.map(({ node }) => node)).toEqual(["first", "second", "third", "third"]);
  expect(again[3]?.key).toBe(again[2]?.key);
  const { id } = await after.start({ workflow: THREE_STEPS.name });
  expect(id > underWay).toBe(true);
}, 300_000);
