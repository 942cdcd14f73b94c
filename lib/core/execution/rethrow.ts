/** A fail node with `rethrow` fails its scope in the name of another step. */
import { type At, scopeAt } from "./draft";
import type { ExecutionState } from "./state";

/** The failed step whose error the fail node passes on; null where it is no such node, or that step has not failed. */
export function rethrownAt(state: Pick<ExecutionState, "graph" | "root">, { node, index }: At): At | null {
  const { definition, scope } = node;
  if (definition.type !== "fail" || definition.rethrow === undefined) return null;
  const other = state.graph.scopes[scope]?.nodes.find(({ id }) => id === definition.rethrow);
  if (other === undefined) return null;
  const failed = scopeAt(state, scope, index)?.steps[other.position]?.status === "failed";
  return failed ? { node: other, index } : null;
}
