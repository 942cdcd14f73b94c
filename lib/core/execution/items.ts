/** The items of a map that have begun, in blocks of 128: changing one of ten thousand copies one block. */
import { BLOCK } from "./blocks";
import type { Items, ScopeState } from "./state";

export function itemAt(items: Items, item: number): ScopeState | null {
  return items[Math.floor(item / BLOCK)]?.[item % BLOCK] ?? null;
}

/** In order, from an item on; where `isWanted` is given, only those. */
export function* begunItems(
  items: Items,
  from = 0,
  isWanted: (scope: ScopeState) => boolean = () => true,
): Generator<{ item: number; scope: ScopeState }> {
  for (let block = Math.floor(from / BLOCK); block < items.length; block++) {
    const members = items[block] ?? [];
    for (let i = block * BLOCK < from ? from % BLOCK : 0; i < members.length; i++) {
      const scope = members[i];
      if (scope != null && isWanted(scope)) yield { item: block * BLOCK + i, scope };
    }
  }
}

/** Each item that has begun, changed. */
export function changeItems(items: Items, next: (scope: ScopeState, item: number) => ScopeState): Items {
  return items.map((members, block) =>
    members.map((scope, i) => (scope === null ? null : next(scope, block * BLOCK + i))),
  );
}

export function firstFailed(items: Items): { item: number; scope: ScopeState } | null {
  for (const begun of begunItems(items)) if (begun.scope.ended === "failed") return begun;
  return null;
}
