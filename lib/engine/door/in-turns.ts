import { groupBy } from "@/lib/core/definition/group-by";

/**
 * The first of each namespace, then the second of each, and so on; those of one namespace stay in their order, and with them
 * those of one execution.
 */
export function inTurns<Item>(items: readonly Item[], namespaceOf: (item: Item) => number): Item[] {
  const ordered: Item[] = [];
  let waiting = [...groupBy(items, namespaceOf).values()];
  for (let turn = 0; waiting.length > 0; turn++) {
    waiting = waiting.filter((line) => turn < line.length);
    for (const line of waiting) ordered.push(line[turn] as Item);
  }
  return ordered;
}
