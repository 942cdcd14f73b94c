"use client";
/** What the overview and its first steps ask the server, and what the first steps do there. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKeyMade, CreateApiKey } from "@/lib/contract/api-keys";
import type { Approval } from "@/lib/contract/approvals";
import type { Definition } from "@/lib/contract/definition";
import type { Execution, ExecutionSummary } from "@/lib/contract/executions";
import type { Overview } from "@/lib/contract/overview";
import type { Stats, StatsWindow } from "@/lib/contract/stats";
import type { WorkflowPublished } from "@/lib/contract/workflows";
import { api } from "./api";
import { type Page, keys as shared } from "./queries";
import { askRoomAgain } from "./refresher";

const REFRESH_MS = 10_000;
/** What a person does in another window shows here within a breath. */
const WATCH_MS = 2_000;

const keys = {
  overview: ["overview"] as const,
  stats: (window: StatsWindow, workflow: string | null) => ["overview", "stats", window, workflow] as const,
  named: (key: string) => ["executions", "named", key] as const,
  approvalsOf: (execution: string) => ["approvals", "of", execution] as const,
};

export function useOverview(initial?: Overview) {
  return useQuery({
    queryKey: keys.overview,
    queryFn: ({ signal }) => api<Overview>("/overview", { signal }),
    refetchInterval: REFRESH_MS,
    ...(initial && { initialData: initial }),
  });
}

export function useStats(window: StatsWindow, workflow: string | null) {
  return useQuery({
    queryKey: keys.stats(window, workflow),
    queryFn: ({ signal }) => api<Stats>("/stats", { query: { window, workflow: workflow ?? undefined }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

/** The execution that the caller named so; null while there is none. Looked for in the list, where nothing found is no failure. */
export function useNamedExecution(key: string) {
  return useQuery({
    queryKey: keys.named(key),
    queryFn: async ({ signal }) => {
      const found = await api<Page<ExecutionSummary>>("/executions", { query: { q: key, limit: 10 }, signal });
      const named = found.items.find((each) => each.key === key);
      return named ? api<Execution>(`/executions/${named.id}`, { signal }) : null;
    },
    refetchInterval: WATCH_MS,
  });
}

/** The question that an execution asks right now; null while it asks none. */
export function usePendingApproval(execution: string | undefined) {
  return useQuery({
    queryKey: keys.approvalsOf(execution ?? ""),
    queryFn: async ({ signal }) => {
      const query = { execution, status: "pending", limit: 1 };
      return (await api<Page<Approval>>("/approvals", { query, signal })).items[0] ?? null;
    },
    enabled: execution !== undefined,
    refetchInterval: WATCH_MS,
  });
}

export function useApprove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (approval: string) =>
      api<Approval>(`/approvals/${encodeURIComponent(approval)}/decide`, {
        method: "POST",
        body: { decision: "approved" },
      }),
    onSettled: () => Promise.all([askRoomAgain(client, "approvals"), askRoomAgain(client, "executions")]),
  });
}

export function usePublish() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (definition: Definition) =>
      api<WorkflowPublished>("/workflows", { method: "POST", body: { definition } }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: shared.workflows }),
        client.invalidateQueries({ queryKey: keys.overview }),
      ]),
  });
}

export function useMakeKey() {
  return useMutation({
    mutationFn: (body: CreateApiKey) => api<ApiKeyMade>("/api-keys", { method: "POST", body }),
  });
}
