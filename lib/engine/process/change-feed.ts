/**
 * Tells those who follow a namespace which of its rooms have something new, at most four times a second each. What flushes
 * announce comes at once; what no flush writes (workers, schedules, workflows, operations) is looked up every two seconds by
 * one statement, for all namespaces that somebody follows here. However many follow, the database is asked no more often.
 */
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { roomMarks } from "@/db/queries/room-marks";
import type { Clock } from "@/lib/clock";
import { CHANGED_ROOMS, type ChangedRoom } from "@/lib/contract/changes";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import type { Log } from "@/lib/log";
import type { Announcements, Told } from "./announcements";
import { type Repeated, repeat } from "./repeat";

export interface ChangeFeedOptions {
  db: Queryable;
  announcements: Announcements;
  /** Of the process, for how often one is told. */
  local: Clock;
  /** Of the database, for which workers live. */
  clock: Clock;
  log: Log;
}

/** So long after a message the next one comes. */
const MESSAGE_EVERY_MS = 250;
/** Each step of any execution changes these; nobody reads numbers that change faster. */
const RESTLESS: ReadonlySet<ChangedRoom> = new Set(["queues", "workers"]);
const RESTLESS_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 2_000;
const LOOKING = "looking for changed rooms";
/** Well above the time between two looks. */
const FINISHED_WITHIN_MS = 60_000;

export class ChangeFeed {
  readonly #namespaces = new Map<number, Namespace>();
  #looking: Repeated | null = null;

  constructor(readonly options: ChangeFeedOptions) {
    options.announcements.onChanges((changes) => this.changed(changes));
  }

  /** Rooms with something new since the last time, again and again until the signal; at first all, for what came before. */
  async *follow(namespaceId: number, signal: AbortSignal): AsyncGenerator<ChangedRoom[], void, undefined> {
    const namespace = this.#namespaces.get(namespaceId) ?? new Namespace(this.options.local);
    this.#namespaces.set(namespaceId, namespace);
    const follower = new Follower();
    namespace.followers.add(follower);
    const end = () => follower.tell([]);
    signal.addEventListener("abort", end);
    this.#looking ??= repeat(LOOKING, LOOK_EVERY_MS, () => this.look(), this.options.log);
    try {
      // What is compared with must be older than whatever is read because of the first message.
      namespace.firstLook ??= this.look([namespaceId]).catch((error: unknown) =>
        this.options.log.warn({ error }, LOOKING),
      );
      await namespace.firstLook;
      yield [...CHANGED_ROOMS];
      while (!signal.aborted) {
        const rooms = follower.take();
        if (rooms.length > 0) yield rooms;
        else await follower.told();
      }
    } finally {
      signal.removeEventListener("abort", end);
      namespace.followers.delete(follower);
      if (namespace.followers.size === 0) this.#leave(namespaceId, namespace);
    }
  }

  changed(changes: Told): void {
    if (changes === "all") for (const namespace of this.#namespaces.values()) namespace.changed(CHANGED_ROOMS);
    else for (const { namespaceId, rooms } of changes) this.#namespaces.get(namespaceId)?.changed(rooms);
  }

  /** Compares what is there with what was there at the last look. */
  async look(namespaceIds = [...this.#namespaces.keys()]): Promise<void> {
    if (namespaceIds.length === 0) return;
    const { db, clock } = this.options;
    const now = clock.now();
    const since = { aliveSince: new Date(now - OFFLINE_AFTER_MS), finishedSince: new Date(now - FINISHED_WITHIN_MS) };
    const rows = await allRows(db, roomMarks(namespaceIds, since));
    for (const { namespace_id, room, mark } of rows) this.#namespaces.get(namespace_id)?.seen(room, mark);
  }

  /** Resolves once nothing is asked any more. Whoever still follows hears of nothing. */
  async stop(): Promise<void> {
    await this.#looking?.stop();
  }

  #leave(namespaceId: number, namespace: Namespace): void {
    namespace.stop();
    this.#namespaces.delete(namespaceId);
    if (this.#namespaces.size > 0) return;
    void this.#looking?.stop();
    this.#looking = null;
  }
}

/** What followers of one namespace share: when they were last told, and what was last seen. */
class Namespace {
  readonly followers = new Set<Follower>();
  firstLook: Promise<void> | null = null;
  readonly #marks = new Map<ChangedRoom, string>();
  readonly #pending = new Set<ChangedRoom>();
  #tellAt = 0;
  #restlessAt = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly local: Clock) {}

  changed(rooms: readonly ChangedRoom[]): void {
    for (const room of rooms) this.#pending.add(room);
    this.#tell();
  }

  seen(room: ChangedRoom, mark: string): void {
    const before = this.#marks.get(room);
    this.#marks.set(room, mark);
    if (before !== undefined && before !== mark) this.changed([room]);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.local.now();
    const due = now < this.#tellAt ? [] : [...this.#pending].filter((room) => this.#dueAt(room) <= now);
    if (due.length > 0) {
      this.#tellAt = now + MESSAGE_EVERY_MS;
      if (due.some((room) => RESTLESS.has(room))) this.#restlessAt = now + RESTLESS_EVERY_MS;
      for (const room of due) this.#pending.delete(room);
      for (const follower of this.followers) follower.tell(due);
    }
    if (this.#pending.size === 0) return;
    const next = Math.min(...[...this.#pending].map((room) => this.#dueAt(room)));
    this.#timer = setTimeout(() => this.#tell(), next - now);
  }

  #dueAt(room: ChangedRoom): number {
    return Math.max(this.#tellAt, RESTLESS.has(room) ? this.#restlessAt : 0);
  }
}

/** One stream: what it was told and has not taken yet, so that a slow one neither waits for others nor piles up messages. */
class Follower {
  readonly #rooms = new Set<ChangedRoom>();
  #wake: () => void = () => {};

  tell(rooms: readonly ChangedRoom[]): void {
    for (const room of rooms) this.#rooms.add(room);
    this.#wake();
  }

  take(): ChangedRoom[] {
    const rooms = [...this.#rooms];
    this.#rooms.clear();
    return rooms;
  }

  /** Resolves when it is told again. */
  told(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
