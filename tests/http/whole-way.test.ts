// From a published definition to a result, with nothing but HTTP calls.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { executionSchema, executionSummarySchema } from "@/lib/contract/executions";
import { eventSchema } from "@/lib/contract/history";
import { pollAnswerSchema, queueSchema, workerSchema } from "@/lib/contract/workers";
import { workflowDetailSchema, workflowVersionSchema } from "@/lib/contract/workflows";
import { API_KEY, readStream, startServer, type TestServer, twoSteps } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const WORKER = { queues: ["default"], tasks: ["greet", "shout"], language: "curl", sdkVersion: "1", capacity: 5 };

async function publish(definition: { name: string }): Promise<string> {
  const published = await server.call("POST", "workflows", { definition });
  expect(published.status).toBe(201);
  return definition.name;
}

async function start(workflow: string, more: object = {}): Promise<string> {
  const started = await server.call("POST", "executions", { workflow, input: { name: "Ada" }, ...more });
  expect(started.status).toBe(201);
  return started.body.id;
}

async function register(): Promise<string> {
  const registered = await server.call("POST", "workers", WORKER);
  expect(registered.status).toBe(201);
  expect(registered.body).toMatchObject({ heartbeatIntervalMs: 3000, leaseMs: 10_000 });
  return registered.body.workerId;
}

describe("a workflow", () => {
  test("is published once a content, and read back as it was sent", async () => {
    const definition = twoSteps({ description: "Says hello" });
    const first = await server.call("POST", "workflows", { definition });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ name: definition.name, version: 1, warnings: expect.any(Array) });
    const again = await server.call("POST", "workflows", { definition });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ version: 1, hash: first.body.hash });
    const second = await server.call("POST", "workflows", { definition: { ...definition, description: "Says more" } });
    expect(second.body.version).toBe(2);

    const read = await server.call("GET", `workflows/${definition.name}`);
    expect(workflowDetailSchema.parse(read.body)).toMatchObject({
      version: 2,
      description: "Says more",
      versions: [{ version: 2 }, { version: 1 }],
    });
    const version = await server.call("GET", `workflows/${definition.name}/versions/1`);
    expect(workflowVersionSchema.parse(version.body).definition).toEqual(definition);
    const list = await server.call("GET", "workflows?limit=200");
    expect(list.body.items.map((item: { name: string }) => item.name)).toContain(definition.name);
  });

  test("is validated without being stored", async () => {
    const name = "never_stored";
    const good = await server.call("POST", "workflows/validate", { definition: twoSteps({ name }) });
    expect(good).toMatchObject({ status: 200, body: { valid: true, errors: [] } });
    const bad = await server.call("POST", "workflows/validate", {
      definition: twoSteps({ name, edges: [{ from: "first", to: "nowhere" }] }),
    });
    expect(bad).toMatchObject({
      status: 200,
      body: { valid: false, errors: expect.arrayContaining([expect.objectContaining({ path: "/edges/0/to" })]) },
    });
    expect((await server.call("GET", `workflows/${name}`)).status).toBe(404);
  });
});

describe("an execution", () => {
  test("is started, worked on by polls that carry results, watched, and read", async () => {
    const workflow = await publish(twoSteps());
    const workerId = await register();
    const id = await start(workflow, { key: "order/7", tags: ["eu"], correlationId: "c-7" });

    const first = await server.call("POST", `workers/${workerId}/poll`, { capacity: 5, waitMs: 5000 });
    const [greet] = pollAnswerSchema.parse(first.body).tasks;
    expect(greet).toMatchObject({ executionId: id, node: "first", attempt: 1, task: "greet", input: { name: "Ada" } });

    const detail = await server.call("GET", `executions/${id}`);
    expect(executionSchema.parse(detail.body)).toMatchObject({
      status: "running",
      progress: { completed: 0, total: 2 },
      waitingFor: [],
      steps: [
        { node: "first", status: "running", running: { worker: workerId } },
        { node: "second", status: "pending" },
      ],
    });

    const second = await server.call("POST", `workers/${workerId}/poll`, {
      capacity: 5,
      results: [{ taskId: greet?.taskId, leaseToken: greet?.leaseToken, status: "completed", output: "Hello Ada" }],
    });
    const { acks, tasks } = pollAnswerSchema.parse(second.body);
    expect(acks).toEqual([{ taskId: greet?.taskId, status: "accepted" }]);
    expect(tasks).toMatchObject([{ node: "second", input: "Hello Ada" }]);

    const waiting = server.call("GET", `executions/key:order%2F7/result?waitMs=20000`);
    const done = await server.call("POST", `tasks/${tasks[0]?.taskId}/complete`, {
      leaseToken: tasks[0]?.leaseToken,
      output: { text: "HELLO ADA" },
    });
    expect(done).toMatchObject({ status: 200, body: { status: "accepted" } });
    expect(await waiting).toMatchObject({
      status: 200,
      body: { id, status: "completed", output: { second: { text: "HELLO ADA" } }, error: null },
    });

    const events = await server.call("GET", `executions/${id}/events?limit=3`);
    expect(events.body.items.map((event: unknown) => eventSchema.parse(event).sequence)).toEqual([1, 2, 3]);
    const rest = await server.call("GET", `executions/${id}/events?after=${events.body.nextCursor}`);
    expect(rest.body.items.at(-1)).toMatchObject({ type: "ExecutionCompleted" });
    expect(rest.body.nextCursor).toBeNull();

    const atThree = await server.call("GET", `executions/${id}/state?at=3`);
    expect(executionSchema.parse(atThree.body)).toMatchObject({ sequence: 3, closedAt: null });
    expect((await server.call("POST", `executions/${id}/verify`)).body).toMatchObject({
      consistent: true,
      differences: [],
    });
    const steps = await server.call("GET", `executions/${id}/steps?limit=1`);
    expect(steps.body).toMatchObject({ items: [{ node: "first", output: "Hello Ada" }], nextCursor: "1" });
  });

  test("is found by every filter and by the begin of each of its names", async () => {
    const workflow = await publish(twoSteps());
    const id = await start(workflow, { key: "find-me-1", tags: ["tag-find"], correlationId: "corr-find" });
    const started = Date.now();
    const queries = [
      `workflow=${workflow}`,
      `workflow=${workflow}&status=running,waiting`,
      "tag=tag-find",
      "correlationId=corr-find",
      "q=find-me",
      "q=tag-fi",
      "q=corr-f",
      `q=${id.slice(0, 14)}`,
      `workflow=${workflow}&startedAfter=${new Date(started - 60_000).toISOString()}&startedBefore=${new Date(started + 60_000).toISOString()}`,
    ];
    for (const query of queries) {
      const { body } = await server.call("GET", `executions?${query}&limit=200`);
      expect(
        body.items.map((item: unknown) => executionSummarySchema.parse(item).id),
        query,
      ).toContain(id);
    }
    for (const query of ["status=failed", "tag=other", "workflow=unknown", "startedBefore=2025-01-02T00:00:00Z"]) {
      const { body } = await server.call("GET", `executions?${query}`);
      expect(
        body.items.map((item: { id: string }) => item.id),
        query,
      ).not.toContain(id);
    }
  });

  test("waits in words for a worker that nobody runs, and is cancelled", async () => {
    const workflow = await publish(twoSteps({ defaults: { queue: "nobody_here" } }));
    const id = await start(workflow);
    const detail = await server.call("GET", `executions/${id}`);
    expect(detail.body.waitingFor).toMatchObject([
      { kind: "worker", node: "first", detail: "No worker polls queue nobody_here for greet" },
    ]);
    const queues = await server.call("GET", "queues");
    const queue = queues.body.items
      .map((item: unknown) => queueSchema.parse(item))
      .find((item: { name: string }) => item.name === "nobody_here");
    expect(queue).toMatchObject({ ready: 1, running: 0, workers: 0 });

    const cancelled = await server.call("POST", `executions/${id}/cancel`, { reason: "changed my mind" });
    expect(cancelled).toMatchObject({ status: 202, body: { id, status: "cancelled" } });
    const again = await server.call("POST", `executions/${id}/cancel`, {});
    expect(again).toMatchObject({ status: 409, body: { code: "EXECUTION_CLOSED" } });
  });

  test("is started once a key, once an idempotency key, and refused for another request with the same", async () => {
    const workflow = await publish(twoSteps());
    const body = { workflow, input: { name: "Ada" }, key: "only-once" };
    const first = await server.call("POST", "executions", body);
    const again = await server.call("POST", "executions", body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(await server.call("POST", "executions", { ...body, input: 1 })).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_CONFLICT" },
    });
    const headers = { "idempotency-key": "header-once" };
    const byHeader = await server.call("POST", "executions", { workflow }, { headers });
    const repeated = await server.call("POST", "executions", { workflow }, { headers });
    expect([byHeader.status, repeated.status]).toEqual([201, 200]);
    expect(repeated.body.id).toBe(byHeader.body.id);
  });

  test("of a batch is judged by itself", async () => {
    const workflow = await publish(twoSteps());
    const { status, body } = await server.call("POST", "executions/batch", {
      executions: [
        { workflow },
        { workflow: "unknown" },
        { workflow, typo: 1 },
        { workflow, input: "\u0000" },
        { workflow },
      ],
    });
    expect(status).toBe(201);
    expect(body.results).toMatchObject([
      { id: expect.stringMatching(/^exe_/) },
      { error: { code: "WORKFLOW_NOT_FOUND" } },
      { error: { code: "INVALID_REQUEST" } },
      { error: { code: "INVALID_TEXT" } },
      { id: expect.stringMatching(/^exe_/) },
    ]);
  });

  test("of a batch starts once what is repeated with its key, and what failed before", async () => {
    const workflow = await publish(twoSteps());
    const later = `${workflow}_later`;
    const headers = { "idempotency-key": `batch of ${workflow}` };
    const send = (executions: unknown[]) => server.call("POST", "executions/batch", { executions }, { headers });
    const first = await send([{ workflow }, { workflow: later }, { workflow }]);
    expect(first.body.results[1]).toMatchObject({ error: { code: "WORKFLOW_NOT_FOUND" } });
    await publish({ ...twoSteps(), name: later });
    const again = await send([{ workflow }, { workflow: later }, { workflow, input: "another" }]);
    expect(again.body.results).toMatchObject([
      first.body.results[0],
      { id: expect.stringMatching(/^exe_/) },
      { error: { code: "IDEMPOTENCY_CONFLICT" } },
    ]);
    expect(first.body.results[2].id).not.toBe(first.body.results[0].id);
  });
});

describe("the event stream", () => {
  test("follows a history live, resumes after what was got, and says when it is over", async () => {
    const workflow = await publish(twoSteps());
    const id = await start(workflow);
    const open = (headers: Record<string, string> = {}) =>
      fetch(`${server.url}/api/v1/executions/${id}/events/stream`, {
        headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      });
    const stream = readStream(await open());
    const first = await stream.next();
    expect(first.value).toMatchObject({ id: "1", event: "ExecutionStarted" });

    await server.call("POST", `executions/${id}/cancel`, {});
    const live = [];
    for await (const message of stream) live.push(message);
    expect(live.at(-1)).toEqual({ id: undefined, event: "end", data: "{}" });
    const sequences = live.slice(0, -1).map((message) => Number(message.id));
    expect(sequences).toEqual(Array.from(sequences, (_, i) => i + 2));

    const resumed = [];
    for await (const message of readStream(await open({ "last-event-id": "2" }))) resumed.push(message);
    expect(resumed).toEqual(live.slice(1));
    const { body } = await server.call("GET", `executions/${id}/events?after=2`);
    expect(resumed.slice(0, -1).map((message) => JSON.parse(message.data))).toEqual(body.items);
  });

  test("of an unknown execution is refused before it begins", async () => {
    expect(await server.call("GET", "executions/exe_0000000000001/events/stream")).toMatchObject({
      status: 404,
      body: { code: "EXECUTION_NOT_FOUND" },
    });
  });
});

describe("a worker", () => {
  test("heartbeats, is told to drain, shows in the list, and leaves", async () => {
    const workerId = await register();
    const beat = await server.call("POST", `workers/${workerId}/heartbeat`, { running: [] });
    expect(beat).toMatchObject({ status: 200, body: { commands: [], acks: [] } });
    expect((await server.call("POST", `workers/${workerId}/drain`)).status).toBe(204);
    const told = await server.call("POST", `workers/${workerId}/heartbeat`, { running: [] });
    expect(told.body.commands).toEqual([{ type: "drain" }]);
    const list = await server.call("GET", "workers");
    const shown = list.body.items
      .map((item: unknown) => workerSchema.parse(item))
      .find((item: { workerId: string }) => item.workerId === workerId);
    expect(shown).toMatchObject({ state: "draining", capacity: 5, running: 0 });
    expect((await server.call("DELETE", `workers/${workerId}`)).status).toBe(204);
    expect(await server.call("POST", `workers/${workerId}/poll`, { capacity: 1 })).toMatchObject({
      status: 404,
      body: { code: "WORKER_NOT_FOUND" },
    });
  });

  test("whose poll is parked is answered at once when the server stops", async () => {
    const other = await startServer();
    const { body } = await other.call("POST", "workers", { ...WORKER, tasks: ["never"] });
    const parked = other.call("POST", `workers/${body.workerId}/poll`, { capacity: 1, waitMs: 30_000 });
    await expect.poll(() => other.call("GET", "/metrics").then((answer) => answer.status)).toBe(200);
    other.stopping.abort();
    expect(await parked).toMatchObject({ status: 200, body: { acks: [], tasks: [] } });
    expect((await parked).headers.get("connection")).toBe("close");
    await other.close();
  });
});

describe("the process", () => {
  test("says that it lives, that it can serve, and what it counts", async () => {
    expect(await server.call("GET", "/healthz", undefined, { key: null })).toMatchObject({
      status: 200,
      body: { status: "ok" },
    });
    expect(await server.call("GET", "/readyz", undefined, { key: null })).toMatchObject({
      status: 200,
      body: { ready: true },
    });
    const metrics = await server.call("GET", "/metrics", undefined, { key: null });
    expect(metrics.body).toMatch(/cerebelum_executions_started_total\{[^}]*\} [1-9]/);
    expect(metrics.body).toMatch(
      /cerebelum_http_requests_total\{route="\/api\/v1\/executions",method="POST",status="201"\} [1-9]/,
    );
  });
});
