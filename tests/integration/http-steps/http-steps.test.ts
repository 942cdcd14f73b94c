// http steps through the engine: leased, called, answered, tried again, and taken over where their process is gone.
import type { RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openPool } from "@/db/client";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import { explanationView } from "@/lib/views/explanation";
import { serve, type TestServer } from "../../engine/http-steps/server";
import { createDatabase, type TestDatabase } from "../../support/postgres";
import { NAMESPACE, TestClock } from "../door/engine";
import { calling, eventsOf, type HttpProcess, historyOf, holding, startHttpProcess, statusOf } from "./process";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function process(options: Parameters<typeof startHttpProcess>[1] = {}): Promise<HttpProcess> {
  const started = await startHttpProcess(database.connectionString, options);
  open.push(started);
  return started;
}

async function serving(answer: RequestListener): Promise<TestServer> {
  const server = await serve(answer);
  open.push(server);
  return server;
}

/** Everything that was called is behind it, whatever became of it. */
async function settled({ steps }: HttpProcess): Promise<void> {
  await expect.poll(() => steps.running, { interval: 5, timeout: 10_000 }).toBe(0);
}

async function closed(on: HttpProcess, id: bigint): Promise<string> {
  await expect.poll(() => statusOf(on, id), { interval: 5, timeout: 10_000 }).not.toBe("running");
  return statusOf(on, id);
}

const JSON_TYPE = { "content-type": "application/json" };

/** Answers the first with 503, all others with 200. */
function failingOnce(): RequestListener {
  let calls = 0;
  return (_, response) => response.writeHead(++calls === 1 ? 503 : 200, JSON_TYPE).end(`{"calls":${calls}}`);
}

describe("an http step", () => {
  it("is called by the engine, and the answer is its output", async () => {
    const server = await serving((_, response) => response.writeHead(200, JSON_TYPE).end('{"a":1}'));
    const one = await process();
    const id = await one.start(calling(server.url));
    expect(await closed(one, id)).toBe("completed");
    expect(await historyOf(one, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
    const [ended] = await eventsOf(one, id, "StepCompleted");
    expect(ended).toMatchObject({ actor: "engine", output: { status: 200, body: { a: 1 } }, attempt: 1 });
    expect(ended).toMatchObject({ queuedMs: expect.any(Number), ranMs: expect.any(Number) });
    // A worker in its place would be preferred by a step that is sticky.
    expect(ended).not.toHaveProperty("worker");
  });

  it("is tried again after 503, with the same idempotency key", async () => {
    const server = await serving(failingOnce());
    const one = await process();
    const id = await one.start(calling(server.url, { request: { method: "POST", url: server.url } }));
    await expect
      .poll(() => historyOf(one, id), { interval: 5, timeout: 10_000 })
      .toEqual(["ExecutionStarted", "StepScheduled", "StepAttemptFailed HTTP_ERROR"]);
    one.engine.clock.advance(5_000);
    await one.wake(id);
    expect(await closed(one, id)).toBe("completed");
    const [failed] = await eventsOf(one, id, "StepAttemptFailed");
    expect(failed.error).toMatchObject({ details: { status: 503, body: { calls: 1 } } });
    const keys = server.seen.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toEqual([expect.stringMatching(/./), keys[0]]);
  });

  it("fails at once with what no further try could change", async () => {
    const one = await process();
    const gone = await serving((_, response) => response.writeHead(404).end());
    const missing = await one.start(calling(gone.url));
    const inside = await one.start(calling("http://169.254.169.254/latest/meta-data/"));
    for (const id of [missing, inside]) {
      expect(await closed(one, id)).toBe("failed");
      expect((await historyOf(one, id)).filter((event) => event.startsWith("StepAttemptFailed"))).toHaveLength(1);
    }
    const [refused] = await eventsOf(one, inside, "StepAttemptFailed");
    expect(refused.error).toMatchObject({ code: "HTTP_ERROR", details: { reason: "refused" } });
  });

  it("takes its request from expressions, and hands its answer to them", async () => {
    const server = await serving((_, response) => response.writeHead(200, JSON_TYPE).end('{"token":"t1"}'));
    const one = await process();
    const id = await one.start({
      name: "expressions",
      nodes: [
        { id: "sign_in", type: "http", request: { url: server.url } },
        {
          id: "order",
          type: "http",
          request: {
            method: "POST",
            url: `="${server.url}/orders/" + execution.workflow`,
            headers: { authorization: '="Bearer " + steps.sign_in.output.body.token' },
            query: { dry: "=steps.sign_in.output.status == 200" },
            body: { items: ["=steps.sign_in.output.status", "=="] },
          },
        },
      ],
      edges: [{ from: "sign_in", to: "order" }],
    });
    expect(await closed(one, id)).toBe("completed");
    expect(server.seen[1]).toMatchObject({
      method: "POST",
      url: "/orders/expressions?dry=true",
      headers: { authorization: "Bearer t1" },
      body: '{"items":[200,"="]}',
    });
  });

  it("takes its error edge with what was answered", async () => {
    const server = await serving((_, response) => response.writeHead(404, JSON_TYPE).end('{"why":"gone"}'));
    const one = await process();
    const id = await one.start({
      name: "routed",
      nodes: [
        { id: "call", type: "http", request: { url: server.url } },
        { id: "why", type: "transform", value: "=steps.call.error.details" },
      ],
      edges: [{ from: "call", port: "error", to: "why" }],
    });
    expect(await closed(one, id)).toBe("completed");
    const outputs = await eventsOf(one, id, "StepCompleted");
    expect(outputs).toMatchObject([{ node: "why", output: { status: 404, body: { why: "gone" } } }]);
  });

  it("has the time that its node gives an attempt", async () => {
    const server = await serving(() => {});
    const one = await process();
    const id = await one.start(calling(server.url, { timeout: { attempt: "20ms" }, retry: { maxAttempts: 1 } }));
    expect(await closed(one, id)).toBe("failed");
    const [late] = await eventsOf(one, id, "StepAttemptFailed");
    expect(late.error).toEqual({ code: "ATTEMPT_TIMEOUT", message: "The call took longer than 20 ms." });
    await server.deserted();
  });

  it("that is cancelled gives up its call", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const one = await process();
    const id = await one.start(calling(server.url));
    await calls.calls(1);
    const command = { type: "cancel" as const };
    await one.engine.door.apply({ namespaceId: NAMESPACE, executionId: id, actor: "key:test", command });
    await one.steps.renew();
    await server.deserted();
    await settled(one);
    expect(await statusOf(one, id)).toBe("cancelled");
    expect((await historyOf(one, id)).filter((event) => event.startsWith("ResultRejected"))).toEqual([]);
  });

  it("runs as long as it is renewed", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const one = await process();
    const id = await one.start(calling(server.url));
    await calls.calls(1);
    for (let turn = 0; turn < 20; turn++) {
      one.engine.clock.advance(1_000);
      await one.steps.renew();
      await one.sweep.turn();
    }
    calls.release();
    expect(await closed(one, id)).toBe("completed");
  });

  it("is answered again where the outcome of the answer is unknown", async () => {
    const server = await serving((_, response) => response.end());
    let flushes = 0;
    const faults = {
      reach(point: string) {
        // Of the flushes, the third is the one that takes the answer: after the start's, and the lease's.
        if (point === "flush:committed" && ++flushes === 3) throw Object.assign(new Error("lost"), { code: "08006" });
      },
      inTransaction: () => null,
    };
    const one = await process({ faults });
    const id = await one.start(calling(server.url));
    expect(await closed(one, id)).toBe("completed");
    await settled(one);
    expect(flushes).toBe(4);
    expect(server.seen).toHaveLength(1);
    expect((await historyOf(one, id)).filter((event) => event.startsWith("StepCompleted"))).toHaveLength(1);
  });
});

describe("places", () => {
  it("are bounded, and given on as calls end", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const one = await process();
    const id = await one.start(calling(server.url, { count: 60 }));
    await calls.calls(24);
    expect(one.steps.running).toBe(24);
    one.engine.clock.advance(3_000);
    const { sentence, items } = await explained(one, id);
    expect(sentence).toBe("call1 has been calling its URL for 3 seconds. It waits for 59 things more.");
    expect(items[59]?.sentence).toBe("call60 has waited 3 seconds for the engine to call its URL, 35 ahead of it.");
    const other = await one.start(calling(server.url, { count: 20 }), await namespace("busy"));
    await calls.calls(32);
    expect(one.steps.running).toBe(32);
    const statuses = async () => {
      calls.release();
      return [await statusOf(one, id), await statusOf(one, other)];
    };
    await expect.poll(statuses, { interval: 5, timeout: 20_000 }).toEqual(["completed", "completed"]);
    expect(server.seen).toHaveLength(80);
  });
});

describe("another process", () => {
  it("hears of what one that runs no engine has scheduled", async () => {
    const server = await serving((_, response) => response.end());
    const clock = new TestClock();
    const web = await process({ clock, serving: false });
    const engine = await process({ clock });
    const id = await web.start(calling(server.url));
    engine.steps.wake(NAMESPACE, HTTP_QUEUE);
    expect(await closed(web, id)).toBe("completed");
  });

  it("finds by its sweep what nobody told of", async () => {
    const server = await serving((_, response) => response.end());
    const clock = new TestClock();
    const web = await process({ clock, serving: false });
    const untold = await namespace("untold");
    const ids = [await web.start(calling(server.url)), await web.start(calling(server.url), untold)];
    const engine = await process({ clock });
    expect(engine.steps.running).toBe(0);
    await engine.sweep.turn();
    for (const id of ids) expect(await closed(web, id)).toBe("completed");
  });

  it("makes another attempt where one died in a call, and its late answer changes nothing", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const clock = new TestClock();
    const first = await process({ clock });
    const id = await first.start(calling(server.url, { request: { method: "PUT", url: server.url } }));
    await calls.calls(1);
    await first.steps.renew();
    await first.crash();

    const second = await process({ clock });
    clock.advance(11_000);
    await second.sweep.turn();
    clock.advance(5_000);
    await second.wake(id);
    await calls.calls(2);
    calls.release();
    expect(await closed(second, id)).toBe("completed");
    expect(await historyOf(second, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepAttemptFailed LEASE_EXPIRED",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
    const [lost] = await eventsOf(second, id, "StepAttemptFailed");
    expect(lost).not.toHaveProperty("worker");
    const [key, again] = server.seen.map(({ headers }) => headers["idempotency-key"]);
    expect(again).toBe(key);
  });

  it("takes nothing from one that was frozen past its lease", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const clock = new TestClock();
    const frozen = await process({ clock });
    const id = await frozen.start(calling(server.url));
    await calls.calls(1);
    await frozen.steps.renew();
    const second = await process({ clock });
    clock.advance(11_000);
    await second.sweep.turn();
    calls.release();
    await settled(frozen);
    clock.advance(5_000);
    await second.wake(id);
    await calls.calls(1);
    calls.release();
    expect(await closed(second, id)).toBe("completed");
    expect(await historyOf(second, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepAttemptFailed LEASE_EXPIRED",
      "ResultRejected",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });

  it("goes on at once with what one gave back when it was told to stop, and no attempt is counted", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const clock = new TestClock();
    const first = await process({ clock });
    const id = await first.start(calling(server.url));
    await calls.calls(1);
    await first.steps.renew();
    await first.steps.stop(0);
    await server.deserted();

    const second = await process({ clock });
    await second.sweep.turn();
    await calls.calls(2);
    calls.release();
    expect(await closed(second, id)).toBe("completed");
    expect(await historyOf(second, id)).toEqual([
      "ExecutionStarted",
      "StepScheduled",
      "StepCompleted",
      "ExecutionCompleted",
    ]);
  });
});

describe("a process that stops", () => {
  it("lets calls end that are about to", async () => {
    const calls = holding();
    const server = await serving(calls.answer);
    const one = await process();
    const id = await one.start(calling(server.url));
    await calls.calls(1);
    const stopped = one.steps.stop(60_000);
    calls.release();
    await stopped;
    expect(await statusOf(one, id)).toBe("completed");
  });

  it("begins nothing more", async () => {
    const server = await serving((_, response) => response.end());
    const one = await process();
    await one.steps.stop(0);
    const id = await one.start(calling(server.url));
    await one.sweep.turn();
    expect(one.steps.running).toBe(0);
    expect(await statusOf(one, id)).toBe("running");
  });
});

async function explained({ engine }: HttpProcess, executionId: bigint) {
  const target = { namespaceId: NAMESPACE, executionId };
  const state = await engine.door.state(target);
  if (state === null) throw new Error("it was started");
  return explanationView(engine.pool, target, state, engine.clock.now());
}

async function namespace(name: string): Promise<number> {
  const pool = openPool(database.connectionString, { max: 1, name: "namespaces" });
  try {
    const { rows } = await pool.query("insert into namespaces (name) values ($1) returning id", [name]);
    return rows[0].id;
  } finally {
    await pool.end();
  }
}
