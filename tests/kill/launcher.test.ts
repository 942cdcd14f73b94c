// `npm start` as a person meets it: it stops all that it started, brings back what dies, and starts after any kill.
import { afterAll, beforeAll, expect, test } from "vitest";
import { gone, isAlive, within } from "../../scripts/processes.mjs";
import { type LaunchedServer, launchServer } from "../support/launched-server";

const DEADLINE_MS = 30_000;

let server: LaunchedServer;
beforeAll(async () => {
  server = await launchServer();
}, 180_000);
afterAll(() => server.stop(), 60_000);

test("a server that is killed comes back at the same address", async () => {
  const before = server.processes();
  process.kill(before.server, "SIGKILL");
  await gone(before.server);
  await expect.poll(isReady, { timeout: DEADLINE_MS }).toBe(true);
  expect(server.processes()).toMatchObject({ launcher: before.launcher, postgres: before.postgres });
});

test("a database that is killed comes back, and the server finds it by itself", async () => {
  const before = server.processes();
  process.kill(before.postgres, "SIGKILL");
  await expect.poll(() => postgresNow() !== before.postgres, { timeout: DEADLINE_MS }).toBe(true);
  await expect.poll(isReady, { timeout: DEADLINE_MS }).toBe(true);
  expect(server.processes()).toMatchObject({ launcher: before.launcher, server: before.server });
});

test("a second start for the same data is refused and says where the first one is", async () => {
  await expect(server.start()).rejects.toThrow(
    `already running (process ${server.processes().launcher}) at ${server.url}`,
  );
  expect(await isReady()).toBe(true);
});

test("a killed launcher takes its server along, and the next one adopts the database", async () => {
  const before = server.processes();
  process.kill(before.launcher, "SIGKILL");
  expect(await within(gone(before.server), DEADLINE_MS)).toBe(true);
  expect(isAlive(before.postgres)).toBe(true);
  await server.start();
  expect(server.processes().postgres).toBe(before.postgres);
  expect(await isReady()).toBe(true);
});

test("after a kill of everything at once the next start simply works", async () => {
  const before = server.processes();
  for (const pid of Object.values(before)) process.kill(pid, "SIGKILL");
  await server.start();
  expect(await isReady()).toBe(true);
});

test("SIGTERM ends the launcher, the server and the database", async () => {
  const { launcher, server: serving, postgres } = server.processes();
  process.kill(launcher, "SIGTERM");
  for (const pid of [launcher, serving, postgres]) expect(await within(gone(pid), DEADLINE_MS)).toBe(true);
  await server.start();
});

test("a wrong setting ends the start with one line that names it", async () => {
  const start = launchServer({ PORT: "eighty" });
  await expect(start).rejects.toThrow(/^ {2}PORT is wrong: .+$/m);
  await expect(start).rejects.not.toThrow(/ at .*\.(m?js|ts)/);
});

async function isReady(): Promise<boolean> {
  const answer = await fetch(`${server.url}/readyz`).catch(() => null);
  return answer?.status === 200;
}

function postgresNow(): number {
  try {
    return server.processes().postgres;
  } catch {
    // Its file is being written.
    return Number.NaN;
  }
}
