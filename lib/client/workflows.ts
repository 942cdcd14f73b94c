"use client";
/** What is changed about workflows, and which schedules start them. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "./api";
import { keys } from "./queries";

export function useArchiveWorkflow(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api(`/workflows/${encodeURIComponent(name)}`, { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.workflows }),
  });
}
