/**
 * What the core folds of a history while it arrives, and what it was at any moment of it. It waits for the definitions of
 * the versions that the events name: a fork may have gone on by another one. Where it cannot go on, it has no state of what
 * comes after, and the page shows what the server says.
 */
import { isKnownType } from "@/lib/client/event-sentences";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState, versionBoundBy } from "@/lib/core/execution/initial-state";
import type { ExecutionState } from "@/lib/core/execution/state";

/** Events between two checkpoints: no moment costs more than folding so many. */
export const CHECKPOINT_EVERY = 256;

export class HistoryFold {
  /** Some events are newer than this page: what the core would make of them, it cannot say. */
  newer = false;
  /** The first event that can never be folded: newer than this page, or not as its definition has it. */
  private unfoldableFrom = Number.POSITIVE_INFINITY;
  /** As far as it can be folded. */
  private reached: ExecutionState | null = null;
  /** After each {@link CHECKPOINT_EVERY} events; they share what did not change between them. */
  private readonly checkpoints: ExecutionState[] = [];
  /** Where each version is named first. */
  private readonly named: { version: number; sequence: number }[] = [];
  private readonly graphs = new Map<number, CompiledGraph>();
  private read = 0;

  /** Of the newest event that can be folded by now; null before the first, and for good once one cannot be folded. */
  get state(): ExecutionState | null {
    return this.unfoldableFrom === Number.POSITIVE_INFINITY ? this.reached : null;
  }

  /** Versions that the events name and whose definitions were not given yet. */
  get missing(): readonly number[] {
    return this.named.map(({ version }) => version).filter((version) => !this.graphs.has(version));
  }

  /** What a version says never changes: a second time nothing happens. */
  bind(version: number, definition: Definition): void {
    if (!this.graphs.has(version)) this.graphs.set(version, compileGraph(definition));
  }

  /**
   * @param events the whole history so far, gapless from sequence 1; grows in place
   * @param isOver asked after every few hundred events: true stops there
   * @returns whether all that can be folded is
   */
  follow(events: readonly HistoryEvent[], isOver: () => boolean = () => false): boolean {
    for (; this.read < events.length; this.read++) this.note(events[this.read]);
    for (;;) {
      const from = this.reached?.sequence ?? 0;
      const until = Math.min(this.foldable, (Math.floor(from / CHECKPOINT_EVERY) + 1) * CHECKPOINT_EVERY);
      if (until <= from) return true;
      this.evolve(events, from, until);
      if (isOver()) return this.reached?.sequence === this.foldable;
    }
  }

  /** Whether {@link stateAt} knows that moment. */
  reaches(at: number): boolean {
    return at <= (this.reached?.sequence ?? 0);
  }

  /** The state after that event; null where it is not folded so far. */
  stateAt(events: readonly HistoryEvent[], at: number): ExecutionState | null {
    if (!this.reaches(at)) return null;
    const base = this.checkpoints[Math.floor(at / CHECKPOINT_EVERY) - 1] ?? this.initial;
    return base && evolveAll(base, events.slice(base.sequence, at));
  }

  private get initial(): ExecutionState | null {
    const first = this.graphs.get(this.named[0]?.version ?? 0);
    return first === undefined ? null : initialState(first, this.graphs);
  }

  /** How many events can be folded by now. */
  private get foldable(): number {
    if (this.named.length === 0) return 0;
    const waiting = this.named.find(({ version }) => !this.graphs.has(version));
    return Math.min(this.read, this.unfoldableFrom - 1, waiting ? waiting.sequence - 1 : this.read);
  }

  private note(event: HistoryEvent | undefined): void {
    if (event === undefined) return;
    if (!isKnownType(event.type)) {
      this.newer = true;
      this.unfoldableFrom = Math.min(this.unfoldableFrom, event.sequence);
    }
    const version = versionBoundBy(event);
    if (version !== null && !this.named.some((known) => known.version === version))
      this.named.push({ version, sequence: event.sequence });
  }

  private evolve(events: readonly HistoryEvent[], from: number, until: number): void {
    const before = this.reached ?? this.initial;
    if (before === null) return;
    try {
      this.reached = evolveAll(before, events.slice(from, until));
    } catch {
      // The server quarantines such a history and says so: its events are shown all the same.
      this.unfoldableFrom = from + 1;
      return;
    }
    if (until % CHECKPOINT_EVERY === 0) this.checkpoints.push(this.reached);
  }
}
