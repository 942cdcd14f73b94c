/** The client against a server that the test plays: bodies, errors, repetitions, the stream, the long poll, distributed execution. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CerebelumError,
  Client,
  ExecutionFailedError,
  type HistoryEvent,
  step,
  workflow,
} from "@/worker-sdk/src/index";
import { type ReceivedRequest, ScriptedServer } from "./support/scripted-server";

let server: ScriptedServer;
let client: Client;
const backoff = { initialMs: 1, maxMs: 5 };
const greeting = workflow("greeting").timeline(step("greet", async ({ name }: { name: string }) => `Hello ${name}`));

beforeEach(async () => {
  server = await ScriptedServer.start();
  client = new Client({ url: `${server.url}/`, apiKey: "secret", backoff });
});
afterEach(async () => {
  client.close();
  await server.stop();
});

const keyOf = (request: ReceivedRequest) => request.headers["idempotency-key"];

describe("calls", () => {
  it("publish a workflow or a bare definition, with the key", async () => {
    const published = client.publish(greeting);
    const request = await server.next("POST", "/workflows");
    expect(request.headers.authorization).toBe("Bearer secret");
    expect(request.json()).toEqual({ definition: greeting.definition });
    request.answer(201, { name: "greeting", version: 1, hash: "h", warnings: [] });
    expect(await published).toMatchObject({ version: 1 });
    void client.validate(greeting.definition).catch(() => {});
    expect((await server.next("POST", "/workflows/validate")).json()).toEqual({ definition: greeting.definition });
  });

  it("start, read, list and verify by the documented paths", async () => {
    void client.start({ workflow: greeting, input: { name: "Ada" }, key: "k", tags: ["t"] }).catch(() => {});
    const start = await server.next("POST", "/executions");
    expect(start.json()).toEqual({ workflow: "greeting", input: { name: "Ada" }, key: "k", tags: ["t"] });
    void client.startBatch([{ workflow: "w" }], "mine").catch(() => {});
    const batch = await server.next("POST", "/executions/batch");
    expect([batch.json(), keyOf(batch)]).toEqual([{ executions: [{ workflow: "w" }] }, "mine"]);
    void client.get("key:a/b c").catch(() => {});
    await server.next("GET", "/executions/key:a%2Fb%20c");
    void client.list({ status: "failed", tag: "a&b", limit: 10 }).catch(() => {});
    await server.next("GET", "/executions?status=failed&tag=a%26b&limit=10");
    void client.verify("exe_1").catch(() => {});
    await server.next("POST", "/executions/exe_1/verify");
    void client.cancel("exe_1", { reason: "r" }).catch(() => {});
    expect((await server.next("POST", "/executions/exe_1/cancel")).json()).toEqual({ reason: "r" });
  });

  it("read a history page by page", async () => {
    const history = client.history("exe_1");
    (await server.next("GET", "/executions/exe_1/events?after=0&limit=200")).answer(200, {
      items: [event(1)],
      nextCursor: "1",
    });
    (await server.next("GET", "/executions/exe_1/events?after=1&limit=200")).answer(200, {
      items: [event(2)],
      nextCursor: null,
    });
    expect((await history).map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});

describe("errors", () => {
  it("carry code, status, request id and every finding", async () => {
    const call = client.publish(greeting);
    (await server.next("POST", "/workflows")).answer(422, {
      code: "INVALID_DEFINITION",
      status: 422,
      detail: "2 findings",
      requestId: "req_9",
      errors: [{ path: "/nodes/0", code: "X", message: "Do that." }],
    });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CerebelumError);
    expect(error).toMatchObject({
      code: "INVALID_DEFINITION",
      status: 422,
      requestId: "req_9",
      errors: [{ path: "/nodes/0" }],
    });
    expect((error as Error).message).toContain("/nodes/0: Do that.");
  });

  it("repeat a call that changes something under one idempotency key, through lost answers, 503 and 429", async () => {
    const call = client.start({ workflow: "w" });
    const first = await server.next("POST", "/executions");
    first.drop();
    const second = await server.next("POST", "/executions");
    second.refuse(503, "OUTCOME_UNKNOWN");
    const third = await server.next("POST", "/executions");
    third.refuse(429, "TOO_MANY_REQUESTS", { "retry-after": "0" });
    const last = await server.next("POST", "/executions");
    expect(keyOf(first)).toMatch(/./);
    expect([second, third, last].map(keyOf)).toEqual([first, first, first].map(keyOf));
    last.answer(200, { id: "exe_1" });
    expect(await call).toEqual({ id: "exe_1" });
  });

  it("give up after the patience, and say who did not answer", async () => {
    const impatient = new Client({ url: server.url, backoff, patienceMs: 0 });
    const call = impatient.get("exe_1");
    (await server.next("GET", "/executions/exe_1")).drop();
    await expect(call).rejects.toMatchObject({ code: "UNREACHABLE", status: 0 });
    await expect(call).rejects.toThrow(server.url);
  });

  it("take a cancel as done when only its repetition finds the execution closed", async () => {
    const call = client.cancel("exe_1");
    (await server.next("POST", "/executions/exe_1/cancel")).drop();
    (await server.next("POST", "/executions/exe_1/cancel")).refuse(409, "EXECUTION_CLOSED");
    await call;
    const again = client.cancel("exe_1");
    (await server.next("POST", "/executions/exe_1/cancel")).refuse(409, "EXECUTION_CLOSED");
    await expect(again).rejects.toMatchObject({ code: "EXECUTION_CLOSED" });
  });

  it("refuse an address that is none", () => {
    expect(() => new Client({ url: "localhost:3000" })).toThrow(/must be like http/);
  });
});

describe("the stream", () => {
  const sse = { "content-type": "text/event-stream" };
  const stream = () => server.next("GET", "/executions/exe_1/events/stream");

  it("resumes where it was cut off, without loss or repeat, and ends with the execution", async () => {
    const seen = collect(client.stream("exe_1"));
    const first = await stream();
    expect(first.headers["last-event-id"]).toBe("0");
    first.write(`: hello\n\n${message(1)}${message(2)}id: 3\nevent: Step`, sse);
    await new Promise((resolve) => setImmediate(resolve));
    first.end();
    const second = await stream();
    expect(second.headers["last-event-id"]).toBe("2");
    second.write(`${message(2)}${message(3)}`.replaceAll("\n", "\r\n"), sse);
    second.write(`${message(4)}event: end\ndata: {}\n\n`);
    second.end();
    expect(await seen).toEqual([1, 2, 3, 4]);
  });

  it("outlives a server that is away for a moment, and throws what is refused", async () => {
    const seen = collect(client.stream("exe_1"));
    (await stream()).drop();
    (await stream()).refuse(503, "UNAVAILABLE");
    (await stream()).refuse(404, "EXECUTION_NOT_FOUND");
    await expect(seen).rejects.toMatchObject({ code: "EXECUTION_NOT_FOUND" });
  });

  it("lets go of the connection when nobody reads on", async () => {
    const opened = stream();
    void opened.then((request) => request.write(message(1), sse));
    for await (const { sequence } of client.stream("exe_1")) {
      expect(sequence).toBe(1);
      break;
    }
    await (await opened).gone;
  });

  it("stops at once when its signal aborts", async () => {
    const controller = new AbortController();
    const seen = collect(client.stream("exe_1", { signal: controller.signal }));
    await stream();
    controller.abort(new Error("enough"));
    await expect(seen).rejects.toThrow("enough");
  });
});

describe("a result", () => {
  const path = "/executions/exe_1/result?waitMs=60000";

  it("is waited for over as many polls as it takes, and through a restart of the server", async () => {
    const result = client.result("exe_1");
    (await server.next("GET", path)).answer(202, { id: "exe_1", status: "waiting" });
    (await server.next("GET", path)).drop();
    (await server.next("GET", path)).answer(200, { id: "exe_1", status: "completed", output: 1 });
    expect(await result).toMatchObject({ status: "completed", output: 1 });
  });

  it("of a distributed execution comes by the same call as of a local one", async () => {
    const output = greeting.execute({ name: "Ada" }, { distributed: true, url: server.url, backoff });
    (await server.next("POST", "/workflows")).answer(201, { name: "greeting", version: 3, hash: "h", warnings: [] });
    const start = await server.next("POST", "/executions");
    expect(start.json()).toEqual({ workflow: "greeting", version: 3, input: { name: "Ada" } });
    start.answer(201, { id: "exe_1" });
    (await server.next("GET", path)).answer(200, { id: "exe_1", status: "completed", output: "Hello Ada" });
    expect(await output).toBe("Hello Ada");
  });

  it("of a distributed execution that failed is the same error, with the history", async () => {
    const output = greeting.execute({ name: "Ada" }, { distributed: true, url: server.url, backoff });
    (await server.next("POST", "/workflows")).answer(200, { name: "greeting", version: 1, hash: "h", warnings: [] });
    (await server.next("POST", "/executions")).answer(201, { id: "exe_1" });
    const error = { code: "NO_CARD", message: "no", node: "greet" };
    (await server.next("GET", path)).answer(200, { id: "exe_1", status: "failed", error });
    (await server.next("GET", /events\?/)).answer(200, { items: [event(1)], nextCursor: null });
    const thrown = await output.catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(ExecutionFailedError);
    expect(thrown).toMatchObject({
      code: "NO_CARD",
      executionId: "exe_1",
      status: "failed",
      error,
      history: [{ sequence: 1 }],
    });
  });
});

async function collect(events: AsyncIterable<HistoryEvent>): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of events) sequences.push(sequence);
  return sequences;
}

function event(sequence: number) {
  return {
    sequence,
    type: "StepSkipped",
    at: "2025-01-01T00:00:00.000Z",
    actor: "engine",
    command: 1,
    data: { node: "a", iteration: 1 },
  };
}

function message(sequence: number): string {
  return `id: ${sequence}\nevent: StepSkipped\ndata: ${JSON.stringify(event(sequence))}\n\n`;
}
