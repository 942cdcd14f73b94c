// What Prometheus reads, whether the process says that it can serve, and who may ask.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatabaseGauges } from "@/lib/http/gauges";
import { chain, TestClient, task } from "./client";
import { metricNames, namesIn, samples } from "./prometheus";
import { startServer, type TestServer } from "./support";

const TOKEN = "a-token-for-metrics-alone";
let server: TestServer;
const client = new TestClient(() => server);

beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_METRICS_TOKEN: TOKEN, CEREBELUM_LOG_LEVEL: "warn" } });
});
afterAll(() => server.close());

const repository = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const read = (key: string | null = TOKEN) => server.call("GET", "/metrics", undefined, { key });

describe("metrics", () => {
  it("count what was started, leased, ended and closed, by workflow and status", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("one"), task("two")], edges: chain("one", "two") });
    const waiting = await client.publish({ nodes: [task("alone")] });
    const worker = await client.worker(queue, "one", "two");
    const id = await client.start(workflow);
    await client.start(waiting.workflow);
    const [first] = await worker.take();
    const [second] = await worker.complete(first);
    await worker.complete(second);
    await client.read(id);

    const told = samples((await read()).body);
    expect(told("cerebelum_executions_started_total", { workflow })).toBe(1);
    expect(told("cerebelum_executions_closed_total", { workflow, status: "completed" })).toBe(1);
    expect(told("cerebelum_steps_total", { outcome: "completed" })).toBe(2);
    expect(told("cerebelum_tasks_leased_total")).toBe(2);
    expect(told("cerebelum_task_schedule_to_start_seconds_count")).toBe(2);
    expect(told("cerebelum_task_run_seconds_count")).toBe(2);
    expect(told("cerebelum_workers_online")).toBe(1);
    expect(told("cerebelum_executions_open", { status: "running" })).toBe(1);
    expect(told("cerebelum_queue_ready", { namespace: "default", queue: waiting.queue })).toBe(1);
    expect(told("cerebelum_queue_oldest_ready_seconds", { queue: waiting.queue })).toBeGreaterThanOrEqual(0);
    expect(told("cerebelum_ready")).toBe(1);
    expect(told("cerebelum_http_requests_total", { route: "/api/v1/executions", method: "POST", status: "201" })).toBe(
      2,
    );
  });

  it("ask the database once in ten seconds, however often they are read", async () => {
    let now = 1_000_000;
    const { reads: db, log } = server.instance;
    const gauges = new DatabaseGauges({ db, clock: { now: () => now }, log });
    const [first, beside] = await Promise.all([gauges.read(), gauges.read()]);
    now += 9_999;
    const soon = await gauges.read();
    now += 1;
    const later = await gauges.read();
    expect(first).toMatchObject({ approvals: 0, queues: expect.any(Array) });
    expect([beside === first, soon === first, later === first]).toEqual([true, true, false]);
  });

  it("are told to whoever shows the token, and to nobody else", async () => {
    expect((await read()).status).toBe(200);
    for (const wrong of [null, "another-token", `${TOKEN}x`, "test-key-with-all-scopes"])
      expect(await read(wrong)).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
  });

  it("have series for a bounded number of workflows", () => {
    const { engine } = server.instance.metrics;
    for (let i = 0; i < 300; i++) engine.executionStarted(`made_up_${i}`);
    return read().then(({ body }) => {
      const started = body.split("\n").filter((line: string) => line.startsWith("cerebelum_executions_started_total{"));
      expect(started.length).toBeLessThanOrEqual(101);
      expect(samples(body)("cerebelum_executions_started_total", { workflow: "(other)" })).toBeGreaterThan(199);
    });
  });

  it("are those that the dashboard, the alert rules and the documentation name", async () => {
    const told = metricNames((await read()).body);
    const dashboard = JSON.parse(repository("deploy/grafana/cerebelum.json"));
    const queries: string[] = dashboard.panels.flatMap(({ targets = [] }: { targets?: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    );
    const rules = [...repository("deploy/prometheus/cerebelum.rules.yml").matchAll(/^ +expr: (.*)$/gm)];
    expect([queries.length > 30, rules.length > 10]).toEqual([true, true]);
    for (const query of [...queries, ...rules.map(([, expr = ""]) => expr)])
      for (const name of namesIn(query)) expect(told, query).toContain(name);
    const documented = [...repository("docs/observability.md").matchAll(/^\| `(cerebelum_\w+)` \|/gm)];
    expect(documented.map(([, name]) => name).sort()).toEqual(
      [...told].filter((name) => name.startsWith("cerebelum_")).sort(),
    );
  });

  it("name every route by its template", async () => {
    await server.call("GET", "executions/exe_unknown_and_secret");
    const { body } = await read();
    expect(body).not.toContain("exe_unknown_and_secret");
    expect(metricNames(body).has("cerebelum_http_request_duration_seconds")).toBe(true);
  });
});

describe("readiness", () => {
  it("tells of event types that a newer build wrote, and stays", async () => {
    const answer = await server.call("GET", "/readyz", undefined, { key: null });
    expect(answer).toMatchObject({ status: 200, body: { ready: true, reason: null, unknownEventTypes: [] } });
  });

  it("is kept on tables of a newer build, and lost on tables older than this one needs", async () => {
    const { reads } = server.instance;
    const ready = async () => (await server.call("GET", "/readyz")).body;
    await reads.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 9999999999999)");
    expect(await ready()).toMatchObject({ ready: true });
    await reads.query("delete from drizzle.__drizzle_migrations where hash = 'newer'");
    const { rows } = await reads.query(
      "delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning hash, created_at",
    );
    expect(await ready()).toMatchObject({ ready: false, reason: expect.stringContaining("older") });
    await reads.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
      rows[0]?.hash,
      rows[0]?.created_at,
    ]);
    expect(await ready()).toMatchObject({ ready: true });
  });

  it("is given up by who is about to stop, while what is asked is still answered", async () => {
    const leaving = await startServer();
    leaving.instance.leave();
    expect(await leaving.call("GET", "/readyz")).toMatchObject({ status: 503, body: { ready: false } });
    expect((await leaving.call("GET", "workflows")).status).toBe(200);
    expect((await leaving.call("GET", "/healthz")).status).toBe(200);
    expect(samples((await leaving.call("GET", "/metrics", undefined, { key: null })).body)("cerebelum_ready")).toBe(0);
    await leaving.close();
  });
});
