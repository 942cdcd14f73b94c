/** The workers this process has heard of lately, so that a poll asks the database nothing about its worker. */
import type { Queryable } from "@/db/client";
import { seeWorker, type WorkerRow } from "@/db/stores/workers";
import type { Clock } from "@/lib/clock";
import { decodeId } from "@/lib/contract/ids";
import { BoundedCache } from "../door/bounded-cache";
import { HEARTBEAT_INTERVAL_MS } from "./lease-times";

export interface KnownWorker {
  id: bigint;
  namespaceId: number;
  /** What tasks are offered from: none while it drains. */
  queues: readonly string[];
  /** All that it declared, draining or not. */
  serves: readonly string[];
  tasks: ReadonlySet<string>;
  draining: boolean;
  /** The same text for all workers that can be given the same tasks. */
  declares: string;
}

const MAX_WORKERS = 50_000;

/**
 * What a worker declared never changes; that it drains or has left is known here at once, and in other processes within one
 * heartbeat interval. Leasing looks at the row itself, so none of that can hand out a task wrongly.
 */
export class WorkerDirectory {
  readonly #known = new BoundedCache<bigint, { worker: KnownWorker; seenAt: number }>(MAX_WORKERS);

  constructor(readonly ports: { db: Queryable; clock: Clock }) {}

  /** The worker of that public id, or null where the namespace has none. At most one statement an interval and worker. */
  async find(namespaceId: number, workerId: string): Promise<KnownWorker | null> {
    const id = decodeId("worker", workerId);
    const entry = id === null ? undefined : this.#known.get(id);
    if (entry === undefined || entry.worker.namespaceId !== namespaceId) return this.see(namespaceId, workerId);
    const now = this.ports.clock.now();
    if (now - entry.seenAt >= HEARTBEAT_INTERVAL_MS) {
      entry.seenAt = now;
      // Nobody waits for it; if it fails, the worker's next call finds out.
      this.see(namespaceId, workerId).catch(() => {});
    }
    return entry.worker;
  }

  /** The same, fresh from its row, which remembers that the worker was heard of. */
  async see(namespaceId: number, workerId: string): Promise<KnownWorker | null> {
    const id = decodeId("worker", workerId);
    if (id === null) return null;
    const seenAt = this.ports.clock.now();
    const row = await seeWorker(this.ports.db, namespaceId, id, new Date(seenAt));
    if (row === null) {
      if (this.#known.get(id)?.worker.namespaceId === namespaceId) this.#known.delete(id);
      return null;
    }
    const worker = knownWorker(namespaceId, id, row);
    this.#known.set(id, { worker, seenAt }, 1);
    return worker;
  }

  /** The next call looks at the row. */
  forget(id: bigint): void {
    this.#known.delete(id);
  }
}

/** A worker that drains declares nothing: its polls may wait, but no task is offered to them. */
function knownWorker(namespaceId: number, id: bigint, { draining, ...declared }: WorkerRow): KnownWorker {
  const queues = draining ? [] : declared.queues.toSorted();
  const tasks = draining ? [] : declared.tasks.toSorted();
  return {
    id,
    namespaceId,
    draining,
    queues,
    serves: declared.queues,
    tasks: new Set(tasks),
    declares: JSON.stringify([namespaceId, queues, tasks]),
  };
}
