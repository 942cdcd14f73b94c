"use client";
/** What the page of a comparison shows, kept in the URL: with what, which steps, and the one that is looked at. */
import { changeSearch, useSearch } from "@/lib/client/search";

export const FILTERS = ["all", "different", "slower"] as const;
export type CompareFilter = (typeof FILTERS)[number];

export interface CompareView {
  /** Id of the other; null: the page chooses. */
  with: string | null;
  filter: CompareFilter;
  q: string;
  step: string | null;
}

export function useCompareView(): CompareView & { show: (change: Partial<CompareView>) => void } {
  const search = useSearch();
  return {
    with: search.get("with"),
    filter: FILTERS.find((name) => name === search.get("filter")) ?? "all",
    q: search.get("q") ?? "",
    step: search.get("step"),
    show,
  };
}

function show({ filter, ...rest }: Partial<CompareView>): void {
  changeSearch({ ...rest, ...(filter !== undefined && { filter: filter === "all" ? null : filter }) });
}
