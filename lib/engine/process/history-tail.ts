/** Reads what follows an event. Many pages that watch one execution from the same point share one read. */
import type { Queryable } from "@/db/client";
import { eventsAfter } from "@/db/queries/events-after";
import type { HistoryEvent } from "@/lib/contract/history";

export interface HistoryPage {
  /** In order, gapless from the sequence asked for. An event type that this build does not know is passed on as it is. */
  events: HistoryEvent[];
  /** Where the execution was at the time of the read. */
  sequence: number;
  closed: boolean;
}

const PAGE = 1_000;

export class HistoryTail {
  readonly #reading = new Map<string, Promise<HistoryPage | null>>();

  constructor(readonly db: Queryable) {}

  /** Up to a thousand events after a sequence; null where the namespace has no such execution. */
  read(namespaceId: number, executionId: bigint, after: number): Promise<HistoryPage | null> {
    const key = `${namespaceId} ${executionId} ${after}`;
    const underWay = this.#reading.get(key);
    if (underWay !== undefined) return underWay;
    const reading = this.#read(namespaceId, executionId, after).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #read(namespaceId: number, executionId: bigint, after: number): Promise<HistoryPage | null> {
    const rows = await eventsAfter(this.db, namespaceId, executionId, after, PAGE);
    const [first] = rows;
    if (first === undefined) return null;
    const events = rows.flatMap((row) =>
      row.sequence === null
        ? []
        : [
            {
              sequence: row.sequence,
              type: row.type,
              at: row.at.toISOString(),
              actor: row.actor,
              command: row.command,
              data: JSON.parse(row.data),
            } as HistoryEvent,
          ],
    );
    return { events, sequence: first.last, closed: first.closed };
  }
}
