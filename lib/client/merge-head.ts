/** Merges a fresh first page into a list that is already on screen; pure. Ids sort by creation, newest first. */
import type { ExecutionSummary } from "@/lib/contract/executions";
import type { Page } from "./queries";

type Executions = Page<ExecutionSummary>;

/** What the fresh page has that the list lacks. */
export function arrivals(known: readonly Executions[], head: Executions): ExecutionSummary[] {
  const ids = new Set(known.flatMap((page) => page.items.map((item) => item.id)));
  return head.items.filter((item) => !ids.has(item.id));
}

/** Whether so much arrived that there may be more between the fresh page and the list: it must be loaded anew. */
export function leavesGap(known: readonly Executions[], head: Executions): boolean {
  const items = known.flatMap((page) => page.items);
  return items.length > 0 && head.nextCursor !== null && arrivals(known, head).length === head.items.length;
}

/** Replaces rows that changed, in their places; rows that did not keep their identity, and so do pages. */
export function refreshRows(known: readonly Executions[], fresh: readonly ExecutionSummary[]): Executions[] {
  const byId = new Map(fresh.map((item) => [item.id, item]));
  return known.map((page) => {
    if (page.items.every((item) => newer(item, byId.get(item.id)) === item)) return page;
    return { ...page, items: page.items.map((item) => newer(item, byId.get(item.id))) };
  });
}

/** As {@link refreshRows}, and also adds what arrived and drops what no longer belongs: rows below them move. */
export function mergeHead(known: readonly Executions[], head: Executions): Executions[] {
  const oldest = head.items.at(-1)?.id ?? "";
  const ids = new Set(head.items.map((item) => item.id));
  const covered = (item: ExecutionSummary) => head.nextCursor === null || item.id >= oldest;
  const kept = refreshRows(known, head.items).map((page) =>
    page.items.every((item) => ids.has(item.id) || !covered(item))
      ? page
      : { ...page, items: page.items.filter((item) => ids.has(item.id) || !covered(item)) },
  );
  const [first, ...others] = kept;
  const fresh = arrivals(known, head);
  if (!first || fresh.length === 0) return kept;
  const items = [...fresh, ...first.items].sort((a, b) => (a.id < b.id ? 1 : -1));
  return [{ ...first, items }, ...others];
}

/** Itself, unless the fresh row says something else. */
function newer(item: ExecutionSummary, fresh: ExecutionSummary | undefined): ExecutionSummary {
  return fresh && (fresh.sequence !== item.sequence || fresh.status !== item.status) ? fresh : item;
}
