"use client";
/**
 * The query of the page's address. What is changed here is known at once, where Next.js tells of it a transition later, so
 * that two changes which follow one another faster than the page is drawn build on each other.
 */
import { useSearchParams } from "next/navigation";
import { useMemo, useSyncExternalStore } from "react";

/** Where a browser does not let a page change its address, as some do with files, it is kept until the page is left. */
let refused: string | null = null;
const listeners = new Set<() => void>();

export function useSearch(): URLSearchParams {
  const told = useSearchParams();
  // A new function at each draw, so that React looks again after Next.js has gone to another address.
  const search = useSyncExternalStore(
    subscribe,
    () => searchNow(),
    () => (told.size > 0 ? `?${told}` : ""),
  );
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Sets what is named and leaves the rest; null and "" take a name away. The address is replaced: there is no way back to it. */
export function changeSearch(change: { readonly [name: string]: string | null | undefined }): void {
  const query = new URLSearchParams(searchNow());
  for (const [name, value] of Object.entries(change)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  replaceSearch(String(query));
}

/** @param query without its question mark */
export function replaceSearch(query: string): void {
  const wanted = query && `?${query}`;
  const { pathname, hash } = window.location;
  try {
    window.history.replaceState(null, "", `${pathname}${wanted}${hash}`);
    refused = null;
  } catch {
    refused = wanted;
  }
  for (const listener of listeners) listener();
}

function searchNow(): string {
  return refused ?? window.location.search;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}
