/** What Prometheus reads at /metrics. One registry an instance, so that two in one process do not mix. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { GaugesRow } from "@/db/queries/gauges";
import type { EngineMetrics } from "@/lib/engine/metrics";

export interface Metrics {
  engine: EngineMetrics;
  /** `route` is the template, never the path: a path would make a time series of every id. */
  requestDone(route: string, method: string, status: number, durationMs: number): void;
  /** An event stream was opened (1) or closed (-1). */
  streams(change: 1 | -1): void;
  /** Calls `read` each time the metrics are read. */
  watch(name: string, help: string, read: () => number | Promise<number>): void;
  /** The same of a number that only grows. */
  watchTotal(name: string, help: string, read: () => number): void;
  /** Adds what the database tells; `read` is asked each time, and may give null. */
  watchDatabase(read: () => Promise<GaugesRow | null>): void;
  /** The text format of Prometheus. */
  render(): Promise<string>;
  contentType: string;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const LONG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
/** Names of workflows that have series of their own; those met later share one. */
const WORKFLOWS_MAX = 100;
const OTHERS = "(other)";

export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
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
  const streams = new Gauge({ name: "cerebelum_event_streams", help: "Event streams that are open", registers });
  return {
    engine: engineMetrics(registers),
    requestDone(route, method, status, durationMs) {
      requests.inc({ route, method, status });
      requestSeconds.observe({ route }, durationMs / 1000);
    },
    streams: (change) => streams.inc(change),
    watch(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read());
        },
      });
    },
    watchTotal(name, help, read) {
      new Counter({
        name,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },
    watchDatabase: (read) => databaseMetrics(registers, read),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function engineMetrics(registers: Registry[]): EngineMetrics {
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `cerebelum_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `cerebelum_${name}`, help, buckets, registers });
  const workflows = boundedNames(WORKFLOWS_MAX);
  const started = counter("executions_started_total", "Executions started, by workflow", "workflow");
  const closed = counter("executions_closed_total", "Executions closed, by status and workflow", "status", "workflow");
  const steps = counter("steps_total", "Steps ended, by outcome", "outcome");
  const leased = counter("tasks_leased_total", "Tasks handed to workers");
  const events = counter("events_total", "Events appended to histories");
  const commands = counter("commands_total", "Commands applied");
  const trouble = counter("flush_trouble_total", "Flushes that were repeated, split or failed", "kind");
  const expired = counter("leases_expired_total", "Leases that ran out");
  const waitSeconds = histogram(
    "task_schedule_to_start_seconds",
    "From the moment a task was ready to its lease",
    LONG_SECONDS,
  );
  const runSeconds = histogram("task_run_seconds", "From a task's lease to its result", LONG_SECONDS);
  const lateSeconds = histogram(
    "wake_lateness_seconds",
    "How long after its time what came due was applied",
    LONG_SECONDS,
  );
  const flushSeconds = histogram("flush_duration_seconds", "One flush, from its statement to its commit", SECONDS);
  const flushCommands = histogram(
    "flush_commands",
    "Commands that one flush took",
    [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000],
  );
  return {
    executionStarted: (workflow) => started.inc({ workflow: workflows(workflow) }),
    executionClosed: (status, workflow) => closed.inc({ status, workflow: workflows(workflow) }),
    stepEnded: (outcome) => steps.inc({ outcome }),
    tasksLeased(waitedMs) {
      leased.inc(waitedMs.length);
      for (const ms of waitedMs) waitSeconds.observe(ms / 1000);
    },
    taskRan: (ranMs) => runSeconds.observe(ranMs / 1000),
    woken: (latenessMs) => lateSeconds.observe(latenessMs / 1000),
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

/** The name itself for the first of them; what people may make up at will must not become series without end. */
function boundedNames(max: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= max) return OTHERS;
    known.add(name);
    return name;
  };
}

/** All namespaces together, and the same in every process: Prometheus takes the greatest, not the sum. */
function databaseMetrics(registers: Registry[], read: () => Promise<GaugesRow | null>): void {
  const gauge = (name: string, help: string, value: (row: GaugesRow) => number) =>
    new Gauge({
      name: `cerebelum_${name}`,
      help,
      registers,
      async collect() {
        const row = await read();
        if (row === null) this.remove();
        else this.set(value(row));
      },
    });
  gauge("tasks_running", "Tasks that workers hold", (row) => row.running_tasks);
  gauge("workers_online", "Workers that were heard of lately", (row) => row.workers);
  gauge("dead_letters_open", "Dead letters that nobody has dealt with", (row) => row.dead_letters);
  gauge("approvals_pending", "Approvals that nobody has decided", (row) => row.approvals);
  gauge(
    "wake_overdue_seconds",
    "By how much the earliest deadline of an execution is overdue",
    (row) => row.wake_overdue,
  );
  gauge("job_overdue_seconds", "By how much the next job of graphile-worker is overdue", (row) => row.job_overdue);
  new Gauge({
    name: "cerebelum_executions_open",
    help: "Executions that are not closed, by status",
    labelNames: ["status"] as const,
    registers,
    async collect() {
      const row = await read();
      this.reset();
      for (const [status, count] of Object.entries(row?.open ?? {})) this.set({ status }, count);
    },
  });
  const queueGauge = (name: string, help: string, value: "ready" | "oldest") =>
    new Gauge({
      name: `cerebelum_${name}`,
      help,
      labelNames: ["namespace", "queue"] as const,
      registers,
      async collect() {
        const row = await read();
        this.reset();
        for (const { namespace, queue, [value]: measured } of row?.queues ?? [])
          this.set({ namespace, queue }, measured);
      },
    });
  queueGauge("queue_ready", "Tasks that wait for a worker, of the queues that have any", "ready");
  queueGauge("queue_oldest_ready_seconds", "How long the oldest of them has waited", "oldest");
}
