// Leases: given once, repeated when an answer is lost, kept alive by heartbeats, and ended by silence.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeId } from "@/lib/contract/ids";
import type { JsonValue } from "@/lib/contract/json";
import type { HeartbeatAnswer, Task } from "@/lib/contract/workers";
import { drainWorker } from "@/lib/engine/drain-worker";
import { heartbeat } from "@/lib/engine/heartbeat";
import { extendLeasesAfterOutage } from "@/lib/engine/leasing/lease-sweep";
import { removeWorker } from "@/lib/engine/remove-worker";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, historyOf, only, startProcess, type TestProcess, value } from "./process";

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

async function beat(workerId: string, tasks: Task[], details?: JsonValue): Promise<HeartbeatAnswer> {
  const running = tasks.map(({ taskId, leaseToken }) => ({ taskId, leaseToken, details }));
  return value(await heartbeat(process.services, CALLER, workerId, { running }));
}

describe("an answer that was lost", () => {
  it("comes again with the same tokens when its request is repeated, and with nothing added", async () => {
    await Promise.all([1, 2, 3].map(() => process.start({ queue: "repeated" })));
    const worker = await process.register({ queues: ["repeated"] });
    const first = await process.poll(worker, { capacity: 2, requestId: "r1" });
    expect(first.tasks).toHaveLength(2);
    const again = await process.poll(worker, { capacity: 3, requestId: "r1" });
    expect(again.tasks.map((task) => task.leaseToken).sort()).toEqual(
      first.tasks.map((task) => task.leaseToken).sort(),
    );
    await process.poll(worker, { capacity: 0, results: first.tasks.map((task) => completed(task)) });
    const spent = await process.poll(worker, { capacity: 3, requestId: "r1" });
    expect(spent.tasks).toHaveLength(1);
    await process.poll(worker, { capacity: 0, results: spent.tasks.map((task) => completed(task)) });
  });

  it("says duplicate for results that it had taken, and gives the same tasks", async () => {
    await process.start({ queue: "again", steps: 2 });
    const worker = await process.register({ queues: ["again"] });
    const task = only((await process.poll(worker, {})).tasks);
    const body = { requestId: "r2", results: [completed(task, { ok: true })] };
    const first = await process.poll(worker, body);
    const again = await process.poll(worker, body);
    expect(first.acks).toEqual([{ taskId: task.taskId, status: "accepted" }]);
    expect(again.acks).toEqual([{ taskId: task.taskId, status: "duplicate" }]);
    expect(only(again.tasks).leaseToken).toBe(only(first.tasks).leaseToken);
    await process.poll(worker, { capacity: 0, results: first.tasks.map((next) => completed(next)) });
  });

  it("frees its leases after five seconds, and no attempt is counted", async () => {
    const id = await process.start({ queue: "unnamed" });
    const worker = await process.register({ queues: ["unnamed"] });
    const lost = only((await process.poll(worker, { requestId: "lost" })).tasks);
    await process.pass(4_000);
    expect((await process.poll(worker, {})).tasks).toEqual([]);
    await process.pass(1_000);
    const found = only((await process.poll(worker, {})).tasks);
    expect(found).toMatchObject({ taskId: lost.taskId, attempt: 1, idempotencyKey: lost.idempotencyKey });
    expect(found.leaseToken).not.toBe(lost.leaseToken);
    const late = await process.poll(worker, { capacity: 0, results: [completed(lost, "late")] });
    expect(late.acks).toEqual([{ taskId: lost.taskId, status: "stale" }]);
    const { acks } = await process.poll(worker, { capacity: 0, results: [completed(found, "right")] });
    expect(only(acks).status).toBe("accepted");
    expect(await historyOf(process, id)).not.toContain("StepAttemptFailed LEASE_EXPIRED");
  });

  it("takes a result all the same, where it comes before the task is given to another", async () => {
    const id = await process.start({ queue: "slow" });
    const worker = await process.register({ queues: ["slow"] });
    const task = only((await process.poll(worker, {})).tasks);
    await process.pass(6_000);
    expect((await beat(worker, [task])).acks).toEqual([{ taskId: task.taskId, status: "stale" }]);
    const { acks } = await process.poll(worker, { capacity: 1, results: [completed(task)] });
    expect(only(acks).status).toBe("accepted");
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  it("keeps its leases while they are named, by a heartbeat or by the repeated request", async () => {
    await process.start({ queue: "named" });
    await process.start({ queue: "named" });
    const worker = await process.register({ queues: ["named"] });
    const beaten = only((await process.poll(worker, {})).tasks);
    const repeated = only((await process.poll(worker, { requestId: "again and again" })).tasks);
    await process.pass(12_000, {
      heartbeats: async () => {
        await beat(worker, [beaten]);
        await process.poll(worker, { requestId: "again and again" });
      },
    });
    const { acks } = await process.poll(worker, { capacity: 0, results: [completed(beaten), completed(repeated)] });
    expect(acks.map((ack) => ack.status)).toEqual(["accepted", "accepted"]);
  });
});

describe("a lease", () => {
  it("that is not renewed runs out: its attempt failed, and the next one has the same idempotency key", async () => {
    const id = await process.start({ queue: "expiry" });
    const worker = await process.register({ queues: ["expiry"] });
    const first = only((await process.poll(worker, {})).tasks);
    await beat(worker, [first], { progress: 0.5 });
    await process.pass(9_000);
    expect(await historyOf(process, id)).toEqual(["ExecutionStarted", "StepScheduled"]);
    await process.pass(1_000);
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepAttemptFailed LEASE_EXPIRED",
    ]);
    process.clock.advance(2_000);
    await process.wake(id);
    const second = only((await process.poll(worker, {})).tasks);
    expect(second).toMatchObject({ attempt: 2, idempotencyKey: first.idempotencyKey, node: first.node });
    expect(second.taskId).not.toBe(first.taskId);
    const both = await process.poll(worker, { capacity: 0, results: [completed(first, 1), completed(second, 2)] });
    expect(both.acks.map((ack) => ack.status)).toEqual(["stale", "accepted"]);
    expect(await historyOf(process, id)).toContain("ExecutionCompleted");
  });

  it("still takes a result after its time, where the result comes before the sweep", async () => {
    await process.start({ queue: "late" });
    const worker = await process.register({ queues: ["late"] });
    const task = only((await process.poll(worker, {})).tasks);
    process.clock.advance(60_000);
    const { acks } = await process.poll(worker, { capacity: 0, results: [completed(task)] });
    expect(only(acks).status).toBe("accepted");
  });

  it("outlives an outage, for nobody could renew it", async () => {
    const id = await process.start({ queue: "outage" });
    const worker = await process.register({ queues: ["outage"] });
    const task = only((await process.poll(worker, {})).tasks);
    await beat(worker, [task]);
    await process.sweep.turn();
    process.clock.advance(60_000);
    await process.pass(8_000);
    expect(await historyOf(process, id)).toEqual(["ExecutionStarted", "StepScheduled"]);
    process.clock.advance(60_000);
    await extendLeasesAfterOutage({ db: process.services.db, clock: process.clock });
    const { acks } = await beat(worker, [task]);
    expect(only(acks).status).toBe("ok");
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
  });

  it("does not outlive its attempt's own time-out, outage or not", async () => {
    const id = await process.start({ queue: "attempt", node: { timeout: { attempt: "20s" } } });
    const worker = await process.register({ queues: ["attempt"] });
    const task = only((await process.poll(worker, {})).tasks);
    await beat(worker, [task]);
    await process.sweep.turn();
    process.clock.advance(20_000);
    await process.sweep.turn();
    expect((await historyOf(process, id)).at(-1)).toBe("StepAttemptFailed ATTEMPT_TIMEOUT");
  });

  it("ends with its worker, uncounted and at once", async () => {
    const id = await process.start({ queue: "leaves" });
    const [leaver, stayer] = await Promise.all([1, 2].map(() => process.register({ queues: ["leaves"] })));
    if (leaver === undefined || stayer === undefined) throw new Error("no worker");
    const lost = only((await process.poll(leaver, {})).tasks);
    await beat(leaver, [lost]);
    const waiting = process.poll(stayer, { waitMs: 30_000 });
    await expect.poll(() => process.services.waiters.parked).toBe(1);
    expect(await removeWorker(process.services, CALLER, leaver)).toEqual({ ok: true, value: null });
    const found = only((await waiting).tasks);
    expect(found).toMatchObject({ taskId: lost.taskId, attempt: 1 });
    expect(await removeWorker(process.services, CALLER, leaver)).toMatchObject({ ok: false, code: "WORKER_NOT_FOUND" });
    await process.poll(stayer, { capacity: 0, results: [completed(found)] });
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });
});

describe("a deadline", () => {
  it("of heartbeats fails the attempt of a silent worker, and of no other", async () => {
    const id = await process.start({ queue: "silent", node: { timeout: { heartbeat: "4s" } } });
    const worker = await process.register({ queues: ["silent"] });
    const task = only((await process.poll(worker, {})).tasks);
    await beat(worker, [task], { page: 7 });
    await process.pass(3_000);
    await beat(worker, [task]);
    await process.pass(3_000);
    expect(await historyOf(process, id)).toHaveLength(2);
    await process.pass(1_000);
    expect((await historyOf(process, id)).at(-1)).toBe("StepAttemptFailed HEARTBEAT_TIMEOUT");
  });

  it("of the queue fails a task that nobody took, and spares one that was taken in time", async () => {
    const node = { timeout: { queue: "3s" } };
    const taken = await process.start({ queue: "queued", node });
    const worker = await process.register({ queues: ["queued"] });
    const task = only((await process.poll(worker, {})).tasks);
    await beat(worker, [task]);
    const left = await process.start({ queue: "queued", node });
    await process.pass(3_000);
    expect(await historyOf(process, left)).toContain("StepAttemptFailed QUEUE_TIMEOUT");
    expect(await historyOf(process, taken)).toHaveLength(2);
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
  });
});

describe("a heartbeat", () => {
  it("renews what lives and calls off what does not", async () => {
    await process.start({ queue: "beats", steps: 1 });
    const cancelled = await process.start({ queue: "beats" });
    const worker = await process.register({ queues: ["beats"] });
    const { tasks } = await process.poll(worker, { capacity: 2 });
    const dead = only(tasks.filter((task) => task.executionId === encodeId("execution", cancelled)));
    const alive = only(tasks.filter((task) => task !== dead));
    const target = { namespaceId: CALLER.namespaceId, executionId: cancelled };
    await process.engine.door.apply({ ...target, actor: "key:test", command: { type: "cancel" } });
    const answer = await beat(worker, [alive, dead]);
    expect(answer.acks).toEqual([
      { taskId: alive.taskId, status: "ok" },
      { taskId: dead.taskId, status: "stale" },
    ]);
    expect(answer.commands).toEqual([{ type: "cancel", taskId: dead.taskId }]);
    await process.poll(worker, { capacity: 0, results: [completed(alive)] });
  });

  it("tells a draining worker so, which gets no more tasks but may finish", async () => {
    await process.start({ queue: "drains", steps: 2 });
    const worker = await process.register({ queues: ["drains"] });
    const task = only((await process.poll(worker, {})).tasks);
    expect(await drainWorker(process.services, CALLER, worker)).toMatchObject({ ok: true });
    expect((await beat(worker, [task])).commands).toEqual([{ type: "drain" }]);
    const answer = await process.poll(worker, { capacity: 5, results: [completed(task)] });
    expect(answer.acks.map((ack) => ack.status)).toEqual(["accepted"]);
    expect(answer.tasks).toEqual([]);
  });

  it("with details that cannot be kept renews the lease and says why", async () => {
    await process.start({ queue: "details" });
    const worker = await process.register({ queues: ["details"] });
    const task = only((await process.poll(worker, {})).tasks);
    const { acks } = await beat(worker, [task], { text: "a\u0000b" });
    expect(acks).toEqual([{ taskId: task.taskId, status: "ok", code: "INVALID_TEXT" }]);
    await process.poll(worker, { capacity: 0, results: [completed(task)] });
  });

  it("of an unknown worker, or one of another namespace, finds nobody", async () => {
    const worker = await process.register({ queues: ["nobody"] });
    const other = { ...CALLER, namespaceId: 77 };
    for (const outcome of [
      await heartbeat(process.services, other, worker, { running: [] }),
      await heartbeat(process.services, CALLER, "wrk_0000000000000", { running: [] }),
      await heartbeat(process.services, CALLER, "nonsense", { running: [] }),
    ])
      expect(outcome).toMatchObject({ ok: false, code: "WORKER_NOT_FOUND" });
  });
});
