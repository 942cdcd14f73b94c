"use client";
/** What the rooms of the settings ask and change: the person's own account, the organisation, its keys and its log. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ApiKey, ApiKeyMade, CreateApiKey } from "@/lib/contract/api-keys";
import type { AuditEntry } from "@/lib/contract/audit";
import type { Namespace } from "@/lib/contract/namespaces";
import type { CreateInvitation, Invitation, InvitationMade, Member } from "@/lib/contract/organisations";
import { api } from "./api";
import { hasSecondFactor, listSessions } from "./people";
import type { Page } from "./queries";

const keys = {
  secondFactor: ["second-factor"] as const,
  sessions: ["sessions"] as const,
  members: ["members"] as const,
  invitations: ["invitations"] as const,
  apiKeys: ["api-keys"] as const,
  namespaces: ["namespaces"] as const,
  auditLog: (filters: AuditFilters) => ["audit-log", filters] as const,
};

/** What it refreshes once it has worked. */
function useChange<Asked, Answer = unknown>(key: readonly unknown[], change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
}

export const useSecondFactor = () => useQuery({ queryKey: keys.secondFactor, queryFn: hasSecondFactor });

export const useSessions = () => useQuery({ queryKey: keys.sessions, queryFn: listSessions });

export function useRefreshSessions(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: keys.sessions });
}

export function chooseNamespace(namespace: string): Promise<unknown> {
  return api("/me/namespace", { method: "PUT", body: { namespace } });
}

function usePage<T>(key: readonly unknown[], path: string) {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api<Page<T>>(path, { query: { limit: 200 }, signal }),
  });
}

export const useMembers = () => usePage<Member>(keys.members, "/members");
export const useInvitations = () => usePage<Invitation>(keys.invitations, "/invitations");
export const useApiKeys = () => usePage<ApiKey>(keys.apiKeys, "/api-keys");
export const useNamespaces = () => usePage<Namespace>(keys.namespaces, "/namespaces");

export const useChangeMember = () =>
  useChange(keys.members, ({ user, role }: { user: string; role: string }) =>
    api(`/members/${encodeURIComponent(user)}`, { method: "PATCH", body: { role } }),
  );

export const useRemoveMember = () =>
  useChange(keys.members, (user: string) => api(`/members/${encodeURIComponent(user)}`, { method: "DELETE" }));

export const useInvite = () =>
  useChange(keys.invitations, (body: CreateInvitation) =>
    api<InvitationMade>("/invitations", { method: "POST", body }),
  );

export const useRevokeInvitation = () =>
  useChange(keys.invitations, (id: string) => api(`/invitations/${id}`, { method: "DELETE" }));

export const useCreateApiKey = () =>
  useChange(keys.apiKeys, (body: CreateApiKey) => api<ApiKeyMade>("/api-keys", { method: "POST", body }));

export const useRotateApiKey = () =>
  useChange(keys.apiKeys, ({ id, overlapMs }: { id: string; overlapMs: number }) =>
    api<ApiKeyMade>(`/api-keys/${id}/rotate`, { method: "POST", body: { overlapMs } }),
  );

export const useRevokeApiKey = () =>
  useChange(keys.apiKeys, (id: string) => api(`/api-keys/${id}`, { method: "DELETE" }));

export const useCreateNamespace = () =>
  useChange(keys.namespaces, (name: string) => api<Namespace>("/namespaces", { method: "POST", body: { name } }));

export interface AuditFilters {
  actor?: string;
  action?: string;
  outcome?: string;
}

const AUDIT_PAGE = 100;

export function useAuditLog(filters: AuditFilters) {
  return useInfiniteQuery({
    queryKey: keys.auditLog(filters),
    queryFn: ({ pageParam, signal }) =>
      api<Page<AuditEntry>>("/audit-log", { query: { ...filters, limit: AUDIT_PAGE, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}
