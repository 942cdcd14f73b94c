/**
 * Asks queries again when their room has something new. A room is asked once at a time: what changes meanwhile is asked for
 * right after, so that a slow answer is neither cut off by the next change nor taken for the newest.
 *
 *   idle --changed--> asking --answered--> idle
 *                       |--changed--> asking, again --answered--> asking
 */
import type { Query, QueryClient } from "@tanstack/react-query";
import type { ChangedRoom } from "@/lib/contract/changes";

/** The overview is of all rooms, and costs more than any of them. */
const OVERVIEW_EVERY_MS = 2_000;
/** Lists of several pages are asked page by page. */
const LONG_LIST_EVERY_MS = 5_000;

type Lane = { again: boolean; notBefore: number; timer: ReturnType<typeof setTimeout> | null; isAsking: boolean };

/** Queries with this among their `meta` are left alone: they follow in a way of their own. */
export const FOLLOWS_ITSELF = { followsItself: true };

export class Refresher {
  readonly #lanes = new Map<string, Lane>();
  #stopped = false;

  constructor(readonly client: QueryClient) {}

  changed(rooms: readonly ChangedRoom[]): void {
    for (const room of rooms) {
      this.#ask(room, 0, (query) => query.queryKey[0] === room && !isLong(query));
      this.#ask(`${room}, long lists`, LONG_LIST_EVERY_MS, (query) => query.queryKey[0] === room && isLong(query));
    }
    if (rooms.length > 0) this.#ask("overview", OVERVIEW_EVERY_MS, (query) => query.queryKey[0] === "overview");
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#lanes.values()) if (timer !== null) clearTimeout(timer);
  }

  /** At once if the last time was `everyMs` ago, else as soon as it was. */
  #ask(name: string, everyMs: number, isMeant: (query: Query) => boolean): void {
    const lane = this.#lanes.get(name) ?? { again: false, notBefore: 0, timer: null, isAsking: false };
    this.#lanes.set(name, lane);
    if (lane.timer !== null) return;
    if (lane.isAsking) {
      lane.again = true;
      return;
    }
    const waitMs = lane.notBefore - Date.now();
    if (waitMs > 0) {
      lane.timer = setTimeout(() => {
        lane.timer = null;
        this.#ask(name, everyMs, isMeant);
      }, waitMs);
      return;
    }
    lane.notBefore = Date.now() + everyMs;
    lane.isAsking = true;
    const predicate = (query: Query) => isMeant(query) && query.meta?.followsItself !== true;
    this.client.invalidateQueries({ predicate }).then(() => {
      lane.isAsking = false;
      const { again } = lane;
      lane.again = false;
      if (again && !this.#stopped) this.#ask(name, everyMs, isMeant);
    });
  }
}

function isLong({ state }: Query): boolean {
  const pages = (state.data as { pages?: unknown } | undefined)?.pages;
  return Array.isArray(pages) && pages.length > 1;
}
