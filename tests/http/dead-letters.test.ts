// Dead letters over HTTP: found, grouped, looked into, retried and put aside, one or all at once.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import type { DeadLetter } from "@/lib/contract/dead-letters";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

let tests = 0;

interface Failing {
  workflow: string;
  worker: string;
  /** Starts an execution and lets its step fail for good. */
  fail(error?: object, input?: unknown): Promise<DeadLetter>;
  /** Takes the next task, if there is one, and answers it. */
  work(result: object): Promise<unknown>;
}

/** A workflow of one step, on a queue of its own, with a worker that does as it is told. */
async function failing(node: object = {}): Promise<Failing> {
  tests += 1;
  const queue = `dead_${tests}`;
  const workflow = `dead_letters_${tests}`;
  const step = {
    id: "charge",
    type: "task",
    task: "charge",
    queue,
    input: "=input",
    retry: { maxAttempts: 1 },
    ...node,
  };
  const definition = { name: workflow, nodes: [step], edges: [] };
  expect((await server.call("POST", "workflows", { definition })).status).toBe(201);
  const registration = { queues: [queue], tasks: ["charge"], language: "node", sdkVersion: "0", capacity: 10 };
  const worker = (await server.call("POST", "workers", registration)).body.workerId as string;
  const poll = (body: object) => server.call("POST", `workers/${worker}/poll`, { capacity: 1, ...body });
  const work = async (result: object) => {
    const [task] = (await poll({ waitMs: 10_000 })).body.tasks;
    const results = [{ taskId: task.taskId, leaseToken: task.leaseToken, ...result }];
    expect((await poll({ capacity: 0, results })).body.acks).toMatchObject([{ status: "accepted" }]);
    return task;
  };
  return {
    workflow,
    worker,
    work,
    async fail(error = { code: "CARD_DECLINED", message: "card 17 was declined" }, input = { amount: 7 }) {
      await server.call("POST", "executions", { workflow, input });
      await work({ status: "failed", error });
      const [letter] = await list({ workflow });
      return letter as DeadLetter;
    },
  };
}

const list = async (query: Record<string, string>): Promise<DeadLetter[]> =>
  (await server.call("GET", `dead-letters?${new URLSearchParams(query)}`)).body.items;
const read = async (id: string) => (await server.call("GET", `dead-letters/${id}`)).body;
const statusOf = async (execution: string) => (await server.call("GET", `executions/${execution}`)).body.status;

async function finished(operationId: string) {
  const poll = () => server.call("GET", `operations/${operationId}`);
  await expect.poll(async () => (await poll()).body.status, { timeout: 20_000 }).toBe("done");
  return (await poll()).body;
}

describe("a dead letter", () => {
  test("says which step of which execution failed, and with what", async () => {
    const { workflow, fail } = await failing();
    const letter = await fail();
    expect(letter).toEqual({
      id: expect.stringMatching(/^dlq_/),
      executionId: expect.stringMatching(/^exe_/),
      workflow,
      version: 1,
      node: "charge",
      iteration: 1,
      attempts: 1,
      error: { code: "CARD_DECLINED", message: "card 17 was declined" },
      fingerprint: expect.any(String),
      status: "open",
      createdAt: expect.any(String),
      note: null,
    });
  });

  test("shows what its step was given and how each attempt failed, on which worker", async () => {
    const retry = { maxAttempts: 2, initialInterval: "1ms", jitter: 0 };
    const { worker, work, workflow } = await failing({ retry });
    const input = { text: "x".repeat(100_000) };
    await server.call("POST", "executions", { workflow, input });
    await work({ status: "failed", error: { code: "FIRST", message: "one" } });
    await work({ status: "failed", error: { code: "SECOND", message: "two", stack: "at charge" } });
    const [letter] = await list({ workflow });
    const detail = await read(letter?.id ?? "");
    expect(detail).toMatchObject({ ...letter, attempts: 2, input });
    expect(detail.failures).toMatchObject([
      { attempt: 1, error: { code: "FIRST", message: "one" }, worker },
      { attempt: 2, error: { code: "SECOND", message: "two", stack: "at charge" }, worker },
    ]);
    expect(detail.failures[0].ranMs).toBeGreaterThanOrEqual(0);
  });

  test("with a code as long as a book is kept, and found by what it begins with", async () => {
    const { fail } = await failing();
    const letter = await fail({ code: `LONG_${"\u{1F4A5}".repeat(5_000)}`, message: "m" });
    expect(letter.error.code).toMatch(/^LONG_.{90,}\u2026$/su);
    expect((await list({ code: letter.error.code })).map(({ id }) => id)).toEqual([letter.id]);
  });

  test("of an item of a map shows that item's, and no other's", async () => {
    tests += 1;
    const [name, queue] = [`dead_map_${tests}`, `dead_map_${tests}`];
    const charge = { id: "charge", type: "task", task: "charge", queue, input: "=item", retry: { maxAttempts: 1 } };
    const each = { id: "each", type: "map", items: ["a", "b"], concurrency: 1, body: { nodes: [charge], edges: [] } };
    await server.call("POST", "workflows", { definition: { name, nodes: [each], edges: [] } });
    const registration = { queues: [queue], tasks: ["charge"], language: "node", sdkVersion: "0", capacity: 10 };
    const { workerId } = (await server.call("POST", "workers", registration)).body;
    await server.call("POST", "executions", { workflow: name });
    for (const outcome of [{ status: "completed" }, { status: "failed", error: { code: "E", message: "m" } }]) {
      const { tasks } = (await server.call("POST", `workers/${workerId}/poll`, { capacity: 1, waitMs: 10_000 })).body;
      const results = tasks.map(({ taskId, leaseToken }: { taskId: string; leaseToken: string }) => ({
        ...outcome,
        taskId,
        leaseToken,
      }));
      await server.call("POST", `workers/${workerId}/poll`, { capacity: 0, results });
    }
    const [letter] = await list({ workflow: name });
    expect(letter).toMatchObject({ node: "each/charge", index: [1], error: { code: "E" } });
    expect(await read(letter?.id ?? "")).toMatchObject({ input: "b", failures: [{ attempt: 1 }] });
  });

  test("is retried with its execution, and is one no more", async () => {
    const { fail, work } = await failing();
    const letter = await fail();
    const key = { headers: { "idempotency-key": `retry-${letter.id}` } };
    const retry = () => server.call("POST", `dead-letters/${letter.id}/retry`, { reason: "card renewed" }, key);
    expect(await retry()).toMatchObject({ status: 202, body: { id: letter.executionId, status: "running" } });
    expect(await retry()).toMatchObject({ status: 202 });
    expect((await read(letter.id)).status).toBe("retried");
    expect(await work({ status: "completed", output: 1 })).toMatchObject({ attempt: 2 });
    expect(await statusOf(letter.executionId)).toBe("completed");
    const again = await server.call("POST", `dead-letters/${letter.id}/retry`, {});
    expect([again.status, again.body.code]).toEqual([409, "NOT_RETRYABLE"]);
    const resolved = await server.call("POST", `dead-letters/${letter.id}/resolve`, { note: "done" });
    expect([resolved.status, resolved.body.code]).toEqual([409, "DEAD_LETTER_CLOSED"]);
  });

  test("is put aside with a note, once, and nothing runs", async () => {
    const { fail } = await failing();
    const letter = await fail();
    const resolve = (body: object) => server.call("POST", `dead-letters/${letter.id}/resolve`, body);
    const first = await resolve({ note: "paid in cash" });
    expect(first).toMatchObject({ status: 200, body: { status: "resolved", note: "paid in cash" } });
    expect(await resolve({ note: "paid in cash" })).toMatchObject({ status: 200, body: first.body });
    expect(await resolve({ note: "not paid" })).toMatchObject({ status: 409, body: { code: "DEAD_LETTER_CLOSED" } });
    expect(await statusOf(letter.executionId)).toBe("failed");
    const { body } = await server.call("POST", `executions/${letter.executionId}/verify`);
    expect(body).toMatchObject({ consistent: true, differences: [] });
  });
});

describe("the list of dead letters", () => {
  test("is narrowed by workflow, code, fingerprint and status", async () => {
    const [one, two] = [await failing(), await failing()];
    const a = await one.fail({ code: "TIMEOUT_UPSTREAM", message: "no answer from 10.0.0.1" });
    const b = await one.fail({ code: "TIMEOUT_UPSTREAM", message: "no answer from 10.0.0.2" });
    const c = await two.fail({ code: "BAD_GATEWAY_UPSTREAM", message: "odd answer" });
    const ids = async (query: Record<string, string>) => (await list(query)).map(({ id }) => id);
    expect(await ids({ workflow: one.workflow })).toEqual([b.id, a.id]);
    expect(await ids({ code: "BAD_GATEWAY_UPSTREAM" })).toEqual([c.id]);
    expect(a.fingerprint).toBe(b.fingerprint);
    expect(await ids({ fingerprint: a.fingerprint })).toEqual([b.id, a.id]);
    expect(await ids({ workflow: two.workflow, code: "TIMEOUT_UPSTREAM" })).toEqual([]);
    expect(await ids({ workflow: "none such" })).toEqual([]);
    await server.call("POST", `dead-letters/${a.id}/resolve`, {});
    expect(await ids({ workflow: one.workflow, status: "open" })).toEqual([b.id]);
    expect(await ids({ workflow: one.workflow, status: "resolved" })).toEqual([a.id]);
    expect((await server.call("GET", "dead-letters?status=lost")).status).toBe(422);
  });

  test("pages through all of them, newest first", async () => {
    const { workflow, fail } = await failing();
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await fail()).id);
    const first = await server.call("GET", `dead-letters?workflow=${workflow}&limit=3`);
    const rest = await server.call("GET", `dead-letters?workflow=${workflow}&limit=3&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...rest.body.items].map(({ id }) => id)).toEqual(made);
    expect(rest.body.nextCursor).toBeNull();
  });
});

describe("groups", () => {
  test("put together what looks like one cause, over workflows, and count what is open", async () => {
    const [one, two] = [await failing(), await failing()];
    const first = await one.fail({ code: "GROUPED", message: "order 17 is gone" });
    await one.fail({ code: "GROUPED", message: "order 18 is gone" });
    const last = await two.fail({ code: "GROUPED", message: "order 19 is gone" });
    await two.fail({ code: "GROUPED_OTHERWISE", message: "order 19 is gone" });
    const resolved = await two.fail({ code: "GROUPED", message: "order 20 is gone" });
    await server.call("POST", `dead-letters/${resolved.id}/resolve`, {});
    const { body } = await server.call("GET", "dead-letters/groups?limit=200");
    const [other, group] = body.items;
    expect(other.code).toBe("GROUPED_OTHERWISE");
    expect(group).toEqual({
      fingerprint: first.fingerprint,
      code: "GROUPED",
      message: "order 19 is gone",
      workflows: [one.workflow, two.workflow].sort(),
      count: 3,
      firstSeenAt: first.createdAt,
      lastSeenAt: last.createdAt,
    });
    const page = await server.call("GET", "dead-letters/groups?limit=1");
    expect(page.body.items).toEqual([other]);
    const next = await server.call("GET", `dead-letters/groups?limit=1&cursor=${page.body.nextCursor}`);
    expect(next.body.items).toEqual([group]);
  });
});

describe("many at once", () => {
  test("are retried by filter: the open ones that were there, and no others", async () => {
    const { workflow, fail, work } = await failing();
    const other = await (await failing()).fail();
    const letters = [await fail(), await fail(), await fail()];
    await server.call("POST", `dead-letters/${letters[0]?.id}/resolve`, {});
    const body = { action: "retry", filter: { workflow }, note: "upstream is back" };
    const key = { headers: { "idempotency-key": `bulk-${workflow}` } };
    const started = await server.call("POST", "dead-letters/bulk", body, key);
    expect(started.status).toBe(202);
    expect((await server.call("POST", "dead-letters/bulk", body, key)).body).toEqual(started.body);
    const otherBody = { ...body, action: "resolve" };
    const conflict = await server.call("POST", "dead-letters/bulk", otherBody, key);
    expect([conflict.status, conflict.body.code]).toEqual([409, "IDEMPOTENCY_CONFLICT"]);
    const operation = await finished(started.body.operationId);
    expect(operation).toMatchObject({ action: "retry-dead-letters", total: 2, done: 2, failed: 0, errors: [] });
    const statuses = (await list({ workflow })).map(({ status }) => status);
    expect(statuses).toEqual(["retried", "retried", "resolved"]);
    expect((await read(other.id)).status).toBe("open");
    const { items } = (await server.call("GET", `executions/${letters[1]?.executionId}/events`)).body;
    const retried = items.find(({ type }: { type: string }) => type === "ExecutionRetried");
    expect(retried.data).toMatchObject({ reason: "upstream is back" });
    for (let i = 0; i < 2; i++) await work({ status: "completed" });
  });

  test("are resolved by id, and each that cannot be is told of", async () => {
    const { fail } = await failing();
    const [open, resolved] = [await fail(), await fail()];
    await server.call("POST", `dead-letters/${resolved.id}/resolve`, { note: "before" });
    const unknown = "dlq_0000000000000";
    const ids = [open.id, resolved.id, unknown, open.id];
    const { body } = await server.call("POST", "dead-letters/bulk", { action: "resolve", ids, note: "all of them" });
    const operation = await finished(body.operationId);
    expect(operation).toMatchObject({ action: "resolve-dead-letters", total: 3, done: 1, failed: 2 });
    expect(operation.errors).toMatchObject([
      { deadLetterId: resolved.id, executionId: resolved.executionId, code: "DEAD_LETTER_CLOSED" },
      { deadLetterId: unknown, code: "DEAD_LETTER_NOT_FOUND" },
    ]);
    expect(await read(open.id)).toMatchObject({ status: "resolved", note: "all of them" });
    expect(await read(resolved.id)).toMatchObject({ note: "before" });
  });

  test.each([
    ["neither", { action: "retry" }],
    ["both", { action: "retry", filter: {}, ids: ["dlq_0000000000000"] }],
    ["ids of another kind", { action: "retry", ids: ["exe_0000000000000"] }],
    ["an unknown action", { action: "burn", filter: {} }],
    ["an unknown condition", { action: "retry", filter: { colour: "red" } }],
  ])("are not begun with %s", async (_, body) => {
    expect((await server.call("POST", "dead-letters/bulk", body)).status).toBe(422);
  });
});

test("another namespace sees nothing and changes nothing", async () => {
  const { rows } = await server.instance.reads.query<{ id: number }>(
    "insert into namespaces (name) values ('elsewhere') returning id",
  );
  const secret = newApiKeySecret();
  const id = server.instance.services.keys.next();
  await server.instance.reads.query(
    addApiKey({
      id,
      namespaceId: rows[0]?.id ?? 0,
      name: "test",
      prefix: "cbk_test",
      hash: hashSecret(secret),
      scopes: ["admin"],
    }),
  );
  const key = { key: secret };
  const letter = await (await failing()).fail();
  for (const [method, path, body] of [
    ["GET", letter.id],
    ["POST", `${letter.id}/retry`, {}],
    ["POST", `${letter.id}/resolve`, { note: "mine" }],
  ] as const) {
    const answer = await server.call(method, `dead-letters/${path}`, body, key);
    expect([answer.status, answer.body.code], path).toEqual([404, "DEAD_LETTER_NOT_FOUND"]);
  }
  for (const path of ["dead-letters", "dead-letters/groups"])
    expect((await server.call("GET", path, undefined, key)).body.items).toEqual([]);
  const bulk = await server.call("POST", "dead-letters/bulk", { action: "resolve", ids: [letter.id] }, key);
  const { body } = await server.call("GET", `operations/${bulk.body.operationId}`, undefined, key);
  expect(body.createdBy).toMatch(/^key:/);
  const done = () => server.call("GET", `operations/${bulk.body.operationId}`, undefined, key);
  await expect.poll(async () => (await done()).body.failed, { timeout: 20_000 }).toBe(1);
  expect((await read(letter.id)).status).toBe("open");
});
