// Polls: who is handed what and when, and how each result is judged by itself.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonValue } from "@/lib/contract/json";
import type { Task } from "@/lib/contract/workers";
import { completeTask } from "@/lib/engine/complete-task";
import { drainWorker } from "@/lib/engine/drain-worker";
import { failTask } from "@/lib/engine/fail-task";
import { heartbeatTask } from "@/lib/engine/heartbeat-task";
import { poll } from "@/lib/engine/poll";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, historyOf, only, startProcess, type TestProcess, value } from "./process";

let database: TestDatabase;
let process: TestProcess;
let other: TestProcess;
const STRANGER = { namespaceId: 2, actor: "key:stranger" };

beforeAll(async () => {
  database = await createDatabase();
  process = await startProcess(database.connectionString, { slot: 1 });
  other = await startProcess(database.connectionString, { slot: 2, clock: process.clock });
  await process.engine.pool.query("insert into namespaces (name) values ('stranger')");
});

afterAll(async () => {
  await Promise.all([process.close(), other.close()]);
  await database.drop();
});

async function parked(on: TestProcess, count: number): Promise<void> {
  await expect.poll(() => on.services.waiters.parked, { interval: 5 }).toBe(count);
}

async function leased(queue: string, node = {}): Promise<{ worker: string; task: Task; id: bigint }> {
  const id = await process.start({ queue, node });
  const worker = await process.register({ queues: [queue] });
  return { id, worker, task: only((await process.poll(worker, {})).tasks) };
}

describe("a parked poll", () => {
  it("is given a task by the very flush that schedules it", async () => {
    const worker = await process.register({ queues: ["parked"] });
    const waiting = process.poll(worker, { waitMs: 30_000 });
    await parked(process, 1);
    const before = process.engine.flushes();
    await process.start({ queue: "parked" });
    expect(only((await waiting).tasks)).toMatchObject({ queue: "parked", task: "work", attempt: 1 });
    expect(process.engine.flushes() - before).toBe(1);
  });

  it("keeps its worker alive for as long as it waits", async () => {
    const worker = await process.register({ queues: ["quiet"] });
    const ended = new AbortController();
    const waiting = poll(process.services, CALLER, worker, { capacity: 1, waitMs: 30_000 }, ended.signal);
    await parked(process, 1);
    process.clock.advance(20_000);
    await process.services.waiters.look();
    const { rows } = await process.engine.pool.query("select last_seen_at from workers where queues = '{quiet}'");
    expect(rows).toEqual([{ last_seen_at: new Date(process.clock.now()) }]);
    ended.abort();
    await waiting;
  });

  it("is given tasks that another process scheduled, once it hears of their queue", async () => {
    const worker = await process.register({ queues: ["elsewhere"] });
    const waiting = process.poll(worker, { waitMs: 30_000, capacity: 2 });
    await parked(process, 1);
    await other.start({ queue: "elsewhere" });
    expect(process.services.waiters.parked).toBe(1);
    process.services.waiters.wake(CALLER.namespaceId, "elsewhere");
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("finds within seconds what nobody told of", async () => {
    const worker = await process.register({ queues: ["untold"] });
    const waiting = process.poll(worker, { waitMs: 30_000 });
    await parked(process, 1);
    await other.start({ queue: "untold" });
    process.clock.advance(5_000);
    expect((await waiting).tasks).toHaveLength(1);
  });

  it("ends with no tasks when its time is up, and not before", async () => {
    const worker = await process.register({ queues: ["idle"] });
    const waiting = process.poll(worker, { waitMs: 20_000 });
    await parked(process, 1);
    process.clock.advance(19_999);
    process.services.waiters.tick();
    expect(process.services.waiters.parked).toBe(1);
    process.clock.advance(1);
    process.services.waiters.tick();
    expect(await waiting).toEqual({ acks: [], tasks: [] });
  });

  it("waits no longer than thirty seconds, whatever it asks for", async () => {
    const worker = await process.register({ queues: ["patient"] });
    const waiting = process.poll(worker, { waitMs: 3_600_000 });
    await parked(process, 1);
    process.clock.advance(30_000);
    process.services.waiters.tick();
    expect((await waiting).tasks).toEqual([]);
  });

  it("ends with no tasks when the same request comes again, and the repeat gets them", async () => {
    const worker = await process.register({ queues: ["twice"] });
    const first = process.poll(worker, { waitMs: 30_000, requestId: "same" });
    await parked(process, 1);
    const second = process.poll(worker, { waitMs: 30_000, requestId: "same" });
    expect((await first).tasks).toEqual([]);
    await parked(process, 1);
    await process.start({ queue: "twice" });
    expect((await second).tasks).toHaveLength(1);
  });

  it("goes when its caller goes, and takes no task along", async () => {
    const worker = await process.register({ queues: ["gone"] });
    const caller = new AbortController();
    const waiting = process.poll(worker, { waitMs: 30_000 }, { signal: caller.signal });
    await parked(process, 1);
    caller.abort();
    expect((await waiting).tasks).toEqual([]);
    await process.start({ queue: "gone" });
    expect((await process.poll(worker, {})).tasks).toHaveLength(1);
  });

  it("ends when its worker drains, whose later polls are offered nothing and hold up nobody", async () => {
    const [draining, working] = await Promise.all([1, 2].map(() => process.register({ queues: ["drain"] })));
    if (draining === undefined || working === undefined) throw new Error("no worker");
    const waiting = process.poll(draining, { waitMs: 30_000 });
    await parked(process, 1);
    await drainWorker(process.services, CALLER, draining);
    expect((await waiting).tasks).toEqual([]);
    const later = process.poll(draining, { waitMs: 10_000 });
    await parked(process, 1);
    const served = process.poll(working, { waitMs: 30_000 });
    await parked(process, 2);
    await process.start({ queue: "drain" });
    expect((await served).tasks).toHaveLength(1);
    process.clock.advance(10_000);
    process.services.waiters.tick();
    expect((await later).tasks).toEqual([]);
  });
});

describe("a worker", () => {
  it("is handed only tasks it declared, on queues it declared", async () => {
    await process.start({ queue: "mixed", task: "undeclared" });
    await process.start({ queue: "undeclared" });
    const worker = await process.register({ queues: ["mixed", "mixed"], tasks: ["work", "work"] });
    expect((await process.poll(worker, { capacity: 10 })).tasks).toEqual([]);
    await process.start({ queue: "mixed" });
    const { tasks } = await process.poll(worker, { capacity: 10 });
    expect(tasks.map(({ queue, task }) => [queue, task])).toEqual([["mixed", "work"]]);
  });

  it("is handed only tasks of its own namespace, also when parked", async () => {
    const stranger = await process.register({ queues: ["shared"] }, STRANGER);
    const waiting = process.poll(stranger, { waitMs: 10_000 }, { caller: STRANGER });
    await parked(process, 1);
    await process.start({ queue: "shared" });
    expect(process.services.waiters.parked).toBe(1);
    process.services.waiters.wake(STRANGER.namespaceId, "shared");
    process.clock.advance(10_000);
    expect((await waiting).tasks).toEqual([]);
  });

  it("of another namespace is not found, and changes nothing with a token of this one", async () => {
    const { id, worker, task } = await leased("foreign");
    const refusal = await poll(process.services, STRANGER, worker, { capacity: 1 }, new AbortController().signal);
    expect(refusal).toMatchObject({ ok: false, code: "WORKER_NOT_FOUND" });
    const stranger = await process.register({ queues: ["foreign"] }, STRANGER);
    const { acks } = await process.poll(stranger, { capacity: 0, results: [completed(task)] }, { caller: STRANGER });
    expect(acks).toEqual([{ taskId: task.taskId, status: "stale" }]);
    expect(await historyOf(process, id)).toEqual(["ExecutionStarted", "StepScheduled"]);
  });

  it("is answered at once where it brings results, with the next task of the same execution", async () => {
    await process.start({ queue: "chained", steps: 2 });
    const worker = await process.register({ queues: ["chained"] });
    const first = only((await process.poll(worker, {})).tasks);
    const before = process.engine.flushes();
    const answer = await process.poll(worker, { waitMs: 30_000, results: [completed(first)] });
    expect(only(answer.tasks)).toMatchObject({ node: "s2", executionId: first.executionId });
    expect(process.engine.flushes() - before).toBe(1);
    const last = await process.poll(worker, { waitMs: 30_000, results: [completed(only(answer.tasks))] });
    expect(last).toMatchObject({ acks: [{ status: "accepted" }], tasks: [] });
  });
});

describe("a result", () => {
  it("that is sent twice is a duplicate, and with a dead token stale", async () => {
    const { id, worker, task } = await leased("sent-twice");
    const result = completed(task, { n: 1 });
    const twice = await process.poll(worker, { capacity: 0, results: [result, result] });
    expect(twice.acks.map((ack) => ack.status)).toEqual(["accepted", "duplicate"]);
    const dead = { ...result, leaseToken: `${task.leaseToken.slice(0, -3)}000` };
    const others = [dead, { ...result, leaseToken: "nonsense" }, { ...result, taskId: "tsk_nonsense" }];
    const late = await process.poll(worker, { capacity: 0, results: others });
    expect(late.acks.map((ack) => ack.status)).toEqual(["stale", "stale", "stale"]);
    expect((await historyOf(process, id)).filter((type) => type === "StepCompleted")).toHaveLength(1);
  });

  it("that cannot be kept fails its own attempt, and its batch is taken", async () => {
    const ids = await Promise.all(
      [1, 2, 3, 4, 5].map(() => process.start({ queue: "batch", node: { retry: { maxAttempts: 1 } } })),
    );
    const worker = await process.register({ queues: ["batch"] });
    const { tasks } = await process.poll(worker, { capacity: 5 });
    const bad: JsonValue[] = ["a\u0000b", "\ud800", "x".repeat(2 * 1024 * 1024)];
    const results = tasks.map((task, i) => ({ ...completed(task), output: { value: bad[i] ?? "good" } }));
    const malformed = { ...results[3], output: "good", status: "splendid" };
    const sent = [...results.slice(0, 3), malformed, results[4]];
    const { acks } = await process.poll(worker, { capacity: 0, results: sent });
    expect(acks.map(({ status, code }) => [status, code])).toEqual([
      ["rejected", "INVALID_TEXT"],
      ["rejected", "INVALID_TEXT"],
      ["rejected", "PAYLOAD_TOO_LARGE"],
      ["rejected", "INVALID_REQUEST"],
      ["accepted", undefined],
    ]);
    const histories = await Promise.all(ids.map((id) => historyOf(process, id)));
    expect(
      histories
        .flat()
        .filter((type) => type.startsWith("StepAttemptFailed"))
        .sort(),
    ).toEqual([
      "StepAttemptFailed INVALID_REQUEST",
      "StepAttemptFailed INVALID_TEXT",
      "StepAttemptFailed INVALID_TEXT",
      "StepAttemptFailed PAYLOAD_TOO_LARGE",
    ]);
    expect(histories.flat().filter((type) => type === "ExecutionCompleted")).toHaveLength(1);
  });

  it("without a task or token to be known by is rejected, and nothing else", async () => {
    const worker = await process.register({ queues: ["nothing"] });
    const sent: unknown[] = [null, 7, "text", {}, { taskId: 5, leaseToken: 6 }];
    const { acks } = await process.poll(worker, { capacity: 0, results: sent });
    expect(acks).toEqual(sent.map(() => ({ taskId: "", status: "rejected", code: "INVALID_REQUEST" })));
  });

  it("tells the history who ran it, how long it waited and how long it ran, whichever process leased it", async () => {
    const { id, worker, task } = await leased("timed");
    process.clock.advance(1_500);
    const { acks } = await other.poll(worker, { capacity: 0, results: [completed(task)] });
    expect(only(acks).status).toBe("accepted");
    const { rows } = await process.engine.pool.query<{ data: string; actor: string }>(
      "select data, actor from events where execution_id = $1 and type = 'StepCompleted'",
      [id],
    );
    expect(JSON.parse(only(rows).data)).toMatchObject({ worker, ranMs: 1_500, queuedMs: 0 });
    expect(only(rows).actor).toBe(`worker:${worker}`);
  });

  it("may come in a call of its own, and is refused there where a poll would say so in its ack", async () => {
    const { task } = await leased("single", { retry: { maxAttempts: 2, initialInterval: "1s", jitter: 0 } });
    const { taskId, leaseToken } = task;
    const { services } = process;
    expect(value(await heartbeatTask(services, CALLER, taskId, { leaseToken }))).toEqual({ taskId, status: "ok" });
    const nul = await heartbeatTask(services, CALLER, taskId, { leaseToken, details: "\u0000" });
    expect(nul).toMatchObject({ ok: false, code: "INVALID_TEXT" });
    const done = await completeTask(services, CALLER, taskId, { leaseToken, output: 1 });
    expect(value(done)).toEqual({ taskId, status: "accepted" });
    expect(value(await completeTask(services, CALLER, taskId, { leaseToken, output: 1 })).status).toBe("duplicate");
    expect(await heartbeatTask(services, CALLER, taskId, { leaseToken })).toMatchObject({ code: "STALE_LEASE" });
    const failed = { leaseToken: "dead", error: { code: "E", message: "m" } };
    expect(await failTask(services, CALLER, taskId, failed)).toMatchObject({ code: "STALE_LEASE" });
    expect(await failTask(services, CALLER, "nonsense", failed)).toMatchObject({ code: "TASK_NOT_FOUND" });
  });
});
