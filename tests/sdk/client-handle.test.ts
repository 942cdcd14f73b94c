/** The handle of an execution on a server that the test plays: the calls of a local one, by the documented paths. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Client, child, type ExecutionHandle, step, workflow } from "@/worker-sdk/src/index";
import { ScriptedServer } from "./support/scripted-server";

let server: ScriptedServer;
let client: Client;
let run: ExecutionHandle;
const APPROVAL = "apr_0000000000001";

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new Client({ url: server.url, backoff: { initialMs: 1, maxMs: 5 } });
  run = client.handle("exe_1");
});
afterEach(async () => {
  client.close();
  await server.stop();
});

const event = (sequence: number, type = "StepSkipped") =>
  `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify({ sequence, type, data: {} })}\n\n`;
const END = "event: end\ndata: {}\n\n";
const page = (items: unknown[]) => ({ items, nextCursor: null });
const stream = () => server.next("GET", "/executions/exe_1/events/stream");
const state = (status: string) => ({ id: "exe_1", status, sequence: 7 });
const look = () => server.next("GET", "/executions/exe_1");
const pending = () => server.next("GET", "/approvals?execution=exe_1&status=pending&limit=200");

describe("a handle", () => {
  it("controls by the execution's own paths", async () => {
    const done = Promise.all([
      run.signal("go", { n: 1 }),
      run.pause({ reason: "a look" }),
      run.resume(),
      run.retry({ fromNode: "a", input: 1 }),
      run.cancel({ compensate: true }),
      run.terminate(),
    ]);
    const bodies: [string, object][] = [
      ["signals/go", { payload: { n: 1 } }],
      ["pause", { reason: "a look" }],
      ["resume", {}],
      ["retry", { fromNode: "a", input: 1 }],
      ["cancel", { compensate: true }],
      ["terminate", {}],
    ];
    for (const [path, body] of bodies) {
      const request = await server.next("POST", `/executions/exe_1/${path}`);
      expect(request.json()).toEqual(body);
      request.answer(202, { id: "exe_1", status: "running" });
    }
    await done;
    const forked = run.fork({ at: 3 });
    (await server.next("POST", "/executions/exe_1/fork")).answer(201, { id: "exe_2" });
    expect((await forked).id).toBe("exe_2");
  });

  it("decides an approval by its id at once, and by its node as soon as there is one", async () => {
    const approved = run.approve(APPROVAL, { data: { n: 1 } });
    const first = await server.next("POST", `/approvals/${APPROVAL}/decide`);
    expect(first.json()).toEqual({ decision: "approved", data: { n: 1 } });
    first.answer(200, {});
    await approved;
    const rejected = run.reject("sign_off", { comment: "no" });
    (await look()).answer(200, state("running"));
    (await pending()).answer(200, page([{ id: "apr_0000000000002", node: "other" }]));
    const events = await stream();
    expect(events.headers["last-event-id"]).toBe("7");
    events.write(event(8), { "content-type": "text/event-stream" });
    (await pending()).answer(200, page([{ id: APPROVAL, node: "sign_off" }]));
    const second = await server.next("POST", `/approvals/${APPROVAL}/decide`);
    expect(second.json()).toEqual({ decision: "rejected", comment: "no" });
    second.answer(200, {});
    await rejected;
  });

  it("says that no approval waits once the execution is closed", async () => {
    const approved = run.approve("sign_off");
    (await look()).answer(200, state("running"));
    (await pending()).answer(200, page([]));
    (await stream()).write(END, { "content-type": "text/event-stream" });
    (await pending()).answer(200, page([]));
    await expect(approved).rejects.toMatchObject({ code: "APPROVAL_NOT_FOUND", status: 404 });
  });

  it("waits for a condition, looking after every event", async () => {
    const found = run.waitFor(({ status }) => status === "waiting");
    (await look()).answer(200, state("running"));
    (await look()).answer(200, state("running"));
    (await stream()).write(event(8), { "content-type": "text/event-stream" });
    (await look()).answer(200, state("waiting"));
    expect(await found).toMatchObject({ status: "waiting" });
    const missed = run.waitFor(() => false);
    (await look()).answer(200, state("completed"));
    (await look()).answer(200, state("completed"));
    (await stream()).write(END, { "content-type": "text/event-stream" });
    (await look()).answer(200, state("completed"));
    await expect(missed).rejects.toThrow(/closed/);
  });

  it("reads logs and children over all pages, the oldest first", async () => {
    const logs = run.logs();
    (await server.next("GET", "/executions/exe_1/logs?limit=200")).answer(200, {
      items: [1],
      nextCursor: "c",
      dropped: 0,
    });
    (await server.next("GET", "/executions/exe_1/logs?limit=200&cursor=c")).answer(200, page([2]));
    expect(await logs).toEqual([1, 2]);
    const children = run.children();
    (await server.next("GET", "/executions?parent=exe_1&limit=200")).answer(200, page([{ id: "b" }, { id: "a" }]));
    expect((await children).map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("a distributed start", () => {
  const inner = workflow("inner").timeline(step("a", () => 1));
  const outer = workflow("outer").timeline(child(inner, { input: null }));
  const publish = async (name: string, version: number) => {
    const request = await server.next("POST", "/workflows");
    expect(request.json()).toMatchObject({ definition: { name } });
    request.answer(201, { name, version, hash: "h", warnings: [] });
  };

  it("publishes those that it starts before itself, and may be given a client and a time", async () => {
    const started = outer.start(null, { distributed: true, client, startAt: new Date("2026-01-01"), key: "k" });
    await publish("inner", 4);
    await publish("outer", 7);
    const request = await server.next("POST", "/executions");
    expect(request.json()).toEqual({
      workflow: "outer",
      version: 7,
      input: null,
      key: "k",
      startAt: "2026-01-01T00:00:00.000Z",
    });
    request.answer(201, { id: "exe_1" });
    expect((await started).id).toBe("exe_1");
  });

  it("shows every event before it gives the result, and cancels by the signal", async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const output = inner.execute(null, {
      distributed: true,
      client,
      signal: controller.signal,
      onEvent: ({ sequence }) => seen.push(sequence),
    });
    await publish("inner", 1);
    (await server.next("POST", "/executions")).answer(201, { id: "exe_1" });
    const events = await stream();
    controller.abort(new Error("enough"));
    const cancel = await server.next("POST", "/executions/exe_1/cancel");
    expect(cancel.json()).toEqual({ reason: "enough" });
    cancel.answer(202, { id: "exe_1", status: "cancelled" });
    events.write(event(1) + event(2) + END, { "content-type": "text/event-stream" });
    const result = await server.next("GET", "/executions/exe_1/result?waitMs=60000");
    expect(seen).toEqual([1, 2]);
    result.answer(200, { id: "exe_1", status: "cancelled", error: null });
    (await server.next("GET", "/executions/exe_1/events?after=0&limit=200")).answer(200, page([]));
    await expect(output).rejects.toMatchObject({ code: "EXECUTION_CANCELLED", status: "cancelled" });
  });
});
