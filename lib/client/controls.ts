"use client";
/** What the execution's page asks about one execution beside its history, and all that one can do to it. */
import {
  keepPreviousData,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Approval } from "@/lib/contract/approvals";
import type { Controlled, ExecutionPlan, Explanation, ForkExecution, RetryExecution } from "@/lib/contract/controls";
import type { ExecutionStarted, ExecutionSummary, Verification } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import type { LogItem, LogPage } from "@/lib/contract/logs";
import type { Worker } from "@/lib/contract/workers";
import { api } from "./api";
import { keys, type Page } from "./queries";

const pathOf = (id: string) => `/executions/${encodeURIComponent(id)}`;

const EXPLANATION_REFRESH_MS = 3000;

/** Why it is where it is. Lies below the execution's own key, so that it is asked anew whenever that is. */
export function useExplanation(id: string, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.execution(id), "explanation"],
    queryFn: ({ signal }) => api<Explanation>(`${pathOf(id)}/explain`, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: EXPLANATION_REFRESH_MS,
  });
}

/** `null`: nothing to ask yet. */
export type PlanRequest = { verb: "retry"; body: RetryExecution } | { verb: "fork"; body: ForkExecution } | null;

/** What a retry or a fork would do. A plan is of this moment, so that none is kept. */
export function usePlan(id: string, request: PlanRequest) {
  return useQuery({
    queryKey: ["execution-plan", id, request],
    queryFn: ({ signal }) =>
      api<ExecutionPlan>(`${pathOf(id)}/${request?.verb}`, {
        method: "POST",
        query: { dryRun: "true" },
        body: request?.body,
        signal,
      }),
    enabled: request !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

export interface ControlCall {
  verb: "cancel" | "terminate" | "pause" | "resume" | "retry" | `signals/${string}`;
  body: { reason?: string; compensate?: boolean; payload?: JsonValue } | RetryExecution;
  /** The same key again changes nothing: a double click does it once. */
  idempotencyKey: string;
}

export function useControl(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, body, idempotencyKey }: ControlCall) =>
      api<Controlled>(`${pathOf(id)}/${verb}`, { method: "POST", body, idempotencyKey }),
    onSettled: () => askAnew(client, id),
  });
}

export function useFork(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ body, idempotencyKey }: { body: ForkExecution; idempotencyKey: string }) =>
      api<ExecutionStarted>(`${pathOf(id)}/fork`, { method: "POST", body, idempotencyKey }),
    onSettled: () => askAnew(client, id),
  });
}

export function useVerification(id: string) {
  return useMutation({ mutationFn: () => api<Verification>(`${pathOf(id)}/verify`, { method: "POST" }) });
}

/** The approvals that the execution waits for, newest first. */
export function usePendingApprovals(id: string, enabled: boolean) {
  return useQuery({
    queryKey: ["approvals", { execution: id, status: "pending" }],
    queryFn: ({ signal }) =>
      api<Page<Approval>>("/approvals", { query: { execution: id, status: "pending", limit: 200 }, signal }),
    enabled,
  });
}

function askAnew(client: QueryClient, id: string): void {
  for (const queryKey of [keys.execution(id), ["executions"], ["approvals"]]) client.invalidateQueries({ queryKey });
}

/** The executions that its steps started, newest first. */
export function useChildren(id: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["executions", { parent: id }],
    queryFn: ({ pageParam, signal }) =>
      api<Page<ExecutionSummary>>("/executions", {
        query: { parent: id, limit: 20, cursor: pageParam ?? undefined },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled,
  });
}

/** Which lines: of one task, of one node, or of the whole execution. */
export interface LogFilter {
  node?: string;
  task?: string;
}

export interface Logs {
  lines: readonly LogItem[];
  /** Lines that are gone, because newer ones took their place. */
  dropped: number;
  /** Where the last page that was read begins, and how many lines came before it: it is read again for more. */
  cursor: string | undefined;
  before: number;
}

const LOG_FOLLOW_MS = 2000;
const LOG_PAGE = 200;

/** All lines so far; while `follows`, what comes is added, and what was read is not asked for again. */
export function useLogs(id: string, filter: LogFilter, follows: boolean) {
  const client = useQueryClient();
  const queryKey = ["execution-logs", id, filter];
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => readLogs(id, filter, client.getQueryData<Logs>(queryKey), signal),
    refetchInterval: follows ? LOG_FOLLOW_MS : false,
  });
}

async function readLogs(id: string, filter: LogFilter, known: Logs | undefined, signal: AbortSignal): Promise<Logs> {
  let { cursor, before, lines, dropped }: Logs = known ?? { lines: [], dropped: 0, cursor: undefined, before: 0 };
  for (;;) {
    const query = { ...filter, cursor, limit: LOG_PAGE };
    const page = await api<LogPage>(`${pathOf(id)}/logs`, { query, signal });
    lines = mergeLogs(lines, before, page.items);
    dropped = page.dropped;
    if (page.nextCursor === null) return { lines, dropped, cursor, before };
    cursor = page.nextCursor;
    before = lines.length;
  }
}

/** The same array where nothing is new, so that nothing is drawn anew. */
export function mergeLogs(lines: readonly LogItem[], before: number, items: readonly LogItem[]): readonly LogItem[] {
  return lines.length === before + items.length ? lines : [...lines.slice(0, before), ...items];
}

/** Workers by id, for whoever shows who ran something: asked for once, and not followed. */
export function useKnownWorkers(enabled: boolean) {
  return useQuery({
    queryKey: [...keys.workers, "known"],
    queryFn: ({ signal }) => api<Page<Worker>>("/workers", { query: { limit: 200 }, signal }),
    enabled,
    staleTime: 15_000,
  });
}
