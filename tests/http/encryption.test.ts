// Everything that users send, sent to a server that seals it: it works as ever, and nothing of it is to be found in the database.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKey, tablesWith } from "../integration/encryption/canaries";
import { createDatabase, type TestDatabase } from "../support/postgres";
import { chain, TestClient, type TestWorker, task, type Wire } from "./client";
import { startServer, type TestServer } from "./support";

const KEY = newKey("one");
const large = (word: string) => `${word} ${"of a large value ".repeat(3000)}`;

let database: TestDatabase;
let pool: pg.Pool;
let server: TestServer;
const client = new TestClient(() => server);

beforeAll(async () => {
  database = await createDatabase();
  pool = new pg.Pool({ connectionString: database.connectionString, max: 1 });
  pool.on("error", () => {});
});
afterAll(async () => {
  await server?.close();
  await pool?.end();
  await database?.drop();
});

const begin = async (...keys: string[]) => {
  await server?.close();
  const settings: Record<string, string> = keys.length === 0 ? {} : { CEREBELUM_ENCRYPTION_KEYS: keys.join(",") };
  server = await startServer({ database, settings: { CEREBELUM_LOG_LEVEL: "silent", ...settings } });
};

const story = {
  nodes: [
    { ...task("work"), input: "=input", retry: { maxAttempts: 2, initialInterval: "1ms", jitter: 0 } },
    {
      id: "gate",
      type: "approval",
      title: "='Pay ' + input.secret",
      description: "=input.secret",
      form: { type: "object" },
    },
    { id: "wait", type: "signal", signal: "go" },
  ],
  edges: chain("work", "gate", "wait"),
};

interface Told {
  /** That all of it begins with. */
  word: string;
  id: string;
  forked: string;
  failed: string;
  letter: string;
  workflow: string;
  queue: string;
}

/** Words of every kind that a user can leave behind. */
async function tell(word: string): Promise<Told> {
  const LARGE = large(word);
  const { workflow, queue } = await client.publish(story);
  const worker = await client.worker(queue, "work");
  const id = await client.start(workflow, { input: { secret: `${word} of an input`, large: LARGE } });
  const [first] = await worker.take();
  expect(first.input).toMatchObject({ secret: `${word} of an input`, large: LARGE });
  const noted = {
    details: { at: `${word} of a heartbeat` },
    checkpoints: [{ name: "noted", value: `${word} of a checkpoint` }],
    logs: [
      { at: "2026-01-05T12:00:00.000Z", level: "info", text: `${word} of a log`, fields: { x: `${word} of a field` } },
    ],
  };
  const held = { taskId: first.taskId, leaseToken: first.leaseToken };
  const beat = await client.call("POST", `workers/${worker.id}/heartbeat`, { running: [{ ...held, ...noted }] });
  expect(beat.body.acks, JSON.stringify(beat.body)).toMatchObject([{ status: "ok" }]);
  await failWith(worker, first, `${word} of an attempt`);
  const [second] = await worker.take();
  expect(second).toMatchObject({
    attempt: 2,
    heartbeatDetails: noted.details,
    checkpoints: [{ name: "noted", value: `${word} of a checkpoint` }],
  });
  await worker.complete(second, { made: `${word} of an output`, large: LARGE });

  const [approval] = (await client.call("GET", `approvals?execution=${id}`)).body.items;
  expect(approval).toMatchObject({ title: `Pay ${word} of an input`, description: `${word} of an input` });
  const decision = { decision: "approved", data: { why: `${word} of an answer` }, comment: `${word} of a comment` };
  const decided = await client.call("POST", `approvals/${approval.id}/decide`, decision);
  expect(decided.status, JSON.stringify(decided.body)).toBeLessThan(300);
  expect((await client.call("GET", `approvals/${approval.id}`)).body).toMatchObject({
    data: { why: `${word} of an answer` },
    comment: `${word} of a comment`,
  });
  const fork = await client.post(id, "fork", { at: (await client.read(id)).sequence, reason: `${word} of a reason` });
  expect(fork.status, JSON.stringify(fork.body)).toBe(201);

  const failed = await client.start(workflow, { input: { secret: `${word} of an input` } });
  for (let attempt = 1; attempt <= 2; attempt++) {
    const [again] = await worker.take();
    await failWith(worker, again, `${word} of a dead letter`);
  }
  const letters = (await client.call("GET", "dead-letters?status=open")).body.items;
  const letter = letters.find(({ executionId }: Wire) => executionId === failed);
  expect(letter.error).toMatchObject({ code: "BROKEN", message: `${word} of a dead letter` });

  await client.call("POST", "schedules", {
    name: `nightly_${workflow}`,
    cron: "0 3 1 1 *",
    workflow,
    input: { secret: `${word} of a schedule` },
  });
  return { word, id, forked: fork.body.id, failed, letter: letter.id, workflow, queue };
}

async function failWith(worker: TestWorker, { taskId, leaseToken }: Wire, message: string): Promise<void> {
  const error = { code: "BROKEN", message, details: { of: `details: ${message}` } };
  const results = [{ taskId, leaseToken, status: "failed", error }];
  const { body } = await client.call("POST", `workers/${worker.id}/poll`, { capacity: 0, results });
  expect(body.acks, JSON.stringify(body)).toMatchObject([{ status: "accepted" }]);
}

/** All that is shown of it. */
async function expectReadable({ word, id, forked, failed, letter, workflow }: Told): Promise<void> {
  const LARGE = large(word);
  const read = await client.read(id);
  expect(read.input).toMatchObject({ secret: `${word} of an input`, large: LARGE });
  expect(read.steps[0]?.output).toMatchObject({ made: `${word} of an output`, large: LARGE });
  for (const one of [id, forked, failed])
    expect((await client.call("POST", `executions/${one}/verify`)).body, one).toMatchObject({
      consistent: true,
      differences: [],
    });
  expect(JSON.stringify(await client.events(forked))).toContain(`${word} of a checkpoint`);
  expect((await client.call("GET", `executions/${id}/logs`)).body.items).toMatchObject([
    { text: `${word} of a log`, fields: { x: `${word} of a field` } },
  ]);
  const detail = await client.call("GET", `dead-letters/${letter}`);
  expect(detail.body).toMatchObject({ error: { message: `${word} of a dead letter` } });
  expect(detail.body.failures.map(({ attempt }: Wire) => attempt)).toEqual([1, 2]);
  const groups = JSON.stringify((await client.call("GET", "dead-letters/groups")).body);
  if (detail.body.status === "open") {
    expect(groups).toContain(`${word} of a dead letter`);
    const { items: broken } = (await client.call("GET", `executions?workflow=${workflow}&errorCode=BROKEN`)).body;
    expect(broken.map(({ error }: Wire) => error.message)).toEqual([`${word} of a dead letter`]);
  }
  const { items } = (await client.call("GET", "schedules?limit=200")).body;
  expect(items.find(({ workflow: of }: Wire) => of === workflow).input).toEqual({ secret: `${word} of a schedule` });
}

/** By one that began before and waits. */
async function goOn({ word, id, forked }: Told): Promise<void> {
  const bulk = { action: "signal", ids: [forked], signal: "go", payload: `${word} of an operation` };
  const { operationId } = (await client.call("POST", "executions/bulk", bulk)).body;
  await expect
    .poll(async () => (await client.call("GET", `operations/${operationId}`)).body.status, { timeout: 10_000 })
    .toBe("done");
  await client.call("POST", `executions/${id}/signals/go`, { payload: `${word} of a signal` });
  for (const one of [id, forked]) {
    const result = await client.call("GET", `executions/${one}/result?waitMs=5000`);
    expect(result.body).toMatchObject({ status: "completed" });
  }
}

const EVERYWHERE = [
  "approvals",
  "dead_letters",
  "events",
  "heartbeat_details",
  "operations",
  "payloads",
  "schedules",
  "step_logs",
];

describe("payloads", () => {
  let plain: Told;
  let sealed: Told;

  test("are in clear in the database as long as no keys are given: the search finds them", async () => {
    await begin();
    plain = await tell("magpie");
    const waiting = await tell("magpie");
    await goOn(waiting);
    await expectReadable(waiting);
    expect(await tablesWith(pool, "magpie")).toEqual(EVERYWHERE);
  });

  test("are found nowhere once they are sealed, and rows from before stay readable beside them", async () => {
    await begin(KEY);
    await expectReadable(plain);
    await goOn({ ...plain, word: "canary" });
    sealed = await tell("canary");
    await expectReadable(sealed);
    expect(await tablesWith(pool, "canary")).toEqual([]);
  });

  test("are read by a process that has seen none of them before, and histories go on there", async () => {
    await begin(KEY);
    await expectReadable(sealed);
    await goOn(sealed);
    const { status } = await client.post(sealed.failed, "retry", { reason: "canary" });
    expect(status).toBeLessThan(300);
    const worker = await client.worker(sealed.queue, "work");
    const [again] = await worker.take();
    expect(again.input).toMatchObject({ secret: "canary of an input" });
    await worker.complete(again, "canary");
    const note = await client.call("POST", `dead-letters/${plain.letter}/resolve`, { note: "canary of a note" });
    expect(note.body).toMatchObject({ note: "canary of a note" });
    expect(await tablesWith(pool, "canary")).toEqual([]);
  });

  test("without the key are refused as unavailable, change nothing, and are there again with it", async () => {
    await begin();
    expect((await server.instance.readiness()).reason).toContain("one");
    for (const [method, path] of [
      ["GET", `executions/${sealed.id}`],
      ["GET", `executions/${sealed.id}/events`],
      ["POST", `executions/${sealed.failed}/cancel`],
      ["GET", `dead-letters/${sealed.letter}`],
    ] as const)
      expect(await client.call(method, path, method === "POST" ? {} : undefined), path).toMatchObject({
        status: 503,
        body: { code: "UNAVAILABLE" },
      });
    await begin(newKey("one"));
    expect((await client.call("GET", `executions/${sealed.id}`)).status).toBe(503);
    await begin(KEY);
    const { rows } = await pool.query("select from executions where status = 'quarantined'");
    expect(rows).toEqual([]);
    await expectReadable(sealed);
  });

  test("stay readable when the key of the environment is replaced, and the old one may go", async () => {
    const other = newKey("two");
    await begin(other, KEY);
    await begin(other);
    expect((await server.instance.readiness()).reason).toBeNull();
    await expectReadable(sealed);
  });
});
