"use client";
/** How much the findings say of each node. */
import { useMemo } from "react";
import type { Finding } from "@/lib/contract/findings";
import { useFindings } from "../use-editor";

export interface Finds {
  readonly errors: number;
  readonly warnings: number;
}

/** Nodes of which nothing is said are absent. */
export type FindCounts = ReadonlyMap<string, Finds>;

export function useFindCounts(): FindCounts {
  const findings = useFindings();
  return useMemo(() => countsOf(findings), [findings]);
}

function countsOf(findings: readonly Finding[]): FindCounts {
  const counts = new Map<string, Finds>();
  for (const { node, severity } of findings) {
    if (node === undefined) continue;
    const { errors, warnings } = counts.get(node) ?? { errors: 0, warnings: 0 };
    const isError = severity === "error";
    counts.set(node, { errors: errors + (isError ? 1 : 0), warnings: warnings + (isError ? 0 : 1) });
  }
  return counts;
}
