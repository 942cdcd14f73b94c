/**
 * `next/navigation` as far as a file needs it: one page, whose state stands behind the question mark of its address. Where a
 * browser does not let a file change its address, the state is kept in memory, and a reload begins anew.
 */
import { useSyncExternalStore } from "react";

let search = new URLSearchParams(window.location.search);
const listeners = new Set<() => void>();

function show(query: string): void {
  search = new URLSearchParams(query);
  for (const listener of listeners) listener();
}

for (const name of ["pushState", "replaceState"] as const) {
  const change = window.history[name].bind(window.history);
  window.history[name] = (state, unused, url) => {
    try {
      change(state, unused, url);
    } catch {
      // The address stays as it is; what is shown changes all the same.
    }
    show(new URL(String(url ?? ""), window.location.href).search);
  };
}
window.addEventListener("popstate", () => show(window.location.search));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSearchParams(): URLSearchParams {
  return useSyncExternalStore(subscribe, () => search);
}

export function usePathname(): string {
  return window.location.pathname;
}

const STAYS = { push() {}, replace() {}, refresh() {}, back() {}, forward() {}, prefetch() {} };

/** There is nowhere to go. */
export function useRouter(): typeof STAYS {
  return STAYS;
}
