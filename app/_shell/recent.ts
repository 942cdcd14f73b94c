"use client";
/** The executions that one looked at last, kept in this browser for each namespace. */
import { skipToken, useQuery } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useEffect } from "react";
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
  const { data } = useQuery<Execution>({ queryKey: keys.execution(id ?? ""), queryFn: skipToken });
  const { id: known, key = null, workflow } = data ?? {};
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
