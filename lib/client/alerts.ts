"use client";
/** Whom the namespace tells of failures, what became of telling them, and its limits and retention. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Alert, AlertDelivery, CreateAlert, UpdateAlert } from "@/lib/contract/alerts";
import type { NamespaceSettings } from "@/lib/contract/namespace-settings";
import { api } from "./api";
import type { Page } from "./queries";

const keys = {
  alerts: ["alerts"] as const,
  deliveries: (id: string) => ["alerts", "deliveries", id] as const,
  settings: (namespace: string) => ["namespace-settings", namespace] as const,
};

type AlertCreated = Alert & { secret: string | null };

export function useAlerts() {
  return useQuery({ queryKey: keys.alerts, queryFn: ({ signal }) => api<Page<Alert>>("/alerts", { signal }) });
}

export function useDeliveries(id: string) {
  return useQuery({
    queryKey: keys.deliveries(id),
    queryFn: ({ signal }) => api<Page<AlertDelivery>>(`/alerts/${id}/deliveries`, { query: { limit: 50 }, signal }),
    refetchInterval: 10_000,
  });
}

function useChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: keys.alerts }),
  });
}

export const useCreateAlert = () =>
  useChange((body: CreateAlert) => api<AlertCreated>("/alerts", { method: "POST", body }));

export const useUpdateAlert = () =>
  useChange(({ id, ...body }: UpdateAlert & { id: string }) => api<Alert>(`/alerts/${id}`, { method: "PATCH", body }));

export const useDeleteAlert = () => useChange((id: string) => api(`/alerts/${id}`, { method: "DELETE" }));

export const useTestAlert = () =>
  useChange((id: string) =>
    api<{ delivered: boolean; error: string | null }>(`/alerts/${id}/test`, { method: "POST" }),
  );

export const useRotateAlertSecret = () =>
  useChange((id: string) => api<{ secret: string }>(`/alerts/${id}/rotate-secret`, { method: "POST" }));

const settingsPath = (namespace: string) => `/namespaces/${encodeURIComponent(namespace)}/settings`;

export function useNamespaceSettings(namespace: string) {
  return useQuery({
    queryKey: keys.settings(namespace),
    queryFn: ({ signal }) => api<NamespaceSettings>(settingsPath(namespace), { signal }),
  });
}

export function useSetNamespaceSettings(namespace: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NamespaceSettings) => api<NamespaceSettings>(settingsPath(namespace), { method: "PUT", body }),
    onSuccess: (settings) => client.setQueryData(keys.settings(namespace), settings),
  });
}

export function useDeleteNamespace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      api(`/namespaces/${encodeURIComponent(name)}`, { method: "DELETE", query: { confirm: name } }),
    onSettled: () => client.invalidateQueries({ queryKey: ["namespaces"] }),
  });
}
