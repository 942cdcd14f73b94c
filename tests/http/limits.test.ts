// What a namespace may use: set by who administers it, kept to by everybody in it, felt by nobody else.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RequestRates } from "@/lib/http/request-rates";
import { keyed, refusal, TestClient, type TestWorker, task } from "./client";
import { addKey, addNamespace, addOrganisation, sql, type TestNamespace } from "./namespaces";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

/** For what happens in the background of a busy machine. */
const SOON = { timeout: 10_000 };
const NONE = { requestsPerMinute: null, openExecutions: null, payloadBytes: null, historyEvents: null };
const FOR_EVER = { completed: null, failed: null, cancelled: null, terminated: null, timed_out: null };
const waits = { nodes: [{ id: "wait", type: "signal", signal: "go" }] };

let names = 0;

/** A client in a namespace of its own. */
async function namespaceWith(limits: object): Promise<{ namespace: TestNamespace; client: TestClient }> {
  names += 1;
  const namespace = await addNamespace(server, `limited_${names}`);
  const own = { ...server, call: call(namespace.key) };
  const client = new TestClient(() => own);
  await set(namespace.name, { limits });
  return { namespace, client };
}

function call(key: string): TestServer["call"] {
  return (method, path, body, options) => server.call(method, path, body, { key, ...options });
}

async function set(name: string, settings: object) {
  const answer = await server.call("PUT", `namespaces/${name}/settings`, settings);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

describe("the settings of a namespace", () => {
  test("begin with no limits, and keep everything", async () => {
    const answer = await server.call("GET", "namespaces/default/settings");
    expect(answer).toMatchObject({ status: 200, body: { limits: NONE, retention: FOR_EVER } });
  });

  test("are kept whole as they are set, and what changed is in the audit log", async () => {
    const { name } = await addNamespace(server, "set");
    const settings = {
      limits: { ...NONE, openExecutions: 7 },
      retention: { ...FOR_EVER, completed: "30d", failed: 5 },
    };
    await set(name, settings);
    expect((await server.call("GET", `namespaces/${name}/settings`)).body).toEqual(settings);
    await set(name, { limits: { openExecutions: 8 } });
    expect((await server.call("GET", `namespaces/${name}/settings`)).body).toEqual({
      limits: { ...NONE, openExecutions: 8 },
      retention: FOR_EVER,
    });
    const entries = await sql<{ details: string }>(
      server,
      "select details from audit_log where action = 'namespace.set' and target = $1 order by id",
      [name],
    );
    expect(entries.map(({ details }) => JSON.parse(details))).toEqual([
      {
        "limits.openExecutions": { was: null, now: 7 },
        "retention.completed": { was: null, now: "30d" },
        "retention.failed": { was: null, now: 5 },
      },
      {
        "limits.openExecutions": { was: 7, now: 8 },
        "retention.completed": { was: "30d", now: null },
        "retention.failed": { was: 5, now: null },
      },
    ]);
  });

  test.each([
    ["a word that means nothing", { limit: 1 }],
    ["no calls at all", { limits: { requestsPerMinute: 0 } }],
    ["payloads larger than any", { limits: { payloadBytes: 2 ** 30 } }],
    ["a retention that is no duration", { retention: { completed: "soon" } }],
    ["a status that does not end", { retention: { running: "1d" } }],
  ])("%s is refused", async (_, settings) => {
    const answer = await server.call("PUT", "namespaces/default/settings", settings);
    expect(answer).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });

  test("are no business of other organisations, nor of keys that do not administer", async () => {
    const other = await addNamespace(server, "elsewhere", await addOrganisation(server, "other settings"));
    expect(await server.call("GET", "namespaces/elsewhere/settings")).toMatchObject(
      refusal(404, "NAMESPACE_NOT_FOUND"),
    );
    expect(await server.call("PUT", "namespaces/default/settings", {}, { key: other.key })).toMatchObject({
      status: 404,
    });
    const key = await addKey(server, 1, ["client", "deploy", "worker"]);
    expect(await server.call("GET", "namespaces/default/settings", undefined, { key })).toMatchObject({ status: 403 });
  });
});

describe("the rate of calls", () => {
  test("beyond it calls are refused with when to come again, heartbeats and the settings never, others not at all", async () => {
    const { namespace, client } = await namespaceWith({});
    const worker = await client.worker("rates", "a");
    await set(namespace.name, { limits: { requestsPerMinute: 3 } });
    const read = () => client.call("GET", "workflows");
    expect([(await read()).status, (await read()).status, (await read()).status]).toEqual([200, 200, 200]);
    const refused = await read();
    expect(refused).toMatchObject(refusal(429, "TOO_MANY_REQUESTS"));
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await client.call("POST", `workers/${worker.id}/heartbeat`, { running: [] })).status).toBe(200);
    expect((await server.call("GET", "workflows")).status).toBe(200);
    const own = `namespaces/${namespace.name}/settings`;
    expect((await client.call("PUT", own, {})).status).toBe(200);
    expect((await read()).status).toBe(200);
  });

  function rates(processes = 1) {
    const clock = { ms: 0, now: () => clock.ms };
    const limited = new RequestRates(clock, () => processes);
    return { clock, take: (limit: number | null, isFree = false) => limited.take(1, { limit, isFree }), limited };
  }

  test("tokens come back evenly, and no more than a minute's are saved up", () => {
    const { clock, take } = rates();
    const granted = () => Array.from({ length: 20 }, () => take(6)).filter(({ ok }) => ok).length;
    expect(granted()).toBe(6);
    expect(take(6)).toMatchObject({ ok: false, retryAfterMs: 10_000 });
    clock.ms = 4_000;
    expect(take(6)).toMatchObject({ ok: false, retryAfterMs: 6_000 });
    clock.ms = 10_000;
    expect(granted()).toBe(1);
    clock.ms = 10_000_000;
    expect(granted()).toBe(6);
  });

  test("processes share a limit, and each lets something through", () => {
    const four = rates(4);
    expect(Array.from({ length: 20 }, () => four.take(8)).filter(({ ok }) => ok).length).toBe(2);
    expect(rates(4).take(1)).toMatchObject({ ok: true });
  });

  test("what is never refused takes what there is, and owes nothing", () => {
    const { clock, take } = rates();
    for (let i = 0; i < 10; i++) expect(take(2, true).ok).toBe(true);
    expect(take(2).ok).toBe(false);
    clock.ms = 30_000;
    expect(take(2).ok).toBe(true);
  });

  test("one namespace's calls cost another none", () => {
    const { limited } = rates();
    const asked = { limit: 1, isFree: false };
    expect([limited.take(1, asked).ok, limited.take(1, asked).ok, limited.take(2, asked).ok]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("open executions", () => {
  test("beyond the limit starts are refused until one closes; one that was started before is still answered", async () => {
    const { client } = await namespaceWith({ openExecutions: 2 });
    const { workflow } = await client.publish(waits);
    const first = await client.start(workflow, { key: "mine" });
    await client.start(workflow);
    const refused = await client.call("POST", "executions", { workflow });
    expect(refused).toMatchObject(refusal(429, "TOO_MANY_EXECUTIONS"));
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    const again = await client.call("POST", "executions", { workflow, key: "mine" });
    expect(again).toMatchObject({ status: 200, body: { id: first } });
    expect(await client.post(first, "fork", { at: 1 })).toMatchObject(refusal(429, "TOO_MANY_EXECUTIONS"));
    await client.post(first, "terminate");
    // The count is a second old at most.
    const start = async () => (await client.call("POST", "executions", { workflow })).status;
    await expect.poll(start, SOON).toBe(201);
    expect(await client.call("POST", "executions", { workflow })).toMatchObject({ status: 429 });
  });

  test("many starts at once let in as many as there is room for", async () => {
    const { client, namespace } = await namespaceWith({ openExecutions: 5 });
    const { workflow } = await client.publish(waits);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.call("POST", "executions", { workflow })),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(5);
    const rows = await sql(server, "select from executions where namespace_id = $1", [namespace.id]);
    expect(rows.length).toBe(5);
  });

  test("a batch is let in item by item", async () => {
    const { client } = await namespaceWith({ openExecutions: 2 });
    const { workflow } = await client.publish(waits);
    const executions = Array.from({ length: 4 }, () => ({ workflow }));
    const { body } = await client.call("POST", "executions/batch", { executions }, keyed("batch"));
    const ids = body.results.flatMap(({ id }: { id?: string }) => id ?? []);
    const errors = body.results.flatMap(({ error }: { error?: { code: string } }) => error?.code ?? []);
    expect([ids.length, errors]).toEqual([2, ["TOO_MANY_EXECUTIONS", "TOO_MANY_EXECUTIONS"]]);
    const again = await client.call("POST", "executions/batch", { executions }, keyed("batch"));
    expect(again.body.results.flatMap(({ id }: { id?: string }) => id ?? [])).toEqual(ids);
  });

  test("a child is started whatever its namespace has, so that its parent is not stuck", async () => {
    const { client } = await namespaceWith({ openExecutions: 1 });
    const child = await client.publish(waits);
    const parent = await client.publish({ nodes: [{ id: "call", type: "workflow", workflow: child.workflow }] });
    const id = await client.start(parent.workflow);
    await expect
      .poll(async () => (await client.call("GET", `executions?parent=${id}`)).body.items, SOON)
      .toMatchObject([{ status: "waiting" }]);
  });

  test("a schedule skips its runs and says why, and its trigger is refused", async () => {
    const { client } = await namespaceWith({ openExecutions: 0 });
    const { workflow } = await client.publish(waits);
    const { body } = await client.call("POST", "schedules", { name: "often", cron: "* * * * * *", workflow });
    expect(await client.call("POST", `schedules/${body.id}/trigger`)).toMatchObject(
      refusal(429, "TOO_MANY_EXECUTIONS"),
    );
    await expect
      .poll(async () => (await client.call("GET", `schedules/${body.id}`)).body, SOON)
      .toMatchObject({
        lastError: { code: "TOO_MANY_EXECUTIONS" },
        lastExecutionId: null,
        skipped: expect.any(Number),
      });
    await expect
      .poll(async () => (await client.call("GET", `schedules/${body.id}`)).body.skipped, SOON)
      .toBeGreaterThan(0);
    await client.call("DELETE", `schedules/${body.id}`);
  });
});

describe("the size of payloads", () => {
  const large = "x".repeat(2_000);
  const tooLarge = refusal(413, "PAYLOAD_TOO_LARGE");

  test("inputs, signals, decisions, retries and forks beyond it are refused; elsewhere they are not", async () => {
    const { client } = await namespaceWith({ payloadBytes: 1_024 });
    const { workflow } = await client.publish({
      nodes: [
        { id: "gate", type: "approval" },
        { id: "wait", type: "signal", signal: "go" },
      ],
    });
    expect(await client.call("POST", "executions", { workflow, input: large })).toMatchObject(tooLarge);
    const batch = await client.call("POST", "executions/batch", { executions: [{ workflow, input: large }] });
    expect(batch.body.results).toMatchObject([{ error: { code: "PAYLOAD_TOO_LARGE" } }]);
    const id = await client.start(workflow, { input: "small" });
    expect(await client.post(id, "signals/go", { payload: large })).toMatchObject(tooLarge);
    expect(await client.post(id, "fork", { at: 1, input: large })).toMatchObject(tooLarge);
    expect(await client.post(id, "retry", { fromNode: "gate", input: large })).toMatchObject(tooLarge);
    const [approval] = (await client.call("GET", `approvals?execution=${id}`)).body.items;
    const decision = { decision: "approved", data: { large } };
    expect(await client.call("POST", `approvals/${approval.id}/decide`, decision)).toMatchObject(tooLarge);

    const free = new TestClient(() => server);
    const elsewhere = await free.publish(waits);
    await free.start(elsewhere.workflow, { input: large });
  });

  test("a result beyond it is rejected, and its attempt fails with the code", async () => {
    const { client } = await namespaceWith({ payloadBytes: 1_024 });
    const { workflow, queue } = await client.publish({ nodes: [task("a")] });
    const id = await client.start(workflow);
    const worker: TestWorker = await client.worker(queue, "a");
    const [given] = await worker.take();
    const results = [{ taskId: given.taskId, leaseToken: given.leaseToken, status: "completed", output: large }];
    const { body } = await client.call("POST", `workers/${worker.id}/poll`, { capacity: 1, results });
    expect(body.acks, JSON.stringify(body)).toMatchObject([{ status: "rejected", code: "PAYLOAD_TOO_LARGE" }]);
    expect(await client.read(id)).toMatchObject({ status: "failed", error: { code: "PAYLOAD_TOO_LARGE" } });
  });
});

describe("the length of a history", () => {
  test("an execution that reaches it is terminated once and says so", async () => {
    const { client } = await namespaceWith({ historyEvents: 12 });
    const { workflow } = await client.publish(waits);
    const id = await client.start(workflow);
    const other = await client.start(workflow);
    // All at once: whatever comes before the end must not end it again.
    await Promise.all(Array.from({ length: 15 }, (_, i) => client.post(id, "signals/else", { payload: i })));
    await expect.poll(async () => (await client.read(id)).status, SOON).toBe("terminated");
    const events = await client.events(id);
    const ends = events.filter(({ type }) => type === "ExecutionTerminated");
    expect(ends).toMatchObject([
      { actor: "engine", data: { reason: expect.stringMatching(/^HISTORY_LIMIT: .* 12 /) } },
    ]);
    expect(events.at(-1)).toEqual(ends[0]);
    expect((await client.read(other)).status).toBe("waiting");
    const verified = await client.post(id, "verify");
    expect(verified.body).toMatchObject({ consistent: true });
  });
});
