/**
 * Deadlines of tasks that no timer watches: leases that run out, attempts and heartbeats that are late, tasks that waited
 * too long in a queue. An expiry is a command like any other, and holds only while the row still carries its token.
 */
import type { Queryable } from "@/db/client";
import { type FailingLease, keepHeartbeatDetails } from "@/db/stores/heartbeat-details";
import { admitKeptBack, holdTasks, type OverdueTask, sweepDeadlines } from "@/db/stores/lease-sweep";
import { extendLeases } from "@/db/stores/task-leases";
import type { Clock } from "@/lib/clock";
import { encodeId } from "@/lib/contract/ids";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import type { Command } from "@/lib/core/execution/commands";
import type { Applied, Door, Submission } from "../door/door";
import type { EngineMetrics } from "../metrics";
import type { LeaseFacts } from "./lease-facts";
import { LEASE_MS, UNNAMED_LEASE_MS } from "./lease-times";
import { decodeStep, encodeLeaseToken, leaseHash } from "./lease-token";
import type { QueueRates } from "./queue-rates";
import { findTask } from "./task-places";
import type { TaskWaiters } from "./task-waiters";

export interface SweepPorts {
  db: Queryable;
  clock: Clock;
  door: Pick<Door, "applyAll" | "state">;
  waiters: Pick<TaskWaiters, "offer" | "wake">;
  leases: Pick<LeaseFacts, "lastLeasedAt">;
  queueRates: Pick<QueueRates, "ended">;
  metrics: Pick<EngineMetrics, "leaseExpired">;
}

/** Of each sort, at once; the next turn takes the others. */
const LIMIT = 500;
/** Heartbeats may not have been heard in a gap between turns that is longer than this. */
const GAP_MS = 2_000;
/** While no process has anything under way, only deadlines of tasks that others lease meanwhile can come. */
const IDLE_EVERY_MS = 5_000;

export class LeaseSweep {
  /** When a turn last found nothing amiss: a turn that cannot reach the database is part of the gap. */
  #turnAt: number | null = null;
  #lookedAt = 0;
  #watched = true;

  constructor(readonly ports: SweepPorts) {}

  /** One turn, to be called each second; it asks the database only where something may be due. */
  async turn(): Promise<void> {
    const { clock, db, leases } = this.ports;
    const now = clock.now();
    if (this.#turnAt !== null && now - this.#turnAt > GAP_MS) await extendLeasesAfterOutage({ db, clock });
    const idle = !this.#watched && leases.lastLeasedAt < this.#lookedAt;
    if (!idle || now - this.#lookedAt >= IDLE_EVERY_MS) await this.#sweep(now);
    this.#turnAt = clock.now();
  }

  async #sweep(now: number): Promise<void> {
    const { db, waiters } = this.ports;
    const unnamedLeftMs = LEASE_MS - UNNAMED_LEASE_MS;
    const { overdue, ready, limited, keptBack, watched } = await sweepDeadlines(db, {
      now: new Date(now),
      unnamedLeftMs,
      limit: LIMIT,
    });
    this.#watched = watched || keptBack || limited.length > 0;
    this.#lookedAt = now;
    // The database was there: an expiry that fails below is no gap.
    this.#turnAt = now;
    waiters.offer(ready);
    for (const { namespaceId, queue } of limited) waiters.wake(namespaceId, queue);
    if (keptBack) waiters.offer(await admitKeptBack(db, new Date(now), LIMIT));
    if (overdue.length > 0) await this.#expire(overdue, now);
  }

  async #expire(overdue: readonly OverdueTask[], now: number): Promise<void> {
    const { door, metrics, queueRates } = this.ports;
    await this.#keepDetails(overdue.filter(({ hasDetails }) => hasDetails));
    const settled = await door.applyAll(overdue.map((task) => expiry(task, now)));
    const replies = settled.map((result) => (result.status === "fulfilled" ? result.value.reply : null));
    const expired = overdue.filter((_, i) => replies[i] === "accepted");
    for (const { namespaceId, queue } of expired) queueRates.ended(namespaceId, queue);
    if (expired.length > 0) metrics.leaseExpired(expired.length);
    await this.#hold(overdue.filter((_, i) => isBeyondJudging(replies[i])));
    // What failed otherwise is still overdue: the next turn tries again.
    const failure = settled.find((result) => result.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  /** Their rows go with their attempts; what their heartbeats told is for the attempts after them. */
  async #keepDetails(tasks: readonly OverdueTask[]): Promise<void> {
    const failing = await Promise.all(tasks.map((task) => failingLease(this.ports, task)));
    const leases = failing.flatMap((lease) => lease ?? []);
    if (leases.length > 0) await keepHeartbeatDetails(this.ports.db, leases);
  }

  /** Otherwise they would be overdue in every turn, and in time crowd out the others. */
  async #hold(tasks: readonly OverdueTask[]): Promise<void> {
    if (tasks.length === 0) return;
    await holdTasks(
      this.ports.db,
      tasks.map(({ namespaceId, executionId, taskId }) => ({
        namespaceId,
        executionId: BigInt(executionId),
        taskId: BigInt(taskId),
      })),
    );
  }
}

/**
 * Nobody could renew a lease in an outage, so it must burn no attempt: lease and heartbeat deadlines are moved to at least
 * one lease time from now. Attempts' own time-outs go on: they bound work, not silence. To be called at a start with no other
 * process alive, before the first sweep.
 */
export async function extendLeasesAfterOutage({ db, clock }: { db: Queryable; clock: Clock }): Promise<void> {
  await extendLeases(db, new Date(clock.now() + LEASE_MS));
}

function isBeyondJudging(reply: Applied["reply"] | null | undefined): boolean {
  return reply === "quarantined" || reply === "not-found";
}

async function failingLease(ports: Pick<SweepPorts, "door">, task: OverdueTask): Promise<FailingLease | null> {
  const [executionId, taskId, step] = [BigInt(task.executionId), BigInt(task.taskId), decodeStep(task.step)];
  if (step === null || task.token === null) return null;
  const found = await findTask(ports, { namespaceId: task.namespaceId, executionId, taskId, step });
  if (found === null) return null;
  const { iteration, round } = found.place;
  return { namespaceId: task.namespaceId, executionId, taskId, secret: BigInt(task.token), iteration, round };
}

type Expiry = Extract<Command, { type: "expire-task" }>;

function expiry(task: OverdueTask, now: number): Submission {
  const executionId = BigInt(task.executionId);
  const taskId = BigInt(task.taskId);
  const step = decodeStep(task.step);
  if (step === null) throw new Error(`task ${task.taskId} has no step: ${task.step}`);
  const secret = task.token === null ? null : BigInt(task.token);
  const named = {
    step,
    taskId: encodeId("task", taskId),
    code: codeOf(task, now),
    queuedMs: (task.leasedAt ?? now) - task.readyAt,
  };
  const ran =
    secret === null || task.workerId === null || task.leasedAt === null
      ? {}
      : {
          lease: leaseHash(encodeLeaseToken(executionId, task.step, secret)),
          // The engine is no worker that could be preferred.
          ...(task.queue === HTTP_QUEUE ? {} : { worker: encodeId("worker", BigInt(task.workerId)) }),
          ranMs: now - task.leasedAt,
        };
  return {
    namespaceId: task.namespaceId,
    executionId,
    actor: "engine",
    guard: { taskId, secret },
    command: { type: "expire-task", ...named, ...ran },
  };
}

/** Of several deadlines that have passed, the one that passed first. */
function codeOf(task: OverdueTask, now: number): Expiry["code"] {
  if (task.workerId === null) return "QUEUE_TIMEOUT";
  const deadlines: [number | null, Expiry["code"]][] = [
    [task.attemptDeadlineAt, "ATTEMPT_TIMEOUT"],
    [task.heartbeatDeadlineAt, "HEARTBEAT_TIMEOUT"],
    [task.leaseExpiresAt, "LEASE_EXPIRED"],
  ];
  const passed = deadlines.flatMap(([at, code]) => (at !== null && at <= now ? [{ at, code }] : []));
  passed.sort((a, b) => a.at - b.at);
  return passed[0]?.code ?? "LEASE_EXPIRED";
}
