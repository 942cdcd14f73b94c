// `kill -9` of PostgreSQL under a running engine: once it is back, everything goes on by itself.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "@/db/migrate";
import { cancelExecution } from "@/lib/engine/cancel-execution";
import { followEvents } from "@/lib/engine/follow-events";
import type { Services } from "@/lib/engine/services";
import { startExecution } from "@/lib/engine/start-execution";
import { verifyExecution } from "@/lib/engine/verify-execution";
import { waitForResult } from "@/lib/engine/wait-for-result";
import { type RunningPostgres, startPostgres } from "../../../scripts/postgres.mjs";
import { CALLER, openServices, publish, sleep, start, task, until, value } from "./engine";

let folder: string;
let postgres: RunningPostgres;
let services: Services;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cerebelum-restart-"));
  chmodSync(folder, 0o755);
  postgres = await startPostgres({ dataDir: join(folder, "data") });
  await migrate({ connectionString: postgres.connectionString });
  services = await openServices(postgres.connectionString);
});
afterAll(async () => {
  await services.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("waits, followers and timers go on after the database was killed, and nothing happened twice", {
  timeout: 120_000,
}, async () => {
  await publish(services, sleep("nap", "3s"));
  await publish(services, task("open"));
  const napping = await start(services, { workflow: "nap" });
  const open = await start(services, { workflow: "open" });
  const never = new AbortController().signal;
  const result = waitForResult(services, CALLER, napping.id, 60_000, never);
  const followed: number[] = [];
  const followedToItsEnd = (async () => {
    for await (const events of followEvents(services, CALLER, open.id, 0, never))
      followed.push(...events.map(({ sequence }) => sequence));
  })();
  await until("the follower has caught up", async () => followed.length === 2);
  const keyBefore = services.keys.next();

  process.kill(postgres.pid, "SIGKILL");
  await postgres.exited;
  await until("the loss is noticed", async () => (await services.unready()) !== null);
  // Nothing is acknowledged while there is no database.
  await expect(startExecution(services, CALLER, { workflow: "open" })).rejects.toThrow();
  postgres = await startPostgres({ dataDir: join(folder, "data"), port: postgres.port });

  await until("it serves again", async () => (await services.unready()) === null);
  expect(services.keys.next() > keyBefore).toBe(true);
  expect(value(await result)).toMatchObject({ status: "completed" });
  value(await cancelExecution(services, CALLER, open.id, {}));
  await followedToItsEnd;
  expect(followed).toEqual(followed.map((_, i) => i + 1));
  for (const { id } of [napping, open])
    expect(value(await verifyExecution(services, CALLER, id))).toMatchObject({ consistent: true });
});
