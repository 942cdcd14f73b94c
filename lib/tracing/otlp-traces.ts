/**
 * Spans sent by OTLP over HTTP, in batches, from a queue that drops what it cannot hold: a receiver that is slow or away
 * costs spans, never a call. The standard variables of OpenTelemetry (`OTEL_TRACES_SAMPLER`, `OTEL_BSP_…`,
 * `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`) hold.
 */
import { randomBytes } from "node:crypto";
import {
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-base";
import { formatTraceparent, parseTraceparent } from "@/lib/contract/traceparent";
import type { Log } from "@/lib/log";
import type { Attributes, OpenSpan, Span, Traces } from "./traces";

const QUEUE_SPANS = 8_192;
const BATCH_SPANS = 512;
const EXPORT_TIMEOUT_MS = 5_000;
const CLOSE_WITHIN_MS = 3_000;

export class OtlpTraces implements Traces {
  readonly #ids = new GivenIds();
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  /** @param url of the receiver; without a path, `/v1/traces` is meant */
  constructor(url: string, log: Log) {
    const exporter = new Told(new OTLPTraceExporter({ url: tracesUrl(url), timeoutMillis: EXPORT_TIMEOUT_MS }), log);
    this.#provider = new BasicTracerProvider({
      idGenerator: this.#ids,
      resource: resourceFromAttributes({ "service.name": "cerebelum" })
        .merge(detectResources({ detectors: [envDetector] }))
        .merge(resourceFromAttributes({ "service.instance.id": randomBytes(8).toString("hex") })),
      spanProcessors: [
        new BatchSpanProcessor(exporter, { maxQueueSize: QUEUE_SPANS, maxExportBatchSize: BATCH_SPANS }),
      ],
    });
    this.#tracer = this.#provider.getTracer("cerebelum");
  }

  begin(name: string, parent: string | null, attributes: Attributes): OpenSpan {
    const span = this.#tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, contextOf(parent));
    return {
      traceparent: traceparentOf(span),
      end(more, failed) {
        span.setAttributes(more);
        finish(span, failed);
      },
    };
  }

  root(name: string, attributes: Attributes): string {
    const span = this.#tracer.startSpan(name, { attributes }, ROOT_CONTEXT);
    span.end();
    return traceparentOf(span);
  }

  record({ name, parent, spanId, startedAt, endedAt, attributes, failed }: Span): void {
    this.#ids.next = spanId;
    const span = this.#tracer.startSpan(name, { startTime: startedAt, attributes }, contextOf(parent));
    this.#ids.next = null;
    finish(span, failed, endedAt);
  }

  async close(): Promise<void> {
    const closed = this.#provider.shutdown().catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_WITHIN_MS)))]);
    clearTimeout(timer);
  }
}

function finish(span: SdkSpan, failed: string | null, endedAt?: number): void {
  if (failed !== null) {
    span.setAttribute("error.type", failed);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endedAt);
}

function contextOf(traceparent: string | null): Context {
  const parsed = traceparent === null ? null : parseTraceparent(traceparent);
  if (parsed === null) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = parsed;
  const traceFlags = Number.parseInt(flags, 16) & 1;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: SdkSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return formatTraceparent({ traceId, spanId, flags: (traceFlags & 1) === 1 ? "01" : "00" });
}

function tracesUrl(url: string): string {
  const parsed = new URL(url);
  if (parsed.pathname === "/") parsed.pathname = "/v1/traces";
  return parsed.href;
}

/** Random ids, but for the span whose id was given: spans are started in the turn in which it is. */
class GivenIds implements IdGenerator {
  next: string | null = null;

  generateTraceId(): string {
    return nonZero(16);
  }

  generateSpanId(): string {
    return this.next ?? nonZero(8);
  }
}

function nonZero(bytes: number): string {
  for (;;) {
    const id = randomBytes(bytes);
    if (id.some((byte) => byte !== 0)) return id.toString("hex");
  }
}

/** Says once that the receiver is away, and once that it is back. */
class Told implements SpanExporter {
  #away = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Log,
  ) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter["export"]>[1]): void {
    this.exporter.export(spans, (result) => {
      const failed = result.error !== undefined || result.code !== 0;
      if (failed !== this.#away) {
        this.#away = failed;
        if (failed) this.log.warn({ error: result.error }, "traces cannot be sent; they are dropped meanwhile");
        else this.log.info("traces can be sent again");
      }
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }
}
