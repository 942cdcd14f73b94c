"use client";
/** `[` and `]`: to the execution above and below in the list that one came from, as it was last seen. */
import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useMemo } from "react";
import type { Page } from "@/lib/client/queries";
import { momentTexts as words } from "@/lib/client/texts/moment";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { useKeys } from "../_shell/keys";
import type { View } from "./use-view";

/** @param view the next one opens on the same view */
export function useNeighbours(id: string, view: View): void {
  const router = useRouter();
  const client = useQueryClient();
  const { above, below } = useMemo(() => neighboursOf(client, id), [client, id]);
  const open = (next: string) => () => router.push(`/executions/${next}${view === "timeline" ? "" : `?view=${view}`}`);
  useKeys(words.neighbours, [
    ...(above === undefined ? [] : [{ keys: "[", name: words.above, run: open(above) }]),
    ...(below === undefined ? [] : [{ keys: "]", name: words.below, run: open(below) }]),
  ]);
}

/** In the newest of the lists that hold it; none where it was opened by a link. */
function neighboursOf(client: QueryClient, id: string): { above?: string | undefined; below?: string | undefined } {
  const lists = client.getQueryCache().findAll({ queryKey: ["executions"] });
  for (const { state } of lists.toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)) {
    const { pages } = (state.data ?? {}) as Partial<InfiniteData<Page<ExecutionSummary>>>;
    if (!Array.isArray(pages)) continue;
    const ids = pages.flatMap(({ items }) => items.map((item) => item.id));
    const at = ids.indexOf(id);
    if (at !== -1) return { above: ids[at - 1], below: ids[at + 1] };
  }
  return {};
}
