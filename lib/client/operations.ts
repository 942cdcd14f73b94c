"use client";
/**
 * Actions on many executions: started here, done in the background by the server. The page remembers for the tab which ones
 * it started, so that their progress is found again after visits to other rooms.
 */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { JsonValue } from "@/lib/contract/json";
import type { Operation, OperationAction, OperationStarted } from "@/lib/contract/operations";
import { ApiError, api } from "./api";
import type { ExecutionFilters } from "./execution-filters";
import { askRoomAgain } from "./refresher";

const WATCHED_KEY = "cerebelum.operations";
const WATCHED_MAX = 3;

/** One that is watched: what the server knows of it is asked for by its id. */
export interface Watched {
  id: string;
  action: OperationAction;
}

const NONE: readonly Watched[] = [];
const listeners = new Set<() => void>();
let watched: readonly Watched[] | null = null;

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Newest first. */
export function useWatched(): readonly Watched[] {
  return useSyncExternalStore(subscribe, readWatched, () => NONE);
}

function readWatched(): readonly Watched[] {
  watched ??= stored();
  return watched;
}

/** Where the browser keeps nothing, they are remembered until the page is left. */
function stored(): readonly Watched[] {
  try {
    return JSON.parse(sessionStorage.getItem(WATCHED_KEY) ?? "[]") as Watched[];
  } catch {
    return NONE;
  }
}

function remember(next: readonly Watched[]) {
  watched = next;
  try {
    sessionStorage.setItem(WATCHED_KEY, JSON.stringify(next));
  } catch {
    // It is in memory.
  }
  for (const listener of listeners) listener();
}

export function watch(operation: Watched) {
  remember([operation, ...readWatched().filter(({ id }) => id !== operation.id)].slice(0, WATCHED_MAX));
}

export function unwatch(id: string) {
  remember(readWatched().filter((operation) => operation.id !== id));
}

/** Which executions: those named, or all that match; never both. */
export type Selected = { ids: string[] } | { filter: ExecutionFilters };

type AskedOperation = Selected & {
  action: OperationAction;
  reason?: string | undefined;
  compensate?: boolean;
  signal?: string;
  payload?: JsonValue;
};

const REFRESH_MS = 1000;

export function useOperation(id: string) {
  return useQuery({
    queryKey: ["operations", id],
    queryFn: ({ signal }) => api<Operation>(`/operations/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === "done" || isUnknown(state.error) ? false : REFRESH_MS),
  });
}

/** It belongs to another namespace, or is gone. */
export function isUnknown(error: Error | null): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The same `idempotencyKey` again answers with the first operation, so that a repeated click starts one. */
export function useStartOperation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: AskedOperation; idempotencyKey: string }) =>
      api<OperationStarted>("/executions/bulk", { method: "POST", body, idempotencyKey }),
    onSuccess: ({ operationId }, { body }) => {
      watch({ id: operationId, action: body.action });
      return askRoomAgain(client, "executions");
    },
  });
}
