/** What this process knows of the leases it gave: who holds them and since when, for the events that end their attempts. */
import type { Task } from "@/lib/contract/workers";
import { BoundedCache } from "../door/bounded-cache";
import { LEASE_MS } from "./lease-times";

export interface LeaseFact {
  workerId: bigint;
  queue: string;
  /** Epoch milliseconds. */
  leasedAt: number;
  place: TaskPlace;
}

/** What a task is a try of. */
export interface TaskPlace {
  node: string;
  iteration: number;
  index?: readonly number[];
  attempt: number;
  /** 0 where the node does not poll. */
  round: number;
}

const MAX_LEASES = 50_000;

/** A cache: a lease that is not here is looked up in its row. */
export class LeaseFacts {
  readonly #facts = new BoundedCache<string, LeaseFact>(MAX_LEASES);
  /** Epoch milliseconds; when this process last gave a lease. */
  lastLeasedAt = 0;

  given(workerId: bigint, tasks: readonly Task[]): void {
    for (const { leaseToken, queue, leaseExpiresAt, ...task } of tasks) {
      const leasedAt = Date.parse(leaseExpiresAt) - LEASE_MS;
      this.lastLeasedAt = Math.max(this.lastLeasedAt, leasedAt);
      // Given again because an answer was lost: it runs since the first time.
      if (this.#facts.get(leaseToken) !== undefined) continue;
      const { node, iteration, index, attempt, round = 0 } = task;
      const place = { node, iteration, ...(index === undefined ? {} : { index }), attempt, round };
      this.#facts.set(leaseToken, { workerId, queue, leasedAt, place }, 1);
    }
  }

  get(leaseToken: string): LeaseFact | undefined {
    return this.#facts.get(leaseToken);
  }

  ended(leaseToken: string): void {
    this.#facts.delete(leaseToken);
  }
}
