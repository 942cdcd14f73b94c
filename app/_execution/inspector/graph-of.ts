"use client";
/** The compiled definition that the execution runs: the fold's, or, where it has none, made from the version's document. */
import { useMemo } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import type { Execution } from "@/lib/contract/executions";
import { type CompiledGraph, compileGraph } from "@/lib/core/definition/graph";
import type { Snapshot } from "../execution-feed";
import { drawable } from "../graph-model";

/** Null: not loaded, or newer than this page understands. */
export function useGraph({ workflow, version }: Execution, { state }: Snapshot): CompiledGraph | null {
  const document = useWorkflowVersion(workflow, version).data?.definition;
  const own = state?.version === version ? state.graph : null;
  return useMemo(() => {
    const definition = own === null ? drawable(document) : null;
    if (definition === null) return own;
    try {
      return compileGraph(definition);
    } catch {
      // Of a newer format than this page knows: the panel says that it cannot tell.
      return null;
    }
  }, [own, document]);
}
