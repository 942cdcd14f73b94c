/**
 * Runs http steps: the engine leases their tasks as any worker would, calls what they name, and answers with their tokens.
 * At rest it has no timer and asks nothing: flushes, announcements and the sweep tell it which namespaces have tasks ready.
 *
 *   told --places free--> leasing --a task--> calling --outcome--> answering --committed--> forgotten
 *     '--- none free: once a call has ended      '--- lease lost: aborted, forgotten
 *                                                '--- the process stops: aborted, the lease released
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Queryable } from "@/db/client";
import { internalWorker, releaseLeases } from "@/db/stores/internal-workers";
import { type ReadyKind, renewLeases } from "@/db/stores/task-leases";
import type { Clock } from "@/lib/clock";
import type { JsonValue } from "@/lib/contract/json";
import { HTTP_QUEUE, HTTP_TASK } from "@/lib/core/definition/graph";
import type { Log } from "@/lib/log";
import type { Door, LeaseRequest, ParkedPolls } from "../door/door";
import type { LeaseFacts } from "../leasing/lease-facts";
import { HEARTBEAT_INTERVAL_MS, LEASE_MS } from "../leasing/lease-times";
import type { QueueRates } from "../leasing/queue-rates";
import type { PayloadLimit } from "../limits/limits";
import type { Keys } from "../process/keys";
import { type Repeated, repeat } from "../process/repeat";
import { type CallOptions, type CallOutcome, DEFAULT_TIMEOUT_MS } from "./call-url";
import { type Calling, callingOf, submissionOf } from "./calling";
import { Places } from "./places";

export interface HttpStepPorts {
  db: Queryable;
  clock: Clock;
  keys: Pick<Keys, "next">;
  door: Pick<Door, "applyAll" | "lease">;
  leases: Pick<LeaseFacts, "given" | "ended">;
  queueRates: Pick<QueueRates, "ended">;
  /** Of one payload of that namespace. Default: {@link PAYLOAD_BYTES}. */
  limits?: PayloadLimit;
  log: Log;
  call(request: JsonValue, options: Omit<CallOptions, "guard">): Promise<CallOutcome>;
}

/** Calls at once in one process, and how many of them one namespace may have. */
const CALLS = 32;
const CALLS_OF_NAMESPACE = 24;
/** What is under way when the process stops may end by then. */
const STOP_WITHIN_MS = 3_000;
const ANSWER_AGAIN_MS = 500;

export class HttpSteps implements ParkedPolls {
  readonly #places = new Places(CALLS, CALLS_OF_NAMESPACE);
  /** The internal workers by namespace; null while one is being looked for. */
  readonly #workers = new Map<number, bigint | null>();
  readonly #calls = new Map<Calling, Promise<void>>();
  #heart: Repeated | null = null;
  #serving = false;

  constructor(readonly ports: HttpStepPorts) {}

  /** How many calls are under way, their outcomes included until they are committed. */
  get running(): number {
    return this.#calls.size;
  }

  /** Until then, and in a process that never starts it, whatever is told is left to others. */
  start(): void {
    this.#serving = true;
  }

  /** Those of the tasks that are http steps are leased by the flush that makes them ready, as far as there are places. */
  claim(ready: readonly ReadyKind[]): LeaseRequest[] {
    if (!this.#serving) return [];
    for (const { namespaceId, queue } of ready) if (queue === HTTP_QUEUE) this.#hope(namespaceId);
    return this.#requests();
  }

  /** The same for tasks that became ready without a flush of this process. */
  offer(ready: readonly ReadyKind[]): void {
    for (const request of this.claim(ready)) this.ports.door.lease(request);
  }

  /** Something in that queue may be ready. */
  wake(namespaceId: number, queue: string): void {
    this.offer([{ namespaceId, queue, task: HTTP_TASK }]);
  }

  /** Keeps the leases of all calls alive; a call whose lease was lost is aborted. A timer calls it while there are calls. */
  async renew(): Promise<void> {
    const { db, clock } = this.ports;
    for (const [namespaceId, calls] of byNamespace(this.#calls.keys())) {
      const renewals = calls.map(({ lease }) => ({ ...lease, details: null }));
      const alive = await renewLeases(db, namespaceId, renewals, { now: new Date(clock.now()), leaseMs: LEASE_MS });
      for (const { lease, given } of calls) if (!alive.has(lease.taskId)) given.abort();
    }
  }

  /** Begins nothing more, lets calls end for a moment, and gives back the leases of those that did not. */
  async stop(graceMs = STOP_WITHIN_MS): Promise<void> {
    this.#serving = false;
    const ended = Promise.all(this.#calls.values());
    await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
    const left = byNamespace(this.#calls.keys());
    for (const { given } of this.#calls.keys()) given.abort();
    await ended;
    for (const [namespaceId, calls] of left) {
      const leases = calls.map(({ lease }) => lease);
      // They run out by themselves where this fails.
      await releaseLeases(this.ports.db, namespaceId, leases).catch(() => {});
    }
  }

  #hope(namespaceId: number): void {
    const worker = this.#workers.get(namespaceId);
    if (worker === undefined) void this.#findWorker(namespaceId);
    else if (worker !== null) this.#places.hope(namespaceId);
  }

  /** If it cannot be found, the sweep tells of the namespace's tasks again. */
  async #findWorker(namespaceId: number): Promise<void> {
    const { db, clock, keys, log } = this.ports;
    this.#workers.set(namespaceId, null);
    try {
      const declared = { queue: HTTP_QUEUE, task: HTTP_TASK, capacity: CALLS_OF_NAMESPACE };
      const id = await internalWorker(db, { ...declared, id: keys.next(), namespaceId, at: new Date(clock.now()) });
      this.#workers.set(namespaceId, id);
      this.wake(namespaceId, HTTP_QUEUE);
    } catch (error) {
      this.#workers.delete(namespaceId);
      log.warn({ error, namespaceId }, "http steps of a namespace cannot be leased");
    }
  }

  #requests(): LeaseRequest[] {
    const requests: LeaseRequest[] = [];
    for (let turn = this.#places.take(); turn !== null; turn = this.#places.take()) requests.push(this.#request(turn));
    return requests;
  }

  #request({ namespaceId, count }: { namespaceId: number; count: number }): LeaseRequest {
    const workerId = this.#workers.get(namespaceId);
    if (workerId == null) throw new Error(`places for namespace ${namespaceId}, which has no internal worker`);
    return {
      workerId,
      namespaceId,
      requestId: null,
      capacity: count,
      fill: (tasks) => {
        // Of a process that stops nobody names them: they are released.
        const taken = this.#serving ? tasks : [];
        this.#places.giveBack(namespaceId, count - taken.length);
        // As many as were asked for: there may be more.
        if (tasks.length === count) this.#places.hope(namespaceId);
        this.ports.leases.given(workerId, taken);
        for (const task of taken) this.#begin(callingOf(namespaceId, task));
        this.offer([]);
      },
      // What was leased all the same is released unnamed, and the sweep tells of it.
      fail: () => {
        this.#places.giveBack(namespaceId, count);
        this.offer([]);
      },
    };
  }

  #begin(calling: Calling): void {
    this.#calls.set(calling, this.#run(calling));
    this.#heart ??= repeat("renewing leases of http steps", HEARTBEAT_INTERVAL_MS, () => this.renew(), this.ports.log);
  }

  async #run(calling: Calling): Promise<void> {
    const { task, given } = calling;
    try {
      await this.#answer(calling, await this.#call(calling));
    } catch (error) {
      // Nobody renews it any more: the lease runs out, and the attempt with it.
      if (!given.signal.aborted) {
        const { executionId, taskId } = task;
        this.ports.log.error({ error, executionId, taskId }, "an http step broke");
      }
    } finally {
      this.ports.leases.ended(task.leaseToken);
      this.#calls.delete(calling);
      if (this.#calls.size === 0) this.#rest();
    }
  }

  #rest(): void {
    void this.#heart?.stop();
    this.#heart = null;
  }

  async #call({ namespaceId, task, given }: Calling): Promise<CallOutcome> {
    try {
      return await this.ports.call(task.input, {
        idempotencyKey: task.idempotencyKey,
        timeoutMs: task.attemptTimeoutMs ?? DEFAULT_TIMEOUT_MS,
        payloadBytes: this.ports.limits?.payloadBytes(namespaceId),
        signal: given.signal,
      });
    } finally {
      this.#places.giveBack(namespaceId, 1);
      // Joins the flush that takes the outcome.
      this.offer([]);
    }
  }

  async #answer(calling: Calling, outcome: CallOutcome): Promise<void> {
    const { clock, door, queueRates, log } = this.ports;
    const submission = submissionOf(calling, outcome, clock.now());
    for (;;) {
      const [settled] = await door.applyAll([submission]);
      if (settled?.status === "fulfilled") {
        if (settled.value.reply === "accepted") queueRates.ended(calling.namespaceId, HTTP_QUEUE);
        return;
      }
      log.warn(
        { error: settled?.reason, taskId: calling.task.taskId },
        "the outcome of an http step was not taken yet",
      );
      await delay(ANSWER_AGAIN_MS, undefined, { signal: calling.given.signal });
    }
  }
}

function byNamespace(calls: Iterable<Calling>): Map<number, Calling[]> {
  const groups = new Map<number, Calling[]>();
  for (const calling of calls) {
    const group = groups.get(calling.namespaceId);
    if (group === undefined) groups.set(calling.namespaceId, [calling]);
    else group.push(calling);
  }
  return groups;
}
