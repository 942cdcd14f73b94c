/** How often something may be tried: counted in the database, so that no other process gives a second chance. */
import type { Queryable } from "@/db/client";
import { firstRow } from "@/db/queries/query";
import { countAttempt, forgetAttempts, forgetAttemptsBefore } from "@/db/stores/attempt-counts";
import type { Clock } from "@/lib/clock";

export interface AttemptLimit {
  max: number;
  windowMs: number;
}

/** `retryAfterMs` is 0 where it was let through. */
export interface Attempt {
  allowed: boolean;
  retryAfterMs: number;
}

/** Longer than any window; what is older means nothing any more. */
const KEPT_MS = 24 * 60 * 60_000;
const CLEAN_EVERY_MS = 10 * 60_000;

export class Attempts {
  #cleanedAt = 0;

  constructor(
    private readonly database: Queryable,
    private readonly clock: Clock,
  ) {}

  /** Counts this attempt, and says whether it is still within the limit. */
  async count(key: string, { max, windowMs }: AttemptLimit): Promise<Attempt> {
    const now = this.clock.now();
    await this.#clean(now);
    const row = await firstRow(this.database, countAttempt(key, windowMs, now));
    if (row === null || row.count <= max) return { allowed: true, retryAfterMs: 0 };
    return { allowed: false, retryAfterMs: Math.max(1, Number(row.since) + windowMs - now) };
  }

  /** It succeeded: the next one begins from nothing. */
  async forget(key: string): Promise<void> {
    await this.database.query(forgetAttempts(key));
  }

  async #clean(now: number): Promise<void> {
    if (now - this.#cleanedAt < CLEAN_EVERY_MS) return;
    this.#cleanedAt = now;
    await this.database.query(forgetAttemptsBefore(now - KEPT_MS));
  }
}
