// OpenTelemetry as somebody's own program sets it up: a context that follows promises, and spans sent as they end.
import { AsyncLocalStorage } from "node:async_hooks";
import * as opentelemetry from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BasicTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";

const storage = new AsyncLocalStorage<opentelemetry.Context>();

export function installContext(): void {
  opentelemetry.context.setGlobalContextManager({
    active: () => storage.getStore() ?? opentelemetry.ROOT_CONTEXT,
    with: (context, fn, thisArg, ...args) => storage.run(context, () => fn.call(thisArg, ...args)),
    bind: (_context, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
}

/** @param url of the receiver; `end` sends what is left and leaves the module as it was */
export function setUpOpenTelemetry(url: string): { api: typeof opentelemetry; end(): Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  opentelemetry.trace.setGlobalTracerProvider(provider);
  installContext();
  return {
    api: opentelemetry,
    async end() {
      await provider.shutdown();
      opentelemetry.trace.disable();
      opentelemetry.context.disable();
    },
  };
}
