// What needs attention: what failed, what is stuck, who is waited for, which queues and schedules are in trouble; and its cost.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { overviewSchema } from "@/lib/contract/overview";
import { readOverview } from "@/lib/views/overview";
import { task, type Wire } from "./client";
import { person } from "./person";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ settings: { CEREBELUM_TRUSTED_PROXIES: "127.0.0.1" } });
});
afterAll(() => server?.close());

const MINUTE = 60_000;
const post = async (path: string, body: object): Promise<Wire> => {
  const answer = await server.call("POST", path, body);
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
};
const publish = (name: string, nodes: object[]) => post("workflows", { definition: { name, nodes, edges: [] } });
const start = async (workflow: string, more: object = {}): Promise<string> =>
  (await post("executions", { workflow, ...more })).id;
const sql = (text: string, values: unknown[] = []) => server.instance.reads.query(text, values);
/** As it is so much later. */
const overview = async (laterMs = 0, workflows?: string[]) =>
  overviewSchema.parse(await readOverview(server.instance.reads, 1, Date.now() + laterMs, workflows));

describe("an overview", () => {
  test("says of an empty namespace that nothing was ever done in it", async () => {
    expect(await overview()).toEqual({
      failures: { open: 0, groups: [] },
      stuck: { total: 0, items: [] },
      approvals: { pending: 0, overdueSoon: 0, items: [] },
      queues: [],
      schedules: [],
      counts: {},
      hasWorkflows: false,
      hasWorkers: false,
      hasExecutions: false,
    });
  });

  test("names what failed, in groups", async () => {
    await publish("pays", [task("charge", { queue: "payments" })]);
    const { workerId } = await post("workers", {
      queues: ["payments"],
      tasks: ["charge"],
      language: "node",
      sdkVersion: "1",
      capacity: 9,
    });
    for (const code of ["DECLINED", "DECLINED", "OFFLINE"]) {
      await start("pays");
      const { tasks } = await post(`workers/${workerId}/poll`, { capacity: 1, waitMs: 5000 });
      await post(`tasks/${tasks[0].taskId}/fail`, { leaseToken: tasks[0].leaseToken, error: { code, message: "No" } });
    }
    const { failures, counts, ...rest } = await overview();
    expect(failures.open).toBe(3);
    expect(failures.groups.map(({ code, count }) => [code, count])).toEqual([
      ["OFFLINE", 1],
      ["DECLINED", 2],
    ]);
    expect(counts).toEqual({ failed: 3 });
    expect(rest).toMatchObject({ hasWorkflows: true, hasWorkers: true, hasExecutions: true, queues: [] });
  });

  test("names queues that no worker takes from at once, and what waits in them as stuck after five minutes", async () => {
    const waiting = await start("pays", { key: "order-7" });
    const alive = await overview();
    expect([alive.queues, alive.stuck.total]).toEqual([[], 0]);
    const gone = await overview(OFFLINE_AFTER_MS + 1000);
    expect(gone.queues).toEqual([
      { name: "payments", ready: 1, oldestReadyAt: expect.any(String), workers: 0, paused: false },
    ]);
    expect(gone.stuck.total).toBe(0);
    const late = await overview(6 * MINUTE);
    expect(late.stuck).toEqual({
      total: 1,
      items: [
        {
          executionId: waiting,
          key: "order-7",
          workflow: "pays",
          status: "running",
          since: expect.any(String),
          sentence: "No worker that runs charge has polled queue payments for 6 minutes.",
        },
      ],
    });
  });

  test("names a task that no worker of its queue runs", async () => {
    await publish("refunds", [task("refund", { queue: "payments" })]);
    await start("refunds");
    const { queues } = await overview();
    expect(queues).toEqual([
      { name: "payments", ready: 1, oldestReadyAt: expect.any(String), workers: 1, paused: false },
    ]);
    const { stuck } = await overview(6 * MINUTE);
    expect(stuck.total).toBe(2);
    expect(stuck.items.map(({ sentence }) => sentence)).toContain(
      "No worker that runs refund has ever polled queue payments.",
    );
  });

  test("names executions that are out of service", async () => {
    const id = await start("refunds", { key: "broken" });
    await sql("update executions set status = 'quarantined' where key = 'broken'");
    await sql(`insert into execution_counts (namespace_id, workflow_id, status, delta)
      select 1, id, 'quarantined', 1 from workflows where name = 'refunds'`);
    const { stuck } = await overview();
    expect(stuck).toEqual({
      total: 1,
      items: [
        expect.objectContaining({ executionId: id, status: "quarantined", sentence: expect.stringMatching(/folded/) }),
      ],
    });
    // Its task waits, too; it is one thing that is stuck.
    expect((await overview(6 * MINUTE)).stuck.total).toBe(3);
  });

  test("names queues that are paused, with all that waits in them", async () => {
    await server.call("PUT", "queues/payments/limits", { paused: true });
    await server.call("PUT", "queues/quiet/limits", { paused: true });
    const { queues } = await overview();
    expect(queues).toEqual([
      { name: "payments", ready: 3, oldestReadyAt: expect.any(String), workers: 1, paused: true },
      { name: "quiet", ready: 0, oldestReadyAt: null, workers: 0, paused: true },
    ]);
    for (const queue of ["payments", "quiet"]) await server.call("PUT", `queues/${queue}/limits`, { paused: false });
  });

  test("names the approvals that are due soonest", async () => {
    const gate = (id: string, more: object = {}) => ({ id, type: "approval", title: id, ...more });
    await publish("whenever", [gate("whenever")]);
    await publish("tomorrow", [gate("tomorrow", { timeout: "25h" })]);
    await publish("today", [gate("today", { timeout: "2h" })]);
    for (const workflow of ["whenever", "tomorrow", "today"]) await start(workflow);
    const { approvals } = await overview();
    expect(approvals.items.map(({ title }) => title)).toEqual(["today", "tomorrow", "whenever"]);
    expect(approvals).toMatchObject({ pending: 3, overdueSoon: 1 });
    expect((await overview(2 * 60 * MINUTE)).approvals.overdueSoon).toBe(2);
  });

  test("names schedules whose last run could not be started", async () => {
    const error = { runAt: "2026-01-01T00:00:00.000Z", code: "WORKFLOW_NOT_FOUND", message: "There is none" };
    const timing = { cron: "0 0 1 1 *", workflow: "pays" };
    await post("schedules", { name: "works", ...timing });
    const { id } = await post("schedules", { name: "fails", ...timing });
    await sql("update schedules set last_error = $1 where name = 'fails'", [JSON.stringify(error)]);
    expect((await overview()).schedules).toEqual([{ id, name: "fails", lastError: error }]);
  });

  test("tells whoever is limited to some workflows of these alone, and of no queue", async () => {
    const limited = await overview(6 * MINUTE, ["pays", "today"]);
    expect(limited).toMatchObject({
      failures: { open: 3 },
      stuck: { total: 1 },
      approvals: { pending: 1 },
      queues: [],
    });
    expect(limited.stuck.items.map(({ workflow }) => workflow)).toEqual(["pays"]);
    expect(limited.counts).toEqual({ failed: 3, running: 1, waiting: 1 });
    expect(await overview(6 * MINUTE, ["nothing"])).toMatchObject({
      failures: { open: 0, groups: [] },
      stuck: { total: 0, items: [] },
      approvals: { pending: 0, items: [] },
      schedules: [],
      counts: {},
      hasWorkflows: false,
      hasExecutions: false,
    });
  });

  test("tells nothing of another namespace", async () => {
    await sql("insert into namespaces (name) values ('beside')");
    const { rows } = await sql("select id from namespaces where name = 'beside'");
    const beside = await readOverview(server.instance.reads, rows[0].id, Date.now() + 6 * MINUTE);
    expect(beside).toMatchObject({
      failures: { open: 0, groups: [] },
      stuck: { total: 0 },
      queues: [],
      schedules: [],
      counts: {},
      hasWorkers: false,
    });
  });
});

describe("its cost", () => {
  test("is six statements at most, and none for those who ask at once or soon after", async () => {
    const statements = vi.spyOn(server.instance.reads, "query");
    await overview(6 * MINUTE);
    expect(statements.mock.calls.length).toBeLessThanOrEqual(6);
    statements.mockClear();
    const answers = await Promise.all(Array.from({ length: 5 }, () => server.call("GET", "overview")));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const told = statements.mock.calls.filter(([query]) => JSON.stringify(query).includes("overview-counts"));
    expect(told).toHaveLength(1);
    statements.mockRestore();
  });
});

test("approvers are not told", async () => {
  const approver = await person(server, "approver");
  expect((await approver.call("GET", "overview")).status).toBe(403);
  expect((await approver.call("GET", "stats")).status).toBe(403);
  const viewer = await person(server, "viewer");
  expect((await viewer.call("GET", "overview")).status).toBe(200);
  expect((await viewer.call("GET", "stats?window=7d")).body.window).toBe("7d");
});
