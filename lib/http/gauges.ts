/** What the database tells metrics: asked at most every ten seconds, however often and by however many they are read. */
import type { Queryable } from "@/db/client";
import { type GaugesRow, gauges } from "@/db/queries/gauges";
import { firstRow } from "@/db/queries/query";
import type { Clock } from "@/lib/clock";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { within } from "@/lib/http/within";
import type { Log } from "@/lib/log";

const ASK_EVERY_MS = 10_000;
/** Metrics are read without what the database does not tell in time. */
const ANSWER_WITHIN_MS = 2_000;

export class DatabaseGauges {
  #last: { at: number; row: Promise<GaugesRow | null> } | null = null;

  constructor(private readonly ports: { db: Queryable; clock: Clock; log: Log }) {}

  /** Null where the database did not answer. */
  read(): Promise<GaugesRow | null> {
    const now = this.ports.clock.now();
    if (this.#last === null || now - this.#last.at >= ASK_EVERY_MS) this.#last = { at: now, row: this.#ask(now) };
    return this.#last.row;
  }

  async #ask(now: number): Promise<GaugesRow | null> {
    const { db, log } = this.ports;
    try {
      return await within(ANSWER_WITHIN_MS, firstRow(db, gauges(new Date(now - OFFLINE_AFTER_MS))));
    } catch (error) {
      log.warn({ error }, "the database was not counted for metrics");
      return null;
    }
  }
}
