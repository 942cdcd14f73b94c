// Traces from a caller over the server to a worker's handler and back, at a receiver that the test plays.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Client, child, signal, sleep, step, Worker, workflow } from "@/worker-sdk/src/index";
import { setUpOpenTelemetry } from "../support/open-telemetry";
import { OtlpReceiver } from "../support/otlp-receiver";
import { createDatabase, type TestDatabase } from "../support/postgres";
import { API_KEY, startServer, type TestServer } from "./support";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const traceparent = `00-${TRACE}-${CALLER}-01`;

let database: TestDatabase;
let receiver: OtlpReceiver;
let server: TestServer;
const open: { stop(options: { graceMs: number }): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createDatabase();
  receiver = await OtlpReceiver.start();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((worker) => worker.stop({ graceMs: 0 })));
  receiver.spans.length = 0;
});
afterAll(async () => {
  await receiver.stop();
  await database.drop();
});

const traced = () => startServer({ database, settings: { CEREBELUM_OTLP_URL: receiver.url } });
const client = () => new Client({ url: server.url, apiKey: API_KEY });

async function work(options: Partial<ConstructorParameters<typeof Worker>[0]>): Promise<void> {
  const worker = new Worker({ url: server.url, apiKey: API_KEY, log: () => {}, ...options });
  open.push(worker);
  await worker.start();
}

async function finished(id: string): Promise<void> {
  const answer = await server.call("GET", `executions/${id}/result?waitMs=20000`);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200, body: { status: "completed" } });
}

describe("with a receiver of traces", () => {
  it("one trace goes from the caller over the engine to the handler and to what the handler starts", async () => {
    server = await traced();
    const telemetry = setUpOpenTelemetry(receiver.url);
    const told: { traceparent?: string; second?: string } = {};
    const second = workflow("traced_second").timeline(step("finish", async () => 2));
    const nested = workflow("traced_child").timeline(step("below", async () => 1));
    const first = workflow("traced_first").timeline(
      step("hand_on", async (_: null, context) => {
        told.traceparent = context.traceparent;
        const started = await client().start({ workflow: "traced_second", input: 1 });
        told.second = started.id;
        return null;
      }),
      sleep("1ms", { id: "pause" }),
      child(nested, { id: "ask" }),
    );
    for (const one of [second, nested, first]) await client().publish(one);
    await work({ workflows: [first, second, nested], tracing: telemetry.api });

    const started = await server.call(
      "POST",
      "executions",
      { workflow: "traced_first", input: null },
      { headers: { traceparent } },
    );
    await finished(started.body.id);
    await finished(told.second ?? "");
    await open.pop()?.stop({ graceMs: 5_000 });
    await telemetry.end();
    await server.close();

    const calls = receiver.named("POST /api/v1/executions");
    const [call, inner] = [CALLER, receiver.one("task hand_on").spanId].map((parent) =>
      calls.find(({ parentSpanId }) => parentSpanId === parent),
    );
    const execution = receiver.one("execution traced_first");
    const dispatch = receiver.one("step hand_on");
    expect(execution.parentSpanId).toBe(call?.spanId);
    expect(dispatch.parentSpanId).toBe(execution.spanId);
    expect(told.traceparent).toBe(`00-${TRACE}-${dispatch.spanId}-01`);
    expect(receiver.one("task hand_on").parentSpanId).toBe(dispatch.spanId);
    expect(receiver.one("execution traced_second").parentSpanId).toBe(inner?.spanId);
    expect(receiver.one("execution traced_child").parentSpanId).toBe(execution.spanId);
    expect(receiver.one("sleep pause").parentSpanId).toBe(execution.spanId);
    expect(receiver.one("child ask").parentSpanId).toBe(execution.spanId);
    expect(receiver.one("task below").parentSpanId).toBe(receiver.one("step below").spanId);
    expect(dispatch.attributes).toMatchObject({
      "cerebelum.execution.id": started.body.id,
      "cerebelum.workflow": "traced_first",
      "cerebelum.node": "hand_on",
      "cerebelum.attempt": 1,
      "cerebelum.queued_ms": expect.any(Number),
      "cerebelum.ran_ms": expect.any(Number),
    });
    expect(dispatch.startedAt).toBeLessThanOrEqual(dispatch.endedAt);
    const ofTrace = receiver.spans.filter(({ traceId }) => traceId === TRACE);
    expect(ofTrace.map(({ name }) => name).sort()).toEqual(
      [
        "POST /api/v1/executions",
        "POST /api/v1/executions",
        "execution traced_first",
        "execution traced_second",
        "execution traced_child",
        "step hand_on",
        "step finish",
        "step below",
        "task hand_on",
        "task finish",
        "task below",
        "sleep pause",
        "child ask",
      ].sort(),
    );
    expect([...receiver.paths]).toEqual(["/v1/traces"]);
  });

  it("the trace outlives the server that began it, and a failure is told by its code alone", async () => {
    server = await traced();
    const waiting = workflow("traced_wait").timeline(
      signal("wake_up"),
      step("break_down", async () => Promise.reject(new Error("a secret of the input")), { retry: { maxAttempts: 1 } }),
    );
    await client().publish(waiting);
    const { body } = await server.call(
      "POST",
      "executions",
      { workflow: "traced_wait", input: null },
      { headers: { traceparent } },
    );
    await server.close();

    server = await traced();
    await work({ workflows: [waiting] });
    await server.call("POST", `executions/${body.id}/signals/wake_up`, {});
    const closed = await server.call("GET", `executions/${body.id}/result?waitMs=20000`);
    expect(closed.body.status).toBe("failed");
    await open.pop()?.stop({ graceMs: 5_000 });
    await server.close();

    const dispatch = receiver.one("step break_down");
    expect(dispatch).toMatchObject({ traceId: TRACE, status: 2 });
    expect(receiver.one("execution traced_wait")).toMatchObject({ traceId: TRACE, status: 2 });
    expect(receiver.one("signal wake_up")).toMatchObject({ traceId: TRACE, parentSpanId: dispatch.parentSpanId });
    expect(JSON.stringify(receiver.spans)).not.toContain("a secret of the input");
  });

  it("a caller without a trace begins one, and one that is not recorded stays so", async () => {
    server = await traced();
    await client().publish(workflow("traced_alone").timeline(step("alone", async () => 1)));
    const begun = await server.call("POST", "executions", { workflow: "traced_alone" });
    const silent = await server.call(
      "POST",
      "executions",
      { workflow: "traced_alone" },
      { headers: { traceparent: `00-${TRACE}-${CALLER}-00` } },
    );
    const broken = await server.call(
      "POST",
      "executions",
      { workflow: "traced_alone" },
      { headers: { traceparent: "00-no-trace-at-all" } },
    );
    const traceOf = async ({ body }: { body: { id: string } }) =>
      (await server.call("GET", `executions/${body.id}/events`)).body.items[0].data.trace;
    expect(await traceOf(begun)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(await traceOf(broken)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(await traceOf(silent)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
    await server.close();
    expect(receiver.spans.filter(({ traceId }) => traceId === TRACE)).toEqual([]);
    expect(receiver.named("POST /api/v1/executions")).toHaveLength(2);
  });

  it("a receiver that refuses everything costs no call", async () => {
    receiver.status = 400;
    server = await traced();
    const { status } = await server.call("POST", "executions", { workflow: "traced_alone" });
    await server.close();
    receiver.status = 200;
    expect(status).toBe(201);
    expect(receiver.spans).toEqual([]);
  });
});

describe("without a receiver", () => {
  it("no trace is stored or sent", async () => {
    server = await startServer({ database });
    const seen: (string | undefined)[] = [];
    const plain = workflow("untraced").timeline(
      step("look", async (_: null, context) => void seen.push(context.traceparent)),
    );
    await client().publish(plain);
    await work({ workflows: [plain] });
    const { body } = await server.call(
      "POST",
      "executions",
      { workflow: "untraced", input: null },
      { headers: { traceparent } },
    );
    await finished(body.id);
    const { items } = (await server.call("GET", `executions/${body.id}/events`)).body;
    expect(JSON.stringify(items)).not.toContain(TRACE);
    expect(seen).toEqual([undefined]);
    expect(server.instance.traces).toBeNull();
    await open.pop()?.stop({ graceMs: 0 });
    await server.close();
    expect(receiver.spans).toEqual([]);
  });
});
