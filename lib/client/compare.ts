"use client";
/** What an execution is compared with: the one that was asked for, or the last of its workflow that completed before it. */
import { useQuery } from "@tanstack/react-query";
import type { Execution, ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import { api } from "./api";
import type { Page } from "./queries";

export interface Counterpart {
  execution: ExecutionSummary;
  why: "before" | "newest";
}

const COMPLETED: ExecutionStatus = "completed";

/** Null where none of the workflow completed but the execution itself. */
export function useCounterpart(execution: Execution | undefined, isWanted: boolean) {
  const { id, workflow, startedAt } = execution ?? {};
  return useQuery({
    queryKey: ["executions", "counterpart", id],
    queryFn: async ({ signal }): Promise<Counterpart | null> => {
      const found = async (startedBefore: string | undefined) => {
        const query = { workflow, status: COMPLETED, startedBefore, limit: 2 };
        const { items } = await api<Page<ExecutionSummary>>("/executions", { query, signal });
        return items.find((item) => item.id !== id);
      };
      const before = startedAt ? await found(startedAt) : undefined;
      if (before !== undefined) return { execution: before, why: "before" };
      const newest = await found(undefined);
      return newest === undefined ? null : { execution: newest, why: "newest" };
    },
    enabled: execution !== undefined && isWanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Of the workflow, by the beginning of an id, a key, a correlation id or a tag. */
export function useCandidates(workflow: string, text: string, isWanted: boolean) {
  return useQuery({
    queryKey: ["executions", "candidates", workflow, text],
    queryFn: ({ signal }) =>
      api<Page<ExecutionSummary>>("/executions", { query: { workflow, q: text || undefined, limit: 50 }, signal }),
    enabled: isWanted,
  });
}

/** By its id, or by its key where the text is no id. */
export async function findExecution(text: string): Promise<Execution> {
  const isId = /^exe_[0-9A-Z]{13}$/.test(text);
  return api<Execution>(`/executions/${encodeURIComponent(isId ? text : `key:${text}`)}`);
}
