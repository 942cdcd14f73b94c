"use client";
/** Which tab of the inspector is open, kept in the URL beside what is selected; the first one where none is named. */
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback } from "react";

const PARAMETER = "tab";

export function useTab<Name extends string>(names: readonly Name[]): [Name, (name: Name) => void] {
  const path = usePathname();
  const wanted = useSearchParams().get(PARAMETER);
  const first = names[0] as Name;
  const open = names.find((name) => name === wanted) ?? first;
  const show = useCallback(
    (name: Name) => {
      const query = new URLSearchParams(window.location.search);
      if (name === first) query.delete(PARAMETER);
      else query.set(PARAMETER, name);
      window.history.replaceState(null, "", query.size > 0 ? `${path}?${query}` : path);
    },
    [path, first],
  );
  return [open, show];
}
