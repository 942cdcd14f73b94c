/** The step whose own failure it was that made a map fail, and the map around it. */
import { type At, stepIn } from "./draft";
import { endsScope } from "./failures";
import { firstFailed } from "./items";
import type { ExecutionState } from "./state";

/** The failed step itself where it is no map, or failed by itself. */
export function innermostFailure(state: Pick<ExecutionState, "graph" | "root">, at: At): At {
  const { map } = stepIn(state, at);
  const { body } = at.node;
  if (map === null || body === null) return at;
  const { item, scope } = firstFailed(map.items) ?? { item: -1, scope: null };
  const steps = scope?.steps ?? [];
  const nodes = state.graph.scopes[body]?.nodes ?? [];
  const failed = nodes.find((node) => {
    const step = steps[node.position];
    return step !== undefined && endsScope(node, step);
  });
  return failed === undefined ? at : innermostFailure(state, { node: failed, index: [...at.index, item] });
}
