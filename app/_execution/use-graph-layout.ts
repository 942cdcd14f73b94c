"use client";
/** The layout of a workflow version, made once in a worker and kept by the version's hash and what of it is unfolded. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Layout, LayoutInput } from "./graph-layout";

export function useGraphLayout(hash: string, unfolded: readonly string[], input: LayoutInput | null) {
  return useQuery({
    queryKey: ["graph-layout", hash, unfolded],
    placeholderData: keepPreviousData,
    queryFn: () => layoutInWorker(input ?? { nodes: [], edges: [] }),
    enabled: input !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

function layoutInWorker(input: LayoutInput): Promise<Layout> {
  const worker = new Worker(new URL("./graph-layout.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Layout>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Layout>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(input);
  }).finally(() => worker.terminate());
}
