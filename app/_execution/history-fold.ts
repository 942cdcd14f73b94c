/**
 * What the core folds of a history while it arrives. It waits for the definitions of the versions that the events name: a
 * fork may have gone on by another one. Where it cannot go on, it has no state, and the page shows what the server says.
 */
import { isKnownType } from "@/lib/client/event-sentences";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import { evolveAll } from "@/lib/core/execution/evolve";
import { initialState, versionBoundBy } from "@/lib/core/execution/initial-state";
import type { ExecutionState } from "@/lib/core/execution/state";

export class HistoryFold {
  /** Null before all versions are known, and for good once an event is newer than this page or cannot be folded. */
  state: ExecutionState | null = null;
  /** Some events are newer than this page: what the core would make of them, it cannot say. */
  newer = false;
  private broken = false;
  private readonly named: number[] = [];
  private readonly graphs = new Map<number, CompiledGraph>();
  private read = 0;

  /** Versions that the events name and whose definitions were not given yet. */
  get missing(): readonly number[] {
    return this.named.filter((version) => !this.graphs.has(version));
  }

  /** What a version says never changes: a second time nothing happens. */
  bind(version: number, definition: Definition): void {
    if (!this.graphs.has(version)) this.graphs.set(version, compileGraph(definition));
  }

  /** @param events the whole history so far, gapless from sequence 1; grows in place */
  follow(events: readonly HistoryEvent[]): void {
    for (; this.read < events.length; this.read++) this.note(events[this.read]);
    if (this.newer || this.broken) this.state = null;
    else if (this.missing.length === 0) this.evolve(events);
  }

  /** The state after that event; null where the core cannot fold so far. */
  stateAt(events: readonly HistoryEvent[], at: number): ExecutionState | null {
    const first = this.graphs.get(this.named[0] ?? 0);
    if (this.state === null || first === undefined) return null;
    return evolveAll(initialState(first, this.graphs), events.slice(0, at));
  }

  private note(event: HistoryEvent | undefined): void {
    if (event === undefined) return;
    if (!isKnownType(event.type)) this.newer = true;
    const version = versionBoundBy(event);
    if (version !== null && !this.named.includes(version)) this.named.push(version);
  }

  private evolve(events: readonly HistoryEvent[]): void {
    const first = this.graphs.get(this.named[0] ?? 0);
    if (first === undefined) return;
    const before = this.state ?? initialState(first, this.graphs);
    try {
      this.state = evolveAll(before, events.slice(before.sequence));
    } catch {
      // The server quarantines such a history and says so: its events are shown all the same.
      this.broken = true;
      this.state = null;
    }
  }
}
