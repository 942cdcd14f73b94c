"use client";
/**
 * The query of the page's address, known at once after it was changed here, so that two changes which follow one another
 * faster than the page is drawn build on each other. Next.js tells of a change a transition later, and until then it may put
 * an older address back: what was written here holds until it is told of, or until one has gone elsewhere.
 */
import { useSearchParams } from "next/navigation";
import { useEffect, useMemo, useSyncExternalStore } from "react";

/** Queries that were written and are not told of yet, the latest last, and the page that they are of. */
let written: readonly string[] = [];
let writtenOn = "";
const WRITTEN_MAX = 20;
let lastTold: string | null = null;
const listeners = new Set<() => void>();

export function useSearch(): URLSearchParams {
  const told = String(useSearchParams());
  useEffect(() => hear(told), [told]);
  const search = useSyncExternalStore(subscribe, ahead, () => null) ?? told;
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Sets what is named and leaves the rest; null and "" take a name away. The address is replaced: there is no way back to it. */
export function changeSearch(change: { readonly [name: string]: string | null | undefined }): void {
  const query = new URLSearchParams(ahead() ?? window.location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  replaceSearch(String(query));
}

/** @param query without its question mark */
export function replaceSearch(query: string): void {
  const { pathname, hash } = window.location;
  written = [...(writtenOn === pathname ? written : []), String(new URLSearchParams(query))].slice(-WRITTEN_MAX);
  writtenOn = pathname;
  try {
    window.history.replaceState(null, "", `${pathname}${query && `?${query}`}${hash}`);
  } catch {
    // Some browsers do not let a file change its address: the page shows what was chosen all the same.
  }
  tell();
}

/** What was written is there now, or an address that was not written here, and then that is what holds. */
function hear(told: string): void {
  if (told === lastTold) return;
  lastTold = told;
  written = written.includes(told) ? written.slice(written.lastIndexOf(told) + 1) : [];
  tell();
}

/** What Next.js will tell of; null: it has. */
function ahead(): string | null {
  return (writtenOn === window.location.pathname ? written.at(-1) : undefined) ?? null;
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
