// `kill -9` of a process whose executions sleep: another one that lives ends all of them, each once.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeId } from "@/lib/contract/ids";
import type { Services } from "@/lib/engine/services";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, until, value } from "./engine";

let database: TestDatabase;
let survivor: Services;
beforeAll(async () => {
  database = await createDatabase();
  survivor = await openServices(database.connectionString);
});
afterAll(async () => {
  await survivor.close();
  await database.drop();
});

/** Killed in the middle: some sleeps have ended, jobs of others are locked by it, the rest have not come due. */
async function startAndKill(): Promise<string[]> {
  const script = fileURLToPath(new URL("./process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, database.connectionString], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error("the process ended by itself"))),
  ])) as [string];
  await until("some sleep has ended", async () => {
    const { rows } = await survivor.db.query("select from events where type = 'SleepCompleted' limit 1");
    return rows.length > 0;
  });
  child.kill("SIGKILL");
  await exited;
  return JSON.parse(line);
}

test("all sleeps of a killed process end, each once, and its slot is free again", { timeout: 120_000 }, async () => {
  const ids = await startAndKill();
  const never = new AbortController().signal;
  const results = await Promise.all(ids.map((id) => waitForResult(survivor, CALLER, id, 60_000, never)));
  expect(new Set(results.map((result) => value(result).status))).toEqual(new Set(["completed"]));
  const { rows } = await survivor.db.query<{ times: number }>(
    `select count(*)::int as times from events where type = 'SleepCompleted' and execution_id = any ($1)
     group by execution_id`,
    [ids.map((id) => decodeId("execution", id))],
  );
  expect(rows).toHaveLength(ids.length);
  expect(new Set(rows.map(({ times }) => times))).toEqual(new Set([1]));
  for (const id of ids.slice(0, 5)) expect(value(await verifyExecution(survivor, CALLER, id)).consistent).toBe(true);
  await until("the dead process is cleared away", async () => {
    const left = await survivor.db.query("select slot from engine_processes");
    return left.rows.length === 1;
  });
  await until("no job is left locked", async () => {
    const locked = await survivor.db.query("select from graphile_worker.jobs where locked_at is not null");
    return locked.rows.length === 0;
  });
});
