"use client";
/** The room's view, kept in the URL, so that it can be sent to someone; columns that no URL names are the browser's own. */
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { replaceSearch, useSearch } from "@/lib/client/search";
import { type ColumnName, DEFAULT_COLUMNS, readColumns, writeColumns } from "./columns";
import { addressOf, type ListView, readView } from "./list-view";

export function useListView() {
  const search = useSearch();
  const view = useMemo(() => readView(search), [search]);
  const own = useOwnColumns();
  const setFilters = useCallback((filters: ExecutionFilters) => open({ ...view, filters }), [view]);
  const setColumns = useCallback(
    (columns: readonly ColumnName[]) => {
      if (view.columns !== null) open({ ...view, columns });
      else keepColumns(columns);
    },
    [view],
  );
  return { view, columns: view.columns ?? own, open, setFilters, setColumns };
}

function open(next: ListView): void {
  replaceSearch(addressOf(next));
}

const COLUMNS_KEY = "cerebelum.executions.columns";
const listeners = new Set<() => void>();
let kept: readonly ColumnName[] | null = null;

function useOwnColumns(): readonly ColumnName[] {
  return useSyncExternalStore(subscribe, ownColumns, () => DEFAULT_COLUMNS);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the browser keeps nothing, they are the page's until it is left. */
function ownColumns(): readonly ColumnName[] {
  if (kept === null) {
    try {
      kept = readColumns(localStorage.getItem(COLUMNS_KEY)) ?? DEFAULT_COLUMNS;
    } catch {
      kept = DEFAULT_COLUMNS;
    }
  }
  return kept;
}

function keepColumns(columns: readonly ColumnName[]) {
  kept = columns;
  try {
    const text = writeColumns(columns);
    if (text === null) localStorage.removeItem(COLUMNS_KEY);
    else localStorage.setItem(COLUMNS_KEY, text);
  } catch {
    // They are in memory.
  }
  for (const listener of listeners) listener();
}
