/** The steps of an execution in one fixed order: node by node as the graph numbers them, and inside maps item by item. */
import type { CompiledNode } from "../definition/graph";
import { begunItems } from "./items";
import type { ExecutionState, ScopeState, StepState } from "./state";
import type { StepRef } from "./step-ref";

type Stated = Pick<ExecutionState, "graph" | "root">;

/** A step with its place; `ref` is where the next page goes on. */
export interface PlacedStep {
  readonly ref: StepRef;
  readonly node: CompiledNode;
  readonly step: StepState;
}

/**
 * From that place on, which need not be there any more. What comes before it is not walked.
 * @param isWalked of items: those of which it is false are passed over with all that is in them
 */
export function* eachStep(
  state: Stated,
  from: StepRef = { ordinal: 0 },
  isWalked: (item: ScopeState) => boolean = () => true,
): Generator<PlacedStep> {
  for (let { ordinal } = from; ordinal < state.graph.nodes.length; ordinal++) {
    const node = state.graph.nodes[ordinal];
    if (node === undefined) return;
    const first = ordinal === from.ordinal ? (from.index ?? []) : [];
    for (const { scope, index } of scopesOf(state, node.scope, first, isWalked)) {
      const step = scope.steps[node.position];
      if (step !== undefined) yield { ref: index.length === 0 ? { ordinal } : { ordinal, index }, node, step };
    }
  }
}

/** Of items that have not begun there is none. */
export function stepCount({ root }: Pick<ExecutionState, "root">): number {
  return countIn(root);

  function countIn({ steps }: ScopeState): number {
    const inside = steps.map(({ map }) =>
      map === null ? 0 : [...begunItems(map.items)].reduce((sum, { scope }) => sum + countIn(scope), 0),
    );
    return steps.length + inside.reduce<number>((sum, count) => sum + count, 0);
  }
}

interface PlacedScope {
  readonly index: readonly number[];
  readonly scope: ScopeState;
}

/** The definition's own graph, or the items of a map that have begun, in the order of their indexes. */
function* scopesOf(
  state: Stated,
  number: number,
  from: readonly number[],
  isWalked: (item: ScopeState) => boolean,
): Generator<PlacedScope> {
  const map = state.graph.nodes[state.graph.scopes[number]?.map ?? -1];
  if (map === undefined) {
    yield { index: [], scope: state.root };
    return;
  }
  const outer = from.slice(0, -1);
  for (const around of scopesOf(state, map.scope, outer, isWalked)) {
    const items = around.scope.steps[map.position]?.map?.items ?? [];
    const isFirst = from.length > 0 && around.index.every((item, i) => item === outer[i]);
    for (const { item, scope } of begunItems(items, isFirst ? (from.at(-1) ?? 0) : 0, isWalked)) {
      yield { index: [...around.index, item], scope };
    }
  }
}
