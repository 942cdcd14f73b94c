/**
 * How often a namespace may call: a bucket of tokens in each process, filled evenly. A limit is shared by the processes that
 * live, each of which lets through its part: where a balancer gives one of them more than the others, a namespace gets less
 * than its limit, and never more than once its limit beyond it. Nobody but the namespace itself waits for its tokens.
 */
import type { Clock } from "@/lib/clock";
import { done, type Outcome, refused } from "@/lib/engine/outcome";

interface Bucket {
  tokens: number;
  at: number;
}

export interface Asked {
  /** Calls in a minute; null: no limit. */
  limit: number | null;
  /** Takes a token where there is one, and is let through in any case. */
  isFree: boolean;
}

const MINUTE_MS = 60_000;
/** More namespaces than call one process within a minute; a bucket that is forgotten is full again. */
const BUCKETS = 10_000;

export class RequestRates {
  readonly #buckets = new Map<number, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly processes: () => number,
  ) {}

  /** Takes a token, or refuses with TOO_MANY_REQUESTS and when the next one is there. */
  take(namespaceId: number, { limit, isFree }: Asked): Outcome<null> {
    if (limit === null) {
      this.#buckets.delete(namespaceId);
      return done(null);
    }
    // A whole token at least, or nobody would ever get one.
    const most = Math.max(1, limit / Math.max(1, this.processes()));
    const tokens = this.#filled(namespaceId, most);
    const left = tokens - 1;
    if (left >= 0 || isFree) {
      this.#keep(namespaceId, Math.max(0, left));
      return done(null);
    }
    this.#keep(namespaceId, tokens);
    const retryAfterMs = ((1 - tokens) * MINUTE_MS) / most;
    return refused("TOO_MANY_REQUESTS", `The namespace may make ${limit} calls a minute.`, { retryAfterMs });
  }

  #filled(namespaceId: number, most: number): number {
    const bucket = this.#buckets.get(namespaceId);
    if (bucket === undefined) return most;
    const passed = Math.max(0, this.clock.now() - bucket.at);
    return Math.min(most, bucket.tokens + (passed * most) / MINUTE_MS);
  }

  #keep(namespaceId: number, tokens: number): void {
    this.#buckets.delete(namespaceId);
    if (this.#buckets.size >= BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value ?? 0);
    this.#buckets.set(namespaceId, { tokens, at: this.clock.now() });
  }
}
