/**
 * How many executions of a namespace are open, well enough to refuse starts beyond its limit. Read once a second at most, for
 * limited namespaces alone; what this process starts counts at once. So a namespace overshoots its limit by what other
 * processes start within a second, and by nothing within one process.
 */
import type { Queryable } from "@/db/client";
import { openExecutions } from "@/db/queries/namespace-settings";
import { firstRow } from "@/db/queries/query";
import type { Clock } from "@/lib/clock";

const COUNT_MS = 1_000;

interface Count {
  /** As the last statement found it. */
  open: number;
  readAt: number;
  /** Let in, and neither committed nor given up. */
  underWay: number;
  /** Committed since the last statement was sent. */
  since: number;
  reading: Promise<void> | null;
}

/** To be called once, when it is known whether what was let in opened an execution. */
export type Settle = (opened: boolean) => void;

export class OpenExecutions {
  readonly #counts = new Map<number, Count>();

  constructor(private readonly ports: { db: Queryable; clock: Clock }) {}

  /** Null where the namespace has as many as it may. */
  async take(namespaceId: number, limit: number): Promise<Settle | null> {
    const count = this.#countOf(namespaceId);
    if (this.ports.clock.now() - count.readAt >= COUNT_MS) {
      count.reading ??= this.#read(namespaceId, count).finally(() => {
        count.reading = null;
      });
      await count.reading;
    }
    if (count.open + count.since + count.underWay >= limit) return null;
    count.underWay += 1;
    return (opened) => {
      count.underWay -= 1;
      if (opened) count.since += 1;
    };
  }

  #countOf(namespaceId: number): Count {
    const known = this.#counts.get(namespaceId);
    if (known !== undefined) return known;
    const none = { open: 0, readAt: Number.NEGATIVE_INFINITY, underWay: 0, since: 0, reading: null };
    this.#counts.set(namespaceId, none);
    return none;
  }

  /** What committed before it is in its answer; what is under way meanwhile may count twice until the next one. */
  async #read(namespaceId: number, count: Count): Promise<void> {
    const readAt = this.ports.clock.now();
    const seen = count.since;
    const row = await firstRow(this.ports.db, openExecutions(namespaceId));
    count.open = row?.open ?? 0;
    count.since -= seen;
    count.readAt = readAt;
  }
}
