"use client";
/** What pages ask the server, by name: query keys, hooks and the actions that change something. */
import {
  keepPreviousData,
  queryOptions,
  type UseQueryResult,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Execution, ExecutionStarted, ExecutionSummary, StartExecution, Step } from "@/lib/contract/executions";
import type { JsonValue } from "@/lib/contract/json";
import type { Queue, Worker } from "@/lib/contract/workers";
import type { Workflow, WorkflowDetail, WorkflowVersion } from "@/lib/contract/workflows";
import { api } from "./api";
import { askedNow, EXECUTIONS_PAGE, type ExecutionFilters } from "./execution-filters";
import { askRoomAgain } from "./refresher";

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const keys = {
  executions: (filters: ExecutionFilters) => ["executions", filters] as const,
  execution: (id: string) => ["execution", id] as const,
  workflows: ["workflows"] as const,
  workflow: (name: string) => ["workflow", name] as const,
  version: (name: string, version: number) => ["workflow-version", name, version] as const,
  workers: ["workers"] as const,
  queues: ["queues"] as const,
};

/** Whoever scrolls wants many. */
const FURTHER_PAGE = 200;

export function fetchExecutions(filters: ExecutionFilters, cursor: string | null, signal?: AbortSignal) {
  return api<Page<ExecutionSummary>>("/executions", {
    query: {
      ...askedNow(filters, Date.now()),
      limit: cursor === null ? EXECUTIONS_PAGE : FURTHER_PAGE,
      cursor: cursor ?? undefined,
    },
    signal,
  });
}

/** The execution as the server shows it; asked again every `refreshMs`, for leases and waits are no events. */
export function useExecution(id: string, refreshMs: number | false) {
  return useQuery({
    queryKey: keys.execution(id),
    queryFn: ({ signal }) => api<Execution>(`/executions/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: refreshMs,
  });
}

/** The steps that workers run right now; at most the first page of them, which is more than anyone watches. */
export function useRunningSteps(id: string, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.execution(id), "running"],
    queryFn: async ({ signal }) => {
      const query = { status: "running", limit: 200 };
      return (await api<Page<Step>>(`/executions/${encodeURIComponent(id)}/steps`, { query, signal })).items;
    },
    enabled,
    refetchInterval: 2000,
  });
}

/** A value too large to lie in its event; what its hash names never changes. */
export function useLargeValue(executionId: string, hash: string, enabled: boolean) {
  return useQuery({
    queryKey: ["value", executionId, hash],
    queryFn: ({ signal }) =>
      api<JsonValue>(`/executions/${encodeURIComponent(executionId)}/values/${hash}`, { signal }),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A published version never changes, so it is asked for once. */
const versionQuery = (name: string, version: number) =>
  queryOptions({
    queryKey: keys.version(name, version),
    queryFn: ({ signal }) =>
      api<WorkflowVersion>(`/workflows/${encodeURIComponent(name)}/versions/${version}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function useWorkflowVersion(name: string | undefined, version: number | undefined) {
  const enabled = name !== undefined && version !== undefined;
  return useQuery({ ...versionQuery(name ?? "", version ?? 0), enabled });
}

/** Those that have come. */
export function useWorkflowVersions(name: string, versions: readonly number[]): WorkflowVersion[] {
  return useQueries({ queries: versions.map((version) => versionQuery(name, version)), combine: arrived });
}

function arrived(results: UseQueryResult<WorkflowVersion>[]): WorkflowVersion[] {
  return results.flatMap(({ data }) => data ?? []);
}

export function useWorkflows(enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.workflows,
    queryFn: ({ signal }) => api<Page<Workflow>>("/workflows", { query: { limit: 200 }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
}

export function useWorkflow(name: string | null) {
  return useQuery({
    queryKey: keys.workflow(name ?? ""),
    queryFn: ({ signal }) => api<WorkflowDetail>(`/workflows/${encodeURIComponent(name ?? "")}`, { signal }),
    enabled: name !== null,
  });
}

export function useWorkers() {
  return useQuery({
    queryKey: keys.workers,
    queryFn: ({ signal }) => api<Page<Worker>>("/workers", { query: { limit: 200 }, signal }),
    refetchInterval: 5000,
  });
}

export function useQueues() {
  return useQuery({
    queryKey: keys.queues,
    queryFn: ({ signal }) => api<Page<Queue>>("/queues", { query: { limit: 200 }, signal }),
    refetchInterval: 5000,
  });
}

/** Starts an execution; the same `idempotencyKey` again answers with the first one, so that a repeated click starts one. */
export function useStartExecution() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ idempotencyKey, ...body }: StartExecution & { idempotencyKey: string }) =>
      api<ExecutionStarted>("/executions", { method: "POST", body, idempotencyKey }),
    onSuccess: () => askRoomAgain(client, "executions"),
  });
}
