/** What a worker sends for a handler that waits, records and logs in its middle, held to the protocol's schemas. */
import { describe, expect, it } from "vitest";
import { logLineSchema } from "@/lib/contract/logs";
import { checkpointsSchema, heartbeatSchema, type TaskResult, taskResultSchema } from "@/lib/contract/workers";
import { askApproval, failForGood, port, type StepContext, sleepFor, step, workflow } from "@/worker-sdk/src/index";
import type { ReceivedRequest } from "./support/scripted-server";
import { accepted, type PollBody, startWorker, task, WORKER } from "./support/worker-harness";

/** What the worker sends for one task, given what the handler does. */
async function resultOf(handler: (ctx: StepContext) => unknown, more: Record<string, unknown> = {}) {
  const { parked, delivery } = await startWorker({ steps: [step("only", (_: unknown, ctx) => handler(ctx))] });
  (await parked()).answer(200, { acks: [], tasks: [task("only", null, more)] });
  return checkedResult(await delivery());
}

function checkedResult(request: ReceivedRequest): TaskResult {
  const [result] = request.json<PollBody>().results ?? [];
  taskResultSchema.parse(result);
  if (result?.checkpoints !== undefined) checkpointsSchema.parse(result.checkpoints);
  for (const line of result?.logs ?? []) logLineSchema.parse(line);
  return result as TaskResult;
}

describe("a result", () => {
  it("asks for a sleep, and carries what was recorded and logged before it", async () => {
    const result = await resultOf(async (ctx) => {
      ctx.log.info("about to sleep", { attempt: ctx.attempt });
      await ctx.run("first", () => ({ at: new Date(0) }));
      await ctx.sleep("nap", "3d");
    });
    expect(result).toMatchObject({
      status: "sleep",
      sleep: { durationMs: 3 * 86_400_000, then: "resume", name: "nap" },
      checkpoints: [{ name: "first", value: { at: "1970-01-01T00:00:00.000Z" } }],
      logs: [{ level: "info", text: "about to sleep", fields: { attempt: 1 } }],
    });
    expect(result).not.toHaveProperty("output");
  });

  it("asks for an approval, with its form", async () => {
    const form = { type: "object", required: ["amount"] } as const;
    const result = await resultOf((ctx) =>
      ctx.approval("refund", {
        title: "Refund?",
        description: "All of it",
        assignees: ["finance"],
        form,
        timeout: "2d",
      }),
    );
    expect(result).toMatchObject({
      status: "approval",
      approval: {
        title: "Refund?",
        description: "All of it",
        assignees: ["finance"],
        form,
        timeoutMs: 2 * 86_400_000,
        then: "resume",
        name: "refund",
      },
    });
  });

  it("says each directive as the handler gave it", async () => {
    expect(await resultOf(() => sleepFor("1s", { data: [1] }))).toMatchObject({
      status: "sleep",
      sleep: { durationMs: 1_000, data: [1], then: "complete" },
    });
    expect(
      await resultOf(() => askApproval({ title: "May I?", data: { kept: 1 }, then: "resume", name: "may" })),
    ).toMatchObject({
      status: "approval",
      approval: { title: "May I?", data: { kept: 1 }, then: "resume", name: "may" },
    });
    expect(await resultOf(() => port("spam", { score: 9 }))).toMatchObject({
      status: "completed",
      port: "spam",
      output: { score: 9 },
    });
    expect(await resultOf(() => failForGood({ code: "STOLEN", message: "no" }))).toMatchObject({
      status: "failed",
      error: { code: "STOLEN", retryable: false },
    });
  });

  it("goes on from what earlier runs recorded, and says nothing of it again", async () => {
    const seen: unknown[] = [];
    const result = await resultOf(
      async (ctx) => {
        seen.push(ctx.round, ctx.attempt, ctx.resumed);
        await ctx.sleep("nap", "3d");
        seen.push(await ctx.run("first", () => "again"));
        return (await ctx.run("second", () => "new")) as string;
      },
      {
        round: 2,
        attempt: 3,
        resumed: { kind: "sleep", name: "nap", carried: null },
        checkpoints: [
          { name: "first", value: "recorded" },
          { name: "nap", value: { kind: "sleep", name: "nap", carried: null } },
        ],
      },
    );
    expect(seen).toEqual([2, 3, { kind: "sleep", name: "nap", carried: null }, "recorded"]);
    expect(result).toMatchObject({
      status: "completed",
      output: "new",
      checkpoints: [{ name: "second", value: "new" }],
    });
    expect(result.checkpoints).toHaveLength(1);
  });

  it("of a failed attempt carries what it recorded, for the next one", async () => {
    const result = await resultOf(async (ctx) => {
      await ctx.run("charge", () => "receipt");
      throw new Error("after the charge");
    });
    expect(result).toMatchObject({
      status: "failed",
      error: { message: "after the charge" },
      checkpoints: [{ name: "charge", value: "receipt" }],
    });
  });

  it("of a compensation records nothing, and refuses to wait", async () => {
    const compensation = { idempotencyKey: "exe_1:book:1:compensate" };
    const done = await resultOf((ctx) => ctx.run("undo", () => "undone"), compensation);
    expect(done).toMatchObject({ status: "completed", output: "undone" });
    expect(done).not.toHaveProperty("checkpoints");
    for (const wait of [(ctx: StepContext) => ctx.sleep("nap", "1h"), () => sleepFor("1h")])
      expect(await resultOf(wait, compensation)).toMatchObject({
        status: "failed",
        error: { code: "DIRECTIVE_REFUSED", retryable: false },
      });
  });
});

interface Beat {
  running: { taskId: string; details?: unknown; checkpoints?: { name: string; value: unknown }[]; logs?: unknown[] }[];
}

describe("a long handler", () => {
  /** A step that does what the test says, and tells it when a heartbeat may come. */
  async function beating(handler: (ctx: StepContext) => unknown) {
    const harness = await startWorker({
      steps: [step("long", (_: unknown, ctx) => handler(ctx))],
      capacity: 2,
      heartbeatIntervalMs: 20,
    });
    const sent = task("long");
    (await harness.parked()).answer(200, { acks: [], tasks: [sent] });
    const beat = async () => {
      const request = await harness.server.next("POST", `${WORKER}/heartbeat`);
      heartbeatSchema.parse(request.json());
      return { request, beat: request.json<Beat>().running.find(({ taskId }) => taskId === sent.taskId) };
    };
    return { ...harness, beat, sent };
  }
  const ack = (taskId: string, more: object = {}) => ({ commands: [], acks: [{ taskId, status: "ok", ...more }] });
  const never = () => new Promise<never>(() => {});

  it("has its records and lines in heartbeats, again until they were acknowledged", async () => {
    let go = () => {};
    const { beat, sent, delivery } = await beating(async (ctx) => {
      await ctx.run("a", () => 1);
      ctx.log.info("recorded a");
      ctx.heartbeat({ done: 1 });
      await new Promise<void>((resolve) => (go = resolve));
      await ctx.run("b", () => 2);
      return "end";
    });
    const first = await beat();
    expect(first.beat).toMatchObject({
      details: { done: 1 },
      checkpoints: [{ name: "a", value: 1 }],
      logs: [{ text: "recorded a" }],
    });
    first.request.drop();
    const second = await beat();
    expect(second.beat).toMatchObject({
      details: { done: 1 },
      checkpoints: [{ name: "a", value: 1 }],
      logs: [{ text: "recorded a" }],
    });
    second.request.answer(200, ack(sent.taskId, { checkpoints: [{ name: "a", value: 1 }] }));
    const third = await beat();
    expect(third.beat).toEqual({ taskId: sent.taskId, leaseToken: sent.leaseToken });
    third.request.answer(200, ack(sent.taskId));
    go();
    const result = checkedResult(await delivery());
    expect(result.checkpoints).toEqual([{ name: "b", value: 2 }]);
    expect(result).not.toHaveProperty("logs");
  });

  it("has more records than one message carries go ahead of its result", async () => {
    const { beat, sent, delivery } = await beating(async (ctx) => {
      for (let i = 0; i < 250; i++) await ctx.run(`${i}`, () => i);
      return "end";
    });
    const recorded: number[] = [];
    const take = async () => {
      const { request, beat: told } = await beat();
      recorded.push(...(told?.checkpoints ?? []).map(({ value }) => value as number));
      request.answer(200, ack(sent.taskId, { checkpoints: told?.checkpoints }));
    };
    await take();
    await take();
    const request = await delivery();
    const result = checkedResult(request);
    expect(result).toMatchObject({ status: "completed", output: "end" });
    recorded.push(...(result.checkpoints ?? []).map(({ value }) => value as number));
    expect(recorded).toEqual(Array.from({ length: 250 }, (_, i) => i));
    request.answer(200, accepted(request));
  });

  it("sends its result although the server cannot keep its records, so that it hears why", async () => {
    const { beat, sent, delivery, logged } = await beating(async (ctx) => {
      for (let i = 0; i < 150; i++) await ctx.run(`${i}`, () => i);
      return "end";
    });
    (await beat()).request.answer(200, ack(sent.taskId, { code: "TOO_MANY_CHECKPOINTS" }));
    expect(checkedResult(await delivery()).checkpoints).toHaveLength(100);
    expect(logged.join()).toMatch(/cannot be kept/);
  });

  it("runs nothing more once its lease is lost", async () => {
    const seen: string[] = [];
    const { beat, sent } = await beating(async (ctx) => {
      ctx.heartbeat();
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      await ctx.run("late", () => seen.push("ran")).catch((error: Error) => seen.push(error.name));
      return never();
    });
    (await beat()).request.answer(200, { commands: [], acks: [{ taskId: sent.taskId, status: "stale" }] });
    while (seen.length === 0) await new Promise(setImmediate);
    expect(seen).toEqual(["AbortError"]);
  });

  it("is not stopped by what is said of an earlier lease of its task", async () => {
    const { beat, sent, server, parked } = await beating((ctx) => {
      ctx.heartbeat();
      return never();
    });
    const { request } = await beat();
    const again = { ...sent, leaseToken: "another" };
    (await parked()).answer(200, { acks: [], tasks: [again] });
    request.answer(200, {
      commands: [{ type: "cancel", taskId: sent.taskId }],
      acks: [{ taskId: sent.taskId, status: "stale" }],
    });
    const next = await server.next("POST", `${WORKER}/heartbeat`);
    expect(next.json()).toMatchObject({ running: [{ taskId: sent.taskId, leaseToken: "another" }] });
  });
});

describe("what a worker offers", () => {
  const inner = workflow("inner").timeline(step("inner_step", () => 1, { queue: "inner_queue" }));
  it("is what its workflows need: in maps, in children, to undo", async () => {
    const { child, http, map } = await import("@/worker-sdk/src/index");
    const undo = step("undo", () => null, { queue: "undo_queue" });
    const book = step("book", () => 1, { queue: "book_queue", compensate: undo as never });
    const outer = workflow("outer").timeline(
      map(
        "each",
        [1],
        step("item", () => 1, { queue: "item_queue" }),
      ),
      book,
      http("call", { url: "https://example.com" }),
      child(inner),
    );
    const { server } = await startWorker({ steps: [], workflows: [outer] });
    const registration = server.log[0]?.json<{ tasks: string[]; queues: string[] }>();
    expect(registration?.tasks.toSorted()).toEqual(["book", "inner_step", "item", "undo"]);
    expect(registration?.queues.toSorted()).toEqual(["book_queue", "inner_queue", "item_queue", "undo_queue"]);
  });

  it("is what single steps need, too", async () => {
    const undo = step("undo", () => null);
    const book = step("book", () => 1, { queue: "book_queue", compensate: undo as never });
    const { server } = await startWorker({ steps: [book] });
    expect(server.log[0]?.json()).toMatchObject({ tasks: ["book", "undo"], queues: ["book_queue"] });
  });
});
