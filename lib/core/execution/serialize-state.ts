/** A folded state as a snapshot keeps it: all but the graph, which its version gives. */
import type { CompiledGraph } from "../definition/graph";
import type { ExecutionState } from "./state";

export type SerializedState = Omit<ExecutionState, "graph">;

/** Plain JSON, large values by reference. Readable by builds with the same `STATE_VERSION` only. */
export function serializeState({ graph: _, ...rest }: ExecutionState): SerializedState {
  return rest;
}

export function deserializeState(graph: CompiledGraph, serialized: SerializedState): ExecutionState {
  return { graph, ...serialized };
}
