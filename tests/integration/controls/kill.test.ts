// `kill -9` of the process that works on an operation: another one goes on where it was, and every execution is done once.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Services } from "@/lib/engine/services";
import { startBatch } from "@/lib/engine/start-batch";
import { startOperation } from "@/lib/engine/start-operation";
import { readOperation } from "@/lib/views/operations";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, openServices, publish, until, value } from "../engine-services/engine";

const EXECUTIONS = 2_000;

let database: TestDatabase;
let services: Services;
beforeAll(async () => {
  database = await createDatabase();
  // Runs no jobs: the operation is the other processes' business.
  services = await openServices(database.connectionString, "off");
});
afterAll(async () => {
  await services?.close();
  await database?.drop();
});

async function launch() {
  const script = fileURLToPath(new URL("./process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, database.connectionString], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error("the process ended by itself"))),
  ]);
  return async () => {
    child.kill("SIGKILL");
    await exited;
  };
}

test("an operation outlives the process that works on it", { timeout: 180_000 }, async () => {
  await publish(services, { name: "many", nodes: [{ id: "wait", type: "signal", signal: "go" }], edges: [] });
  for (let started = 0; started < EXECUTIONS; started += 1000)
    await startBatch(
      services,
      CALLER,
      Array.from({ length: 1000 }, () => ({ workflow: "many" })),
    );
  const kill = await launch();
  const { operationId } = value(
    await startOperation(services, CALLER, { action: "signal", signal: "go", filter: { workflow: "many" } }),
  );
  const operation = async () => {
    const read = await readOperation(services.db, CALLER.namespaceId, operationId);
    if (read === null) throw new Error("the operation is gone");
    return read;
  };
  await until("a part of it is done", async () => (await operation()).done > 0);
  await kill();
  expect(await operation()).toMatchObject({ status: "running", total: EXECUTIONS });

  const killOther = await launch();
  await until("it is done", async () => (await operation()).status === "done");
  await killOther();
  expect(await operation()).toMatchObject({ total: EXECUTIONS, done: EXECUTIONS, failed: 0, errors: [] });
  const { rows } = await services.db.query<{ signals: number; executions: number }>(
    `select count(*)::int as signals, count(distinct execution_id)::int as executions
     from events where type = 'SignalReceived'`,
  );
  expect(rows).toEqual([{ signals: EXECUTIONS, executions: EXECUTIONS }]);
});
