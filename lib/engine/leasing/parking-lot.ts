/**
 * Parked polls, by what they could be given. Polls of workers that declare the same are one sort, so that finding who has
 * waited longest for a task costs by the sorts that serve its queue, not by the polls that wait.
 */
import type { ReadyKind } from "@/db/stores/task-leases";
import type { LeaseRequest } from "../door/door";
import type { KnownWorker } from "./worker-directory";

export interface WaitingPoll extends LeaseRequest {
  readonly worker: KnownWorker;
  /** Epoch milliseconds. */
  deadlineAt: number;
  /** What it was claimed for, never more than its capacity; `unknown`: for a hint that named no task. */
  promised: ReadyKind[] | "unknown";
  /** Grows with each time that any poll parks. */
  turn: number;
}

interface Sort {
  worker: KnownWorker;
  /** In the order in which they parked. */
  polls: Set<WaitingPoll>;
}

export class ParkingLot {
  readonly #polls = new Set<WaitingPoll>();
  readonly #sorts = new Map<string, Sort>();
  readonly #byQueue = new Map<string, Set<Sort>>();
  readonly #byRequest = new Map<string, WaitingPoll>();
  #turn = 0;

  get size(): number {
    return this.#polls.size;
  }

  [Symbol.iterator](): Iterator<WaitingPoll> {
    return this.#polls.values();
  }

  enter(poll: WaitingPoll): void {
    poll.turn = ++this.#turn;
    this.#polls.add(poll);
    if (poll.requestId !== null) this.#byRequest.set(requestKey(poll.workerId, poll.requestId), poll);
    const sort = this.#sorts.get(poll.worker.declares) ?? this.#addSort(poll.worker);
    sort.polls.add(poll);
  }

  /** False where it is not parked. */
  leave(poll: WaitingPoll): boolean {
    if (!this.#polls.delete(poll)) return false;
    if (poll.requestId !== null) this.#byRequest.delete(requestKey(poll.workerId, poll.requestId));
    const sort = this.#sorts.get(poll.worker.declares);
    sort?.polls.delete(poll);
    if (sort?.polls.size === 0) this.#dropSort(sort);
    return true;
  }

  ofRequest(workerId: bigint, requestId: string): WaitingPoll | undefined {
    return this.#byRequest.get(requestKey(workerId, requestId));
  }

  ofWorker(namespaceId: number, workerId: bigint): WaitingPoll[] {
    return [...this.#polls].filter((poll) => poll.workerId === workerId && poll.namespaceId === namespaceId);
  }

  /** Of a task that is for one worker, that worker's, if it waits here. */
  longestWaiting({ namespaceId, queue, task, worker }: ReadyKind): WaitingPoll | undefined {
    if (worker !== undefined) return this.ofWorker(namespaceId, worker)[0];
    let longest: WaitingPoll | undefined;
    for (const sort of this.#byQueue.get(queueKey(namespaceId, queue)) ?? []) {
      if (!sort.worker.tasks.has(task)) continue;
      const first = firstOf(sort);
      if (first !== undefined && (longest === undefined || first.turn < longest.turn)) longest = first;
    }
    return longest;
  }

  longestWaitingLike(poll: WaitingPoll): WaitingPoll | undefined {
    const sort = this.#sorts.get(poll.worker.declares);
    return sort && firstOf(sort);
  }

  longestWaitingOfEachSort(namespaceId: number, queue: string): WaitingPoll[] {
    const sorts = [...(this.#byQueue.get(queueKey(namespaceId, queue)) ?? [])];
    return sorts.flatMap((sort) => firstOf(sort) ?? []);
  }

  /** Everything that anyone waits for, each once. */
  kinds(): ReadyKind[] {
    const kinds = new Map<string, ReadyKind>();
    for (const { worker } of this.#sorts.values())
      for (const queue of worker.queues)
        for (const task of worker.tasks)
          kinds.set(`${queueKey(worker.namespaceId, queue)} ${task}`, { namespaceId: worker.namespaceId, queue, task });
    return [...kinds.values()];
  }

  /** The workers whose polls are parked, each once. */
  workers(): bigint[] {
    return [...new Set([...this.#polls].map(({ workerId }) => workerId))];
  }

  #addSort(worker: KnownWorker): Sort {
    const sort: Sort = { worker, polls: new Set() };
    this.#sorts.set(worker.declares, sort);
    for (const queue of worker.queues) {
      const key = queueKey(worker.namespaceId, queue);
      const sorts = this.#byQueue.get(key);
      if (sorts === undefined) this.#byQueue.set(key, new Set([sort]));
      else sorts.add(sort);
    }
    return sort;
  }

  #dropSort(sort: Sort): void {
    this.#sorts.delete(sort.worker.declares);
    for (const queue of sort.worker.queues) {
      const key = queueKey(sort.worker.namespaceId, queue);
      const sorts = this.#byQueue.get(key);
      sorts?.delete(sort);
      if (sorts?.size === 0) this.#byQueue.delete(key);
    }
  }
}

function firstOf(sort: Sort): WaitingPoll | undefined {
  const [first] = sort.polls;
  return first;
}

/** Names have no spaces, so the keys are unambiguous. */
function queueKey(namespaceId: number, queue: string): string {
  return `${namespaceId} ${queue}`;
}

function requestKey(workerId: bigint, requestId: string): string {
  return `${workerId} ${requestId}`;
}
