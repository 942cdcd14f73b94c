/**
 * Who is told that something was committed: callers that wait for an execution, polls that wait for a queue, and pages that
 * follow a namespace. What is told is a hint to look; a lost one costs a few seconds, never an event.
 */
import { CHANGED_ROOMS, type ChangedRoom } from "@/lib/contract/changes";
import { decodeKey, encodeKey } from "@/lib/contract/ids";
import type { Announcement, NamespaceChange } from "../door/door";

/** PostgreSQL refuses notifications of 8,000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_900;
export const CHANNEL = "cerebelum";

/**
 * What a flush notifies other processes of:
 * `{"p":<slot>,"e":[["<execution key>",sequence,closed 0|1],…],"q":[[namespaceId,"queue"],…],"n":[[namespaceId,rooms],…]}`.
 * Where that would be too long, `{"p":<slot>,"all":1,"n":…}`: look at every execution and queue; and without `n`, as a process
 * of an older release writes it, at every room. `rooms` has a bit for each room that has something new.
 */
export function encodeAnnouncement(slot: number, { executions, queues, changes }: Announcement): string {
  const n = changes.map(({ namespaceId, rooms }) => [namespaceId, rooms.reduce((bits, room) => bits | bitOf(room), 0)]);
  const forms = [
    {
      p: slot,
      e: executions.map(({ id, sequence, closed }) => [encodeKey(id), sequence, closed ? 1 : 0]),
      q: queues.map(({ namespaceId, queue }) => [namespaceId, queue]),
      n,
    },
    { p: slot, all: 1, n },
  ];
  const payload = forms
    .map((form) => JSON.stringify(form))
    .find((text) => Buffer.byteLength(text) <= MAX_PAYLOAD_BYTES);
  return payload ?? JSON.stringify({ p: slot, all: 1 });
}

/** Of a change outside the door: the process that makes it is told like all others, for it passes nothing on by itself. */
export function changeAnnouncement(namespaceId: number, rooms: readonly ChangedRoom[]): string {
  return encodeAnnouncement(NO_SLOT, { executions: [], queues: [], changes: [{ namespaceId, rooms }] });
}

/** Of announcements that are nobody's, so that everybody listens. */
export const NO_SLOT = -1;

/** The order of the rooms is part of the format: new ones come last. */
const bitOf = (room: ChangedRoom) => 1 << CHANGED_ROOMS.indexOf(room);

export type Told = readonly NamespaceChange[] | "all";
export interface Received {
  slot: number;
  /** `all`: anything may have happened to executions and queues. */
  committed: Pick<Announcement, "executions" | "queues"> | "all";
  changes: Told;
}

/** null for a payload of another format: a newer process may speak another one. */
export function decodeAnnouncement(payload: string): Received | null {
  try {
    const { p: slot, e, q, n, all } = JSON.parse(payload) as Record<string, unknown>;
    if (typeof slot !== "number") return null;
    const changes = Array.isArray(n) ? n.map(([namespaceId, bits]) => changeOf(namespaceId, bits)) : "all";
    if (all === 1) return { slot, committed: "all", changes };
    if (!Array.isArray(e) || !Array.isArray(q)) return null;
    const executions = e.flatMap(([key, sequence, closed]) => {
      const id = decodeKey(String(key));
      return id === null ? [] : [{ id, sequence: Number(sequence), closed: closed === 1 }];
    });
    return { slot, committed: { executions, queues: q.map(([ns, queue]) => ({ namespaceId: ns, queue })) }, changes };
  } catch {
    return null;
  }
}

/** Rooms that this build does not know are left out. */
function changeOf(namespaceId: number, bits: number): NamespaceChange {
  return { namespaceId, rooms: CHANGED_ROOMS.filter((room) => (bits & bitOf(room)) !== 0) };
}

/** Where an execution is known to be. `sequence` only grows. */
export interface Progress {
  sequence: number;
  closed: boolean;
}

export interface Watch {
  /** What was last heard; sequence 0 before anything was. */
  readonly progress: Progress;
  /**
   * Resolves once more than `sequence` events, or the close, were heard of, or the signal was aborted. Never rejects.
   * What was heard of before counts: nothing can slip in between a read and the wait after it.
   */
  past(sequence: number, signal: AbortSignal): Promise<void>;
  /** Forgets the watch. Whoever takes one must stop it. */
  stop(): void;
}

interface Watched {
  progress: Progress;
  watchers: number;
  waiting: Set<() => void>;
}

export type QueueListener = (queues: Announcement["queues"] | "all") => void;
export type ChangeListener = (changes: Told) => void;

export class Announcements {
  readonly #watched = new Map<bigint, Watched>();
  readonly #queueListeners = new Set<QueueListener>();
  readonly #changeListeners = new Set<ChangeListener>();

  /** This process committed a flush, or another one told that it did. */
  publish({ executions, queues, changes }: Pick<Announcement, "executions" | "queues"> & { changes: Told }): void {
    for (const { id, sequence, closed } of executions) this.heard(id, { sequence, closed });
    if (queues.length > 0) for (const listener of this.#queueListeners) listener(queues);
    this.#changed(changes);
  }

  /** Something may have been missed; whoever waits for a queue looks, executions are looked up by {@link waitedFor}. */
  missed(changes: Told = "all"): void {
    for (const listener of this.#queueListeners) listener("all");
    this.#changed(changes);
  }

  /** An execution was seen there. Older news than what is known changes nothing. */
  heard(id: bigint, progress: Progress): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    const { sequence, closed } = watched.progress;
    if (progress.sequence < sequence || (progress.sequence === sequence && progress.closed === closed)) return;
    watched.progress = progress;
    for (const look of [...watched.waiting]) look();
  }

  /** The executions that somebody waits for at this moment. */
  waitedFor(): bigint[] {
    return [...this.#watched].filter(([, { waiting }]) => waiting.size > 0).map(([id]) => id);
  }

  onQueues(listener: QueueListener): () => void {
    this.#queueListeners.add(listener);
    return () => this.#queueListeners.delete(listener);
  }

  onChanges(listener: ChangeListener): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  #changed(changes: Told): void {
    if (changes.length > 0) for (const listener of this.#changeListeners) listener(changes);
  }

  watch(id: bigint): Watch {
    const watched = this.#watched.get(id) ?? {
      progress: { sequence: 0, closed: false },
      watchers: 0,
      waiting: new Set(),
    };
    this.#watched.set(id, watched);
    watched.watchers += 1;
    let stopped = false;
    return {
      get progress() {
        return watched.progress;
      },
      past: (sequence, signal) => past(watched, sequence, signal),
      stop: () => {
        if (stopped) return;
        stopped = true;
        watched.watchers -= 1;
        if (watched.watchers === 0) this.#watched.delete(id);
      },
    };
  }
}

function past(watched: Watched, sequence: number, signal: AbortSignal): Promise<void> {
  const isPast = () => watched.progress.sequence > sequence || watched.progress.closed || signal.aborted;
  if (isPast()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (!isPast()) return;
      watched.waiting.delete(look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    watched.waiting.add(look);
    signal.addEventListener("abort", look);
  });
}
