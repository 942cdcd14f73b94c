"use client";
/** Drafts of workflows: what the editor reads and saves, and which there are. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Draft, DraftItem, DraftSaved, SaveDraft } from "@/lib/contract/drafts";
import { api } from "./api";
import type { Page } from "./queries";

const pathOf = (workflow: string) => `/workflows/${encodeURIComponent(workflow)}/draft`;

export const readDraft = (workflow: string, signal?: AbortSignal) => api<Draft>(pathOf(workflow), { signal });

export const saveDraft = (workflow: string, body: SaveDraft) =>
  api<DraftSaved>(pathOf(workflow), { method: "PUT", body });

export const discardDraft = (workflow: string) => api<null>(pathOf(workflow), { method: "DELETE" });

/** Follows what others save: drafts are news of the workflows' room. Never one that was read before: it is what one goes on from. */
export const draftQuery = (workflow: string) =>
  queryOptions({
    queryKey: ["workflows", "draft", workflow] as const,
    queryFn: ({ signal }) => readDraft(workflow, signal),
    retry: false,
    gcTime: 0,
  });

export function useDrafts() {
  return useQuery({
    queryKey: ["workflows", "drafts"],
    queryFn: ({ signal }) => api<Page<DraftItem>>("/drafts", { query: { limit: 200 }, signal }),
  });
}
