/** The worker against a server that the test plays: what is asked for, what is delivered, and that no trouble on the way loses a result. */
import { describe, expect, it } from "vitest";
import { fail, NonRetryableError, port, step, Worker, workflow } from "@/worker-sdk/src/index";
import { ScriptedServer } from "./support/scripted-server";
import { accepted, heldStep, type PollBody, registered, startWorker, task, WORKER } from "./support/worker-harness";

const echo = step("echo", async (input: unknown) => input);

describe("registration", () => {
  it("names the steps and the queues of its workflows, and sends the key", async () => {
    const shipping = workflow("shipping", { defaults: { queue: "slow" } }).timeline(
      step("pack", async () => 1),
      step("ship", async () => 2, { queue: "carriers" }),
    );
    const server = await ScriptedServer.start();
    const worker = new Worker({
      url: server.url,
      apiKey: "secret",
      workflows: [shipping],
      steps: [echo],
      capacity: 7,
      name: "w1",
    });
    const started = worker.start();
    const request = await server.next("POST", "/workers");
    expect(request.headers.authorization).toBe("Bearer secret");
    expect(request.json()).toMatchObject({
      name: "w1",
      tasks: ["echo", "pack", "ship"],
      queues: ["default", "slow", "carriers"],
      capacity: 7,
      language: "typescript",
    });
    request.answer(201, registered());
    await started;
    const stopped = worker.stop();
    (await server.next("DELETE", WORKER)).answer(204);
    await stopped;
    await server.stop();
  });

  it("waits for a server that is not up yet", async () => {
    const server = await ScriptedServer.start();
    const worker = new Worker({ url: server.url, steps: [echo], backoff: { initialMs: 1, maxMs: 5 }, log: () => {} });
    const started = worker.start();
    (await server.next("POST", "/workers")).drop();
    (await server.next("POST", "/workers")).refuse(503, "UNAVAILABLE", { "retry-after": "0" });
    (await server.next("POST", "/workers")).answer(201, registered());
    await started;
    void worker.stop();
    await server.stop();
  });

  it("throws what the server refuses for good", async () => {
    const server = await ScriptedServer.start();
    const started = new Worker({ url: server.url, steps: [echo] }).start();
    (await server.next("POST", "/workers")).refuse(401, "UNAUTHENTICATED");
    await expect(started).rejects.toMatchObject({ code: "UNAUTHENTICATED", status: 401, requestId: "req_1" });
    await server.stop();
  });

  it("refuses two handlers under one name, and a worker without any", () => {
    const other = step("echo", async () => 1);
    expect(() => new Worker({ steps: [echo, other] })).toThrow(/Two different handlers are named "echo"/);
    expect(() => new Worker({ steps: [] })).toThrow(/needs something to run/);
  });
});

describe("polling", () => {
  it("delivers a result while a poll is parked, and takes the next task from that answer", async () => {
    const { parked, delivery } = await startWorker({ steps: [echo], capacity: 4 });
    const first = await parked();
    expect(first.json<PollBody>()).toMatchObject({ capacity: 4, waitMs: 30_000 });
    first.answer(200, { acks: [], tasks: [task("echo", "a")] });
    await parked();
    const result = await delivery();
    expect(result.json<PollBody>()).toMatchObject({ waitMs: 0, results: [{ status: "completed", output: "a" }] });
    result.answer(200, accepted(result, [task("echo", "b")]));
    const second = await delivery();
    expect(second.json<PollBody>().results).toMatchObject([{ output: "b" }]);
  });

  it("never asks for more than it can run, over all its polls", async () => {
    const held = heldStep();
    const { parked, delivery } = await startWorker({ steps: [held.step], capacity: 3 });
    (await parked()).answer(200, { acks: [], tasks: [task("held", "a"), task("held", "b")] });
    const waiting = await parked();
    expect(waiting.json<PollBody>().capacity).toBe(1);
    await held.finish("a");
    const result = await delivery();
    expect(result.json<PollBody>().capacity).toBe(1);
    result.answer(200, accepted(result, [task("held", "c")]));
    await held.begun("c");
    waiting.answer(200, { acks: [], tasks: [task("held", "d")] });
    await held.begun("d");
    await held.finish("d");
    expect((await delivery()).json<PollBody>().capacity).toBe(1);
  });

  it("sends results that end together in one call", async () => {
    const held = heldStep();
    const { parked, delivery } = await startWorker({ steps: [held.step], capacity: 3 });
    (await parked()).answer(200, { acks: [], tasks: ["a", "b", "c"].map((input) => task("held", input)) });
    const runs = await Promise.all(["a", "b", "c"].map((input) => held.begun(input)));
    for (const run of runs) run.resolve("done");
    const result = await delivery();
    expect(result.json<PollBody>().results).toHaveLength(3);
    expect(result.json<PollBody>().capacity).toBe(3);
  });

  it("parks again with all it can take once results brought no work", async () => {
    const { parked, delivery } = await startWorker({ steps: [echo], capacity: 1 });
    (await parked()).answer(200, { acks: [], tasks: [task("echo")] });
    const result = await delivery();
    result.answer(200, accepted(result));
    expect((await parked()).json<PollBody>().capacity).toBe(1);
  });
});

describe("lost answers", () => {
  it("repeats a poll under the same request id until it is answered, and runs what comes once", async () => {
    let runs = 0;
    const counted = step("counted", async () => ++runs);
    const { parked, delivery } = await startWorker({ steps: [counted] });
    const lost = await parked();
    lost.drop();
    const repeated = await parked();
    expect(repeated.json<PollBody>().requestId).toBe(lost.json<PollBody>().requestId);
    const only = task("counted");
    repeated.answer(200, { acks: [], tasks: [only, only] });
    expect((await delivery()).json<PollBody>().results).toMatchObject([{ output: 1 }]);
    const next = await parked();
    expect(next.json<PollBody>().requestId).not.toBe(lost.json<PollBody>().requestId);
    next.answer(200, { acks: [], tasks: [only] });
    await parked();
    expect(runs).toBe(1);
  });

  it("keeps a result until an answer speaks of it, and forgets what is duplicate, stale or rejected", async () => {
    for (const status of ["duplicate", "stale", "rejected"]) {
      const { parked, delivery, worker, server } = await startWorker({ steps: [echo] });
      (await parked()).answer(200, { acks: [], tasks: [task("echo", "kept")] });
      const lost = await delivery();
      lost.drop();
      const repeated = await delivery();
      expect(repeated.json()).toEqual(lost.json());
      repeated.answer(200, { acks: [], tasks: [] });
      const unanswered = await delivery();
      const [result] = unanswered.json<PollBody>().results ?? [];
      expect(result?.output).toBe("kept");
      unanswered.answer(200, { acks: [{ taskId: result?.taskId, status }], tasks: [] });
      const stopped = worker.stop();
      (await server.next("DELETE", WORKER)).answer(204);
      await stopped;
    }
  });

  it("endures 503 and 429, and answers that are no JSON", async () => {
    const { parked, delivery, logged } = await startWorker({ steps: [echo] });
    (await parked()).answer(200, { acks: [], tasks: [task("echo")] });
    const first = await delivery();
    first.refuse(503, "OUTCOME_UNKNOWN");
    (await delivery()).refuse(429, "TOO_MANY_REQUESTS", { "retry-after": "0" });
    const broken = await delivery();
    broken.write("<html>", { "content-type": "text/html" });
    broken.end();
    const last = await delivery();
    expect(last.json()).toEqual(first.json());
    last.answer(200, accepted(last));
    await parked();
    expect(logged.filter((line) => line.startsWith("error"))).toEqual([]);
  });

  it("registers again when the server does not know it, and delivers what it has as the new worker", async () => {
    const { parked, delivery, server } = await startWorker({ steps: [echo] });
    (await parked()).answer(200, { acks: [], tasks: [task("echo", "kept")] });
    const forgotten = await delivery();
    forgotten.refuse(404, "WORKER_NOT_FOUND");
    (await server.next("POST", "/workers")).answer(201, registered("wrk_2"));
    const result = await delivery("wrk_2");
    expect(result.json<PollBody>().results).toMatchObject([{ output: "kept" }]);
    expect(result.json<PollBody>().requestId).not.toBe(forgotten.json<PollBody>().requestId);
    result.answer(200, accepted(result));
  });

  it("finds the one result that a call is refused for, and spares the others", async () => {
    const { parked, delivery } = await startWorker({ steps: [echo], capacity: 2 });
    (await parked()).answer(200, { acks: [], tasks: [task("echo", "good"), task("echo", "bad")] });
    const both = await delivery();
    expect(both.json<PollBody>().results).toHaveLength(2);
    both.refuse(422, "INVALID_REQUEST");
    const alone = [await delivery(), await delivery()];
    const results = alone.map((request) => request.json<PollBody>().results?.[0]);
    expect(results.map((result) => result?.output).sort()).toEqual(["bad", "good"]);
    for (const [i, request] of alone.entries())
      if (results[i]?.output === "good") request.answer(200, accepted(request));
      else request.refuse(422, "INVALID_REQUEST");
    const instead = await delivery();
    expect(instead.json<PollBody>().results).toMatchObject([{ status: "failed", error: { code: "INVALID_REQUEST" } }]);
  });
});

describe("results", () => {
  async function resultOf(handler: (input: unknown) => unknown) {
    const { parked, delivery } = await startWorker({ steps: [step("it", handler)] });
    (await parked()).answer(200, { acks: [], tasks: [task("it")] });
    return (await delivery()).json<PollBody>().results?.[0];
  }

  it("is completed with null where the handler returns nothing, and with the port that it chose", async () => {
    expect(await resultOf(() => undefined)).toMatchObject({ status: "completed", output: null });
    expect(await resultOf(() => port("spam", { score: 9 }))).toMatchObject({ port: "spam", output: { score: 9 } });
  });

  it("is failed with code, message and stack for an exception, never completed", async () => {
    const result = await resultOf(() => {
      throw new TypeError("no such user");
    });
    expect(result).toMatchObject({ status: "failed", error: { code: "HANDLER_ERROR", message: "no such user" } });
    expect(result?.error?.stack).toContain("TypeError: no such user");
  });

  it("keeps what the handler said of the failure: code, details, whether to try again", async () => {
    const details = { card: "4242" };
    expect(await resultOf(() => fail({ code: "NO_FUNDS", message: "empty", details, retryable: false }))).toMatchObject(
      {
        error: { code: "NO_FUNDS", message: "empty", details, retryable: false },
      },
    );
    expect(
      await resultOf(() => {
        throw new NonRetryableError("gone", { code: "GONE" });
      }),
    ).toMatchObject({ error: { code: "GONE", retryable: false } });
  });

  it("keeps a thrown value that is no Error in the details", async () => {
    const result = await resultOf(() => {
      throw { reason: "odd" };
    });
    expect(result).toMatchObject({ status: "failed", error: { code: "HANDLER_ERROR", details: { reason: "odd" } } });
  });

  it("is a failure, not a crash, where the output is too large, no JSON or not storable", async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const failed = (code: string) => ({ status: "failed", error: { code, retryable: false } });
    expect(await resultOf(() => "x".repeat(1024 * 1024))).toMatchObject(failed("PAYLOAD_TOO_LARGE"));
    expect(await resultOf(() => circle)).toMatchObject(failed("INVALID_OUTPUT"));
    expect(await resultOf(() => 1n)).toMatchObject(failed("INVALID_OUTPUT"));
    expect(await resultOf(() => "a\u0000b")).toMatchObject(failed("INVALID_TEXT"));
    expect(await resultOf(() => ({ "\uD800": 1 }))).toMatchObject(failed("INVALID_TEXT"));
    expect(await resultOf(() => "\\u0000 and 😀")).toMatchObject({ status: "completed" });
  });
});

describe("heartbeats", () => {
  async function beating() {
    const held = heldStep();
    const harness = await startWorker({ steps: [held.step, echo], capacity: 5 });
    const forget = await harness.parked();
    forget.refuse(404, "WORKER_NOT_FOUND");
    (await harness.server.next("POST", "/workers")).answer(201, registered("wrk_2", 20));
    const beat = () => harness.server.next("POST", "/workers/wrk_2/heartbeat");
    return { ...harness, held, beat, parked: () => harness.parked("wrk_2"), delivery: () => harness.delivery("wrk_2") };
  }

  it("names every running task and every result that is not acknowledged, and falls silent when there is none", async () => {
    const { held, parked, delivery, beat, server } = await beating();
    const [running, done] = [task("held", "r"), task("echo", "d")];
    (await parked()).answer(200, { acks: [], tasks: [running, done] });
    const unacknowledged = await delivery();
    const heartbeat = await beat();
    expect(heartbeat.json<{ running: unknown[] }>().running).toEqual(
      [running, done].map(({ taskId, leaseToken }) => ({ taskId, leaseToken })),
    );
    heartbeat.answer(200, { commands: [], acks: [] });
    unacknowledged.answer(200, accepted(unacknowledged));
    await held.finish("r");
    const last = await delivery();
    last.answer(200, accepted(last));
    await parked();
    expect(server.unexpected("POST", /heartbeat/).length).toBeLessThanOrEqual(1);
  });

  it("aborts a cancelled task's signal, and sends no result for it", async () => {
    const { held, parked, delivery, beat } = await beating();
    const cancelled = task("held", "c");
    (await parked()).answer(200, { acks: [], tasks: [cancelled, task("held", "other")] });
    const { signal, resolve } = await held.begun("c");
    (await beat()).answer(200, { commands: [{ type: "cancel", taskId: cancelled.taskId }], acks: [] });
    if (!signal.aborted) await new Promise((aborted) => signal.addEventListener("abort", aborted));
    resolve("too late");
    await held.finish("other");
    expect((await delivery()).json<PollBody>().results).toMatchObject([{ output: "other" }]);
  });

  it("stops a task whose lease is stale", async () => {
    const { held, parked, beat } = await beating();
    const lost = task("held", "l");
    (await parked()).answer(200, { acks: [], tasks: [lost] });
    const { signal } = await held.begun("l");
    (await beat()).answer(200, { commands: [], acks: [{ taskId: lost.taskId, status: "stale" }] });
    if (!signal.aborted) await new Promise((aborted) => signal.addEventListener("abort", aborted));
    expect(signal.reason).toMatchObject({ name: "AbortError" });
  });

  it("carries details once, at once, and survives a heartbeat that is lost", async () => {
    const { parked, beat } = await (async () => {
      const telling = step("telling", (_: unknown, ctx) => {
        ctx.heartbeat({ done: 3 });
        return new Promise(() => {});
      });
      const harness = await startWorker({ steps: [telling] });
      return { ...harness, beat: () => harness.server.next("POST", `${WORKER}/heartbeat`) };
    })();
    (await parked()).answer(200, { acks: [], tasks: [task("telling")] });
    const first = await beat();
    expect(first.json<{ running: unknown[] }>().running).toMatchObject([{ details: { done: 3 } }]);
    first.drop();
  });

  it("drains when it is told to", async () => {
    const { held, parked, delivery, beat, server } = await beating();
    (await parked()).answer(200, { acks: [], tasks: [task("held", "last")] });
    const waiting = await parked();
    (await beat()).answer(200, { commands: [{ type: "drain" }], acks: [] });
    await waiting.gone;
    await held.finish("last");
    const result = await delivery();
    expect(result.json<PollBody>().capacity).toBe(0);
    result.answer(200, accepted(result));
    (await server.next("DELETE", "/workers/wrk_2")).answer(204);
  });
});

describe("stopping", () => {
  it("takes nothing new, finishes, delivers and leaves", async () => {
    const held = heldStep();
    const { worker, server, parked, delivery } = await startWorker({ steps: [held.step], capacity: 2 });
    (await parked()).answer(200, { acks: [], tasks: [task("held", "a")] });
    const waiting = await parked();
    await held.begun("a");
    const stopped = worker.stop();
    await waiting.gone;
    await held.finish("a");
    const result = await delivery();
    expect(result.json<PollBody>().capacity).toBe(0);
    result.answer(200, accepted(result, [task("held", "not taken")]));
    (await server.next("DELETE", WORKER)).answer(204);
    await stopped;
    expect(worker.running).toBe(0);
    expect(server.unexpected("POST", /poll/)).toEqual([]);
  });

  it("aborts what outlives the grace, and sends no failure for it", async () => {
    const held = heldStep();
    const { worker, server, parked } = await startWorker({ steps: [held.step] });
    (await parked()).answer(200, { acks: [], tasks: [task("held", "slow")] });
    const { signal, reject } = await held.begun("slow");
    signal.addEventListener("abort", () => reject(signal.reason));
    const stopped = worker.stop({ graceMs: 0 });
    (await server.next("DELETE", WORKER)).answer(204);
    await stopped;
    expect(server.log.filter((request) => request.path.endsWith("/poll") && "results" in request.json())).toEqual([]);
  });

  it("stops although the server is away", async () => {
    const { worker, server, parked } = await startWorker({ steps: [echo] });
    await parked();
    await server.stop();
    await worker.stop();
  });
});
