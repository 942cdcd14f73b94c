"use client";
/** Views of a room that people keep under a name. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CreateSavedView, SavedView, UpdateSavedView, ViewRoom } from "@/lib/contract/saved-views";
import { api } from "./api";
import type { Page } from "./queries";

const keyOf = (room: ViewRoom) => ["saved-views", room] as const;

export function useSavedViews(room: ViewRoom) {
  return useQuery({
    queryKey: keyOf(room),
    queryFn: ({ signal }) => api<Page<SavedView>>("/saved-views", { query: { room }, signal }),
    staleTime: 60_000,
  });
}

/** How views are kept, changed and forgotten; each gives the room's list anew. */
export function useViewChanges(room: ViewRoom) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: keyOf(room) });
  const path = (id: string) => `/saved-views/${encodeURIComponent(id)}`;
  return {
    save: useMutation({
      mutationFn: (view: Omit<CreateSavedView, "room">) =>
        api<SavedView>("/saved-views", { method: "POST", body: { ...view, room } }),
      onSuccess,
    }),
    update: useMutation({
      mutationFn: ({ id, ...change }: UpdateSavedView & { id: string }) =>
        api<SavedView>(path(id), { method: "PATCH", body: change }),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => api<null>(path(id), { method: "DELETE" }), onSuccess }),
  };
}
