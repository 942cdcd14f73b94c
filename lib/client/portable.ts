"use client";
/** Saving an execution as a file, and the keys that signatures in files are compared with. */
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ShownSigningKey } from "@/lib/contract/signatures";
import { ApiError, api, problemOf } from "./api";
import { namespaceHeader } from "./namespace";
import type { Page } from "./queries";

/** This installation's public keys; they rarely change. */
export function useSigningKeys() {
  return useQuery({
    queryKey: ["signing-keys"],
    queryFn: ({ signal }) => api<Page<ShownSigningKey>>("/signing-keys", { signal }),
    staleTime: 300_000,
  });
}

/** Asks with the page's namespace, which a plain link could not name. */
export function useSaveFile(executionId: string) {
  return useMutation({
    mutationFn: async () => {
      const path = `/api/v1/executions/${encodeURIComponent(executionId)}/file`;
      const response = await fetch(path, { headers: namespaceHeader() }).catch(() => {
        throw new ApiError("", 0, null, null);
      });
      if (!response.ok) throw await problemOf(response);
      saveBlob(await response.blob(), `${executionId}.html`);
    },
  });
}

/** Gives the browser something to save under a name. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
