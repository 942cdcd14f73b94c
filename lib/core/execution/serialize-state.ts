/** A folded state as a snapshot keeps it: all but the graphs, which versions give. */
import type { CompiledGraph } from "../definition/graph";
import type { ExecutionState } from "./state";

export type SerializedState = Omit<ExecutionState, "graph" | "graphs">;

/** Plain JSON, large values by reference. Readable by builds with the same `STATE_VERSION` only. */
export function serializeState({ graph: _, graphs: __, ...rest }: ExecutionState): SerializedState {
  return rest;
}

/** `graph` is that of the state's version, which a fork may have changed. */
export function deserializeState(
  graph: CompiledGraph,
  serialized: SerializedState,
  graphs: ReadonlyMap<number, CompiledGraph> = new Map(),
): ExecutionState {
  return { ...serialized, graph, graphs };
}
