/**
 * Writes down what a run's steps came to, so that it can be played again: by place, in the order of dispatches. What was
 * given up before it came to anything is written as something that would have come later.
 */
import type { JsonValue } from "../../contract/json";
import { placeName } from "../../contract/trial-path";
import type { Trial, TrialAnswer, TrialChild, TrialDecision } from "../../contract/trials";
import type { Asker } from "./answers";
import { durationText } from "./duration-text";

export interface Plans {
  steps: TrialAnswer;
  compensations: TrialAnswer;
  approvals: TrialDecision;
  children: TrialChild;
}
type Kind = keyof Plans;

interface Place {
  node: string;
  index: readonly number[];
  /** Holes where nothing came of it yet. */
  list: unknown[];
}

export class Recording {
  private readonly kinds: Record<Kind, Map<string, Place>> = {
    steps: new Map(),
    compensations: new Map(),
    approvals: new Map(),
    children: new Map(),
  };
  private readonly counts: Record<Kind, Map<string, number>> = {
    steps: new Map(),
    compensations: new Map(),
    approvals: new Map(),
    children: new Map(),
  };
  readonly signals: NonNullable<Trial["signals"]> = [];
  cancel: Trial["cancel"];

  /** How often this place was asked so far. */
  count(kind: Kind, { node, index }: Pick<Asker, "node" | "index">): number {
    return this.counts[kind].get(placeName(node, index)) ?? 0;
  }

  took(kind: Kind, asked: Pick<Asker, "node" | "index">): void {
    this.counts[kind].set(placeName(asked.node, asked.index), this.count(kind, asked) + 1);
  }

  /** Played again, it is given up before its turn comes: what is asked next has its place. */
  untook(kind: Kind, asked: Pick<Asker, "node" | "index" | "nth">): void {
    const name = placeName(asked.node, asked.index);
    this.counts[kind].set(name, asked.nth);
    const place = this.kinds[kind].get(name);
    if (place) place.list.length = Math.min(place.list.length, asked.nth);
  }

  write(kind: Kind, { node, index, nth }: Pick<Asker, "node" | "index" | "nth">, plan: Plans[Kind]): void {
    const name = placeName(node, index);
    const place = this.kinds[kind].get(name) ?? { node, index, list: [] };
    place.list[nth] = plan;
    this.kinds[kind].set(name, place);
  }

  /**
   * Without what is empty.
   * @param firstForAll what the first item of a map came to is planned for all that nothing else is planned for
   */
  plans({
    firstForAll = false,
  } = {}): Pick<Trial, "steps" | "compensations" | "approvals" | "children" | "signals" | "cancel"> {
    const written = Object.entries(this.kinds).flatMap(([kind, places]) => {
      const lists = listsOf([...places.values()], firstForAll);
      return Object.keys(lists).length === 0 ? [] : [[kind, lists]];
    });
    return {
      ...Object.fromEntries(written),
      ...(this.signals.length === 0 ? {} : { signals: [...this.signals] }),
      ...(this.cancel === undefined ? {} : { cancel: this.cancel }),
    };
  }
}

/** Where all items of a map came to the same, they are written as one. */
function listsOf(places: readonly Place[], firstForAll: boolean): { [place: string]: unknown[] } {
  const byNode = new Map<string, Place[]>();
  for (const place of places) byNode.set(place.node, [...(byNode.get(place.node) ?? []), place]);
  return Object.fromEntries(
    [...byNode].flatMap(([node, items]) => {
      const lists = items.map(({ list }) => shortened(list));
      const [first = []] = lists;
      const text = JSON.stringify(first);
      if (lists.every((list) => JSON.stringify(list) === text)) return first.length === 0 ? [] : [[node, first]];
      const each = items.flatMap(({ index }, i) => {
        const list = lists[i] ?? [];
        return list.length === 0 ? [] : [[placeName(node, index), list]];
      });
      return firstForAll && first.length > 0 ? [[node, first], ...each] : each;
    }),
  );
}

/** Up to the first hole; the last one repeats by itself. */
function shortened(list: readonly unknown[]): unknown[] {
  const known: unknown[] = [];
  while (known.length < list.length && list[known.length] !== undefined) known.push(list[known.length]);
  while (known.length > 1 && JSON.stringify(known.at(-1)) === JSON.stringify(known.at(-2))) known.pop();
  return known;
}

/** A plan that comes to something after so long, instead of whenever it said. */
export function withTook<P extends { took?: string | number | undefined }>(plan: P, tookMs: number): P {
  const { took: _, ...rest } = plan;
  return { ...rest, ...(tookMs === 0 ? {} : { took: durationText(tookMs) }) } as P;
}

export function withAfter(decision: Exclude<TrialDecision, "expired">, afterMs: number): TrialDecision {
  const { after: _, ...rest } = decision;
  return { ...rest, ...(afterMs === 0 ? {} : { after: durationText(afterMs) }) };
}

/** Would have come to nothing in particular, a moment after it was given up. */
export function nothingAfter(tookMs: number): { output: JsonValue; took?: string | number } {
  return { output: null, took: durationText(tookMs) };
}
