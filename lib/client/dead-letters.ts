"use client";
/** Dead letters: groups that look like one cause, the letters themselves, and what is done about one or many. */
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type {
  BulkDeadLetters,
  DeadLetter,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterGroup,
  DeadLetterStatus,
} from "@/lib/contract/dead-letters";
import type { OperationStarted } from "@/lib/contract/operations";
import { api } from "./api";
import { watch } from "./operations";
import type { Page } from "./queries";

export type DeadLetterFilters = DeadLetterFilter & { status?: DeadLetterStatus | undefined };

const REFRESH_MS = 15_000;

const keys = {
  all: ["dead-letters"] as const,
  groups: ["dead-letters", "groups"] as const,
  list: (filters: DeadLetterFilters) => ["dead-letters", "list", filters] as const,
  one: (id: string) => ["dead-letters", "one", id] as const,
};

function usePages<T>(
  key: readonly unknown[],
  path: string,
  query: Record<string, string | undefined>,
  enabled: boolean,
) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      api<Page<T>>(path, { query: { ...query, limit: 100, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
    enabled,
  });
}

export const useDeadLetterGroups = (enabled: boolean) =>
  usePages<DeadLetterGroup>(keys.groups, "/dead-letters/groups", {}, enabled);

export const useDeadLetters = (filters: DeadLetterFilters, enabled: boolean) =>
  usePages<DeadLetter>(keys.list(filters), "/dead-letters", filters, enabled);

/** With what its step was given, and how each attempt failed. */
export function useDeadLetter(id: string | null) {
  return useQuery({
    queryKey: keys.one(id ?? ""),
    queryFn: ({ signal }) => api<DeadLetterDetail>(`/dead-letters/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== null,
  });
}

/** Tells all rooms that show them, for a retry changes executions too. */
function useChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      Promise.all([keys.all, ["executions"], ["overview"]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export interface Asked {
  id: string;
  note: string | undefined;
  idempotencyKey: string;
}

export const useRetryDeadLetter = () =>
  useChange(({ id, note, idempotencyKey }: Asked) =>
    api(`/dead-letters/${encodeURIComponent(id)}/retry`, { method: "POST", body: { reason: note }, idempotencyKey }),
  );

export const useResolveDeadLetter = () =>
  useChange(({ id, note }: Asked) =>
    api(`/dead-letters/${encodeURIComponent(id)}/resolve`, { method: "POST", body: { note } }),
  );

/** The same `idempotencyKey` again answers with the first operation, so that a repeated click starts one. */
export const useBulkDeadLetters = () =>
  useChange(async ({ idempotencyKey, ...body }: BulkDeadLetters & { idempotencyKey: string }) => {
    const started = await api<OperationStarted>("/dead-letters/bulk", { method: "POST", body, idempotencyKey });
    if (body.action === "retry") watch({ id: started.operationId, action: "retry" });
    return started;
  });
