/**
 * Asks queries again when their room has something new: the first time at once, then as often as fits what they cost. Those
 * of one pace are asked once at a time: what changes meanwhile is asked for right after, so that a slow answer is neither cut
 * off by the next change nor taken for the newest.
 *
 *   idle --changed--> asking --answered--> idle
 *                       |--changed--> asking, again --answered--> asking
 */
import type { Query, QueryClient } from "@tanstack/react-query";
import type { ChangedRoom } from "@/lib/contract/changes";

/** `at-once`: whenever there is a change; `by-itself`: never from here, for it has a way of its own. */
type Follows = "at-once" | "by-itself";

/** The `meta` of queries that do not follow as others do. */
export const follows = (how: Follows) => ({ follows: how });

const ORDINARY_MS = 1_000;
/** Of all rooms, and dearer than any of them. */
const OVERVIEW_MS = 2_000;
/** Lists of several pages are asked page by page. */
const LONG_LIST_MS = 5_000;

/** For whoever changed something in a room: as {@link Refresher}, but now, and without waiting for the server to tell of it. */
export function askRoomAgain(client: QueryClient, room: ChangedRoom): Promise<void> {
  return askAgain(client, (query) => query.queryKey[0] === room && paceOf(query) !== null);
}

/**
 * Whatever is on its first answer is asked once more after it: that answer may be older than the change, and is not cut off
 * as a later one would be, for there is nothing yet to show instead.
 */
async function askAgain(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  const first = new Set(
    client
      .getQueryCache()
      .findAll({ predicate, type: "active", fetchStatus: "fetching" })
      .filter(({ state }) => state.data === undefined),
  );
  await client.invalidateQueries({ predicate });
  if (first.size > 0) await client.invalidateQueries({ predicate: (query) => first.has(query) });
}

interface Lane {
  isAsking: boolean;
  again: boolean;
  notBefore: number;
  timer: ReturnType<typeof setTimeout> | null;
}

export class Refresher {
  readonly #lanes = new Map<string, Lane>();
  #stopped = false;

  constructor(readonly client: QueryClient) {}

  changed(rooms: readonly ChangedRoom[]): void {
    for (const room of rooms) for (const everyMs of [0, ORDINARY_MS, LONG_LIST_MS]) this.#ask(room, everyMs);
    if (rooms.length > 0) this.#ask("overview", OVERVIEW_MS);
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#lanes.values()) if (timer !== null) clearTimeout(timer);
  }

  /** At once if the last time was `everyMs` ago, else as soon as it was. */
  #ask(room: string, everyMs: number): void {
    const name = `${room} ${everyMs}`;
    const lane = this.#lanes.get(name) ?? { isAsking: false, again: false, notBefore: 0, timer: null };
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
        this.#ask(room, everyMs);
      }, waitMs);
      return;
    }
    lane.notBefore = Date.now() + everyMs;
    lane.isAsking = true;
    const predicate = (query: Query) => query.queryKey[0] === room && paceOf(query) === everyMs;
    askAgain(this.client, predicate).then(() => {
      lane.isAsking = false;
      const { again } = lane;
      lane.again = false;
      if (again && !this.#stopped) this.#ask(room, everyMs);
    });
  }
}

/** How long it is left alone after it was asked; null: for ever. */
function paceOf({ meta, queryKey, state }: Query): number | null {
  if (meta?.follows === "by-itself") return null;
  if (meta?.follows === "at-once") return 0;
  if (queryKey[0] === "overview") return OVERVIEW_MS;
  const pages = (state.data as { pages?: unknown } | undefined)?.pages;
  return Array.isArray(pages) && pages.length > 1 ? LONG_LIST_MS : ORDINARY_MS;
}
