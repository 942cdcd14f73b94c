"use client";
/** Names of actors: all that a page shows at once are asked for by one call. */
import { useQuery } from "@tanstack/react-query";
import type { Actor } from "@/lib/contract/actors";
import { api } from "./api";

const BATCH_MAX = 200;
const FRESH_MS = 300_000;

type Waiting = { actor: string; resolve: (name: string | null) => void; reject: (error: unknown) => void };
const waiting: Waiting[] = [];

/** Null: nobody knows it by a name. */
export function nameOf(actor: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(ask);
    waiting.push({ actor, resolve, reject });
  });
}

async function ask(): Promise<void> {
  const batch = waiting.splice(0, BATCH_MAX);
  if (waiting.length > 0) setTimeout(ask);
  try {
    const actors = [...new Set(batch.map(({ actor }) => actor))].join(",");
    const { items } = await api<{ items: Actor[] }>("/actors", { query: { actors } });
    const names = new Map(items.map(({ actor, name }) => [actor, name]));
    for (const { actor, resolve } of batch) resolve(names.get(actor) ?? null);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

const NAMED = /^(user|key|worker|schedule):/;

/** What it is called; the actor itself until that is known, and where it has no name. */
export function useActorName(actor: string): string {
  const { data } = useQuery({
    queryKey: ["actor", actor],
    queryFn: () => nameOf(actor),
    enabled: NAMED.test(actor),
    staleTime: FRESH_MS,
    retry: false,
  });
  return data ?? actor;
}
