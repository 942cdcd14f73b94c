/** The layout of a workflow version, made in the page itself: a file has no second script to run beside it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { layoutGraph } from "../../_execution/graph-layout";
import type { useGraphLayout as layoutInWorker } from "../../_execution/use-graph-layout";

/** Takes the other's place when the viewer is built: what does not answer as it does is no program. */
export const useGraphLayout: typeof layoutInWorker = (hash, unfolded, input) =>
  useQuery({
    queryKey: ["graph-layout", hash, unfolded],
    placeholderData: keepPreviousData,
    queryFn: async () => layoutGraph(input ?? { nodes: [], edges: [] }),
    enabled: input !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
