/** Reads what follows an event. Many pages that watch one execution from the same point share one read. */
import type { Queryable } from "@/db/client";
import { eventsAfter } from "@/db/queries/events-after";

/** An event as it is told: its JSON text is put together from what is stored, and never parsed on the way. */
export interface ToldEvent {
  sequence: number;
  /** Perhaps one that this build does not know: it is passed on as it is. */
  type: string;
  text: string;
}

export interface HistoryPage {
  /** In order, gapless from the sequence asked for. */
  events: ToldEvent[];
  /** Where the execution was at the time of the read. */
  sequence: number;
  closed: boolean;
}

const PAGE = 2_000;

export class HistoryTail {
  readonly #reading = new Map<string, Promise<HistoryPage | null>>();

  constructor(readonly db: Queryable) {}

  /** Up to two thousand events after a sequence; null where the namespace has no such execution. */
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
    const events = rows.flatMap((row) => (row.sequence === null ? [] : [told(row)]));
    return { events, sequence: first.last, closed: first.closed };
  }
}

function told(row: {
  sequence: number;
  type: string;
  at: Date;
  actor: string;
  command: number;
  data: string;
}): ToldEvent {
  const { sequence, type, at, actor, command, data } = row;
  const head = JSON.stringify({ sequence, type, at, actor, command });
  return { sequence, type, text: `${head.slice(0, -1)},"data":${data}}` };
}
