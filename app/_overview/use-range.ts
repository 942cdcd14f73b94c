"use client";
/** Time range and workflow of the statistics, kept in the URL, so that a link shows the same. */
import { DEFAULT_WINDOW, readWindow } from "@/lib/client/overview-model";
import { replaceSearch, useSearch } from "@/lib/client/search";
import type { StatsWindow } from "@/lib/contract/stats";

export interface Range {
  window: StatsWindow;
  workflow: string | null;
}

export function useRange(): [Range, (next: Range) => void] {
  const search = useSearch();
  const range = { window: readWindow(search.get("window")), workflow: search.get("workflow") || null };
  function setRange({ window: next, workflow }: Range) {
    const query = new URLSearchParams();
    if (next !== DEFAULT_WINDOW) query.set("window", next);
    if (workflow) query.set("workflow", workflow);
    replaceSearch(String(query));
  }
  return [range, setRange];
}
