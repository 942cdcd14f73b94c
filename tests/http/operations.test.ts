// One action on many executions, as a client asks for it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationSchema } from "@/lib/contract/operations";
import { keyed, refusal, TestClient } from "./client";
import { startServer, type TestAnswer, type TestServer } from "./support";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

const client = new TestClient(() => server);

describe("one action on many executions", () => {
  const nodes = [{ id: "wait", type: "signal", signal: "go" }];
  const bulk = (body: object, key?: string) => client.call("POST", "executions/bulk", body, keyed(key));
  async function finished(started: TestAnswer) {
    expect(started.status, JSON.stringify(started.body)).toBe(202);
    const operation = async () =>
      operationSchema.parse((await client.call("GET", `operations/${started.body.operationId}`)).body);
    await expect.poll(async () => (await operation()).status, { timeout: 20_000 }).toBe("done");
    return operation();
  }

  test("takes those of a filter, and none that began after it", async () => {
    const { workflow } = await client.publish({ nodes });
    const ids = await Promise.all(Array.from({ length: 7 }, () => client.start(workflow, { tags: ["bulk"] })));
    const other = await client.start(workflow);
    const started = await bulk({
      action: "cancel",
      filter: { workflow, tag: "bulk", status: ["waiting", "running"] },
      reason: "all",
    });
    const late = await client.start(workflow, { tags: ["bulk"] });
    expect(await finished(started)).toMatchObject({ action: "cancel", total: 7, done: 7, failed: 0, errors: [] });
    for (const id of ids) expect((await client.read(id)).status).toBe("cancelled");
    for (const id of [other, late]) expect((await client.read(id)).status).toBe("waiting");
  });

  test("takes those that it names, each once, and tells which could not be", async () => {
    const { workflow } = await client.publish({ nodes });
    const [open, closed] = [await client.start(workflow), await client.start(workflow)];
    await client.post(closed, "terminate");
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
    expect(await client.read(open)).toMatchObject({ status: "completed", output: { wait: 7 } });
  });

  test("retries, pauses, resumes and terminates", async () => {
    const { workflow } = await client.publish({
      nodes: [
        { id: "wait", type: "signal", signal: "go" },
        { id: "no", type: "fail", code: "NO", message: "no" },
      ],
      edges: [{ from: "wait", port: "received", to: "no" }],
    });
    const id = await client.start(workflow);
    const filter = { workflow };
    expect(await finished(await bulk({ action: "pause", filter }))).toMatchObject({ done: 1 });
    expect((await client.read(id)).status).toBe("paused");
    expect(await finished(await bulk({ action: "resume", filter }))).toMatchObject({ done: 1 });
    expect(await finished(await bulk({ action: "retry", filter }))).toMatchObject({
      done: 0,
      failed: 1,
      errors: [{ executionId: id, code: "NOT_RETRYABLE" }],
    });
    await client.post(id, "signals/go");
    expect((await client.read(id)).status).toBe("failed");
    expect(await finished(await bulk({ action: "retry", filter }))).toMatchObject({ done: 1, failed: 0 });
    expect(await client.eventTypes(id)).toContain("ExecutionRetried");
    const another = await client.start(workflow);
    expect(await finished(await bulk({ action: "terminate", ids: [another] }))).toMatchObject({ done: 1 });
    expect((await client.read(another)).status).toBe("terminated");
  });

  test("is begun once for one idempotency key", async () => {
    const { workflow } = await client.publish({ nodes });
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
      expect(await client.call("GET", `operations/${id}`)).toMatchObject(refusal(404, "OPERATION_NOT_FOUND"));
  });
});
