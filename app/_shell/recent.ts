"use client";
/** The executions that one looked at last, kept in this browser for each namespace. */
import { useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useCallback, useEffect, useSyncExternalStore } from "react";
import { namespaceHeader } from "@/lib/client/namespace";
import { keys } from "@/lib/client/queries";
import type { Execution } from "@/lib/contract/executions";

export interface Recent {
  id: string;
  /** What its caller named it. */
  key: string | null;
  workflow: string;
}

const KEPT = 8;

const place = () => `cerebelum-recent ${Object.values(namespaceHeader())[0] ?? ""}`;

export function readRecent(): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place()) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** An older release may have kept something else there. */
function isRecent(value: unknown): value is Recent {
  return typeof value === "object" && value !== null && "id" in value && "workflow" in value && "key" in value;
}

/** Keeps the execution whose page is open, once it is known; to be used once, by the frame. */
export function useKeepRecent(): void {
  const id = /^\/executions\/([^/]+)$/.exec(usePathname())?.[1];
  const { id: known, key = null, workflow } = useCached(id) ?? {};
  useEffect(() => {
    if (known === undefined || workflow === undefined) return;
    const others = readRecent().filter((recent) => recent.id !== known);
    try {
      localStorage.setItem(place(), JSON.stringify([{ id: known, key, workflow }, ...others].slice(0, KEPT)));
    } catch {
      // Without storage nothing is recent.
    }
  }, [known, key, workflow]);
}

/** What the page has asked for. Looked at without observing it: a query that one watches and never asks is not asked again. */
function useCached(id: string | undefined): Execution | undefined {
  const client = useQueryClient();
  const subscribe = useCallback((listener: () => void) => client.getQueryCache().subscribe(listener), [client]);
  const read = () => (id === undefined ? undefined : client.getQueryData<Execution>(keys.execution(id)));
  return useSyncExternalStore(subscribe, read, () => undefined);
}
