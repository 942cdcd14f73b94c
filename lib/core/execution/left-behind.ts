/** What an event that begins new iterations leaves behind: steps as they were when their node moved on. */
import type { CompiledGraph } from "../definition/graph";
import { begunItems, itemAt } from "./items";
import type { ExecutionState, ScopeState } from "./state";
import type { PlacedStep } from "./steps";

/** The only events after which a node may be in a later iteration. */
export const MOVING_EVENTS = ["LoopTaken", "ExecutionRetried"] as const;

/**
 * Steps of that iteration that are in `before` and have given way in `after`, the next state; in the order of steps. One
 * that was never reached leaves nothing. Parts that both states share are not walked.
 */
export function leftBehind(before: ExecutionState, after: ExecutionState, iteration: number): PlacedStep[] {
  return inScope(before.graph, 0, before.root, after.root, [], iteration).sort(inOrder);
}

function inScope(
  graph: CompiledGraph,
  number: number,
  before: ScopeState,
  after: ScopeState | null,
  index: readonly number[],
  iteration: number,
): PlacedStep[] {
  if (before === after) return [];
  return (graph.scopes[number]?.nodes ?? []).flatMap((node): PlacedStep[] => {
    const step = before.steps[node.position];
    const next = after?.steps[node.position];
    if (step === undefined || step === next || step.status === "pending") return [];
    const gone = next === undefined || next.iteration > step.iteration;
    const ref = index.length === 0 ? { ordinal: node.ordinal } : { ordinal: node.ordinal, index };
    const { body } = node;
    const inside = [...begunItems(step.map?.items ?? [])].flatMap(({ item, scope }) =>
      body === null
        ? []
        : inScope(graph, body, scope, gone ? null : itemAt(next.map?.items ?? [], item), [...index, item], iteration),
    );
    return gone && step.iteration === iteration ? [{ ref, node, step }, ...inside] : inside;
  });
}

/** By node, then by item. */
function inOrder(a: PlacedStep, b: PlacedStep): number {
  if (a.ref.ordinal !== b.ref.ordinal) return a.ref.ordinal - b.ref.ordinal;
  const other = b.ref.index ?? [];
  return (a.ref.index ?? []).reduce((order, item, i) => (order === 0 ? item - (other[i] ?? 0) : order), 0);
}
