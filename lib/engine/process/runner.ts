/**
 * Runs graphile-worker in this process: it does what no request drives. Its poll is slow; the process that knows the next
 * deadline nudges it at that moment.
 */
import { EventEmitter } from "node:events";
import { type Runner as GraphileRunner, Logger, run, type WorkerEvents, type WorkerPool } from "graphile-worker";
import pg from "pg";
import { openPool, type Pool, type Queryable } from "@/db/client";
import { nextDeadline } from "@/db/queries/deadlines";
import type { Clock } from "@/lib/clock";
import type { Log } from "@/lib/log";
import type { Alerts } from "../alerts/alerts";
import type { Door } from "../door/door";
import type { Limits } from "../limits/limits";
import type { DeliveryPorts } from "../messages/deliver";
import { createOperationJob } from "../operations/operation-job";
import { createDeliver } from "./jobs/deliver";
import { createWake } from "./jobs/wake";
import type { Liveness } from "./liveness";
import { NextDue } from "./next-due";

export interface RunnerOptions extends DeliveryPorts {
  connectionString: string;
  db: Queryable;
  door: Door;
  clock: Clock;
  limits: Limits;
  alerts: Pick<Alerts, "job">;
  liveness: Pick<Liveness, "addPool" | "removePool">;
  /** The job of a schedule. */
  ringSchedule(payload: unknown): Promise<void>;
  log: Log;
}

/** Only what was missed waits for a poll; twelve a minute are what an idle process costs the database here. */
const POLL_INTERVAL_MS = 5_000;
/** Wakes wait for a shared flush and not for a processor: many at once make the flushes larger and fewer. */
const CONCURRENT_JOBS = 128;
const RESTART_DELAY_MS = 1_000;

export class Runner {
  readonly #options: RunnerOptions;
  readonly #pool: Pool;
  readonly #due: NextDue;
  #runner: GraphileRunner | null = null;
  #workers: WorkerPool | null = null;
  #restart: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#pool = openPool(options.connectionString, { max: 4, name: "jobs", types: JOB_TYPES });
    this.#pool.on("connect", (client) => client.on("error", () => {}));
    this.#due = new NextDue({
      clock: options.clock,
      log: options.log,
      ring: () => this.nudge(),
      look: (now) => nextDeadline(options.db, now),
    });
  }

  async start(): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    events.on("pool:create", ({ workerPool }) => this.#took(workerPool));
    const runner = await run({
      pgPool: this.#pool,
      taskList: {
        wake: createWake(this.#options),
        deliver: createDeliver(this.#options),
        operation: createOperationJob(this.#options),
        schedule: this.#options.ringSchedule,
        alert: this.#options.alerts.job,
      },
      parsedCronItems: [],
      noHandleSignals: true,
      events,
      logger: new Logger(() => (level, message) => logTo(this.#options.log, level, message)),
      preset: {
        worker: {
          concurrentJobs: CONCURRENT_JOBS,
          pollInterval: POLL_INTERVAL_MS,
          localQueue: { size: CONCURRENT_JOBS },
          completeJobBatchDelay: 0,
          failJobBatchDelay: 0,
        },
      },
    });
    this.#runner = runner;
    runner.promise.then(
      () => this.#ended(runner, null),
      (error: unknown) => this.#ended(runner, error),
    );
    this.#due.lookSoon();
  }

  /** False while graphile-worker is being started again. */
  get isRunning(): boolean {
    return this.#runner !== null;
  }

  /** Jobs are there that it may not have heard of. */
  nudge(): void {
    this.#workers?.nudge(1);
  }

  /** A deadline was written for that time (epoch milliseconds). */
  armed(at: number): void {
    this.#due.armed(at);
  }

  /** Deadlines may have been armed, or left behind, by somebody else. */
  lookSoon(): void {
    this.#due.lookSoon();
  }

  /** Takes no more jobs and waits for those that run. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#due.stop();
    if (this.#restart !== null) clearTimeout(this.#restart);
    await this.#runner?.stop().catch(() => {});
    if (this.#workers !== null) await this.#options.liveness.removePool(this.#workers.id);
    await this.#pool.end();
  }

  #took(workers: WorkerPool): void {
    const before = this.#workers;
    this.#workers = workers;
    if (before !== null) void this.#options.liveness.removePool(before.id);
    void this.#options.liveness.addPool(workers.id);
  }

  /** graphile-worker gives up where it cannot write back for minutes; its jobs are taken up again by the next one. */
  #ended(runner: GraphileRunner, error: unknown): void {
    if (this.#stopping || this.#runner !== runner) return;
    this.#options.log.error({ error }, "graphile-worker ended and is started again");
    this.#runner = null;
    this.#startLater();
  }

  #startLater(): void {
    this.#restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        this.#options.log.error({ error }, "graphile-worker could not be started");
        this.#startLater();
      });
    }, RESTART_DELAY_MS);
  }
}

/** graphile-worker puts job ids into JSON, where our own form of int8, a BigInt, cannot stand. */
const JOB_TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8 ? (text: string) => text : pg.types.getTypeParser(oid, format),
};

/** Its jobs wait for a shared flush and need no connections of their own, so a small pool is no fault. */
function logTo(log: Log, level: string, message: string): void {
  if (level === "error") log.error(message);
  else if (level === "warning" && !message.includes("maxPoolSize")) log.warn(message);
  else log.debug(message);
}
