/** What the address of the room says: filters, columns, and which saved view they began as. Pure; one address for one view. */
import { type ExecutionFilters, FILTER_NAMES, readFilters } from "@/lib/client/execution-filters";
import { type ColumnName, readColumns, writeColumns } from "./columns";

export interface ListView {
  filters: ExecutionFilters;
  /** Null: those that the person chose in this browser. */
  columns: readonly ColumnName[] | null;
  /** The saved view that it began as. */
  from: string | null;
}

export function readView(search: Pick<URLSearchParams, "get">): ListView {
  return {
    filters: readFilters((name) => search.get(name)),
    columns: readColumns(search.get("columns")),
    from: search.get("view"),
  };
}

/** What a saved view keeps: filters and columns, in one order. */
export function queryOf({ filters, columns }: Pick<ListView, "filters" | "columns">): string {
  const query = new URLSearchParams();
  for (const name of FILTER_NAMES) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  const kept = columns && (writeColumns(columns) ?? columns.join(","));
  if (kept) query.set("columns", kept);
  return query.toString().replaceAll("%2C", ",");
}

/** The whole address behind the question mark. */
export function addressOf(view: ListView): string {
  const query = queryOf(view);
  return view.from === null ? query : `${query}${query && "&"}view=${encodeURIComponent(view.from)}`;
}

/** In the one order that comparing needs, whatever wrote it. */
export function canonicalQuery(query: string): string {
  return queryOf(readView(new URLSearchParams(query)));
}
