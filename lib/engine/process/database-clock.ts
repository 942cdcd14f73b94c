/** The database's time in this process: the local clock and a measured offset, so that all processes agree on what is due. */
import type { Queryable } from "@/db/client";
import { databaseTime } from "@/db/queries/database-time";
import type { Clock } from "@/lib/clock";

export class DatabaseClock implements Clock {
  #offsetMs = 0;

  constructor(readonly local: Clock) {}

  /** Whole epoch milliseconds. */
  now(): number {
    return this.local.now() + this.#offsetMs;
  }

  /** Database minus local. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Takes the offset from the fastest of some round trips: half of one is the most by which it can be wrong.
   * The connection should have nothing else to do.
   */
  async measure(db: Queryable, trips = 1): Promise<void> {
    let fastestMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < trips; i++) {
      const sentAt = this.local.now();
      const databaseMs = await databaseTime(db);
      const receivedAt = this.local.now();
      if (receivedAt - sentAt >= fastestMs) continue;
      fastestMs = receivedAt - sentAt;
      this.#offsetMs = Math.round(databaseMs - (sentAt + receivedAt) / 2);
    }
  }
}
