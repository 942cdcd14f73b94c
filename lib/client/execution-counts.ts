"use client";
/** How many executions there are by status, over the filters of the list. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ExecutionCounts } from "@/lib/contract/executions";
import { api } from "./api";
import { askedNow, type ExecutionFilters } from "./execution-filters";

/** Of all statuses, whichever are chosen: a strip to choose from must not forget what is not chosen. */
export function useExecutionCounts({ status: _, ...filters }: ExecutionFilters) {
  return useQuery({
    queryKey: ["executions", "counts", filters],
    queryFn: ({ signal }) =>
      api<ExecutionCounts>("/executions/counts", { query: askedNow(filters, Date.now()), signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}
