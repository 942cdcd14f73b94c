// Migrations beside processes that serve: none stands in the queue for a table for long, and new partitions lock nobody out.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { migrate } from "@/db/migrate";
import { createDatabase, type TestDatabase } from "../support/postgres";

const OURS = fileURLToPath(new URL("../../db/migrations", import.meta.url));

let database: TestDatabase;
let reader: Client;
let other: Client;
const folders: string[] = [];

beforeAll(async () => {
  database = await createDatabase();
  [reader, other] = [new Client(database.connectionString), new Client(database.connectionString)];
  await Promise.all([reader.connect(), other.connect()]);
});

afterAll(async () => {
  await Promise.all([reader.end(), other.end()]);
  await database.drop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Ours, and one more. */
function migrationsWith(tag: string, sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cerebelum-migrations-"));
  folders.push(folder);
  cpSync(OURS, folder, { recursive: true });
  const journalFile = join(folder, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(journalFile, "utf8"));
  const when = Math.max(...journal.entries.map((entry: { when: number }) => entry.when)) + folders.length;
  journal.entries.push({ idx: journal.entries.length, version: "7", when, tag, breakpoints: true });
  writeFileSync(journalFile, JSON.stringify(journal));
  writeFileSync(join(folder, `${tag}.sql`), sql);
  return folder;
}

it("a migration that meets a long transaction gives way to others, and is done once that is over", async () => {
  await reader.query("begin");
  await reader.query("select count(*) from api_keys");
  let tries = 0;
  let goOn = () => {};
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let gaveWay = () => {};
  const hasGivenWay = new Promise<void>((resolve) => {
    gaveWay = resolve;
  });
  const migrated = migrate({
    connectionString: database.connectionString,
    migrationsFolder: migrationsWith("9999_later", "ALTER TABLE api_keys ADD COLUMN later integer"),
    pause() {
      tries++;
      gaveWay();
      return mayGoOn;
    },
  });
  await hasGivenWay;
  // A migration that still waited would have everybody wait behind it.
  await other.query("select count(*) from api_keys");
  await expect(other.query("select later from api_keys")).rejects.toMatchObject({ code: "42703" });
  await reader.query("commit");
  goOn();
  await migrated;
  expect(tries).toBe(1);
  await other.query("select later from api_keys");
});

it("a migration that is wrong is not tried again, and leaves nothing behind", async () => {
  const migrationsFolder = migrationsWith(
    "9999_wrong",
    "CREATE TABLE half (id integer);--> statement-breakpoint\nSELECT 1 / 0",
  );
  const pause = () => Promise.reject(new Error("it was tried again"));
  const migrated = migrate({ connectionString: database.connectionString, migrationsFolder, pause });
  await expect(migrated).rejects.toMatchObject({ cause: { code: "22012" } });
  const { rows } = await other.query("select to_regclass('half') as half");
  expect(rows).toEqual([{ half: null }]);
});

it("an index of a large table is built outside the migration, by one of several processes, and anew where a build broke off", async () => {
  const isValid = async () =>
    (await other.query("select indisvalid from pg_index where indexrelid = to_regclass('executions_closed')")).rows;
  await other.query("drop index executions_closed");
  const { connectionString } = database;
  // Each of them waits for the others, and the build waits for every statement that began before.
  await Promise.all([1, 2, 3].map(() => migrate({ connectionString })));
  expect(await isValid()).toEqual([{ indisvalid: true }]);
  await other.query("update pg_index set indisvalid = false where indexrelid = 'executions_closed'::regclass");
  await migrate({ connectionString });
  expect(await isValid()).toEqual([{ indisvalid: true }]);
});

it("partitions are made while a dump reads the events, and can be written at once", async () => {
  await reader.query("begin");
  await reader.query("lock table events in access share mode");
  await other.query("set lock_timeout = '100ms'");
  // The control: so it was done at first.
  const locked = other.query("create table too_late partition of events for values from (1) to (2)");
  await expect(locked).rejects.toMatchObject({ code: "55P03" });
  const { rows } = await other.query("select now() + interval '52 weeks' as later");
  await other.query("select ensure_event_partitions($1, 2)", [rows[0].later]);
  const count = "select count(*)::int as n from pg_inherits where inhparent = 'events'::regclass";
  const [before] = (await other.query(count)).rows;
  await other.query("select ensure_event_partitions($1, 2)", [rows[0].later]);
  expect((await other.query(count)).rows).toEqual([before]);
  await reader.query("commit");
});

it("an attached partition has the keys and the columns of the table", async () => {
  const { rows } = await other.query(
    `select distinct array_agg(a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull || ' ' || a.attstorage::text order by a.attnum) as columns,
       (select array_agg(pg_get_constraintdef(k.oid)) from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n') as keys
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.oid = 'events'::regclass or c.oid in (select inhrelid from pg_inherits where inhparent = 'events'::regclass)
     group by c.oid`,
  );
  expect(rows).toHaveLength(1);
});
