/** What the next decision will most likely read: a host that has it at hand spares deciding twice. */
import type { ExecutionState } from "./state";
import { isOpenStep } from "./statuses";

/** Hashes of the large lists whose items are at work in the definition's own graph. */
export function openLists({ graph, root }: Pick<ExecutionState, "graph" | "root">): string[] {
  return graph.scopes.flatMap(({ map }) => {
    const node = graph.nodes[map ?? -1];
    const step = node?.scope === 0 ? root.steps[node.position] : undefined;
    if (step === undefined || step.map === null || !isOpenStep(step)) return [];
    return "ref" in step.map.list ? [step.map.list.ref.hash] : [];
  });
}
