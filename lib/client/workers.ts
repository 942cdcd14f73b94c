"use client";
/** Workers and queues: who is connected, what waits, and what operators change about them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKeyMade, CreateApiKey } from "@/lib/contract/api-keys";
import type { QueueLimits } from "@/lib/contract/queues";
import { api } from "./api";
import { keys } from "./queries";

/** It gets no more tasks, and is told at its next heartbeat to finish what it has. */
export function useDrainWorker() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (workerId: string) => api(`/workers/${encodeURIComponent(workerId)}/drain`, { method: "POST" }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.workers }),
  });
}

/** A key for a worker; its secret is in this answer alone. */
export function useMakeWorkerKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateApiKey) => api<ApiKeyMade>("/api-keys", { method: "POST", body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["api-keys"] }),
  });
}

export function useQueueLimits(queue: string) {
  return useQuery({
    queryKey: [...keys.queues, "limits", queue],
    queryFn: ({ signal }) => api<QueueLimits>(`/queues/${encodeURIComponent(queue)}/limits`, { signal }),
  });
}

export function useSetQueueLimits(queue: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: QueueLimits) =>
      api<QueueLimits>(`/queues/${encodeURIComponent(queue)}/limits`, { method: "PUT", body }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.queues }),
  });
}
