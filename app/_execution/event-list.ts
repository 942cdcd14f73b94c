/** The events that a filter lets through, one by one and by the step that they are of; grows with the history, pure. */
import type { HistoryEvent } from "@/lib/contract/history";
import { stepKey } from "./timeline-model";

export interface EventFilter {
  type: string | null;
  /** A step's key. */
  step: string | null;
}

/** All events of one step, standing where its first one does; or one event of the execution itself. */
export interface EventGroup {
  key: string | null;
  events: HistoryEvent[];
}

/** The key of the step that an event is of; null: of the execution. */
export function stepOf(event: HistoryEvent): string | null {
  return "node" in event.data && "iteration" in event.data ? stepKey(event.data) : null;
}

export class EventList {
  readonly events: HistoryEvent[] = [];
  readonly groups: EventGroup[] = [];
  private readonly byStep = new Map<string, EventGroup>();
  private read = 0;

  constructor(private readonly filter: EventFilter) {}

  /** Takes in what has arrived since. @param all the whole history, which grows in place */
  grow(all: readonly HistoryEvent[]): void {
    for (; this.read < all.length; this.read++) {
      const event = all[this.read];
      if (event) this.take(event);
    }
  }

  /** Where in `events` that event is, or the next one after it. */
  indexOf(sequence: number): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.events[middle]?.sequence ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private take(event: HistoryEvent): void {
    const { type, step } = this.filter;
    if (type !== null && event.type !== type) return;
    const key = stepOf(event);
    if (step !== null && key !== step) return;
    this.events.push(event);
    const known = key === null ? undefined : this.byStep.get(key);
    if (known) {
      known.events.push(event);
      return;
    }
    const group = { key, events: [event] };
    this.groups.push(group);
    if (key !== null) this.byStep.set(key, group);
  }
}

/** A row of the list: an event, alone or inside its group, or the head of a group of several. */
export type EventItem =
  | { kind: "event"; event: HistoryEvent; isInside: boolean }
  | { kind: "group"; group: EventGroup & { key: string }; isUnfolded: boolean };

/** @param unfolded keys of the groups whose events are shown */
export function itemsOf(groups: readonly EventGroup[], unfolded: ReadonlySet<string>): EventItem[] {
  return groups.flatMap(({ key, events }): EventItem[] => {
    const [only] = events;
    if (key === null || (events.length === 1 && only))
      return only ? [{ kind: "event", event: only, isInside: false }] : [];
    const isUnfolded = unfolded.has(key);
    const head = { kind: "group" as const, group: { key, events }, isUnfolded };
    return isUnfolded ? [head, ...events.map((event) => ({ kind: "event" as const, event, isInside: true }))] : [head];
  });
}
