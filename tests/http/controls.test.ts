// Every control of an execution, as a client calls it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { controlledSchema, executionPlanSchema, explanationSchema } from "@/lib/contract/controls";
import { executionStartedSchema } from "@/lib/contract/executions";
import { decodeId } from "@/lib/contract/ids";
import { chain, refusal, TestClient, task } from "./client";
import { startServer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const client = new TestClient(() => server);
const result = (id: string) => client.call("GET", `executions/${id}/result?waitMs=20000`);

describe("a start that lies in the future", () => {
  const nodes = [{ id: "done", type: "transform", value: "done" }];
  const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

  test("is scheduled, and says when", async () => {
    const { workflow } = await client.publish({ nodes });
    const startAt = inMs(3_600_000);
    const { body } = await client.call("POST", "executions", { workflow, startAt });
    expect(executionStartedSchema.parse(body)).toMatchObject({ status: "scheduled", startAt, startedAt: null });
    expect(await client.read(body.id)).toMatchObject({ startAt, startedAt: null, progress: { completed: 0 } });
    const { body: said } = await client.call("GET", `executions/${body.id}/explain`);
    expect(explanationSchema.parse(said)).toMatchObject({ status: "scheduled", items: [] });
  });

  test("begins by itself, and is found by when it began", async () => {
    const { workflow } = await client.publish({ nodes });
    const startAt = inMs(200);
    const id = await client.start(workflow, { startAt });
    expect(await result(id)).toMatchObject({ status: 200, body: { status: "completed" } });
    const done = await client.read(id);
    expect(done.startAt).toBe(startAt);
    expect(Date.parse(done.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(startAt));
    expect((await client.eventTypes(id)).slice(0, 2)).toEqual(["ExecutionScheduled", "ExecutionStarted"]);
    const { body } = await client.call("GET", `executions?workflow=${workflow}&startedAfter=${startAt}`);
    expect(body.items).toMatchObject([{ id, startAt, startedAt: done.startedAt }]);
  });

  test("closes at once where it is cancelled or terminated before", async () => {
    const { workflow } = await client.publish({ nodes });
    for (const [verb, status] of [
      ["cancel", "cancelled"],
      ["terminate", "terminated"],
    ] as const) {
      const id = await client.start(workflow, { startAt: inMs(3_600_000) });
      expect(await client.post(id, verb)).toMatchObject({ status: 202, body: { id, status } });
      expect(await client.read(id)).toMatchObject({ status, startedAt: null });
    }
  });

  test("that is past begins now, and one too far ahead is refused", async () => {
    const { workflow } = await client.publish({ nodes });
    const past = await client.call("POST", "executions", { workflow, startAt: "2026-01-01T00:00:00+02:00" });
    expect(past).toMatchObject({ status: 201, body: { status: "completed", startAt: null } });
    const far = await client.call("POST", "executions", { workflow, startAt: inMs(11 * 365 * 86_400_000) });
    expect(far).toMatchObject({ status: 422, body: { code: "INVALID_REQUEST", errors: [{ path: "/startAt" }] } });
    expect(await client.call("POST", "executions", { workflow, startAt: "soon" })).toMatchObject(
      refusal(422, "INVALID_REQUEST"),
    );
  });

  test("is part of what a key stands for, however the instant is written", async () => {
    const { workflow } = await client.publish({ nodes });
    const body = { workflow, key: `later-${workflow}`, startAt: "2031-05-04T10:00:00.000Z" };
    const first = await client.call("POST", "executions", body);
    const again = await client.call("POST", "executions", { ...body, startAt: "2031-05-04T12:00:00+02:00" });
    expect(again).toMatchObject({ status: 200, body: first.body });
    const other = await client.call("POST", "executions", { ...body, startAt: "2031-05-04T10:00:01.000Z" });
    expect(other).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
  });
});

describe("pause and resume", () => {
  test("hold what would follow, and let it follow", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await client.worker(queue, "a", "b");
    const id = await client.start(workflow);
    const [a] = await works.take();
    const paused = await client.post(id, "pause", { reason: "a look first" });
    expect(paused).toMatchObject({ status: 202, body: { id, status: "paused" } });
    expect(await works.complete(a, 1)).toEqual([]);
    expect(await client.read(id)).toMatchObject({
      status: "paused",
      pauseReason: "a look first",
      pausedAt: expect.any(String),
      steps: [{ status: "completed" }, { status: "pending" }],
    });
    const { body } = await client.call("GET", `executions/${id}/explain`);
    expect(explanationSchema.parse(body)).toMatchObject({
      status: "paused",
      sentence: expect.stringContaining("a look first"),
    });

    expect(await client.post(id, "resume")).toMatchObject({ status: 202, body: { status: "running" } });
    const [b] = await works.take();
    await works.complete(b, 2);
    expect(await client.read(id)).toMatchObject({ status: "completed", pausedAt: null });
    expect(await client.post(id, "pause")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
    expect(await client.post(id, "resume")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
  });
});

describe("cancel and terminate", () => {
  test("undo completed steps where that is asked, and show how it will close", async () => {
    const undo = { compensate: { task: "undo_a" } };
    const { workflow, queue } = await client.publish({ nodes: [task("a", undo), task("b")], edges: chain("a", "b") });
    const works = await client.worker(queue, "a", "b", "undo_a");
    const id = await client.start(workflow);
    const [a] = await works.take();
    await works.complete(a, "booked");
    const cancelled = await client.post(id, "cancel", { reason: "changed my mind", compensate: true });
    expect(cancelled).toMatchObject({ status: 202, body: { status: "compensating" } });
    expect(await client.read(id)).toMatchObject({
      status: "compensating",
      cancelRequested: true,
      closing: { status: "cancelled", reason: "changed my mind", error: null },
    });
    expect(await client.post(id, "pause")).toMatchObject(refusal(409, "COMPENSATING"));
    const [undoing] = await works.take();
    expect(undoing).toMatchObject({ task: "undo_a", input: { output: "booked" } });
    await works.complete(undoing);
    expect(await client.read(id)).toMatchObject({ status: "cancelled", closing: null });
  });

  test("are done once for one idempotency key, and refused for a closed execution", async () => {
    const { workflow } = await client.publish({ nodes: [task("a")] });
    for (const verb of ["cancel", "terminate"]) {
      const id = await client.start(workflow);
      const first = await client.post(id, verb, { reason: "r" }, `${verb}-${id}`);
      const again = await client.post(id, verb, { reason: "r" }, `${verb}-${id}`);
      expect(again).toMatchObject({ status: 202, body: first.body });
      expect(controlledSchema.parse(again.body).id).toBe(id);
      expect(await client.post(id, verb, { reason: "other" }, `${verb}-${id}`)).toMatchObject(
        refusal(409, "IDEMPOTENCY_CONFLICT"),
      );
      expect(await client.post(id, verb, {})).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
    }
  });

  test("of an execution that nobody has are refused, by id, by key and by nonsense", async () => {
    for (const ref of ["exe_0000000000001", "key:nobody", "nonsense"]) {
      for (const verb of ["cancel", "terminate", "pause", "resume", "retry", "signals/go"])
        expect(await client.post(ref, verb)).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
      expect(await client.post(ref, "fork", { at: 1 })).toMatchObject(refusal(404, "EXECUTION_NOT_FOUND"));
    }
  });
});

describe("retry", () => {
  async function failed(more: object = {}) {
    const { workflow, queue } = await client.publish({
      nodes: [task("a"), task("b")],
      edges: chain("a", "b"),
      ...more,
    });
    const works = await client.worker(queue, "a", "b", "undo_a");
    const id = await client.start(workflow, { input: { n: 1 } });
    const [a] = await works.take();
    const [b] = await works.complete(a, "kept");
    const undoing = await works.fail(b);
    return { id, works, failedTask: b, firstTask: a, undoing };
  }

  test("does what its plan said: keeps what completed and runs what failed with the same key", async () => {
    const { id, works, failedTask } = await failed();
    const before = await client.read(id);
    const { status, body: plan } = await client.call("POST", `executions/${id}/retry?dryRun=true`, {});
    expect(status).toBe(200);
    expect(executionPlanSchema.parse(plan)).toMatchObject({
      version: 1,
      hash: before.hash,
      kept: [{ node: "a", iteration: 1, status: "completed" }],
      runsAgain: [{ node: "b", iteration: 1, idempotencyKey: failedTask.idempotencyKey }],
    });
    expect(await client.read(id)).toEqual(before);

    expect(await client.post(id, "retry", { reason: "it was the network" })).toMatchObject({
      status: 202,
      body: { status: "running" },
    });
    const [b] = await works.take();
    expect(b).toMatchObject({ node: "b", iteration: 1, attempt: 2, idempotencyKey: failedTask.idempotencyKey });
    await works.complete(b, "done");
    expect(await client.read(id)).toMatchObject({ status: "completed", output: { b: "done" } });
  });

  test("from a node runs it and all after it anew, with another input where one is given", async () => {
    const { id, works, firstTask } = await failed();
    const body = { fromNode: "a", input: { n: 2 } };
    const { body: plan } = await client.call("POST", `executions/${id}/retry?dryRun=true`, body);
    expect(plan).toMatchObject({
      kept: [],
      runsAgain: [
        { node: "a", iteration: 2 },
        { node: "b", iteration: 2 },
      ],
    });
    await client.post(id, "retry", body);
    const [a] = await works.take();
    expect(a).toMatchObject({ node: "a", iteration: 2, context: { input: { n: 2 } } });
    expect(a.idempotencyKey).toBe(plan.runsAgain[0].idempotencyKey);
    expect(a.idempotencyKey).not.toBe(firstTask.idempotencyKey);
    expect(await client.read(id)).toMatchObject({ input: { n: 2 } });

    const earlier = await client.call("GET", `executions/${id}/steps?iteration=1`);
    expect(earlier.body.items).toMatchObject([
      { node: "a", iteration: 1, status: "completed", output: "kept", startedAt: expect.any(String) },
      { node: "b", iteration: 1, status: "failed", error: { code: "BROKEN" } },
    ]);
  });

  test("is refused where there is nothing to retry, or what is asked for does not fit", async () => {
    const { id } = await failed({ inputSchema: { type: "object", properties: { n: { type: "number" } } } });
    expect(await client.post(id, "retry", { input: 1 })).toMatchObject({
      status: 422,
      body: { code: "INVALID_REQUEST", errors: [{ path: "/input" }] },
    });
    expect(await client.post(id, "retry", { fromNode: "a", input: { n: "two" } })).toMatchObject(
      refusal(422, "INVALID_INPUT"),
    );
    expect(await client.post(id, "retry", { fromNode: "nowhere" })).toMatchObject(refusal(409, "NOT_RETRYABLE"));
    expect(await client.post(id, "retry?dryRun=maybe")).toMatchObject(refusal(422, "INVALID_REQUEST"));
    await client.post(id, "retry");
    for (const query of ["", "?dryRun=true"])
      expect(await client.post(id, `retry${query}`)).toMatchObject({
        status: 409,
        body: { code: "NOT_RETRYABLE", detail: "The execution is running." },
      });
  });

  test("is done once for one idempotency key, however the execution went on", async () => {
    const { id, works } = await failed();
    await client.post(id, "retry", {}, `retry-${id}`);
    const [b] = await works.take();
    await works.fail(b);
    expect((await client.read(id)).status).toBe("failed");
    expect(await client.post(id, "retry", {}, `retry-${id}`)).toMatchObject({
      status: 202,
      body: { status: "failed" },
    });
    expect((await client.eventTypes(id)).filter((type) => type === "ExecutionRetried")).toHaveLength(1);
  });

  test("is refused once steps that it would keep have been undone", async () => {
    const nodes = [task("a", { compensate: { task: "undo_a" } }), task("b")];
    const { id, works, undoing } = await failed({ nodes });
    expect((await client.read(id)).status).toBe("compensating");
    await works.complete(undoing[0]);
    expect((await client.read(id)).status).toBe("failed");
    for (const query of ["", "?dryRun=true"])
      expect(await client.post(id, `retry${query}`)).toMatchObject(refusal(409, "COMPENSATED"));
  });

  test("takes a quarantined execution back into service, and says before that no step runs again", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await client.worker(queue, "a", "b");
    const id = await client.start(workflow);
    const [a] = await works.take();
    await works.complete(a, 1);
    await quarantine(id);
    expect(await client.read(id)).toMatchObject({ status: "quarantined" });
    expect(await client.post(id, "pause")).toMatchObject(refusal(409, "EXECUTION_QUARANTINED"));
    expect(await client.post(id, "retry?dryRun=true")).toMatchObject({
      status: 200,
      body: { kept: [{ node: "a", status: "completed" }], runsAgain: [], runsAgainTotal: 0 },
    });
    expect(await client.post(id, "retry")).toMatchObject({ status: 202, body: { id, status: "running" } });
    expect(await client.read(id)).toMatchObject({ status: "running" });
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
    const { workflow, queue } = await client.publish({ nodes, edges: chain("a", "c") });
    const works = await client.worker(queue, "a");
    const id = await client.start(workflow, { input: { who: "Ada" } });
    const [a] = await works.take();
    const [c] = await works.complete(a, "one");
    expect(c.input).toBe("one and Ada");
    await works.complete(c, "two");
    return { id, works, workflow, queue };
  }
  const endOfStep = async (id: string, node: string): Promise<number> => {
    const events = await client.events(id);
    return events.find((event) => event.type === "StepCompleted" && event.data.node === node).sequence;
  };

  test("begins with a copy, other outputs and another input, and goes on as its plan said", async () => {
    const { id, works } = await completed();
    const source = await client.read(id);
    const body = { at: 3, input: { who: "Bob" }, overrides: { a: { output: "three" } }, reason: "what if" };
    const { body: plan } = await client.call("POST", `executions/${id}/fork?dryRun=true`, body);
    expect(executionPlanSchema.parse(plan)).toMatchObject({
      version: 1,
      kept: [{ node: "a", status: "completed" }],
      runsAgain: [{ node: "c", idempotencyKey: null }],
    });
    const forked = await client.post(id, "fork", body);
    expect(forked.status).toBe(201);
    expect(executionStartedSchema.parse(forked.body)).toMatchObject({ workflow: source.workflow, status: "running" });
    expect(forked.body.id).not.toBe(id);
    const [c] = await works.take();
    expect(c).toMatchObject({ executionId: forked.body.id, node: "c", input: "three and Bob" });
    expect(c.idempotencyKey).toContain(forked.body.id);
    expect(await client.read(forked.body.id)).toMatchObject({ forkedFrom: id, input: { who: "Bob" } });
    expect(await client.read(id)).toEqual(source);
    const verified = await client.call("POST", `executions/${forked.body.id}/verify`);
    expect(verified.body).toMatchObject({ consistent: true });
  });

  test("of an open step gives it a new key, which the plan cannot know", async () => {
    const { workflow, queue } = await client.publish({ nodes: [task("a"), task("b")], edges: chain("a", "b") });
    const works = await client.worker(queue, "a", "b");
    const id = await client.start(workflow);
    const [a] = await works.take();
    await works.complete(a, 1);
    const { body: plan } = await client.call("POST", `executions/${id}/fork?dryRun=true`, { at: 4 });
    expect(plan).toMatchObject({
      kept: [{ node: "a" }],
      runsAgain: [{ node: "b", iteration: 1, idempotencyKey: null }],
    });
  });

  test("is made once for one idempotency key", async () => {
    const { id } = await completed();
    const at = await endOfStep(id, "a");
    const first = await client.post(id, "fork", { at }, `fork-${id}`);
    const again = await client.post(id, "fork", { at }, `fork-${id}`);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    expect(await client.post(id, "fork", { at: 1 }, `fork-${id}`)).toMatchObject(refusal(409, "IDEMPOTENCY_CONFLICT"));
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
    await client.call("POST", "workflows", { definition });
    expect(await client.post(id, "fork", { at, version: 2 })).toMatchObject(refusal(409, "VERSION_MISMATCH"));
    expect(await client.post(id, "fork?dryRun=true", { at, version: 2 })).toMatchObject(
      refusal(409, "VERSION_MISMATCH"),
    );
    expect(await client.post(id, "fork", { at, version: 2, input: {} })).toMatchObject(refusal(422, "INVALID_INPUT"));
    expect(await client.post(id, "fork", { at, version: 9 })).toMatchObject(refusal(404, "WORKFLOW_NOT_FOUND"));
    expect(await client.post(id, "fork", { at, overrides: { c: { output: 1 } } })).toMatchObject(
      refusal(409, "VERSION_MISMATCH"),
    );
    expect(await client.post(id, "fork", { at: 1000 })).toMatchObject({
      status: 422,
      body: { code: "INVALID_REQUEST", errors: [{ path: "/at" }] },
    });
    expect(await client.post(id, "fork", { at: 0 })).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });
});

describe("signals", () => {
  const nodes = [
    { id: "first", type: "signal", signal: "go" },
    { id: "second", type: "signal", signal: "go" },
  ];
  const edges = [{ from: "first", to: "second" }];

  test("are kept until a step waits, and each is used once", async () => {
    const { workflow, queue } = await client.publish({
      nodes: [task("a"), ...nodes],
      edges: [{ from: "a", to: "first" }, ...edges],
    });
    const works = await client.worker(queue, "a");
    const id = await client.start(workflow);
    expect(await client.post(id, "signals/go", { payload: { n: 1 } })).toMatchObject({ status: 202, body: { id } });
    const [a] = await works.take();
    await works.complete(a);
    expect(await client.read(id)).toMatchObject({
      waitingFor: [{ kind: "signal", node: "second" }],
      steps: [{}, { node: "first", output: { n: 1 } }, { status: "waiting" }],
    });
    await client.post(id, "signals/other", { payload: 0 });
    await client.post(id, "signals/go");
    expect(await client.read(id)).toMatchObject({ status: "completed", output: { second: null } });
    expect(await client.post(id, "signals/go")).toMatchObject(refusal(409, "EXECUTION_CLOSED"));
  });

  test("sent again with their idempotency key change nothing, and are refused with another body", async () => {
    const { workflow } = await client.publish({ nodes, edges });
    const id = await client.start(workflow);
    const key = `signal-${id}`;
    const first = await client.post(id, "signals/go", { payload: "x" }, key);
    for (let i = 0; i < 2; i++)
      expect(await client.post(id, "signals/go", { payload: "x" }, key)).toEqual(
        expect.objectContaining({ status: 202, body: first.body }),
      );
    expect((await client.read(id)).waitingFor).toMatchObject([{ node: "second" }]);
    expect(await client.post(id, "signals/go", { payload: "y" }, key)).toMatchObject(
      refusal(409, "IDEMPOTENCY_CONFLICT"),
    );
    expect(await client.post(id, "signals/other", { payload: "x" }, key)).toMatchObject(
      refusal(409, "IDEMPOTENCY_CONFLICT"),
    );
    await client.post(id, "signals/go", { payload: "z" }, `${key}-2`);
    expect(await client.post(id, "signals/go", { payload: "x" }, key)).toMatchObject({
      status: 202,
      body: { status: "completed" },
    });
    expect((await client.eventTypes(id)).filter((type) => type === "SignalReceived")).toHaveLength(2);
  });

  test("may be as large as a payload may be, and their names are bounded", async () => {
    const { workflow } = await client.publish({ nodes, edges });
    const id = await client.start(workflow);
    const largest = "x".repeat(1024 * 1024 - 2);
    expect(await client.post(id, "signals/go", { payload: largest })).toMatchObject({ status: 202 });
    expect(await client.post(id, "signals/go", { payload: `${largest}x` })).toMatchObject(
      refusal(413, "PAYLOAD_TOO_LARGE"),
    );
    expect(await client.post(id, `signals/${"n".repeat(257)}`)).toMatchObject(refusal(422, "INVALID_REQUEST"));
    expect(await client.post(id, "signals/go", { typo: 1 })).toMatchObject(refusal(422, "INVALID_REQUEST"));
  });
});
