/** The places of maps: how many items may have a task out at once. */

import { hasPlace } from "./deadlines";
import { type At, scopeAt } from "./draft";
import type { ExecutionState } from "./state";

/** Whether each map around the step has a place for its item, or the item has one already. */
export function mayDispatch(state: Pick<ExecutionState, "graph" | "root">, { node, index }: At): boolean {
  const map = state.graph.nodes[state.graph.scopes[node.scope]?.map ?? -1];
  if (map === undefined) return true;
  const item = scopeAt(state, node.scope, index);
  if (item === undefined) return false;
  if (item.scheduled > 0) return true;
  const around = { node: map, index: index.slice(0, -1) };
  const step = scopeAt(state, map.scope, around.index)?.steps[map.position]?.map;
  return step != null && hasPlace(map, step) && mayDispatch(state, around);
}
