/** When a step that has not been reached yet may run, by its incoming edges. */
import type { CompiledNode } from "../definition/graph";
import type { StepState } from "./state";

type Edges = Pick<StepState, "taken" | "dead" | "forced">;

export function isReady({ ins, join }: CompiledNode, { taken, dead, forced }: Edges): boolean {
  if (forced || ins.length === 0) return true;
  return join === "all" ? taken + dead === ins.length && taken > 0 : taken >= join;
}

/** Every incoming edge is taken or dead. */
export function isDecided({ ins }: CompiledNode, { taken, dead }: Edges): boolean {
  return taken + dead === ins.length;
}
