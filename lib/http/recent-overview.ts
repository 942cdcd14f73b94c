/** The overview of a namespace, at most 3 s old: many dashboards of it, and the documents they begin with, cost no more than one. */
import type { Overview } from "@/lib/contract/overview";
import { readOverview } from "@/lib/views/overview";
import type { Workflows } from "@/lib/views/reach";
import type { Instance } from "./instance";

const KEPT_MS = 3_000;

export function recentOverview(
  { recent, reads, clock }: Pick<Instance, "recent" | "reads" | "clock">,
  namespaceId: number,
  workflows: Workflows | undefined,
): Promise<Overview> {
  const key = JSON.stringify(["overview", namespaceId, workflows]);
  return recent.answer(key, KEPT_MS, () => readOverview(reads, namespaceId, clock.now(), workflows));
}
