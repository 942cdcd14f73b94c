/** The open steps of a scope or of one step, those inside maps before the map itself. */
import type { CompiledGraph, CompiledNode } from "../definition/graph";
import { type At, scopeAt } from "./draft";
import { begunItems } from "./items";
import type { ExecutionState, ScopeState, StepState } from "./state";
import { isOpenStep } from "./statuses";

type Stated = Pick<ExecutionState, "graph" | "root">;

/** All open steps of the scope that the index leads to. */
export function openStepsOf(state: Stated, number: number, index: readonly number[]): At[] {
  const scope = scopeAt(state, number, index);
  return scope === undefined ? [] : inScope(state.graph, number, scope, index);
}

/** The step, if it is open, and what is open inside it. */
export function openStepsAt(state: Stated, { node, index }: At): At[] {
  const step = scopeAt(state, node.scope, index)?.steps[node.position];
  return step === undefined ? [] : inStep(state.graph, node, step, index);
}

function inScope(graph: CompiledGraph, number: number, scope: ScopeState, index: readonly number[]): At[] {
  if (scope.open === 0) return [];
  return (graph.scopes[number]?.nodes ?? []).flatMap((node) => {
    const step = scope.steps[node.position];
    return step === undefined ? [] : inStep(graph, node, step, index);
  });
}

function inStep(graph: CompiledGraph, node: CompiledNode, step: StepState, index: readonly number[]): At[] {
  if (!isOpenStep(step)) return [];
  const { body } = node;
  if (step.map === null || body === null) return [{ node, index }];
  const inside = [...begunItems(step.map.items)].flatMap(({ item, scope }) =>
    inScope(graph, body, scope, [...index, item]),
  );
  return [...inside, { node, index }];
}
