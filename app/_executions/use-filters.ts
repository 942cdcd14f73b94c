"use client";
/** The list's filters, kept in the URL, so that a view can be sent to someone, and Back goes back. */
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type ExecutionFilters, readFilters } from "@/lib/client/execution-filters";

export function useFilters() {
  const path = usePathname();
  const search = useSearchParams();
  const filters = useMemo(() => readFilters((name) => search.get(name)), [search]);
  const setFilters = useCallback(
    (next: ExecutionFilters) => {
      const query = new URLSearchParams(readFilters((name) => next[name]));
      window.history.replaceState(null, "", query.size > 0 ? `${path}?${query}` : path);
    },
    [path],
  );
  return { filters, setFilters, filtered: Object.keys(filters).length > 0 };
}
