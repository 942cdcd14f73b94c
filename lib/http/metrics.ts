/** What Prometheus reads at /metrics. One registry an instance, so that two in one process do not mix. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { EngineMetrics } from "@/lib/engine/metrics";

export interface Metrics {
  engine: EngineMetrics;
  /** `route` is the template, never the path: a path would make a time series of every id. */
  requestDone(route: string, method: string, status: number, durationMs: number): void;
  /** Calls that `read` each time the metrics are read. */
  watch(name: string, help: string, read: () => number): void;
  /** The text format of Prometheus. */
  render(): Promise<string>;
  contentType: string;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function openMetrics(): Metrics {
  const registers = [new Registry()];
  const registry = registers[0] as Registry;
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "cerebelum_http_requests_total",
    help: "Requests by route, method and status",
    labelNames: ["route", "method", "status"] as const,
    registers,
  });
  const requestSeconds = new Histogram({
    name: "cerebelum_http_request_duration_seconds",
    help: "From the request's head to its answer; parked polls and streams count their wait",
    labelNames: ["route"] as const,
    buckets: SECONDS,
    registers,
  });
  return {
    engine: engineMetrics(registers),
    requestDone(route, method, status, durationMs) {
      requests.inc({ route, method, status });
      requestSeconds.observe({ route }, durationMs / 1000);
    },
    watch(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function engineMetrics(registers: Registry[]): EngineMetrics {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `cerebelum_${name}`, help, labelNames, registers });
  const started = counter("executions_started_total", "Executions started");
  const closed = counter("executions_closed_total", "Executions closed, by final status", "status");
  const steps = counter("steps_total", "Steps ended, by outcome", "outcome");
  const leased = counter("tasks_leased_total", "Tasks handed to workers");
  const events = counter("events_total", "Events appended to histories");
  const commands = counter("commands_total", "Commands applied");
  const trouble = counter("flush_trouble_total", "Flushes that were repeated, split or failed", "kind");
  const expired = counter("leases_expired_total", "Leases that ran out");
  const flushSeconds = new Histogram({
    name: "cerebelum_flush_duration_seconds",
    help: "One flush, from its statement to its commit",
    buckets: SECONDS,
    registers,
  });
  const flushCommands = new Histogram({
    name: "cerebelum_flush_commands",
    help: "Commands that one flush took",
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
    registers,
  });
  return {
    executionStarted: () => started.inc(),
    executionClosed: (status) => closed.inc({ status }),
    stepEnded: (outcome) => steps.inc({ outcome }),
    taskLeased: (count) => leased.inc(count),
    flushed(flush) {
      commands.inc(flush.commands);
      events.inc(flush.events);
      flushSeconds.observe(flush.durationMs / 1000);
      flushCommands.observe(flush.commands);
    },
    flushTroubled: (kind) => trouble.inc({ kind }),
    leaseExpired: (count) => expired.inc(count),
  };
}
