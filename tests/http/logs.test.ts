// Logs and checkpoints over HTTP: one call a task, many tasks a heartbeat, and nobody loses a lease over what another says.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApiKey } from "@/db/queries/api-keys";
import { hashSecret, newApiKeySecret } from "@/lib/auth/api-keys";
import type { LogItem } from "@/lib/contract/logs";
import type { Task } from "@/lib/contract/workers";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

let tests = 0;

/** Executions of one step each, and a worker that holds the task of each. */
async function holding(count: number): Promise<{ worker: string; tasks: Task[] }> {
  tests += 1;
  const queue = `logs_${tests}`;
  const nodes = [{ id: "step", type: "task", task: "talk", queue, retry: { maxAttempts: 1 } }];
  await server.call("POST", "workflows", { definition: { name: queue, nodes, edges: [] } });
  for (let i = 0; i < count; i++) await server.call("POST", "executions", { workflow: queue });
  const registration = { queues: [queue], tasks: ["talk"], language: "node", sdkVersion: "0", capacity: 10 };
  const { workerId } = (await server.call("POST", "workers", registration)).body;
  const { body } = await server.call("POST", `workers/${workerId}/poll`, { capacity: count });
  expect(body.tasks).toHaveLength(count);
  return { worker: workerId, tasks: body.tasks };
}

const AT = "2026-01-05T12:00:00.000Z";
const line = (text: string, level = "info") => ({ at: AT, level, text });
const logs = (execution: string, query = "", options = {}) =>
  server.call("GET", `executions/${execution}/logs${query}`, undefined, options);
const texts = async (execution: string, query = "") =>
  (await logs(execution, query)).body.items.map(({ text }: LogItem) => text);

describe("one call a task", () => {
  test("may carry checkpoints and logs too, and says what is recorded", async () => {
    const { tasks } = await holding(1);
    const [{ taskId, leaseToken, executionId }] = tasks as [Task];
    const task = (verb: string, body: object) =>
      server.call("POST", `tasks/${taskId}/${verb}`, { leaseToken, ...body });
    const noted = { checkpoints: [{ name: "charged", value: { id: 1 } }], logs: [line("charged")] };
    const beat = await task("heartbeat", noted);
    expect(beat).toMatchObject({ status: 200, body: { taskId, status: "ok", checkpoints: noted.checkpoints } });
    const odd = await task("heartbeat", { logs: [{ text: "no time" }] });
    expect(odd).toMatchObject({ status: 200, body: { status: "ok", code: "INVALID_LOGS" } });
    for (const [checkpoints, status, code] of [
      [[{ name: "no value" }], 422, "INVALID_REQUEST"],
      [[{ name: "", value: 1 }], 422, "INVALID_REQUEST"],
      [Array.from({ length: 101 }, (_, i) => ({ name: `${i}`, value: 1 })), 422, "INVALID_REQUEST"],
      [[{ name: "big", value: "x".repeat(2_000_000) }], 413, "PAYLOAD_TOO_LARGE"],
    ] as const)
      expect(await task("heartbeat", { checkpoints })).toMatchObject({ status, body: { code } });
    const done = await task("complete", {
      output: 1,
      checkpoints: [{ name: "shipped", value: true }],
      logs: [line("shipped")],
    });
    expect(done).toMatchObject({ status: 200, body: { status: "accepted" } });
    expect(await texts(executionId)).toEqual(["charged", "shipped"]);
    const { body } = await server.call("GET", `executions/${executionId}/events`);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCheckpointed",
      "StepCheckpointed",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  test("of a failure too", async () => {
    const { tasks } = await holding(1);
    const [{ taskId, leaseToken, executionId }] = tasks as [Task];
    const body = { leaseToken, error: { code: "E" }, logs: [line("broken", "error")] };
    expect((await server.call("POST", `tasks/${taskId}/fail`, body)).status).toBe(200);
    expect((await logs(executionId)).body).toEqual({
      items: [{ ...line("broken", "error"), node: "step", iteration: 1, attempt: 1, taskId }],
      nextCursor: null,
      dropped: 0,
    });
  });
});

describe("a heartbeat for many tasks", () => {
  test("renews them all, whatever one of their handlers says", async () => {
    const { worker, tasks } = await holding(3);
    const running = tasks.map(({ taskId, leaseToken }) => ({ taskId, leaseToken }));
    const [first, second, third] = running;
    const answer = await server.call("POST", `workers/${worker}/heartbeat`, {
      running: [
        { ...first, details: "a\u0000b", logs: [line("nul \u0000")] },
        { ...second, checkpoints: [{ name: "\ud800", value: 1 }], logs: "nonsense" },
        { ...third, checkpoints: [{ name: "fine", value: 1 }] },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      commands: [],
      acks: [
        { taskId: first?.taskId, status: "ok", code: "INVALID_TEXT" },
        { taskId: second?.taskId, status: "ok", code: "INVALID_TEXT" },
        { taskId: third?.taskId, status: "ok", checkpoints: [{ name: "fine", value: 1 }] },
      ],
    });
    expect(await texts(tasks[0]?.executionId ?? "")).toEqual(["nul \uFFFD"]);
  });
});

describe("the list of lines", () => {
  test("goes page by page, by node, by attempt and by task", async () => {
    const { worker, tasks } = await holding(1);
    const [{ taskId, leaseToken, executionId }] = tasks as [Task];
    const running = [{ taskId, leaseToken, logs: ["a", "b", "c", "d", "e"].map((text) => line(text)) }];
    await server.call("POST", `workers/${worker}/heartbeat`, { running });
    const first = (await logs(executionId, "?limit=2")).body;
    const second = (await logs(executionId, `?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ text }: LogItem) => text)).toEqual(["a", "b", "c", "d"]);
    expect(await texts(executionId, `?cursor=${second.nextCursor}`)).toEqual(["e"]);
    expect(await texts(executionId, `?node=step&attempt=1&task=${taskId}`)).toHaveLength(5);
    for (const query of ["?node=other", "?attempt=2", "?task=tsk_0000000000000"])
      expect(await texts(executionId, query), query).toEqual([]);
    for (const query of ["?cursor=bm90", "?attempt=x", "?task=nonsense", "?colour=red"])
      expect((await logs(executionId, query)).status, query).toBe(422);
  });

  test("is empty for an execution that logged nothing, and found for none of another namespace", async () => {
    const { tasks } = await holding(1);
    const executionId = tasks[0]?.executionId ?? "";
    expect((await logs(executionId)).body).toEqual({ items: [], nextCursor: null, dropped: 0 });
    const { rows } = await server.instance.reads.query<{ id: number }>(
      "insert into namespaces (name) values ('elsewhere') returning id",
    );
    const secret = newApiKeySecret();
    const key = { name: "test", prefix: "cbk_test", hash: hashSecret(secret), scopes: ["read"] };
    const id = server.instance.services.keys.next();
    await server.instance.reads.query(addApiKey({ id, namespaceId: rows[0]?.id ?? 0, ...key }));
    expect((await logs(executionId, "", { key: secret })).status).toBe(404);
    expect((await logs("exe_0000000000000")).status).toBe(404);
  });
});
