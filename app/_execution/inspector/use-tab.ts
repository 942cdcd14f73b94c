"use client";
/** Which tab of the inspector is open, kept in the URL beside what is selected; the first one where none is named. */
import { useCallback } from "react";
import { changeSearch, useSearch } from "@/lib/client/search";

const PARAMETER = "tab";

export function useTab<Name extends string>(names: readonly Name[]): [Name, (name: Name) => void] {
  const wanted = useSearch().get(PARAMETER);
  const first = names[0] as Name;
  const open = names.find((name) => name === wanted) ?? first;
  const show = useCallback((name: Name) => changeSearch({ [PARAMETER]: name === first ? null : name }), [first]);
  return [open, show];
}
