"use client";
/** What the page of a comparison shows, kept in the URL: with what, which steps, and the one that is looked at. */
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

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
  const path = usePathname();
  const search = useSearchParams();
  const show = useCallback(
    (change: Partial<CompareView>) => {
      const query = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(change)) {
        if (value === null || value === "" || value === "all") query.delete(name);
        else query.set(name, value);
      }
      window.history.replaceState(null, "", query.size > 0 ? `${path}?${query}` : path);
    },
    [path],
  );
  return {
    with: search.get("with"),
    filter: FILTERS.find((name) => name === search.get("filter")) ?? "all",
    q: search.get("q") ?? "",
    step: search.get("step"),
    show,
  };
}
