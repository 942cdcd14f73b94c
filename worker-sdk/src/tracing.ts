/**
 * Traces across server, worker and the calls that handlers make. With `@opentelemetry/api` handed in, handlers run in a span
 * of their own, so that whatever is instrumented nests below it; without it, the trace is carried on by its name alone.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { formatTraceparent, parseTraceparent } from "@/lib/contract/traceparent";
import type { Outcome } from "./handler/outcome";
import { SDK_VERSION } from "./version";

/**
 * What is used of the module `@opentelemetry/api`: hand it in as it is.
 *
 *     import * as opentelemetry from "@opentelemetry/api";
 *     new Worker({ workflows: [onboarding], tracing: opentelemetry });
 */
export interface Tracing {
  readonly trace: {
    getTracer(name: string, version?: string): TracingTracer;
    getActiveSpan(): TracingSpan | undefined;
    setSpan(context: TracingContext, span: TracingSpan): TracingContext;
    deleteSpan(context: TracingContext): TracingContext;
    setSpanContext(context: TracingContext, spanContext: TracingSpanContext & { isRemote: boolean }): TracingContext;
  };
  readonly context: {
    active(): TracingContext;
    with<Result>(context: TracingContext, fn: () => Result): Result;
  };
}

export interface TracingContext {
  getValue(key: symbol): unknown;
}

export interface TracingSpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

export interface TracingTracer {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: Record<string, string | number> },
    context?: TracingContext,
  ): TracingSpan;
}

export interface TracingSpan {
  spanContext(): TracingSpanContext;
  setAttribute(key: string, value: string): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  recordException(exception: { name: string; message: string; stack?: string }): void;
  end(): void;
}

/** `SpanKind.CONSUMER` and `SpanStatusCode.ERROR` of OpenTelemetry. */
const CONSUMER = 4;
const ERROR = 2;

/** What is known of a task when its handler begins. */
export interface TracedTask {
  executionId: string;
  workflow: string;
  node: string;
  attempt: number;
  task: string;
  taskId: string;
  traceparent?: string;
}

/** In which trace the handler runs that this is called from. */
const current = new AsyncLocalStorage<string>();

/** Runs a handler in the task's trace; its outcome ends the span. Without a trace and without `tracing` it just runs. */
export function runTraced(
  tracing: Tracing | undefined,
  task: TracedTask,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const { traceparent } = task;
  if (tracing === undefined) return traceparent === undefined ? run() : current.run(traceparent, run);
  const above = contextOf(tracing, traceparent);
  const { executionId, workflow, node, attempt, taskId } = task;
  const attributes = {
    "cerebelum.execution.id": executionId,
    "cerebelum.workflow": workflow,
    "cerebelum.node": node,
    "cerebelum.attempt": attempt,
    "cerebelum.task.id": taskId,
  };
  const tracer = tracing.trace.getTracer("@cerebelum/sdk", SDK_VERSION);
  const span = tracer.startSpan(`task ${task.task}`, { kind: CONSUMER, attributes }, above);
  const inside = () => current.run(traceparentOf(span), run);
  return tracing.context.with(tracing.trace.setSpan(above, span), inside).then((outcome) => {
    end(span, outcome);
    return outcome;
  });
}

/** What a call made here is to go on from; undefined outside of any trace. */
export function currentTraceparent(tracing: Tracing | undefined): string | undefined {
  const active = tracing?.trace.getActiveSpan();
  return active === undefined ? current.getStore() : traceparentOf(active);
}

function end(span: TracingSpan, outcome: Outcome): void {
  span.setAttribute("cerebelum.outcome", outcome.status);
  if (outcome.status === "failed") {
    const { code, message, stack } = outcome.error;
    span.setAttribute("error.type", code);
    span.recordException({ name: code, message, stack });
    span.setStatus({ code: ERROR, message: code });
  }
  span.end();
}

/** Never below whatever was active when the worker was started. */
function contextOf({ trace, context }: Tracing, traceparent: string | undefined): TracingContext {
  const parsed = traceparent === undefined ? null : parseTraceparent(traceparent);
  if (parsed === null) return trace.deleteSpan(context.active());
  const { traceId, spanId, flags } = parsed;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(context.active(), { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: TracingSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, flags: (traceFlags & 0xff).toString(16).padStart(2, "0") });
}
