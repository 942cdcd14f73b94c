"use client";
/** The inbox: what waits for a person, what was decided, and the decision. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Approval, ApprovalStatus, DecideApproval } from "@/lib/contract/approvals";
import { api } from "./api";
import type { Page } from "./queries";

export interface ApprovalFilters {
  status?: ApprovalStatus | undefined;
  /** `me`: those that name the person, in whatever way. */
  assignee?: string | undefined;
  execution?: string | undefined;
}

/** What no change is heard of (a deadline that passes) is found by asking again. */
const REFRESH_MS = 15_000;

const keys = {
  all: ["approvals"] as const,
  list: (filters: ApprovalFilters) => ["approvals", "list", filters] as const,
  one: (id: string) => ["approvals", "one", id] as const,
};

export function useApprovals(filters: ApprovalFilters) {
  return useInfiniteQuery({
    queryKey: keys.list(filters),
    queryFn: ({ pageParam, signal }) =>
      api<Page<Approval>>("/approvals", { query: { ...filters, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

/** With all its data, which lists leave out where it is large. */
export function useApproval(id: string | null) {
  return useQuery({
    queryKey: keys.one(id ?? ""),
    queryFn: ({ signal }) => api<Approval>(`/approvals/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== null,
    refetchInterval: REFRESH_MS,
  });
}

export function useDecide(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: DecideApproval) =>
      api<Approval>(`/approvals/${encodeURIComponent(id)}/decide`, { method: "POST", body }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.all }),
  });
}
