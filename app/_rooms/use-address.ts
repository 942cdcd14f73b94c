"use client";
/** What a room shows, kept in the URL: the names it knows, as text; a change replaces the address and loads nothing. */
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

export type Address<Name extends string> = { [name in Name]?: string };

/** @param names must be the same array at every call */
export function useAddress<Name extends string>(
  names: readonly Name[],
): [Address<Name>, (change: { [name in Name]?: string | undefined }) => void] {
  const path = usePathname();
  const search = useSearchParams();
  const address = useMemo(() => {
    const given = names.flatMap((name) => {
      const value = search.get(name);
      return value ? [[name, value] as const] : [];
    });
    return Object.fromEntries(given) as Address<Name>;
  }, [names, search]);
  const change = useCallback(
    (next: { [name in Name]?: string | undefined }) => {
      const query = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries<string | undefined>(next)) {
        if (value) query.set(name, value);
        else query.delete(name);
      }
      window.history.replaceState(null, "", query.size > 0 ? `${path}?${query}` : path);
    },
    [path],
  );
  return [address, change];
}
