// The stream of changes over HTTP: what commits here and elsewhere is told to whoever may see it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHANGED_ROOMS, type ChangedRoom, type Changes } from "@/lib/contract/changes";
import { createDatabase, type TestDatabase } from "../support/postgres";
import { person } from "./person";
import { API_KEY, readStream, startServer, type TestServer } from "./support";

let database: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  database = await createDatabase();
  server = await startServer({ database });
});

afterAll(async () => {
  await server.close();
  await database.drop();
});

/** The stream after its first message, which says to look at everything. */
async function follow(from = server, key = API_KEY) {
  const left = new AbortController();
  const response = await fetch(`${from.url}/api/v1/changes/stream`, {
    headers: { authorization: `Bearer ${key}` },
    signal: left.signal,
  });
  const stream = readStream(response);
  const next = async (): Promise<ChangedRoom[]> => {
    const { value, done } = await stream.next();
    if (done) throw new Error("the stream ended");
    expect(value.event).toBe("changes");
    return (JSON.parse(value.data) as Changes).rooms;
  };
  expect(await next()).toEqual(CHANGED_ROOMS);
  return {
    stream,
    leave: () => left.abort(),
    /** Reads on until that room was told of. */
    async until(room: ChangedRoom) {
      const told: ChangedRoom[] = [];
      while (!told.includes(room)) told.push(...(await next()));
      return told;
    },
  };
}

let names = 0;
async function publish(nodes: object[]): Promise<string> {
  const name = `changing_${++names}`;
  const { status, body } = await server.call("POST", "workflows", { definition: { name, nodes, edges: [] } });
  expect(status, JSON.stringify(body)).toBe(201);
  return name;
}

const GATE = [{ id: "gate", type: "approval" }];
const LONG = [{ id: "nap", type: "sleep", duration: 3_600_000 }];

test("an execution that is started and an approval that it asks for are told", async () => {
  const workflow = await publish(GATE);
  const { until, leave } = await follow();
  await server.call("POST", "executions", { workflow });
  const told = await until("approvals");
  expect(told).toContain("executions");
  leave();
});

test("what another process commits is told here", async () => {
  const workflow = await publish(LONG);
  const other = await startServer({ database });
  try {
    const { until, leave } = await follow();
    await other.call("POST", "executions", { workflow });
    await until("executions");
    leave();
  } finally {
    await other.close();
  }
});

test("a workflow, a schedule and a worker that come are told, though no flush announces them", async () => {
  const { until, leave } = await follow();
  const workflow = await publish(LONG);
  await until("workflows");
  await server.call("POST", "schedules", { name: "nightly", cron: "0 3 * * *", timezone: "UTC", workflow });
  await until("schedules");
  const worker = { queues: ["default"], tasks: ["greet"], language: "test", sdkVersion: "1", capacity: 1 };
  expect((await server.call("POST", "workers", worker)).status).toBe(201);
  await until("workers");
  leave();
});

test("a dead letter that is put aside is told", async () => {
  const workflow = await publish([{ id: "never", type: "task", task: "never", input: "=input.missing.deeper" }]);
  await server.call("POST", "executions", { workflow, input: {} });
  const letters = await server.call("GET", "dead-letters?status=open");
  const { until, leave } = await follow();
  const [letter] = letters.body.items;
  expect((await server.call("POST", `dead-letters/${letter.id}/resolve`, {})).status).toBeLessThan(300);
  await until("dead-letters");
  leave();
});

test("who may see approvals alone hears of approvals alone", async () => {
  const workflow = await publish(GATE);
  const other = await startServer({ database, settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
  const approver = await person(other, "approver");
  const everything = await follow(other);
  const heard = approver.call("GET", "changes/stream");
  await other.call("POST", "executions", { workflow });
  await everything.until("approvals");
  other.stopping.abort();
  const { body } = await heard;
  expect(new Set(body.match(/^data: .*$/gm))).toEqual(new Set(['data: {"rooms":["approvals"]}']));
  await other.close();
});

test("a server that stops ends the stream", async () => {
  const other = await startServer({ database });
  const { stream } = await follow(other);
  other.stopping.abort();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  await other.close();
});
