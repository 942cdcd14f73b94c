/**
 * A worker: takes tasks, runs their handlers, delivers what came of them.
 *
 *     registered ──▶ running ──stop()──▶ draining ──nothing runs, all delivered──▶ left
 *
 * Two kinds of poll are under way at once. One is parked: it waits for work with the capacity that is free. The others
 * carry results, never wait, and ask for as much as they free, so that the next step comes back with the
 * acknowledgement of the last. What runs and what is asked for never exceed the capacity together.
 */
import { hostname } from "node:os";
import { POLL_WAIT_MAX_MS } from "@/lib/contract/limits";
import type { HeartbeatAnswer, Task } from "@/lib/contract/workers";
import type { AnyWorkflow } from "../any-workflow";
import { deferred } from "../deferred";
import type { AnyStep } from "../dsl/step";
import { CerebelumError } from "../errors";
import type { Outcome } from "../handler/outcome";
import { MESSAGE_CHARACTERS, Room } from "../handler/room";
import { BACKOFF, type Backoff, pause } from "../remote/backoff";
import { type ConnectionOptions, connectionOf } from "../remote/settings";
import { Transport } from "../remote/transport";
import { runTraced, type Tracing } from "../tracing";
import { SDK_VERSION } from "../version";
import { handlersOf, queuesOf } from "./handlers";
import { Heart } from "./heart";
import { consoleLog, type Log } from "./log";
import { Outbox, type PendingResult } from "./outbox";
import { Session } from "./session";
import { type Report, reportText, TaskRun } from "./task-run";

export interface WorkerOptions extends ConnectionOptions {
  /** Whose steps it runs. */
  workflows?: readonly AnyWorkflow[];
  /** Steps beside those of `workflows`. */
  steps?: readonly AnyStep[];
  /** Default: the queues that its steps name. */
  queues?: readonly string[];
  /** How many tasks at a time, 1 to 1,000. Default 20. */
  capacity?: number;
  /** What the list of workers shows. Default host name and process id. */
  name?: string;
  metadata?: Record<string, string | number | boolean>;
  /** Between two tries of one call. Default 100 ms, doubling up to 3 s, jittered. */
  backoff?: Backoff;
  /** Default: warnings and errors to the console. */
  log?: Log;
  /** The module `@opentelemetry/api`: then each handler runs in an active span of its own, `task <name>`. */
  tracing?: Tracing;
}

export interface StopOptions {
  /** How long running handlers may go on before their signals abort. Default 30 s. */
  graceMs?: number;
}

/** Enough to keep results flowing while one call is under way; more would only cut the batches smaller. */
const DELIVERIES = 4;
/** How long a stopping worker tries to hand in what it has. */
const DELIVER_MS = 10_000;

export class Worker {
  private readonly handlers: ReadonlyMap<string, AnyStep>;
  private readonly capacity: number;
  private readonly log: Log;
  private readonly tracing: Tracing | undefined;
  private readonly backoff: Backoff;
  private readonly transport: Transport;
  private readonly session: Session;
  private readonly outbox = new Outbox();
  private readonly heart: Heart;
  private readonly runs = new Set<TaskRun>();
  private readonly byTask = new Map<string, TaskRun>();
  /** Ends the parked poll, so that nothing new comes. */
  private readonly draining = new AbortController();
  /** Ends everything else. */
  private readonly ended = new AbortController();
  private parked = false;
  private deliveries = 0;
  private deliveryScheduled = false;
  /** Capacity that polls under way have asked for. */
  private asked = 0;
  private stopping: Promise<void> | undefined;
  private onIdle: (() => void) | undefined;

  constructor(options: WorkerOptions) {
    this.handlers = handlersOf(options);
    this.capacity = options.capacity ?? 20;
    this.log = options.log ?? consoleLog;
    this.tracing = options.tracing;
    this.transport = new Transport(connectionOf(options));
    const registration = {
      name: options.name ?? `${hostname()}-${process.pid}`,
      queues: [...(options.queues ?? queuesOf(options))],
      tasks: [...this.handlers.keys()],
      language: "typescript",
      sdkVersion: SDK_VERSION,
      capacity: this.capacity,
      metadata: { host: hostname(), pid: process.pid, node: process.version, ...options.metadata },
    };
    this.backoff = options.backoff ?? BACKOFF;
    this.session = new Session(this.transport, registration, this.backoff, this.log, this.ended.signal);
    this.heart = new Heart(
      () => this.session.heartbeatIntervalMs,
      () => this.beat(),
    );
  }

  /** How many handlers run now. */
  get running(): number {
    return this.runs.size;
  }

  /**
   * Registers and begins to take tasks; waits for a server that is not up yet.
   * @throws CerebelumError when the server refuses this worker: a wrong key, a name that cannot be.
   */
  async start(): Promise<void> {
    try {
      await this.session.register();
    } catch (error) {
      if (!this.ended.signal.aborted) throw error;
    }
    this.park();
  }

  /** Starts, and on SIGINT or SIGTERM stops with grace; resolves once stopped. The whole of a worker process. */
  async run(options: StopOptions = {}): Promise<void> {
    const { promise, resolve } = deferred();
    const stop = () => void this.stop(options).then(resolve);
    process.once("SIGINT", stop).once("SIGTERM", stop);
    this.draining.signal.addEventListener("abort", stop, { once: true });
    try {
      await this.start();
      await promise;
    } finally {
      process.off("SIGINT", stop).off("SIGTERM", stop);
    }
  }

  /**
   * Takes nothing new, lets handlers finish, delivers every result and leaves. Handlers that are still running after
   * `graceMs` are told to abort; their tasks go to other workers, without using up an attempt. The same call again
   * gives the same promise.
   */
  stop(options: StopOptions = {}): Promise<void> {
    // In a turn of its own: whoever calls again because of the drain must find this promise, not begin another drain.
    this.stopping ??= Promise.resolve().then(() => this.drain(options.graceMs ?? 30_000));
    return this.stopping;
  }

  private get free(): number {
    return this.draining.signal.aborted ? 0 : Math.max(0, this.capacity - this.runs.size - this.asked);
  }

  private park(): void {
    if (this.parked || this.free === 0) return;
    this.parked = true;
    void this.ask([], POLL_WAIT_MAX_MS, this.draining.signal).finally(() => {
      this.parked = false;
      this.park();
    });
  }

  /** Results that end in the same turn of the event loop go together; none waits longer. */
  private deliverSoon(): void {
    if (this.deliveryScheduled) return;
    this.deliveryScheduled = true;
    setImmediate(() => {
      this.deliveryScheduled = false;
      this.deliver();
    });
  }

  private deliver(): void {
    while (this.deliveries < DELIVERIES && this.outbox.hasWaiting && !this.ended.signal.aborted) {
      this.deliveries++;
      void this.ask(this.outbox.take(), 0, this.ended.signal).finally(() => {
        this.deliveries--;
        this.deliver();
        this.park();
        this.reportIdle();
      });
    }
  }

  private async ask(batch: readonly PendingResult[], waitMs: number, signal: AbortSignal): Promise<void> {
    const capacity = this.free;
    this.asked += capacity;
    try {
      const results = batch.map(({ text }) => text);
      const answer = await this.session.poll({ capacity, waitMs, results }, signal);
      this.asked -= capacity;
      const left = this.outbox.settle(batch, answer?.acks ?? []);
      for (const task of answer?.tasks ?? []) this.take(task);
      if (left > 0) await pause(this.backoff.initialMs, signal);
    } catch (error) {
      this.asked -= capacity;
      if (!(error instanceof CerebelumError)) throw error;
      const dropped = this.outbox.refuse(batch, error.code, error.message);
      this.log("error", "The server refuses a poll", { error: error.message, dropped: dropped?.taskId });
      if (batch.length === 0) await pause(this.backoff.maxMs, signal);
    }
  }

  private take(task: Task): void {
    if (this.draining.signal.aborted || this.outbox.has(task)) return;
    const earlier = this.byTask.get(task.taskId);
    if (earlier?.task.leaseToken === task.leaseToken) return;
    earlier?.abandon("The task was given out anew");
    const step = this.handlers.get(task.task);
    if (step === undefined) {
      const error = { code: "UNKNOWN_TASK", message: `This worker has no handler named ${task.task}` };
      this.outbox.add(task, { status: "failed", error });
      this.deliverSoon();
      return;
    }
    const run = new TaskRun(task, step, () => this.heart.soon());
    this.runs.add(run);
    this.byTask.set(task.taskId, run);
    this.heart.start();
    void runTraced(this.tracing, task, () => run.run()).then((outcome) => this.finish(run, outcome));
  }

  /** Hands in how the task ended; what one result cannot carry goes ahead of it. */
  private async finish(run: TaskRun, outcome: Outcome): Promise<void> {
    while (run.needsHeartbeat && !this.ended.signal.aborted) await this.heart.next();
    const { task } = run;
    this.runs.delete(run);
    if (this.byTask.get(task.taskId) === run) this.byTask.delete(task.taskId);
    if (run.isAbandoned) this.park();
    else {
      this.outbox.add(task, outcome, run.rest());
      this.deliverSoon();
    }
    this.reportIdle();
  }

  /** Names what runs and what is not yet acknowledged, so that neither loses its lease. */
  private async beat(): Promise<boolean> {
    const room = new Room(MESSAGE_CHARACTERS);
    const wanted = [...this.byTask.values()].filter((run) => !run.isAbandoned);
    const reports = wanted.map((run) => run.report(room));
    const unacknowledged = [...this.outbox.handles()].map(({ taskId, leaseToken }) => ({ taskId, leaseToken }));
    if (reports.length + unacknowledged.length === 0) return false;
    const running = [...reports.map(reportText), ...unacknowledged.map((handle) => JSON.stringify(handle))];
    const answer = await this.session.heartbeat(`{"running":[${running.join(",")}]}`);
    this.learn(reports, answer);
    if (answer?.commands.some(({ type }) => type === "drain")) void this.stop();
    return true;
  }

  /** A lease that is dead is told to whoever was named with it, not to a run that began since. */
  private learn(reports: readonly Report[], answer: HeartbeatAnswer | null): void {
    const cancelled = new Set(answer?.commands.map(({ type, taskId }) => (type === "cancel" ? taskId : undefined)));
    for (const report of reports) {
      const { run } = report;
      const { taskId, node } = run.task;
      const ack = answer?.acks.find((ack) => ack.taskId === taskId) ?? null;
      run.reported(report, ack);
      if (ack?.code !== undefined) this.log("warn", `What ${node} reports cannot be kept`, { code: ack.code, taskId });
      if (ack?.status === "ok") continue;
      if (cancelled.has(taskId)) run.abandon("The step was cancelled");
      else if (ack?.status === "stale") run.abandon("The lease was lost");
    }
  }

  private async drain(graceMs: number): Promise<void> {
    this.draining.abort(new Error("the worker is stopping"));
    await this.idle(graceMs, () => this.runs.size === 0);
    for (const run of this.runs) run.abandon("The worker is stopping");
    await this.idle(DELIVER_MS, () => this.outbox.size === 0);
    if (this.outbox.size > 0)
      this.log("error", `Stopped with ${this.outbox.size} results undelivered; their tasks will run again`, {});
    this.heart.stop();
    this.ended.abort(new Error("the worker has stopped"));
    await this.session.leave();
    this.transport.close();
  }

  /** Resolves when the condition holds, or after that time. */
  private async idle(atMostMs: number, holds: () => boolean): Promise<void> {
    if (holds()) return;
    const { promise, resolve } = deferred();
    const timer = setTimeout(resolve, Math.min(atMostMs, 2 ** 31 - 1));
    this.onIdle = () => {
      if (holds()) resolve();
    };
    await promise;
    clearTimeout(timer);
    this.onIdle = undefined;
  }

  private reportIdle(): void {
    this.onIdle?.();
  }
}
