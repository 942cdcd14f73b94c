// Every control of an execution, as a client calls it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlledSchema, executionPlanSchema, explanationSchema } from "@/lib/contract/controls";
import { executionSchema, executionStartedSchema } from "@/lib/contract/executions";
import { decodeId } from "@/lib/contract/ids";
import { operationSchema } from "@/lib/contract/operations";
import { startServer, type TestAnswer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

let names = 0;
/** Under a name of its own, its tasks on a queue of its own, so that no test is given another's work. */
async function publish(definition: object): Promise<{ workflow: string; queue: string }> {
  names += 1;
  const [workflow, queue] = [`controlled_${names}`, `queue_${names}`];
  const published = await server.call("POST", "workflows", {
    definition: { name: workflow, edges: [], ...definition, defaults: { queue } },
  });
  expect(published.status, JSON.stringify(published.body)).toBe(201);
  return { workflow, queue };
}

async function start(workflow: string, more: object = {}): Promise<string> {
  const started = await server.call("POST", "executions", { workflow, ...more });
  expect(started.status, JSON.stringify(started.body)).toBe(201);
  return started.body.id;
}

const once = { maxAttempts: 1 };
const task = (id: string, more: object = {}) => ({ id, type: "task", task: id, retry: once, ...more });
const chain = (...ids: string[]) => ids.slice(1).map((to, i) => ({ from: ids[i], to }));
const idempotent = (key: string) => ({ headers: { "idempotency-key": key } });
const post = (id: string, verb: string, body: object = {}, key?: string): Promise<TestAnswer> =>
  server.call("POST", `executions/${id}/${verb}`, body, key === undefined ? {} : idempotent(key));
const refusal = (status: number, code: string) => ({ status, body: { code } });
const read = async (id: string) => executionSchema.parse((await server.call("GET", `executions/${id}`)).body);
const eventTypes = async (id: string): Promise<string[]> => {
  const { body } = await server.call("GET", `executions/${id}/events?limit=200`);
  return body.items.map((event: { type: string }) => event.type);
};
const result = (id: string) => server.call("GET", `executions/${id}/result?waitMs=20000`);

// biome-ignore lint/suspicious/noExplicitAny: tasks as the wire has them
type WireTask = any;

class Worker {
  constructor(readonly id: string) {}
  async take(capacity = 10): Promise<WireTask[]> {
    return (await server.call("POST", `workers/${this.id}/poll`, { capacity, waitMs: 5000 })).body.tasks;
  }
  async answer(task: WireTask, outcome: object): Promise<WireTask[]> {
    const results = [{ taskId: task.taskId, leaseToken: task.leaseToken, ...outcome }];
    const { body } = await server.call("POST", `workers/${this.id}/poll`, { capacity: 10, results });
    expect(body.acks, JSON.stringify(body)).toMatchObject([{ status: "accepted" }]);
    return body.tasks;
  }
  complete = (task: WireTask, output: unknown = null) => this.answer(task, { status: "completed", output });
  fail = (task: WireTask, code = "BROKEN") =>
    this.answer(task, { status: "failed", error: { code, message: "it broke" } });
}

async function worker(queue: string, ...tasks: string[]): Promise<Worker> {
  const body = { queues: [queue], tasks, language: "curl", sdkVersion: "1", capacity: 10 };
  return new Worker((await server.call("POST", "workers", body)).body.workerId);
}

describe("a start that lies in the future", () => {
  const nodes = [{ id: "done", type: "transform", value: "done" }];
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

  test("is scheduled, and says when", async () => {
    const { workflow } = await publish({ nodes });
    const startAt = inMs(3_600_000);
    const { body } = await server.call("POST", "executions", { workflow, startAt });
    expect(executionStartedSchema.parse(body)).toMatchObject({ status: "scheduled", startAt, startedAt: null });
    expect(await read(body.id)).toMatchObject({ startAt, startedAt: null, progress: { completed: 0 } });
    const { body: said } = await server.call("GET", `executions/${body.id}/explain`);
    expect(explanationSchema.parse(said)).toMatchObject({ status: "scheduled", items: [] });
  });

  test("begins by itself, and is found by when it began", async () => {
    const { workflow } = await publish({ nodes });
    const startAt = inMs(200);
    const id = await start(workflow, { startAt });
    expect(await result(id)).toMatchObject({ status: 200, body: { status: "completed" } });
    const done = await read(id);
    expect(done.startAt).toBe(startAt);
    expect(Date.parse(done.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(startAt));
    expect((await eventTypes(id)).slice(0, 2)).toEqual(["ExecutionScheduled", "ExecutionStarted"]);
    const { body } = await server.call("GET", `executions?workflow=${workflow}&startedAfter=${startAt}`);
    expect(body.items).toMatchObject([{ id, startAt, startedAt: done.startedAt }]);
  });

  test("closes at once where it is cancelled or terminated before", async () => {
    const { workflow } = await publish({ nodes });
    for (const [verb, status] of [
      ["cancel", "cancelled"],
      ["terminate", "terminated"],
    ] as const) {
      const id = await start(workflow, { startAt: inMs(3_600_000) });
      expect(await post(id, verb)).toMatchObject({ status: 202, body: { id, status } });
      expect(await read(id)).toMatchObject({ status, startedAt: null });
    }
  });

  test("that is past begins now, and one too far ahead is refused", async () => {
    const { workflow } = await publish({ nodes });
    const past = await server.call("POST", "executions", { workflow, startAt: "2026-01-01T00:00:00+02:00" });
    expect(past).toMatchObject({ status: 201, body: { status: "completed", startAt: null } });
    const far = await server.call("POST", "executions", { workflow, startAt: inMs(11 * 365 * 86_400_000) });
    expect(far).toMatchObject({ status: 422, body: { code: "INVALID_REQUEST", errors: [{ path: "/startAt" }] } });
    expect(await server.call("POST", "executions", { workflow, startAt: "soon" })).toMatchObject(
      refusal(422, "INVALID_REQUEST"),
    );
  });

  test("is part of what a key stands for, however the instant is written", async () => {
    const { workflow } = await publish({ nodes });
    const body = { workflow, key: `later-${names}`, startAt: "2031-05-04T10:00:00.000Z" };
    const first = await server.call("POST", "executions", body);
    const again = await server.call("POST", "executions", { ...body, startAt: "2031-05-04T12:00:00+02:00" });
    expect(again).toMatchObject({ status: 200, body: first.body });
    const other = await server.call("POST", "executions", { ...body, startAt: "2031-05-04T10:00:01.000Z" });
    expect(other).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
  });
});

describe("pause and resume", () => {
  test("hold what would follow, and let it follow", async () => {
    const { workflow, queue } = await publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await worker(queue, "a", "b");
    const id = await start(workflow);
    const [a] = await works.take();
    const paused = await post(id, "pause", { reason: "a look first" });
    expect(paused).toMatchObject({ status: 202, body: { id, status: "paused" } });
    expect(await works.complete(a, 1)).toEqual([]);
    expect(await read(id)).toMatchObject({
      status: "paused",
      pauseReason: "a look first",
      pausedAt: expect.any(String),
      steps: [{ status: "completed" }, { status: "pending" }],
    });
    const { body } = await server.call("GET", `executions/${id}/explain`);
    expect(explanationSchema.parse(body)).toMatchObject({
      status: "paused",
      sentence: expect.stringContaining("a look first"),
    });

    expect(await post(id, "resume")).toMatchObject({ status: 202, body: { status: "running" } });
    const [b] = await works.take();
    await works.complete(b, 2);
    expect(await read(id)).toMatchObject({ status: "completed", pausedAt: null });
    expect(await post(id, "pause")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
    expect(await post(id, "resume")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
  });
});

describe("cancel and terminate", () => {
  test("undo completed steps where that is asked, and show how it will close", async () => {
    const undo = { compensate: { task: "undo_a" } };
    const { workflow, queue } = await publish({ nodes: [task("a", undo), task("b")], edges: chain("a", "b") });
    const works = await worker(queue, "a", "b", "undo_a");
    const id = await start(workflow);
    const [a] = await works.take();
    await works.complete(a, "booked");
    const cancelled = await post(id, "cancel", { reason: "changed my mind", compensate: true });
    expect(cancelled).toMatchObject({ status: 202, body: { status: "compensating" } });
    expect(await read(id)).toMatchObject({
      status: "compensating",
      cancelRequested: true,
      closing: { status: "cancelled", reason: "changed my mind", error: null },
    });
    expect(await post(id, "pause")).toMatchObject(refusal(409, "COMPENSATING"));
    const [undoing] = await works.take();
    expect(undoing).toMatchObject({ task: "undo_a", input: { output: "booked" } });
    await works.complete(undoing);
    expect(await read(id)).toMatchObject({ status: "cancelled", closing: null });
  });

  test("are done once for one idempotency key, and refused for a closed execution", async () => {
    const { workflow } = await publish({ nodes: [task("a")] });
    for (const verb of ["cancel", "terminate"]) {
      const id = await start(workflow);
      const first = await post(id, verb, { reason: "r" }, `${verb}-${id}`);
      const again = await post(id, verb, { reason: "r" }, `${verb}-${id}`);
      expect(again).toMatchObject({ status: 202, body: first.body });
      expect(controlledSchema.parse(again.body).id).toBe(id);
      expect(await post(id, verb, { reason: "other" }, `${verb}-${id}`)).toMatchObject(
        refusal(409, "IDEMPOTENCY_CONFLICT"),
      );
      expect(await post(id, verb, {})).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
    }
  });

  test("of an execution that nobody has are refused, by id, by key and by nonsense", async () => {
    for (const ref of ["exe_0000000000001", "key:nobody", "nonsense"]) {
      for (const verb of ["cancel", "terminate", "pause", "resume", "retry", "signals/go"])
        expect(await post(ref, verb)).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
      expect(await post(ref, "fork", { at: 1 })).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
    }
  });
});

describe("retry", () => {
  async function failed(more: object = {}) {
    const { workflow, queue } = await publish({ nodes: [task("a"), task("b")], edges: chain("a", "b"), ...more });
    const works = await worker(queue, "a", "b", "undo_a");
    const id = await start(workflow, { input: { n: 1 } });
    const [a] = await works.take();
    const [b] = await works.complete(a, "kept");
    const undoing = await works.fail(b);
    return { id, works, failedTask: b, firstTask: a, undoing };
  }

  test("does what its plan said: keeps what completed and runs what failed with the same key", async () => {
    const { id, works, failedTask } = await failed();
    const before = await read(id);
    const { status, body: plan } = await server.call("POST", `executions/${id}/retry?dryRun=true`, {});
    expect(status).toBe(200);
    expect(executionPlanSchema.parse(plan)).toMatchObject({
      version: 1,
      hash: before.hash,
      kept: [{ node: "a", iteration: 1, status: "completed" }],
      runsAgain: [{ node: "b", iteration: 1, idempotencyKey: failedTask.idempotencyKey }],
    });
    expect(await read(id)).toEqual(before);

    expect(await post(id, "retry", { reason: "it was the network" })).toMatchObject({
      status: 202,
      body: { status: "running" },
    });
    const [b] = await works.take();
    expect(b).toMatchObject({ node: "b", iteration: 1, attempt: 2, idempotencyKey: failedTask.idempotencyKey });
    await works.complete(b, "done");
    expect(await read(id)).toMatchObject({ status: "completed", output: { b: "done" } });
  });

  test("from a node runs it and all after it anew, with another input where one is given", async () => {
    const { id, works, firstTask } = await failed();
    const body = { fromNode: "a", input: { n: 2 } };
    const { body: plan } = await server.call("POST", `executions/${id}/retry?dryRun=true`, body);
    expect(plan).toMatchObject({
      kept: [],
      runsAgain: [
        { node: "a", iteration: 2 },
        { node: "b", iteration: 2 },
      ],
    });
    await post(id, "retry", body);
    const [a] = await works.take();
    expect(a).toMatchObject({ node: "a", iteration: 2, context: { input: { n: 2 } } });
    expect(a.idempotencyKey).toBe(plan.runsAgain[0].idempotencyKey);
    expect(a.idempotencyKey).not.toBe(firstTask.idempotencyKey);
    expect(await read(id)).toMatchObject({ input: { n: 2 } });

    const earlier = await server.call("GET", `executions/${id}/steps?iteration=1`);
    expect(earlier.body.items).toMatchObject([
      { node: "a", iteration: 1, status: "completed", output: "kept", startedAt: expect.any(String) },
      { node: "b", iteration: 1, status: "failed", error: { code: "BROKEN" } },
    ]);
  });

  test("is refused where there is nothing to retry, or what is asked for does not fit", async () => {
    const { id } = await failed({ inputSchema: { type: "object", properties: { n: { type: "number" } } } });
    expect(await post(id, "retry", { input: 1 })).toMatchObject({
      status: 422,
      body: { code: "INVALID_REQUEST", errors: [{ path: "/input" }] },
    });
    expect(await post(id, "retry", { fromNode: "a", input: { n: "two" } })).toMatchObject(
      refusal(422, "INVALID_INPUT"),
    );
    expect(await post(id, "retry", { fromNode: "nowhere" })).toMatchObject(refusal(409, "NOT_RETRYABLE"));
    expect(await post(id, "retry?dryRun=maybe")).toMatchObject(refusal(422, "INVALID_REQUEST"));
    await post(id, "retry");
    for (const query of ["", "?dryRun=true"])
      expect(await post(id, `retry${query}`)).toMatchObject({
        status: 409,
        body: { code: "NOT_RETRYABLE", detail: "The execution is running." },
      });
  });

  test("is done once for one idempotency key, however the execution went on", async () => {
    const { id, works } = await failed();
    await post(id, "retry", {}, `retry-${id}`);
    const [b] = await works.take();
    await works.fail(b);
    expect((await read(id)).status).toBe("failed");
    expect(await post(id, "retry", {}, `retry-${id}`)).toMatchObject({ status: 202, body: { status: "failed" } });
    expect((await eventTypes(id)).filter((type) => type === "ExecutionRetried")).toHaveLength(1);
  });

  test("is refused once steps that it would keep have been undone", async () => {
    const nodes = [task("a", { compensate: { task: "undo_a" } }), task("b")];
    const { id, works, undoing } = await failed({ nodes });
    expect((await read(id)).status).toBe("compensating");
    await works.complete(undoing[0]);
    expect((await read(id)).status).toBe("failed");
    for (const query of ["", "?dryRun=true"])
      expect(await post(id, `retry${query}`)).toMatchObject(refusal(409, "COMPENSATED"));
  });

  test("takes a quarantined execution back into service, and says before that no step runs again", async () => {
    const { workflow, queue } = await publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await worker(queue, "a", "b");
    const id = await start(workflow);
    const [a] = await works.take();
    await works.complete(a, 1);
    await quarantine(id);
    expect(await read(id)).toMatchObject({ status: "quarantined" });
    expect(await post(id, "pause")).toMatchObject(refusal(409, "EXECUTION_QUARANTINED"));
    expect(await post(id, "retry?dryRun=true")).toMatchObject({
      status: 200,
      body: { kept: [{ node: "a", status: "completed" }], runsAgain: [], runsAgainTotal: 0 },
    });
    expect(await post(id, "retry")).toMatchObject({ status: 202, body: { id, status: "running" } });
    expect(await read(id)).toMatchObject({ status: "running" });
  });
});

/** As the door does it when a history cannot be decided on; nothing of the history is broken here. */
async function quarantine(id: string): Promise<void> {
  const key = decodeId("execution", id);
  await server.instance.reads.query("update executions set status = 'quarantined' where id = $1", [key]);
}

describe("fork", () => {
  async function completed() {
    const nodes = [task("a"), { id: "c", type: "task", task: "a", input: "=steps.a.output + ' and ' + input.who" }];
    const { workflow, queue } = await publish({ nodes, edges: chain("a", "c") });
    const works = await worker(queue, "a");
    const id = await start(workflow, { input: { who: "Ada" } });
    const [a] = await works.take();
    const [c] = await works.complete(a, "one");
    expect(c.input).toBe("one and Ada");
    await works.complete(c, "two");
    return { id, works, workflow, queue };
  }
  const endOfStep = async (id: string, node: string): Promise<number> => {
    const { body } = await server.call("GET", `executions/${id}/events`);
    return body.items.find((event: WireTask) => event.type === "StepCompleted" && event.data.node === node).sequence;
  };

  test("begins with a copy, other outputs and another input, and goes on as its plan said", async () => {
    const { id, works } = await completed();
    const source = await read(id);
    const body = { at: 3, input: { who: "Bob" }, overrides: { a: { output: "three" } }, reason: "what if" };
    const { body: plan } = await server.call("POST", `executions/${id}/fork?dryRun=true`, body);
    expect(executionPlanSchema.parse(plan)).toMatchObject({
      version: 1,
      kept: [{ node: "a", status: "completed" }],
      runsAgain: [{ node: "c", idempotencyKey: null }],
    });
    const forked = await post(id, "fork", body);
    expect(forked.status).toBe(201);
    expect(executionStartedSchema.parse(forked.body)).toMatchObject({ workflow: source.workflow, status: "running" });
    expect(forked.body.id).not.toBe(id);
    const [c] = await works.take();
    expect(c).toMatchObject({ executionId: forked.body.id, node: "c", input: "three and Bob" });
    expect(c.idempotencyKey).toContain(forked.body.id);
    expect(await read(forked.body.id)).toMatchObject({ forkedFrom: id, input: { who: "Bob" } });
    expect(await read(id)).toEqual(source);
    const verified = await server.call("POST", `executions/${forked.body.id}/verify`);
    expect(verified.body).toMatchObject({ consistent: true });
  });

  test("of an open step gives it a new key, which the plan cannot know", async () => {
    const { workflow, queue } = await publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await worker(queue, "a", "b");
    const id = await start(workflow);
    const [a] = await works.take();
    await works.complete(a, 1);
    const { body: plan } = await server.call("POST", `executions/${id}/fork?dryRun=true`, { at: 4 });
    expect(plan).toMatchObject({
      kept: [{ node: "a" }],
      runsAgain: [{ node: "b", iteration: 1, idempotencyKey: null }],
    });
  });

  test("is made once for one idempotency key", async () => {
    const { id } = await completed();
    const at = await endOfStep(id, "a");
    const first = await post(id, "fork", { at }, `fork-${id}`);
    const again = await post(id, "fork", { at }, `fork-${id}`);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(await post(id, "fork", { at: 1 }, `fork-${id}`)).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
  });

  test("is refused where the other version, the input or the place does not fit", async () => {
    const { id, workflow, queue } = await completed();
    const at = await endOfStep(id, "a");
    const definition = {
      name: workflow,
      inputSchema: { type: "object", required: ["who"] },
      nodes: [{ id: "a", type: "transform", value: 1 }],
      edges: [],
      defaults: { queue },
    };
    await server.call("POST", "workflows", { definition });
    expect(await post(id, "fork", { at, version: 2 })).toMatchObject(refusal(409, "VERSION_MISMATCH"));
    expect(await post(id, "fork?dryRun=true", { at, version: 2 })).toMatchObject(refusal(409, "VERSION_MISMATCH"));
    expect(await post(id, "fork", { at, version: 2, input: {} })).toMatchObject(refusal(422, "INVALID_INPUT"));
    expect(await post(id, "fork", { at, version: 9 })).toMatchObject(refusal(404, "WORKFLOW_NOT_FOUND"));
    expect(await post(id, "fork", { at, overrides: { c: { output: 1 } } })).toMatchObject(
      refusal(409, "VERSION_MISMATCH"),
    );
    expect(await post(id, "fork", { at: 1000 })).toMatchObject({
      status: 422,
      body: { code: "INVALID_REQUEST", errors: [{ path: "/at" }] },
    });
    expect(await post(id, "fork", { at: 0 })).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });
});

describe("signals", () => {
  const nodes = [
    { id: "first", type: "signal", signal: "go" },
    { id: "second", type: "signal", signal: "go" },
  ];
  const edges = [{ from: "first", to: "second" }];

  test("are kept until a step waits, and each is used once", async () => {
    const { workflow, queue } = await publish({
      nodes: [task("a"), ...nodes],
      edges: [{ from: "a", to: "first" }, ...edges],
    });
    const works = await worker(queue, "a");
    const id = await start(workflow);
    expect(await post(id, "signals/go", { payload: { n: 1 } })).toMatchObject({ status: 202, body: { id } });
    const [a] = await works.take();
    await works.complete(a);
    expect(await read(id)).toMatchObject({
      waitingFor: [{ kind: "signal", node: "second" }],
      steps: [{}, { node: "first", output: { n: 1 } }, { status: "waiting" }],
    });
    await post(id, "signals/other", { payload: 0 });
    await post(id, "signals/go");
    expect(await read(id)).toMatchObject({ status: "completed", output: { second: null } });
    expect(await post(id, "signals/go")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
  });

  test("sent again with their idempotency key change nothing, and are refused with another body", async () => {
    const { workflow } = await publish({ nodes, edges });
    const id = await start(workflow);
    const key = `signal-${id}`;
    const first = await post(id, "signals/go", { payload: "x" }, key);
    for (let i = 0; i < 2; i++)
      expect(await post(id, "signals/go", { payload: "x" }, key)).toEqual(
        expect.objectContaining({ status: 202, body: first.body }),
      );
    expect((await read(id)).waitingFor).toMatchObject([{ node: "second" }]);
    expect(await post(id, "signals/go", { payload: "y" }, key)).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
    expect(await post(id, "signals/other", { payload: "x" }, key)).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
    await post(id, "signals/go", { payload: "z" }, `${key}-2`);
    expect(await post(id, "signals/go", { payload: "x" }, key)).toMatchObject({
      status: 202,
      body: { status: "completed" },
    });
    expect((await eventTypes(id)).filter((type) => type === "SignalReceived")).toHaveLength(2);
  });

  test("may be as large as a payload may be, and their names are bounded", async () => {
    const { workflow } = await publish({ nodes, edges });
    const id = await start(workflow);
    const largest = "x".repeat(1024 * 1024 - 2);
    expect(await post(id, "signals/go", { payload: largest })).toMatchObject({ status: 202 });
    expect(await post(id, "signals/go", { payload: `${largest}x` })).toMatchObject(refusal(413, "PAYLOAD_TOO_LARGE"));
    expect(await post(id, `signals/${"n".repeat(257)}`)).toMatchObject(refusal(422, "INVALID_REQUEST"));
    expect(await post(id, "signals/go", { typo: 1 })).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });
});

describe("one action on many executions", () => {
  const nodes = [{ id: "wait", type: "signal", signal: "go" }];
  const bulk = (body: object, key?: string) =>
    server.call("POST", "executions/bulk", body, key === undefined ? {} : idempotent(key));
  async function finished(started: TestAnswer) {
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const operation = async () =>
      operationSchema.parse((await server.call("GET", `operations/${started.body.operationId}`)).body);
    await expect.poll(async () => (await operation()).status, { timeout: 20_000 }).toBe("done");
    return operation();
  }

  test("takes those of a filter, and none that began after it", async () => {
    const { workflow } = await publish({ nodes });
    const ids = await Promise.all(Array.from({ length: 7 }, () => start(workflow, { tags: ["bulk"] })));
    const other = await start(workflow);
    const started = await bulk({
      action: "cancel",
      filter: { workflow, tag: "bulk", status: ["waiting", "running"] },
      reason: "all",
    });
    const late = await start(workflow, { tags: ["bulk"] });
    expect(await finished(started)).toMatchObject({ action: "cancel", total: 7, done: 7, failed: 0, errors: [] });
    for (const id of ids) expect((await read(id)).status).toBe("cancelled");
    for (const id of [other, late]) expect((await read(id)).status).toBe("waiting");
  });

  test("takes those that it names, each once, and tells which could not be", async () => {
    const { workflow } = await publish({ nodes });
    const [open, closed] = [await start(workflow), await start(workflow)];
    await post(closed, "terminate");
    const unknown = "exe_0000000000001";
    const started = await bulk({ action: "signal", signal: "go", payload: 7, ids: [open, closed, unknown, open] });
    const done = await finished(started);
    expect(done).toMatchObject({ total: 3, done: 1, failed: 2 });
    expect(done.errors).toHaveLength(2);
    expect(done.errors).toEqual(
      expect.arrayContaining([
        { executionId: closed, code: "EXECUTION_CLOSED", message: "The execution is terminated." },
        { executionId: unknown, code: "EXECUTION_NOT_FOUND", message: expect.any(String) },
      ]),
    );
    expect(await read(open)).toMatchObject({ status: "completed", output: { wait: 7 } });
  });

  test("retries, pauses, resumes and terminates", async () => {
    const { workflow } = await publish({
      nodes: [
        { id: "wait", type: "signal", signal: "go" },
        { id: "no", type: "fail", code: "NO", message: "no" },
      ],
      edges: [{ from: "wait", port: "received", to: "no" }],
    });
    const id = await start(workflow);
    const filter = { workflow };
    expect(await finished(await bulk({ action: "pause", filter }))).toMatchObject({ done: 1 });
    expect((await read(id)).status).toBe("paused");
    expect(await finished(await bulk({ action: "resume", filter }))).toMatchObject({ done: 1 });
    expect(await finished(await bulk({ action: "retry", filter }))).toMatchObject({
      done: 0,
      failed: 1,
      errors: [{ executionId: id, code: "NOT_RETRYABLE" }],
    });
    await post(id, "signals/go");
    expect((await read(id)).status).toBe("failed");
    expect(await finished(await bulk({ action: "retry", filter }))).toMatchObject({ done: 1, failed: 0 });
    expect(await eventTypes(id)).toContain("ExecutionRetried");
    const another = await start(workflow);
    expect(await finished(await bulk({ action: "terminate", ids: [another] }))).toMatchObject({ done: 1 });
    expect((await read(another)).status).toBe("terminated");
  });

  test("is begun once for one idempotency key", async () => {
    const { workflow } = await publish({ nodes });
    const body = { action: "cancel", filter: { workflow } };
    const first = await bulk(body, `bulk-${workflow}`);
    expect(await bulk(body, `bulk-${workflow}`)).toMatchObject({ status: 202, body: first.body });
    expect(await bulk({ ...body, reason: "r" }, `bulk-${workflow}`)).toMatchObject(
      refusal(409, "IDEMPOTENCY_CONFLICT"),
    );
    expect(await finished(first)).toMatchObject({ total: 0, done: 0, failed: 0 });
  });

  test.each([
    ["neither filter nor ids", { action: "cancel" }],
    ["both", { action: "cancel", filter: { workflow: "w" }, ids: ["exe_0000000000001"] }],
    ["a filter without a condition", { action: "cancel", filter: {} }],
    ["an unknown condition", { action: "cancel", filter: { colour: "red" } }],
    ["an unknown status", { action: "cancel", filter: { status: "odd" } }],
    ["no ids", { action: "cancel", ids: [] }],
    ["what is no id", { action: "cancel", ids: ["tsk_0000000000001"] }],
    ["an unknown action", { action: "delete", filter: { workflow: "w" } }],
    ["a signal without a name", { action: "signal", filter: { workflow: "w" } }],
    ["a payload for what takes none", { action: "cancel", filter: { workflow: "w" }, payload: 1 }],
  ])("is refused with %s", async (_, body) => {
    expect(await bulk(body)).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });

  test("that nobody began is not found", async () => {
    for (const id of ["opr_0000000000001", "nonsense"])
      expect(await server.call("GET", `operations/${id}`)).toMatchObject(refusal(404, "OPERATION_NOT_FOUND"));
  });
});

describe("an explanation", () => {
  const explain = async (id: string) =>
    explanationSchema.parse((await server.call("GET", `executions/${id}/explain`)).body);

  test("says that no worker has come, then who has the task", async () => {
    const { workflow, queue } = await publish({ nodes: [task("a")] });
    const id = await start(workflow);
    expect(await explain(id)).toMatchObject({
      status: "running",
      items: [{ kind: "worker", node: "a", sentence: expect.stringMatching(/no worker .*a.*queue/i) }],
    });
    const works = await worker(queue, "a");
    const second = await start(workflow);
    expect((await explain(second)).sentence).toContain("1 ahead");
    await works.take(1);
    expect((await explain(id)).sentence).toContain(works.id);
  });

  test("says what is full where a key's places are taken", async () => {
    const { workflow, queue } = await publish({
      nodes: [task("a", { concurrencyKey: "customer-7", concurrencyLimit: 1 })],
    });
    const works = await worker(queue, "a");
    await start(workflow);
    await start(workflow);
    const third = await start(workflow);
    expect(await works.take()).toHaveLength(1);
    const { sentence } = await explain(third);
    expect(sentence).toContain("customer-7");
    expect(sentence).toMatch(/1 ahead .* 1 may run at once and 1 do/);
  });

  test("says that the queue is paused, or has given out what it may", async () => {
    const { workflow, queue } = await publish({ nodes: [task("a")] });
    const works = await worker(queue, "a");
    const limit = (body: object) => server.call("PUT", `queues/${queue}/limits`, body);
    expect(await limit({ paused: true })).toMatchObject({ status: 200 });
    const id = await start(workflow);
    expect((await explain(id)).sentence).toContain(`queue ${queue} is paused`);
    await limit({ rate: { limit: 1, perMs: 3_600_000 } });
    const [first] = await works.take();
    expect(first).toMatchObject({ executionId: id });
    expect((await explain(await start(workflow))).sentence).toMatch(/gives out 1 tasks? in/);
  });

  test("says until when a sleep lasts, and how a closed one ended", async () => {
    const { workflow } = await publish({ nodes: [{ id: "rest", type: "sleep", duration: "3d" }] });
    const id = await start(workflow);
    expect(await explain(id)).toMatchObject({
      status: "waiting",
      items: [{ kind: "sleep", node: "rest", until: expect.any(String), sentence: expect.stringContaining("rest") }],
    });
    await post(id, "cancel");
    expect(await explain(id)).toMatchObject({ status: "cancelled", items: [] });
  });
});

describe("steps", () => {
  test("of a map come item by item, page after page, each once", async () => {
    const { workflow } = await publish({
      nodes: [
        {
          id: "each",
          type: "map",
          items: "=input",
          body: {
            nodes: [
              { id: "x", type: "transform", value: "=item" },
              { id: "y", type: "transform", value: "=index" },
            ],
            edges: [{ from: "x", to: "y" }],
          },
        },
        { id: "after", type: "transform", value: 1 },
      ],
      edges: [{ from: "each", to: "after" }],
    });
    const id = await start(workflow, { input: [10, 20, 30] });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: TestAnswer = await server.call(
        "GET",
        `executions/${id}/steps?limit=3${cursor ? `&cursor=${cursor}` : ""}`,
      );
      seen.push(
        ...body.items.map(
          (step: WireTask) => `${step.node}${step.index ? `[${step.index}]` : ""}=${JSON.stringify(step.output)}`,
        ),
      );
      cursor = body.nextCursor;
    } while (cursor !== null);
    const items = ["each/x[0]=10", "each/x[1]=20", "each/x[2]=30", "each/y[0]=0", "each/y[1]=1", "each/y[2]=2"];
    expect(seen).toEqual(['each=[{"y":0},{"y":1},{"y":2}]', "after=1", ...items]);
    expect((await read(id)).steps.map(({ node, index }) => `${node}${index ? `[${index}]` : ""}`)).toEqual(
      seen.map((text) => text.split("=")[0]),
    );
    expect(await server.call("GET", `executions/${id}/steps?cursor=x`)).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });

  test("of each turn of a loop are found by their iteration", async () => {
    const { workflow } = await publish({
      nodes: [
        { id: "count", type: "transform", value: "=loop.iteration" },
        { id: "again", type: "choice", cases: [{ port: "yes", when: "loop.iteration < 3" }] },
        { id: "end", type: "transform", value: "end" },
      ],
      edges: [
        { from: "count", to: "again" },
        { from: "again", port: "yes", to: "count", loop: { maxIterations: 5 } },
        { from: "again", port: "otherwise", to: "end" },
      ],
    });
    const id = await start(workflow);
    const steps = async (query: string) => {
      const found = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: TestAnswer = await server.call("GET", `executions/${id}/steps?${query}${cursor}`);
        expect(page.status).toBe(200);
        found.push(...page.body.items);
        cursor = page.body.nextCursor === null ? null : `&cursor=${page.body.nextCursor}`;
      }
      return found.map(({ node, iteration, output }) => `${node} ${iteration} ${output}`);
    };
    expect(await steps("limit=200")).toEqual(["count 3 3", "again 3 null", "end 1 end"]);
    for (const limit of [1, 200]) {
      expect(await steps(`iteration=1&limit=${limit}`)).toEqual(["count 1 1", "again 1 null", "end 1 end"]);
      expect(await steps(`iteration=2&limit=${limit}`)).toEqual(["count 2 2", "again 2 null"]);
      expect(await steps(`iteration=3&limit=${limit}`)).toEqual(["count 3 3", "again 3 null"]);
      expect(await steps(`iteration=4&limit=${limit}`)).toEqual([]);
    }
  });
});

describe("children", () => {
  test("are named by their parent, and name it", async () => {
    const child = await publish({ nodes: [{ id: "wait", type: "signal", signal: "go" }] });
    const { workflow } = await publish({ nodes: [{ id: "call", type: "workflow", workflow: child.workflow }] });
    const id = await start(workflow);
    expect((await read(await start(child.workflow))).children).toBeNull();
    await expect.poll(async () => (await read(id)).children, { timeout: 20_000 }).not.toBeNull();
    const { body } = await server.call("GET", `${(await read(id)).children}`);
    expect(body.items).toHaveLength(1);
    expect(await read(body.items[0].id)).toMatchObject({
      parent: { executionId: id, node: "call", iteration: 1, depth: 1 },
    });
  });
});
