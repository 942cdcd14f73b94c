/** Findings as they are listed: narrowed, and by the node that they are about; pure. */
import type { Finding } from "@/lib/contract/findings";

export type Shown = "all" | Finding["severity"];

export interface FindingGroup {
  /** Null: the workflow's own. */
  readonly node: string | null;
  readonly findings: readonly Finding[];
}

export function narrowed(findings: readonly Finding[], shown: Shown, text: string): Finding[] {
  const wanted = text.trim().toLowerCase();
  return findings.filter(
    ({ severity, message, code, node = "" }) =>
      (shown === "all" || severity === shown) && `${message} ${code} ${node}`.toLowerCase().includes(wanted),
  );
}

/** Groups in the order of their first finding: those with errors come first, as findings do. */
export function byNode(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string | null, Finding[]>();
  for (const finding of findings) {
    const node = finding.node ?? null;
    groups.set(node, [...(groups.get(node) ?? []), finding]);
  }
  return [...groups].map(([node, list]) => ({ node, findings: list }));
}
