/** Everything that outlives a request, built once in one place and handed to the use cases; closed in the order that loses nothing. */
import { openPool, type Pool } from "@/db/client";
import type { ReadyKind } from "@/db/stores/task-leases";
import { type Clock, systemClock } from "@/lib/clock";
import type { Config } from "@/lib/config";
import type { Log } from "@/lib/log";
import type { Traces } from "@/lib/tracing/traces";
import { Alerts } from "./alerts/alerts";
import type { SendMail } from "./alerts/send-alert";
import { createDoor } from "./door/apply-commands";
import type { Door } from "./door/door";
import { EventStore, UnknownEventType } from "./door/event-store";
import { type Faults, noFaults } from "./door/faults";
import { Encryption } from "./encryption/encryption";
import { createGraphs, type Graphs } from "./graphs";
import { NOTHING_ALLOWED } from "./http-steps/allow-list";
import { callUrl } from "./http-steps/call-url";
import { Guard } from "./http-steps/guard";
import { HttpSteps } from "./http-steps/http-steps";
import { LeaseFacts } from "./leasing/lease-facts";
import { LeaseSweep } from "./leasing/lease-sweep";
import { LEASE_MS } from "./leasing/lease-times";
import { QueueRates } from "./leasing/queue-rates";
import { TaskWaiters } from "./leasing/task-waiters";
import { WorkerDirectory } from "./leasing/worker-directory";
import { Limits } from "./limits/limits";
import { type EngineMetrics, noMetrics } from "./metrics";
import { Announcements, NO_SLOT } from "./process/announcements";
import { Background } from "./process/background";
import { ChangeFeed } from "./process/change-feed";
import { DatabaseClock } from "./process/database-clock";
import { Hints } from "./process/hints";
import { HistoryTail } from "./process/history-tail";
import { Keys } from "./process/keys";
import { Liveness } from "./process/liveness";
import { Signer } from "./signing/signer";

export interface Services {
  readonly config: ServicesConfig;
  readonly log: Log;
  readonly metrics: EngineMetrics;
  /** The database's time. */
  readonly clock: Clock;
  /** Reads and short writes of use cases and pages; flushes, listening and jobs have connections of their own. */
  readonly db: Pool;
  readonly keys: Keys;
  readonly graphs: Graphs;
  readonly door: Door;
  readonly histories: EventStore;
  readonly tail: HistoryTail;
  readonly announcements: Announcements;
  /** For pages that follow a whole namespace. */
  readonly changeFeed: ChangeFeed;
  readonly liveness: Liveness;
  readonly waiters: TaskWaiters;
  readonly workers: WorkerDirectory;
  readonly leases: LeaseFacts;
  readonly queueRates: QueueRates;
  readonly httpSteps: HttpSteps;
  readonly signer: Signer;
  /** Whom each namespace tells of failures. */
  readonly alerts: Alerts;
  /** What each namespace may use. */
  readonly limits: Limits;
  /** A deadline was written outside the door: this process looks for the next one. */
  deadlinesMoved(): void;
  /** Something was deleted: a process that runs the engine begins to remove it. */
  removalAsked(): void;
  /** Event types that a newer build wrote and this one met: it leaves their executions to the newer one. */
  readonly unknownEventTypes: ReadonlySet<string>;
  /** What keeps this process from serving, in one sentence; null where nothing does. For `readyz`. */
  unready(): Promise<string | null>;
  /** Answers who waits, lets what was submitted commit, and leaves; safe to call twice. */
  close(): Promise<void>;
}

export type ServicesConfig = Pick<Config, "databaseUrl" | "engine"> &
  Partial<Pick<Config, "httpAllow" | "encryptionKeys" | "signingKey" | "publicUrl">>;

export interface ServicesOptions {
  log: Log;
  metrics?: EngineMetrics;
  traces?: Traces | null;
  localClock?: Clock;
  random?: () => number;
  faults?: Faults;
  /** Absent: alerts that go by mail cannot be sent. */
  mail?: SendMail;
}

/** Throws where the database cannot be reached; it must be migrated already. Resolves once this process can serve. */
export async function createServices(config: ServicesConfig, options: ServicesOptions): Promise<Services> {
  const { log, metrics = noMetrics, traces = null, faults = noFaults } = options;
  const db = openPool(config.databaseUrl, { max: 10, name: "reads" });
  const flushPool = openPool(config.databaseUrl, { max: 3, name: "flushes" });
  const clock = new DatabaseClock(options.localClock ?? systemClock);
  const encryption = new Encryption({ db, clock, masters: config.encryptionKeys ?? null, log });
  encryption.applyTo(db, flushPool);
  const keys = new Keys(clock);
  const announcements = new Announcements();
  const changeFeed = new ChangeFeed({ db, announcements, local: options.localClock ?? systemClock, clock, log });
  const unknownEventTypes = new Set<string>();
  const graphs = createGraphs(db, clock);
  const histories = new EventStore(db, graphs);
  const limits = new Limits({ db, clock, log });
  const signer = new Signer({ db, clock, log, given: config.signingKey ?? null });

  const deadlinesMoved = () => background.deadlinesMoved();
  const hints = new Hints({ db, keys, announcements, log, deadlinesMoved });
  const liveness = new Liveness({
    connectionString: config.databaseUrl,
    keys,
    clock,
    log,
    notified: (payload) => hints.received(payload),
    reconnected: () => hints.missed(),
    othersDied: deadlinesMoved,
  });
  const waiters: TaskWaiters = new TaskWaiters({ clock, db, lease: (request) => door.lease(request) });
  const door = createDoor({
    flushPool,
    readPool: db,
    clock,
    random: options.random ?? Math.random,
    nextKey: () => keys.next(),
    // Between losing a slot and failing to commit there is none.
    slot: () => keys.slot ?? NO_SLOT,
    graphs,
    parked: { claim: (ready) => [...waiters.claim(ready), ...httpSteps.claim(ready)] },
    // A flush has taken along the polls of this process that it could serve.
    announce: (announcement) => announcements.publish({ ...announcement, queues: [] }),
    onWakeArmed: (at) => background.armed(at),
    onMessagesSent: () => background.messagesSent(),
    onTrouble: ({ what, ...trouble }) => {
      if (trouble.error instanceof UnknownEventType) unknownEventTypes.add(trouble.error.message);
      log.error(trouble, what);
    },
    metrics,
    traces,
    faults,
    signer,
    leaseMs: LEASE_MS,
    historyEvents: (namespaceId) => limits.historyEvents(namespaceId),
  });
  announcements.onQueues((queues) => {
    if (queues === "all") waiters.look().catch((error: unknown) => log.warn({ error }, "looking for tasks failed"));
    else
      for (const { namespaceId, queue } of queues) {
        waiters.wake(namespaceId, queue);
        httpSteps.wake(namespaceId, queue);
      }
  });

  const leases = new LeaseFacts();
  const queueRates = new QueueRates({ db, clock });
  const guard = new Guard(config.httpAllow ?? NOTHING_ALLOWED);
  const httpSteps: HttpSteps = new HttpSteps({
    db,
    clock,
    keys,
    door,
    leases,
    queueRates,
    limits,
    log,
    call: (request, call) => callUrl(request, { ...call, guard }),
  });
  const alerts = new Alerts({ db, clock, door, guard, mail: options.mail, publicUrl: config.publicUrl ?? null, log });
  const offer = (ready: readonly ReadyKind[]) => {
    waiters.offer(ready);
    httpSteps.offer(ready);
  };
  const wake = (namespaceId: number, queue: string) => waiters.wake(namespaceId, queue);
  const sweep = new LeaseSweep({ db, clock, door, waiters: { offer, wake }, leases, queueRates, metrics });
  const background: Background = new Background({
    connectionString: config.databaseUrl,
    db,
    clock,
    door,
    graphs,
    histories,
    faults,
    announcements,
    liveness,
    hints,
    sweep,
    queueRates,
    httpSteps,
    alerts,
    limits,
    log,
    traces,
  });
  const close = once(async () => {
    waiters.close();
    await changeFeed.stop();
    await background.stop();
    await door.close();
    await queueRates.write().catch(() => {});
    signer.close();
    await liveness.close();
    await Promise.all([flushPool.end(), db.end()]);
  });

  try {
    await liveness.start();
    await encryption.start();
    await signer.start();
    await background.start(config.engine);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    config,
    log,
    metrics,
    clock,
    db,
    keys,
    graphs,
    door,
    histories,
    tail: new HistoryTail(db),
    announcements,
    changeFeed,
    liveness,
    waiters,
    workers: new WorkerDirectory({ db, clock }),
    leases,
    queueRates,
    httpSteps,
    alerts,
    signer,
    limits,
    deadlinesMoved,
    removalAsked: () => background.removalAsked(),
    unknownEventTypes,
    unready: async () => {
      if (!liveness.isHeld) return "The connection to the database is being opened again.";
      if (config.engine !== "off" && !background.runsJobs) return "The engine's jobs are being started again.";
      return encryption.unready();
    },
    close,
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}
