// Processes as they are deployed: who runs http steps, who is told of them, and that no caller can pass for the engine.
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { forgetOld } from "@/db/stores/upkeep";
import { encodeId } from "@/lib/contract/ids";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import { drainWorker } from "@/lib/engine/drain-worker";
import { heartbeat } from "@/lib/engine/heartbeat";
import { parseAllowList } from "@/lib/engine/http-steps/allow-list";
import { poll } from "@/lib/engine/poll";
import { registerWorker } from "@/lib/engine/register-worker";
import { removeWorker } from "@/lib/engine/remove-worker";
import { createServices, type Services } from "@/lib/engine/services";
import { listQueues, listWorkers } from "@/lib/views/workers";
import { serve } from "../../engine/http-steps/server";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, publish, silent, start, until } from "../engine-services/engine";
import { calling } from "./process";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function services(engine: "embedded" | "off", allowed = "127.0.0.1"): Promise<Services> {
  const httpAllow = parseAllowList(allowed) ?? undefined;
  const opened = await createServices({ databaseUrl: database.connectionString, engine, httpAllow }, { log: silent });
  open.push(opened);
  return opened;
}

async function serving() {
  const server = await serve((_, response) => response.end("here"));
  open.push(server);
  return server;
}

/** Starts one call, and waits for how its execution closes. */
async function outcomeOf(on: Services, url: string) {
  const definition = calling(url);
  await publish(on, definition);
  const { key } = await start(on, { workflow: definition.name });
  const state = await until("the call ended", async () => {
    const found = await on.door.state({ namespaceId: CALLER.namespaceId, executionId: key });
    return found !== null && found.closedAt !== null && found;
  });
  return { status: state.status, error: state.error };
}

it("a call is made by a process that runs the engine, though another one was asked to start it", async () => {
  const server = await serving();
  const web = await services("off");
  await services("embedded");
  expect(await outcomeOf(web, server.url)).toMatchObject({ status: "completed" });
});

it("what is private is refused as long as no setting allows it", async () => {
  const server = await serving();
  const strict = await services("embedded", "");
  expect(await outcomeOf(strict, server.url)).toMatchObject({
    status: "failed",
    error: { code: "HTTP_ERROR", details: { reason: "refused" } },
  });
  expect(server.seen).toEqual([]);
});

it("nobody can register for the engine's own queues", async () => {
  const web = await services("off");
  const body = { tasks: ["work"], language: "node", sdkVersion: "0", capacity: 1 };
  const outcome = await registerWorker(web, CALLER, { ...body, queues: ["default", HTTP_QUEUE] });
  expect(outcome).toMatchObject({ ok: false, code: "INVALID_REQUEST", errors: [{ path: "/queues/1" }] });
});

it("the engine's own worker is in no list, answers to nobody, and is never forgotten", async () => {
  const server = await serving();
  const one = await services("embedded");
  expect(await outcomeOf(one, server.url)).toMatchObject({ status: "completed" });
  const { rows } = await one.db.query("select id from workers where internal");
  expect(rows).toHaveLength(1);
  const worker = encodeId("worker", rows[0].id);

  const now = one.clock.now();
  expect((await listWorkers(one.db, CALLER.namespaceId, now, { before: null, limit: 50 })).items).toEqual([]);
  expect((await listQueues(one.db, CALLER.namespaceId, now, { after: "", limit: 50 })).items).toEqual([]);
  const unknown = { ok: false, code: "WORKER_NOT_FOUND" };
  const { signal } = new AbortController();
  expect(await poll(one, CALLER, worker, { capacity: 1 }, signal)).toMatchObject(unknown);
  expect(await heartbeat(one, CALLER, worker, { running: [] })).toMatchObject(unknown);
  expect(await drainWorker(one, CALLER, worker)).toMatchObject(unknown);
  expect(await removeWorker(one, CALLER, worker)).toMatchObject(unknown);

  await one.db.query("update workers set last_seen_at = now() - interval '2 days'");
  await forgetOld(one.db);
  expect(await outcomeOf(one, server.url)).toMatchObject({ status: "completed" });
});
