"use client";
/**
 * The live history of one execution for all views of its page: the stream's events, folded in slices of a few
 * milliseconds so that a hundred thousand of them never block the page, and published at most once a frame; what the
 * views draw first, then what the core makes of it. Views read snapshots, of now or of a moment that has passed; what is
 * inside (`events`, `timeline`, `marks`) grows in place and is told apart by the snapshot's `version`.
 */
import { type Connection, type EventStreamOptions, followEvents } from "@/lib/client/event-stream";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import type { ExecutionState } from "@/lib/core/execution/state";
import { FoldedHistory } from "./folded-history";
import type { Marks } from "./moment-marks";
import type { TimelineModel } from "./timeline-model";

/** Where the events come from: the server's stream, or a file. Runs until the last event or `signal`. */
export type HistorySource = (
  options: Pick<EventStreamOptions, "after" | "onEvents" | "onConnection" | "signal">,
) => void;

export interface Snapshot {
  /** Never the same for two snapshots of one feed. */
  version: number;
  /** The sequence of the moment it shows, past and fixed; null: the newest, and what comes is followed. */
  at: number | null;
  /** Up to the moment. Gapless from sequence 1: an event's index is its sequence less one. */
  events: readonly HistoryEvent[];
  timeline: TimelineModel;
  /** What the core folds of them, as far as it can: see `HistoryFold`. */
  state: ExecutionState | null;
  newer: boolean;
  /** Versions whose definitions the fold waits for; see {@link ExecutionFeed.bind}. */
  missing: readonly number[];
  connection: Connection;
  /** Events that have arrived and are not folded yet. */
  backlog: number;
  /** The sequence of the newest event that was folded, whatever the moment: `timeline.newest` changes with it. */
  newest: number;
}

/** At a time: between two slices the page answers whoever uses it, and draws a frame where one is due. */
const SLICE_MS = 11;
/** While a backlog is folded, views are redrawn this often and not every frame, and take no more than this share of the time. */
const BACKLOG_PUBLISH_MS = 200;
const DRAWING_SHARE = 0.2;

export class ExecutionFeed {
  private readonly history = new FoldedHistory();
  private connection: Connection = { state: "connecting" };
  private arrived: HistoryEvent[] = [];
  private arrivedFrom = 0;
  private isScheduled = false;
  private readonly turn = new MessageChannel();
  private publishedAt = 0;
  /** How long the views took to draw what was published last, and whether that is still to be seen. */
  private drewMs = 0;
  private isDrawing = false;
  private versions = 0;
  private readonly listeners = new Set<() => void>();
  private following: AbortController | null = null;
  private snapshot: Snapshot = this.take();

  constructor(private readonly source: HistorySource) {
    this.turn.port1.onmessage = () => this.foldSlice();
  }

  /** Where failures, retries, waits and decisions lie; grows with the events. */
  get marks(): Marks {
    return this.history.marks;
  }

  /** For useSyncExternalStore: the stream runs while someone looks, and resumes behind the last event. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.follow();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.following?.abort();
      this.following = null;
    };
  };

  readonly getSnapshot = (): Snapshot => this.snapshot;

  /**
   * As it was after that event, or after the newest that has arrived: fixed from then on, whatever comes. Costs a few
   * milliseconds, however long the history.
   */
  momentAt(at: number): Snapshot {
    const { events } = this.history;
    const until = Math.min(at, events.length);
    let past: readonly HistoryEvent[] | null = null;
    return {
      ...this.take(),
      ...this.history.momentAt(until),
      at,
      backlog: at > until ? this.backlog : 0,
      get events() {
        past ??= events.slice(0, until);
        return past;
      },
    };
  }

  /** Whether the core knows that moment: until then its snapshot has no state. */
  reaches(at: number): boolean {
    return this.history.reaches(at);
  }

  /** Gives the core the definition of a version that the history names. */
  bind(version: number, definition: Definition): void {
    this.history.bind(version, definition);
    this.schedule();
  }

  /** The execution had closed, and was retried: what came behind its end is followed from now on. */
  goOn(): void {
    if (this.connection.state !== "ended") return;
    this.connection = { state: "connecting" };
    if (this.listeners.size > 0) this.follow();
  }

  private follow(): void {
    if (this.connection.state === "ended" && this.backlog === 0) return;
    this.following = new AbortController();
    this.source({
      after: this.arrived.at(-1)?.sequence ?? this.history.events.length,
      signal: this.following.signal,
      onEvents: (events) => {
        this.arrived.push(...events);
        this.schedule();
      },
      onConnection: (connection) => {
        this.connection = connection;
        this.schedule();
      },
    });
  }

  private get backlog(): number {
    return this.arrived.length - this.arrivedFrom;
  }

  /** With the next frame, so that what comes within one is drawn together. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    // Hidden pages get no frames: they fold by timer, so that they are true when they are shown again.
    if (document.hidden) window.setTimeout(() => this.foldSlice(), 100);
    else window.requestAnimationFrame(() => this.foldSlice());
  }

  /** What is left of a backlog waits for no frame: on a busy machine they are few. */
  private goOnSoon(): void {
    this.isScheduled = true;
    this.turn.port2.postMessage(null);
  }

  private foldSlice(): void {
    this.isScheduled = false;
    const startedAt = performance.now();
    if (this.isDrawing) this.drewMs = startedAt - this.publishedAt;
    this.isDrawing = false;
    const isOver = () => performance.now() - startedAt >= SLICE_MS;
    this.appendArrived(isOver);
    const isFolded = this.backlog === 0 && this.history.follow(isOver);
    const isDrawn = isFolded || this.isDue(startedAt);
    if (isDrawn) this.publish();
    if (isFolded) return;
    // After what was published the next frame is waited for, so that what it takes to draw is known.
    if (isDrawn) this.schedule();
    else this.goOnSoon();
  }

  private appendArrived(isOver: () => boolean): void {
    while (this.backlog > 0 && !isOver()) {
      const end = Math.min(this.arrived.length, this.arrivedFrom + 64);
      for (const event of this.arrived.slice(this.arrivedFrom, end)) this.history.append(event);
      this.arrivedFrom = end;
    }
    if (this.backlog > 0) return;
    this.arrived = [];
    this.arrivedFrom = 0;
  }

  private isDue(now: number): boolean {
    return now - this.publishedAt > Math.max(BACKLOG_PUBLISH_MS, this.drewMs / DRAWING_SHARE);
  }

  private publish(): void {
    this.publishedAt = performance.now();
    this.isDrawing = true;
    this.snapshot = this.take();
    for (const listener of this.listeners) listener();
  }

  private take(): Snapshot {
    const { events, timeline, state, newer, missing } = this.history;
    const { connection, backlog } = this;
    this.versions++;
    const newest = events.length;
    return { version: this.versions, at: null, events, timeline, state, newer, missing, connection, backlog, newest };
  }
}

const KEPT = 3;
const feeds = new Map<string, ExecutionFeed>();

/** The feed of an execution; the last few are kept, so that going back to one shows it at once and resumes. */
export function feedOf(executionId: string): ExecutionFeed {
  const feed = feeds.get(executionId) ?? new ExecutionFeed((options) => void followEvents({ executionId, ...options }));
  return keepFeed(executionId, feed);
}

/** From now on the feed of that id, whatever its source: a file's history is shown as the server's would be. */
export function keepFeed(executionId: string, feed: ExecutionFeed): ExecutionFeed {
  feeds.delete(executionId);
  feeds.set(executionId, feed);
  for (const oldest of feeds.keys()) {
    if (feeds.size <= KEPT) break;
    feeds.delete(oldest);
  }
  return feed;
}
