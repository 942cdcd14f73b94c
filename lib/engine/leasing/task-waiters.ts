/**
 * Polls that wait for tasks. They cost no statement while nothing is ready: the flush that makes a task ready takes the
 * poll that has waited longest for its kind along, and leases to it in the same transaction.
 *
 *   asking --no tasks--> parked --claim, wake, look--> asking
 *     |                    '--- time up, aborted, repeated, worker gone, shutdown ---> answered with none
 *     '--- tasks, or none and the time is up ---> answered
 */
import type { Queryable } from "@/db/client";
import { type ReadyKind, readyKinds } from "@/db/stores/task-leases";
import type { Clock } from "@/lib/clock";
import type { Task } from "@/lib/contract/workers";
import type { LeaseRequest, ParkedPolls } from "../door/door";
import { ParkingLot, type WaitingPoll } from "./parking-lot";
import type { KnownWorker } from "./worker-directory";

const TICK_MS = 100;
/** Also how often a waiting worker is noted as alive: well below `OFFLINE_AFTER_MS`. */
const LOOK_EVERY_MS = 4_000;
/** More polls than this are not woken for one kind by one look; the next one goes on. */
const LOOK_MOST = 100;

export interface TaskWait {
  worker: KnownWorker;
  requestId: string | null;
  /** At least 1. */
  capacity: number;
  /** 0: only what is ready now. */
  waitMs: number;
  signal: AbortSignal;
}

export interface WaiterPorts {
  clock: Clock;
  db: Queryable;
  /** The door's: puts the request into the next flush. */
  lease(request: LeaseRequest): void;
}

export class TaskWaiters implements ParkedPolls {
  readonly #lot = new ParkingLot();
  #timer: NodeJS.Timeout | null = null;
  #lookedAt = 0;
  #closed = false;

  constructor(readonly ports: WaiterPorts) {}

  /** How many polls are parked. */
  get parked(): number {
    return this.#lot.size;
  }

  /** Tasks for a worker, as soon as there are any; none once the time is up. Rejects where a flush failed. */
  wait(wait: TaskWait): Promise<Task[]> {
    const { worker, requestId, capacity, signal } = wait;
    this.#endRequest(worker.id, requestId);
    return new Promise((resolve, reject) => {
      const poll: WaitingPoll = {
        worker,
        workerId: worker.id,
        namespaceId: worker.namespaceId,
        requestId,
        capacity,
        deadlineAt: this.ports.clock.now() + wait.waitMs,
        promised: [],
        turn: 0,
        fill: (tasks) => {
          if (tasks.length === 0 && !signal.aborted && this.#mayWait(poll)) this.#park(poll);
          else resolve(tasks);
          if (tasks.length >= capacity) this.#passOn(poll, tasks);
          poll.promised = [];
        },
        fail: reject,
      };
      signal.addEventListener("abort", () => this.#end(poll), { once: true });
      this.ports.lease(poll);
    });
  }

  claim(ready: readonly ReadyKind[]): LeaseRequest[] {
    if (this.#lot.size === 0) return [];
    const claimed = new Set<WaitingPoll>();
    for (const kind of ready) {
      const poll = this.#lot.longestWaiting(kind);
      if (poll === undefined) continue;
      const promised = poll.promised === "unknown" ? [] : poll.promised;
      promised.push(kind);
      poll.promised = promised;
      claimed.add(poll);
      if (promised.length === poll.capacity) this.#lot.leave(poll);
    }
    for (const poll of claimed) this.#lot.leave(poll);
    return [...claimed];
  }

  /** These tasks became ready without a flush of this process. */
  offer(ready: readonly ReadyKind[]): void {
    for (const request of this.claim(ready)) this.ports.lease(request);
  }

  /** Something in that queue may be ready: of each sort of worker that serves it, the poll that waited longest asks. */
  wake(namespaceId: number, queue: string): void {
    for (const poll of this.#lot.longestWaitingOfEachSort(namespaceId, queue)) this.#ask(poll);
  }

  /** Looks at every queue that anyone waits for: something may have been missed. Who waits is heard of by that, too. */
  async look(): Promise<void> {
    const now = this.ports.clock.now();
    this.#lookedAt = now;
    if (this.#lot.size === 0) return;
    const waiting = { workers: this.#lot.workers(), now: new Date(now) };
    this.offer(await readyKinds(this.ports.db, this.#lot.kinds(), LOOK_MOST, waiting));
  }

  /** The worker gets no more tasks: its parked polls end with none. */
  endOf(namespaceId: number, workerId: bigint): void {
    for (const poll of this.#lot.ofWorker(namespaceId, workerId)) this.#end(poll);
  }

  /** The namespace is gone: whoever waits in it goes away with nothing. */
  endOfNamespace(namespaceId: number): void {
    for (const poll of [...this.#lot]) if (poll.namespaceId === namespaceId) this.#end(poll);
  }

  /** Every parked poll ends with no tasks, and so does every later one at once where nothing is ready: the process stops. */
  close(): void {
    this.#closed = true;
    for (const poll of this.#lot) this.#end(poll);
  }

  /** Ends what has waited long enough, and looks from time to time. A timer calls it while anyone waits. */
  tick(): void {
    const now = this.ports.clock.now();
    for (const poll of this.#lot) if (poll.deadlineAt <= now) this.#end(poll);
    // A look that fails is made up for by the next.
    if (this.#lot.size > 0 && now - this.#lookedAt >= LOOK_EVERY_MS) this.look().catch(() => {});
    if (this.#lot.size === 0) this.#stopTimer();
  }

  #ask(poll: WaitingPoll): void {
    this.#lot.leave(poll);
    poll.promised = "unknown";
    this.ports.lease(poll);
  }

  #mayWait(poll: WaitingPoll): boolean {
    return !this.#closed && poll.deadlineAt > this.ports.clock.now();
  }

  /** A poll with no capacity left may have left some of what it was claimed for: the next in line asks for that. */
  #passOn(poll: WaitingPoll, tasks: readonly Task[]): void {
    if (poll.promised === "unknown") {
      const next = this.#lot.longestWaitingLike(poll);
      if (next !== undefined) this.#ask(next);
      return;
    }
    const left = [...poll.promised];
    for (const { queue, task } of tasks) {
      const i = left.findIndex((kind) => kind.queue === queue && kind.task === task);
      if (i >= 0) left.splice(i, 1);
    }
    this.offer(left);
  }

  #park(poll: WaitingPoll): void {
    this.#endRequest(poll.workerId, poll.requestId);
    if (this.#lot.size === 0) this.#lookedAt = this.ports.clock.now();
    this.#lot.enter(poll);
    this.#timer ??= setInterval(() => this.tick(), TICK_MS).unref();
  }

  #endRequest(workerId: bigint, requestId: string | null): void {
    const parked = requestId === null ? undefined : this.#lot.ofRequest(workerId, requestId);
    if (parked !== undefined) this.#end(parked);
  }

  /** A poll that is not parked is in a flush, and answered by it. */
  #end(poll: WaitingPoll): void {
    // Its time is over whether or not it was parked: one that comes back with nothing does not park again.
    poll.deadlineAt = 0;
    if (this.#lot.leave(poll)) poll.fill([]);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
