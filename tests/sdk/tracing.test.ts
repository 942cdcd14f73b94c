/** Traces in a worker: what a handler is told of its trace, what it sends on, and the span that it runs in. */
import * as opentelemetry from "@opentelemetry/api";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { describe, expect, it, onTestFinished } from "vitest";
import { Client, NonRetryableError, step, type Tracing } from "@/worker-sdk/src/index";
import { installContext } from "../support/open-telemetry";
import { startWorker, task } from "./support/worker-harness";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

/** A worker whose handler starts an execution; what the server is sent with that. */
async function startedInside(options: { tracing?: Tracing; task?: Record<string, unknown> }) {
  const told: (string | undefined)[] = [];
  const url = { now: "" };
  const starting = step("starting", async (_: null, context) => {
    told.push(context.traceparent);
    const client = new Client({ url: url.now, tracing: options.tracing });
    await client.start({ workflow: "next" });
    client.close();
    return null;
  });
  const { server, parked, delivery } = await startWorker({ steps: [starting], tracing: options.tracing });
  url.now = server.url;
  (await parked()).answer(200, { acks: [], tasks: [task("starting", null, options.task)] });
  const start = await server.next("POST", "/executions");
  start.answer(201, { id: "exe_1" });
  const delivered = await delivery();
  delivered.answer(200, { acks: [], tasks: [] });
  return { sent: start.headers.traceparent, told };
}

function telemetry() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  opentelemetry.trace.setGlobalTracerProvider(provider);
  installContext();
  onTestFinished(() => {
    opentelemetry.trace.disable();
    opentelemetry.context.disable();
  });
  return exporter;
}

describe("a handler whose task has a trace", () => {
  it("is told of it, and what it starts goes on in it", async () => {
    expect(await startedInside({ task: { traceparent } })).toEqual({ sent: traceparent, told: [traceparent] });
  });

  it("runs in a span below it where OpenTelemetry is handed in, and what it starts goes on below that", async () => {
    const exporter = telemetry();
    const { sent } = await startedInside({ task: { traceparent }, tracing: opentelemetry });
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: "task starting",
      kind: opentelemetry.SpanKind.CONSUMER,
      parentSpanContext: { traceId: TRACE, spanId: "b7ad6b7169203331" },
      attributes: { "cerebelum.outcome": "completed", "cerebelum.node": "starting", "cerebelum.attempt": 1 },
    });
    expect(sent).toBe(`00-${TRACE}-${span?.spanContext().spanId}-01`);
  });
});

describe("a handler whose task has none", () => {
  it("is told of none, and sends none", async () => {
    expect(await startedInside({})).toEqual({ sent: undefined, told: [undefined] });
  });

  it("begins a trace where OpenTelemetry is handed in", async () => {
    const exporter = telemetry();
    const { sent } = await startedInside({ tracing: opentelemetry });
    const [span] = exporter.getFinishedSpans();
    expect(span?.parentSpanContext).toBeUndefined();
    expect(sent).toBe(`00-${span?.spanContext().traceId}-${span?.spanContext().spanId}-01`);
  });
});

it("a failure marks the span with its code", async () => {
  const exporter = telemetry();
  const failing = step("failing", async () => {
    throw new NonRetryableError("the card was refused", { code: "CARD_REFUSED" });
  });
  const { parked, delivery } = await startWorker({ steps: [failing], tracing: opentelemetry });
  (await parked()).answer(200, { acks: [], tasks: [task("failing", null, { traceparent })] });
  (await delivery()).answer(200, { acks: [], tasks: [] });
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({
    status: { code: opentelemetry.SpanStatusCode.ERROR, message: "CARD_REFUSED" },
    attributes: { "error.type": "CARD_REFUSED", "cerebelum.outcome": "failed" },
    events: [{ name: "exception" }],
  });
});
