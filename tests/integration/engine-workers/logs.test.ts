// What handlers log: kept beside the history with the attempt it came from, capped, and never in the way of a result.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeId } from "@/lib/contract/ids";
import { LOG_BYTES_AN_EXECUTION, LOG_LINE_BYTES, LOG_LINES_AN_EXECUTION } from "@/lib/contract/limits";
import type { LogItem, LogLine, LogPage } from "@/lib/contract/logs";
import type { Task } from "@/lib/contract/workers";
import { type LogQuery, listLogs, logCursorSchema } from "@/lib/views/logs";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { CALLER, completed, historyOf, named, only, startProcess, type TestProcess } from "./process";

let database: TestDatabase;
let process: TestProcess;
let other: TestProcess;

beforeAll(async () => {
  database = await createDatabase();
  process = await startProcess(database.connectionString);
  other = await startProcess(database.connectionString, { slot: 2, clock: process.clock });
});

afterAll(async () => {
  await Promise.all([process.close(), other.close()]);
  await database.drop();
});

async function leased(queue: string, node = {}): Promise<{ worker: string; task: Task; id: bigint }> {
  const id = await process.start({ queue, node });
  const worker = await process.register({ queues: [queue] });
  return { id, worker, task: only((await process.poll(worker, {})).tasks) };
}

const AT = "2026-01-05T12:00:00.000Z";
const line = (text: string, more: Partial<LogLine> = {}): LogLine => ({ at: AT, level: "info", text, ...more });
const lines = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => line(make(i)));

function page(id: bigint, query: Partial<LogQuery> = {}): Promise<LogPage> {
  const { namespaceId } = CALLER;
  return listLogs(process.services.db, { namespaceId, executionId: id, limit: 200, ...query });
}

async function all(id: bigint, query: Partial<LogQuery> = {}): Promise<LogItem[]> {
  const items: LogItem[] = [];
  let next: string | null = null;
  do {
    const cursor = next === null ? undefined : logCursorSchema.parse(next);
    const found: LogPage = await page(id, { ...query, cursor });
    items.push(...found.items);
    next = found.nextCursor;
  } while (next !== null);
  return items;
}

describe("lines that a handler logs", () => {
  it("come with heartbeats and with the result, and say which attempt of which step they are of", async () => {
    const { id, worker, task } = await leased("logs", { retry: { maxAttempts: 2, jitter: 0 } });
    await process.beat(worker, { ...named(task), logs: [line("begun", { fields: { n: 1 } }), line("half")] });
    const failed = { ...named(task), status: "failed", error: { code: "E", message: "m" } };
    await process.poll(worker, { capacity: 0, results: [{ ...failed, logs: [line("broken", { level: "error" })] }] });
    process.clock.advance(60_000);
    await process.wake(id);
    const second = only((await process.poll(worker, {})).tasks);
    await process.poll(worker, { capacity: 0, results: [{ ...completed(second), logs: [line("done")] }] });
    const place = { node: "s1", iteration: 1, attempt: 1, taskId: task.taskId };
    expect(await all(id)).toEqual([
      { at: AT, level: "info", text: "begun", fields: { n: 1 }, ...place },
      { at: AT, level: "info", text: "half", ...place },
      { at: AT, level: "error", text: "broken", ...place },
      { at: AT, level: "info", text: "done", ...place, attempt: 2, taskId: second.taskId },
    ]);
    expect(await historyOf(process, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepAttemptFailed E",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  it("are known by their step also where another process gave the lease", async () => {
    const { id, worker, task } = await leased("logs-elsewhere");
    const results = [{ ...completed(task), logs: [line("from afar")] }];
    await other.poll(worker, { capacity: 0, results });
    expect(await all(id)).toMatchObject([{ text: "from afar", node: "s1", attempt: 1, taskId: task.taskId }]);
  });

  it("are found by node, by attempt and by task, page by page", async () => {
    const id = await process.start({ queue: "logs-paged", steps: 2 });
    const worker = await process.register({ queues: ["logs-paged"] });
    const first = only((await process.poll(worker, {})).tasks);
    await process.beat(worker, { ...named(first), logs: lines(5, (i) => `one ${i}`) });
    const results = [{ ...completed(first), logs: lines(2, (i) => `end ${i}`) }];
    const second = only((await process.poll(worker, { results })).tasks);
    await process.poll(worker, { capacity: 0, results: [{ ...completed(second), logs: [line("two")] }] });
    const texts = async (query: Partial<LogQuery>) => (await all(id, query)).map(({ text }) => text);
    const whole = ["one 0", "one 1", "one 2", "one 3", "one 4", "end 0", "end 1", "two"];
    for (const limit of [1, 2, 3, 5, 7, 8, 200]) expect(await texts({ limit }), String(limit)).toEqual(whole);
    expect(await texts({ node: "s2" })).toEqual(["two"]);
    expect(await texts({ node: "s1", limit: 3 })).toEqual(whole.slice(0, 7));
    expect(await texts({ attempt: 2 })).toEqual([]);
    expect(await texts({ namespaceId: 2 })).toEqual([]);
    expect((await page(id, { limit: 8 })).nextCursor).toBeNull();
  });

  it("are written once where a result is sent twice, and not at all with a dead token", async () => {
    const { id, worker, task } = await leased("logs-once");
    const dead = `${task.leaseToken.slice(0, -3)}000`;
    await process.beat(worker, { ...named(task), leaseToken: dead, logs: [line("forged")] });
    const result = { ...completed(task), logs: [line("once")] };
    await process.poll(worker, { capacity: 0, results: [{ ...result, leaseToken: dead }] });
    await process.poll(worker, { capacity: 0, results: [result] });
    await process.poll(worker, { capacity: 0, results: [result] });
    await process.beat(worker, { ...named(task), logs: [line("too late")] });
    expect((await all(id)).map(({ text }) => text)).toEqual(["once"]);
  });

  it("that are no lines are left out, which the ack says, and the rest is kept", async () => {
    const { id, worker, task } = await leased("logs-odd");
    const odd: unknown[] = [
      line("good"),
      { text: "no time" },
      "text",
      { ...line("loud"), level: "shout" },
      line("fine"),
    ];
    expect(only((await process.beat(worker, { ...named(task), logs: odd })).acks)).toMatchObject({
      status: "ok",
      code: "INVALID_LOGS",
    });
    const { acks } = await process.poll(worker, { capacity: 0, results: [{ ...completed(task), logs: "nonsense" }] });
    expect(acks).toEqual([{ taskId: task.taskId, status: "accepted", code: "INVALID_LOGS" }]);
    expect((await all(id)).map(({ text }) => text)).toEqual(["good", "fine"]);
  });

  it("that are too long, or cannot be stored, are kept as far as they can be", async () => {
    const { id, worker, task } = await leased("logs-long");
    const wide = { text: "\u0001".repeat(20_000) };
    const sent = [
      line("x".repeat(100_000)),
      line("short", { fields: wide }),
      line("nul \u0000 here"),
      line("fields", { fields: { bad: "\ud800" } }),
      line(wide.text),
      line("at home", { at: "2026-01-05T13:00:00+01:00" }),
    ];
    await process.poll(worker, { capacity: 0, results: [{ ...completed(task), logs: sent }] });
    const kept = await all(id);
    expect(kept.map(({ truncated = false }) => truncated)).toEqual([true, true, false, true, true, false]);
    expect(kept[0]?.text).toMatch(/^x{6000,}…$/);
    expect(kept[1]).toMatchObject({ text: "short" });
    expect(kept[2]?.text).toBe("nul \uFFFD here");
    expect(kept[3]).toMatchObject({ text: "fields" });
    expect(kept[5]?.at).toBe(AT);
    for (const { node, iteration, attempt, taskId, ...own } of kept)
      expect(Buffer.byteLength(JSON.stringify(own))).toBeLessThanOrEqual(LOG_LINE_BYTES);
  });
});

describe("an execution that logs too much", () => {
  it("keeps the newest lines, and says how many are gone", async () => {
    const { id, worker, task } = await leased("logs-many");
    for (let i = 0; i < 12; i++)
      await process.beat(worker, { ...named(task), logs: lines(1000, (j) => String(i * 1000 + j)) });
    expect((await page(id)).dropped).toBe(12_000 - LOG_LINES_AN_EXECUTION);
    const texts = (await all(id, { limit: 10_000 })).map(({ text }) => Number(text));
    expect(texts).toEqual(Array.from({ length: LOG_LINES_AN_EXECUTION }, (_, i) => i + 2000));
    // One message with more than all: its own end.
    await process.beat(worker, { ...named(task), logs: lines(12_500, String) });
    const last = (await all(id, { limit: 10_000 })).map(({ text }) => Number(text));
    expect(last).toEqual(Array.from({ length: LOG_LINES_AN_EXECUTION }, (_, i) => i + 2500));
  });

  it("keeps no more than a megabyte", async () => {
    const { id, worker, task } = await leased("logs-much");
    for (let i = 0; i < 5; i++)
      await process.beat(worker, { ...named(task), logs: lines(60, (j) => `${i} ${j} ${"x".repeat(6_000)}`) });
    const { rows } = await process.engine.pool.query<{ bytes: number }>(
      "select sum(octet_length(body))::int as bytes from step_logs where execution_id = $1",
      [id],
    );
    expect(only(rows).bytes).toBeLessThanOrEqual(LOG_BYTES_AN_EXECUTION);
    const texts = (await all(id)).map(({ text }) => text.slice(0, 4).trim());
    expect(texts.at(-1)).toBe("4 59");
    expect(texts.length + (await page(id)).dropped).toBe(300);
    expect(texts.length).toBeGreaterThanOrEqual(120);
  });

  it("keeps its lines in step when two processes write them at once", async () => {
    const ids = await Promise.all(["a", "b"].map(() => process.start({ queue: "logs-at-once" })));
    const worker = await process.register({ queues: ["logs-at-once"] });
    const { tasks } = await process.poll(worker, { capacity: 2 });
    const say = (on: TestProcess, i: number) =>
      on.beat(worker, ...tasks.map((task) => ({ ...named(task), logs: [line(String(i))] })));
    await Promise.all(Array.from({ length: 20 }, (_, i) => say(i % 2 === 0 ? process : other, i)));
    for (const id of ids) {
      const texts = (await all(id, { limit: 10_000 })).map(({ text }) => Number(text));
      expect(
        texts.sort((a, b) => a - b),
        encodeId("execution", id),
      ).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  });

  it("costs no result where the logs cannot be written", async () => {
    const { id, worker, task } = await leased("logs-away");
    await process.engine.pool.query("alter table step_logs rename to step_logs_away");
    try {
      const { acks } = await process.poll(worker, {
        capacity: 0,
        results: [{ ...completed(task), logs: [line("lost")] }],
      });
      expect(acks).toEqual([{ taskId: task.taskId, status: "accepted" }]);
    } finally {
      await process.engine.pool.query("alter table step_logs_away rename to step_logs");
    }
    expect((await historyOf(process, id)).at(-1)).toBe("ExecutionCompleted");
    expect(await all(id)).toEqual([]);
  });
});
