"use client";
import { isKnownType } from "@/lib/client/event-sentences";
import { type Connection, followEvents } from "@/lib/client/event-stream";
import type { Definition } from "@/lib/contract/definition";
/**
 * The live history of one execution for all views of its page: the stream's events, folded in slices of a few
 * milliseconds so that a hundred thousand of them never block the page, and published at most once a frame. Views read
 * snapshots; what is inside (`events`, `timeline`) grows in place and is told apart by the snapshot's `version`.
 */
import type { HistoryEvent } from "@/lib/contract/history";
import { compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState } from "@/lib/core/execution/initial-state";
import type { ExecutionState } from "@/lib/core/execution/state";
import { emptyTimeline, foldTimeline, type TimelineModel } from "./timeline-model";

export interface Snapshot {
  version: number;
  /** Gapless from sequence 1: an event's index is its sequence less one. */
  events: readonly HistoryEvent[];
  timeline: TimelineModel;
  /** What the core folds of them; null before the definition is known, and where an event is newer than this page. */
  state: ExecutionState | null;
  /** Some events are newer than this page: what the core would make of them, it cannot say. */
  newer: boolean;
  connection: Connection;
  /** Events that have arrived and are not folded yet. */
  backlog: number;
}

const SLICE_MS = 8;
/** While a backlog is folded, views are redrawn this often and not every frame. */
const BACKLOG_PUBLISH_MS = 200;

export class ExecutionFeed {
  private readonly events: HistoryEvent[] = [];
  private readonly timeline = emptyTimeline();
  private state: ExecutionState | null = null;
  private newer = false;
  private connection: Connection = { state: "connecting" };
  private arrived: HistoryEvent[] = [];
  private arrivedFrom = 0;
  private frame: number | null = null;
  private publishedAt = 0;
  private readonly listeners = new Set<() => void>();
  private following: AbortController | null = null;
  private snapshot: Snapshot = this.take(0);

  constructor(private readonly executionId: string) {}

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

  /** Gives the core the definition of the execution's version; once. */
  bind(definition: Definition): void {
    if (this.state || this.newer) return;
    this.state = initialState(compileGraph(definition));
    this.evolveTo(this.events.length);
    this.schedule();
  }

  private evolveTo(end: number): void {
    if (!this.state) return;
    const events = this.events.slice(this.state.sequence, end);
    this.newer = events.some(({ type }) => !isKnownType(type));
    this.state = this.newer ? null : evolveAll(this.state, events);
  }

  private follow(): void {
    if (this.connection.state === "ended" && this.backlog === 0) return;
    this.following = new AbortController();
    followEvents({
      executionId: this.executionId,
      after: this.arrived.at(-1)?.sequence ?? this.events.length,
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

  /** Hidden pages get no frames: they fold by timer, so that they are true when they are shown again. */
  private schedule(): void {
    if (this.frame !== null) return;
    this.frame = document.hidden
      ? window.setTimeout(() => this.foldSlice(), 100)
      : window.requestAnimationFrame(() => this.foldSlice());
  }

  private foldSlice(): void {
    this.frame = null;
    const startedAt = performance.now();
    while (this.arrivedFrom < this.arrived.length && performance.now() - startedAt < SLICE_MS) {
      for (
        const end = Math.min(this.arrived.length, this.arrivedFrom + 64);
        this.arrivedFrom < end;
        this.arrivedFrom++
      ) {
        const event = this.arrived[this.arrivedFrom];
        if (!event) continue;
        this.events.push(event);
        foldTimeline(this.timeline, event);
      }
    }
    this.evolveTo(this.events.length);
    if (this.backlog > 0) this.schedule();
    else {
      this.arrived = [];
      this.arrivedFrom = 0;
    }
    if (this.backlog === 0 || startedAt - this.publishedAt > BACKLOG_PUBLISH_MS) this.publish(startedAt);
  }

  private publish(at: number): void {
    this.publishedAt = at;
    this.snapshot = this.take(this.snapshot.version + 1);
    for (const listener of this.listeners) listener();
  }

  private take(version: number): Snapshot {
    return {
      version,
      events: this.events,
      timeline: this.timeline,
      state: this.state,
      newer: this.newer,
      connection: this.connection,
      backlog: this.backlog,
    };
  }
}

const KEPT = 3;
const feeds = new Map<string, ExecutionFeed>();

/** The feed of an execution; the last few are kept, so that going back to one shows it at once and resumes. */
export function feedOf(executionId: string): ExecutionFeed {
  const feed = feeds.get(executionId) ?? new ExecutionFeed(executionId);
  feeds.delete(executionId);
  feeds.set(executionId, feed);
  for (const oldest of feeds.keys()) {
    if (feeds.size <= KEPT) break;
    feeds.delete(oldest);
  }
  return feed;
}
