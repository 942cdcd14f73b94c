/** The layout of a workflow version, made in the page itself: a file has no second script to run beside it. */
import { useQuery } from "@tanstack/react-query";
import { type LayoutInput, layoutGraph } from "../../_execution/graph-layout";

export function useGraphLayout(hash: string, input: LayoutInput | null) {
  return useQuery({
    queryKey: ["graph-layout", hash],
    queryFn: async () => layoutGraph(input ?? { nodes: [], edges: [] }),
    enabled: input !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
