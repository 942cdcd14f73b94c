/** Counts the tasks that ended here, by queue and minute, and writes them down now and then: a rate needs no exact row a task. */
import type { Queryable } from "@/db/client";
import { addQueueRates, type EndedTasks } from "@/db/stores/queue-rates";
import type { Clock } from "@/lib/clock";

const MINUTE_MS = 60_000;

export class QueueRates {
  #counts = new Map<string, EndedTasks>();

  constructor(readonly ports: { db: Queryable; clock: Clock }) {}

  ended(namespaceId: number, queue: string): void {
    const minute = Math.floor(this.ports.clock.now() / MINUTE_MS) * MINUTE_MS;
    const key = `${namespaceId} ${minute} ${queue}`;
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { namespaceId, queue, minute: new Date(minute), ended: 1 });
    else count.ended++;
  }

  /** No statement where nothing ended. Counts whose write fails are lost: they are a hint, not a history. */
  async write(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    if (counts.length > 0) await addQueueRates(this.ports.db, counts, new Date(this.ports.clock.now()));
  }
}
