// Handlers that end with a wish to wait: no lease, no task row, and afterwards the step goes on as it was asked to.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Decider } from "@/lib/contract/approvals";
import { encodeId } from "@/lib/contract/ids";
import type { Task } from "@/lib/contract/workers";
import { decideApproval } from "@/lib/engine/decide-approval";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, eventsOf, historyOf, named, only, startProcess, type TestProcess, value } from "./process";

let database: TestDatabase;
let process: TestProcess;

beforeAll(async () => {
  database = await createDatabase();
  process = await startProcess(database.connectionString);
});

afterAll(async () => {
  await process.close();
  await database.drop();
});

async function leased(queue: string, node = {}): Promise<{ worker: string; task: Task; id: bigint }> {
  const id = await process.start({ queue, node });
  const worker = await process.register({ queues: [queue] });
  return { id, worker, task: only((await process.poll(worker, {})).tasks) };
}

async function answer(worker: string, ...results: object[]) {
  return (await process.poll(worker, { capacity: 0, results })).acks;
}

const sleep = (task: Task, directive: object, more = {}) => ({
  ...named(task),
  status: "sleep",
  sleep: directive,
  ...more,
});
const approval = (task: Task, directive?: object) => ({ ...named(task), status: "approval", approval: directive });

async function taskRows(id: bigint): Promise<number> {
  const { rows } = await process.engine.pool.query("select id from tasks where execution_id = $1", [id]);
  return rows.length;
}

async function openApproval(id: bigint): Promise<{ id: string; title: string | null; assignees: string[] }> {
  const { rows } = await process.engine.pool.query<{ id: bigint; title: string | null; assignees: string[] }>(
    "select id, title, assignees from approvals where execution_id = $1 and status = 'pending'",
    [id],
  );
  const row = only(rows);
  return { ...row, id: encodeId("approval", row.id) };
}

const decide = (approvalId: string, body: Parameters<typeof decideApproval>[3], decider: Decider = "anyone") =>
  decideApproval(process.services, CALLER, approvalId, body, decider);

describe("a handler that sleeps", () => {
  it("holds nothing meanwhile, and completes its step with what it said", async () => {
    const { id, worker, task } = await leased("sleeps");
    const result = sleep(task, { durationMs: 3_600_000, data: { n: 1 } });
    expect(await answer(worker, result)).toEqual([{ taskId: task.taskId, status: "accepted" }]);
    expect(await taskRows(id)).toBe(0);
    expect(await answer(worker, result)).toEqual([{ taskId: task.taskId, status: "duplicate" }]);
    expect(only((await process.beat(worker, named(task))).acks).status).toBe("stale");
    process.clock.advance(3_599_999);
    await process.wake(id);
    expect((await historyOf(process, id)).at(-1)).toBe("SleepStarted");
    process.clock.advance(1);
    await process.wake(id);
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "SleepStarted",
      "SleepCompleted",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
    expect(only(await eventsOf(process, id, "StepCompleted")).output).toEqual({ n: 1 });
  });

  it("is called again in the same attempt, and told how it ended and what it noted down", async () => {
    const { id, worker, task } = await leased("resumes");
    const directive = { durationMs: 1_000, data: { page: 4 }, then: "resume", name: "cool off" };
    await answer(worker, sleep(task, directive, { checkpoints: [{ name: "charged", value: true }] }));
    process.clock.advance(1_000);
    await process.wake(id);
    const again = only((await process.poll(worker, {})).tasks);
    expect(again.taskId).not.toBe(task.taskId);
    const resumed = { kind: "sleep", name: "cool off", carried: { page: 4 } };
    expect(again).toMatchObject({ attempt: 1, idempotencyKey: task.idempotencyKey, resumed });
    expect(again.checkpoints).toEqual([
      { name: "charged", value: true },
      { name: "cool off", value: resumed },
    ]);
    await answer(worker, completed(again));
    expect((await historyOf(process, id)).at(-1)).toBe("ExecutionCompleted");
  });

  it("with a token that is dead changes nothing, and is recorded", async () => {
    const { id, worker, task } = await leased("too-late");
    await process.pass(6_000);
    const again = only((await process.poll(worker, {})).tasks);
    expect(await answer(worker, sleep(task, { durationMs: 5 }))).toMatchObject([{ status: "stale" }]);
    expect((await historyOf(process, id)).at(-1)).toBe("ResultRejected");
    await answer(worker, completed(again));
    expect((await historyOf(process, id)).at(-1)).toBe("ExecutionCompleted");
  });
});

describe("a handler that asks for approval", () => {
  it("completes its step with the decision", async () => {
    const { id, worker, task } = await leased("asks");
    await answer(worker, approval(task, { title: "Refund 17?", assignees: ["Finance"], form: { type: "object" } }));
    expect(await taskRows(id)).toBe(0);
    const asked = await openApproval(id);
    expect(asked).toMatchObject({ title: "Refund 17?", assignees: ["Finance"] });
    expect(await decide(asked.id, { decision: "approved", data: { ok: 1 }, comment: "fine" })).toMatchObject({
      ok: true,
    });
    const { output } = only(await eventsOf(process, id, "StepCompleted"));
    expect(output).toEqual({ decision: "approved", data: { ok: 1 }, comment: "fine", decidedBy: CALLER.actor });
  });

  it("asks for no more than it says: an approval without a word is one", async () => {
    const { id, worker, task } = await leased("bare");
    await answer(worker, approval(task));
    expect(await decide((await openApproval(id)).id, { decision: "rejected" })).toMatchObject({ ok: true });
    expect(await historyOf(process, id)).toContain("StepFailed REJECTED");
  });

  it("is called again with the answer, a rejection too", async () => {
    const { id, worker, task } = await leased("asks-again");
    await answer(worker, approval(task, { then: "resume", name: "may I", data: 3 }));
    value(await decide((await openApproval(id)).id, { decision: "rejected", comment: "no" }));
    const again = only((await process.poll(worker, {})).tasks);
    expect(again.resumed).toEqual({
      kind: "approval",
      name: "may I",
      carried: 3,
      decision: "rejected",
      data: null,
      comment: "no",
      decidedBy: CALLER.actor,
    });
    await answer(worker, completed(again));
  });

  it("is called again once nobody has decided in time", async () => {
    const { id, worker, task } = await leased("expires");
    await answer(worker, approval(task, { then: "resume", name: "may I", timeoutMs: 10_000 }));
    const asked = await openApproval(id);
    process.clock.advance(10_000);
    await process.wake(id);
    const again = only((await process.poll(worker, {})).tasks);
    expect(again.resumed).toMatchObject({ decision: "expired", decidedBy: null });
    expect(await decide(asked.id, { decision: "approved" })).toMatchObject({ ok: false, code: "APPROVAL_CLOSED" });
    await answer(worker, completed(again));
  });
});

describe("a wish to wait that cannot be granted", () => {
  const bad: [string, (task: Task) => object][] = [
    ["names no time", (task) => ({ ...named(task), status: "sleep" })],
    ["is longer than a century", (task) => sleep(task, { durationMs: 1e15 })],
    ["would resume without a name", (task) => sleep(task, { durationMs: 1, then: "resume" })],
    ["asks with a form that is no schema", (task) => approval(task, { form: { type: "wish" } })],
    ["asks with a form that leads back to itself", (task) => approval(task, { form: { $ref: "#" } })],
    ["asks in a way nobody knows", (task) => approval(task, { urgency: "high" })],
  ];
  it.each(bad)("because it %s fails its attempt", async (why, result) => {
    const { id, worker, task } = await leased(`bad ${why}`.replaceAll(" ", "-"), { retry: { maxAttempts: 1 } });
    expect(await answer(worker, result(task))).toEqual([
      { taskId: task.taskId, status: "rejected", code: "INVALID_REQUEST" },
    ]);
    expect(await historyOf(process, id)).toContain("StepAttemptFailed INVALID_REQUEST");
  });
});

describe("a step that polls", () => {
  it("tells each round its number, and has a key and checkpoints for each round alone", async () => {
    const poll = { until: "output.done", interval: "10s" };
    const { id, worker, task } = await leased("rounds", { poll });
    expect(task.round).toBe(1);
    const checkpoints = [{ name: "asked", value: 1 }];
    await answer(worker, { ...completed(task, { done: false }), checkpoints });
    process.clock.advance(10_000);
    await process.wake(id);
    const second = only((await process.poll(worker, {})).tasks);
    expect(second).toMatchObject({ round: 2, attempt: 1 });
    expect(second.idempotencyKey).not.toBe(task.idempotencyKey);
    expect(second.checkpoints).toBeUndefined();
    await answer(worker, completed(second, { done: true }));
    expect((await historyOf(process, id)).at(-1)).toBe("ExecutionCompleted");
  });

  it("that does not, has no round", async () => {
    const { worker, task } = await leased("no-rounds");
    expect(task.round).toBeUndefined();
    await answer(worker, completed(task));
  });
});

describe("a compensation", () => {
  async function compensating(queue: string) {
    const compensate = { task: "undo", input: { charge: "=steps.charge.output.id" }, retry: { jitter: 0 } };
    const id = await process.run({
      name: `undo_${queue}`,
      nodes: [
        { id: "charge", type: "task", task: "work", queue, compensate },
        { id: "ship", type: "task", task: "work", queue, retry: { maxAttempts: 1 } },
      ],
      edges: [{ from: "charge", to: "ship" }],
    });
    const worker = await process.register({ queues: [queue], tasks: ["work", "undo"] });
    const charge = only((await process.poll(worker, {})).tasks);
    const ship = only((await process.poll(worker, { results: [completed(charge, { id: "ch_1" })] })).tasks);
    const failed = { ...named(ship), status: "failed", error: { code: "E", message: "m" } };
    const undo = only((await process.poll(worker, { results: [failed] })).tasks);
    return { id, worker, charge, undo };
  }

  it("is a task of its own, with the input that was frozen and the step's key", async () => {
    const { id, worker, charge, undo } = await compensating("undone");
    expect(undo).toMatchObject({
      task: "undo",
      node: "charge",
      attempt: 1,
      input: { charge: "ch_1" },
      idempotencyKey: `${charge.idempotencyKey}:compensate`,
    });
    const sent = { ...completed(undo), logs: [{ at: "2026-01-05T12:00:00Z", level: "info", text: "undone" }] };
    expect(await answer(worker, sent)).toMatchObject([{ status: "accepted" }]);
    expect(await answer(worker, sent)).toMatchObject([{ status: "duplicate" }]);
    expect((await historyOf(process, id)).slice(-2)).toEqual(["CompensationCompleted", "ExecutionFailed"]);
    const { rows } = await process.engine.pool.query("select node from step_logs where execution_id = $1", [id]);
    expect(rows).toEqual([{ node: "charge" }]);
  });

  it("is tried again when its lease runs out, and told what its heartbeats carried", async () => {
    const { id, worker, undo } = await compensating("undone-late");
    await process.beat(worker, { ...named(undo), details: { refunded: 2 } });
    await process.pass(11_000);
    expect((await historyOf(process, id)).at(-1)).toBe("CompensationFailed LEASE_EXPIRED");
    process.clock.advance(60_000);
    await process.wake(id);
    const second = only((await process.poll(worker, {})).tasks);
    expect(second).toMatchObject({
      attempt: 2,
      idempotencyKey: undo.idempotencyKey,
      heartbeatDetails: { refunded: 2 },
    });
    await answer(worker, completed(second));
  });

  it("cannot wait and notes nothing down", async () => {
    const { worker, undo } = await compensating("undone-slowly");
    const checkpoints = [{ name: "half", value: 1 }];
    expect(only((await process.beat(worker, { ...named(undo), checkpoints })).acks)).toMatchObject({
      status: "ok",
      code: "INVALID_REQUEST",
    });
    expect(await answer(worker, sleep(undo, { durationMs: 1 }))).toMatchObject([
      { status: "rejected", code: "INVALID_REQUEST" },
    ]);
  });
});

describe("who may decide", () => {
  async function asked(queue: string, assignees: string[]): Promise<string> {
    const { id, worker, task } = await leased(queue);
    await answer(worker, approval(task, { assignees }));
    return (await openApproval(id)).id;
  }

  it("is whom the approval names, by any of their names and in either case", async () => {
    const id = await asked("named", ["Ann@Example.com", "finance"]);
    const other = await decide(id, { decision: "approved" }, ["usr_2", "bob@example.com", "sales"]);
    expect(other).toMatchObject({ ok: false, code: "FORBIDDEN" });
    expect(await decide(id, { decision: "approved" }, ["usr_1", "ann@example.com"])).toMatchObject({ ok: true });
  });

  it("is anybody where it names nobody", async () => {
    const id = await asked("unnamed", []);
    expect(await decide(id, { decision: "approved" }, ["usr_9"])).toMatchObject({ ok: true });
  });
});
