"use client";
/** How many things wait for a person, for the numbers beside the rooms: asked when their room changes, and cheaply. */
import { useQuery } from "@tanstack/react-query";
import type { DeadLetterGroup } from "@/lib/contract/dead-letters";
import { api } from "./api";
import type { Page } from "./queries";

/** A number beside a room; `orMore` where counting stopped. */
export interface Attention {
  count: number;
  orMore: boolean;
}

/** More than this is many. */
const COUNTED_TO = 100;
const GROUPS = 50;
/** While no stream tells of changes, as on an execution's page. */
const REFRESH_MS = 15_000;

export function usePendingApprovals(enabled: boolean): Attention | undefined {
  return useQuery({
    queryKey: ["approvals", "pending-count"],
    queryFn: async ({ signal }) => {
      const query = { status: "pending", limit: COUNTED_TO };
      const { items, nextCursor } = await api<Page<unknown>>("/approvals", { query, signal });
      return { count: items.length, orMore: nextCursor !== null };
    },
    enabled,
    refetchInterval: REFRESH_MS,
  }).data;
}

export function useOpenDeadLetters(enabled: boolean): Attention | undefined {
  return useQuery({
    queryKey: ["dead-letters", "open-count"],
    queryFn: async ({ signal }) => {
      const query = { limit: GROUPS };
      const { items, nextCursor } = await api<Page<DeadLetterGroup>>("/dead-letters/groups", { query, signal });
      return { count: items.reduce((sum, group) => sum + group.count, 0), orMore: nextCursor !== null };
    },
    enabled,
    refetchInterval: REFRESH_MS,
  }).data;
}
