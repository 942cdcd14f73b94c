"use client";
/** What a room shows, kept in the URL: the names it knows, as text; a change replaces the address and loads nothing. */
import { useMemo } from "react";
import { changeSearch, useSearch } from "@/lib/client/search";

export type Address<Name extends string> = { [name in Name]?: string };

/** @param names must be the same array at every call */
export function useAddress<Name extends string>(
  names: readonly Name[],
): [Address<Name>, (change: { [name in Name]?: string | undefined }) => void] {
  const search = useSearch();
  const address = useMemo(() => {
    const given = names.flatMap((name) => {
      const value = search.get(name);
      return value ? [[name, value] as const] : [];
    });
    return Object.fromEntries(given) as Address<Name>;
  }, [names, search]);
  return [address, changeSearch];
}
