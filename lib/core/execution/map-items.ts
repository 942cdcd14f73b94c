/** The items of a map as one scans them: how each stands, and which of its steps tells most about it. */
import type { StepStatus } from "../../contract/executions";
import type { CompiledGraph, CompiledNode } from "../definition/graph";
import { itemAt } from "./items";
import type { MapState, ScopeState } from "./state";
import { isEndedStep, isOpenStep } from "./statuses";

/** One for each item, those that have not begun too. */
export function itemStatuses(map: MapState): StepStatus[] {
  return Array.from({ length: map.count }, (_, item) => itemStatus(itemAt(map.items, item)));
}

function itemStatus(scope: ScopeState | null): StepStatus {
  if (scope === null) return "pending";
  if (scope.ended !== null) return scope.ended;
  if (scope.scheduled > 0) return "scheduled";
  if (scope.open > 0) return scope.steps.some(({ status }) => status === "retrying") ? "retrying" : "waiting";
  return scope.steps.some(({ status }) => status === "cancelled") ? "cancelled" : "pending";
}

/** The path of the step to look at first: the one that failed, that is open, or that ended last; of an item not begun the first. */
export function tellingStep(graph: CompiledGraph, node: CompiledNode, map: MapState, item: number): string | null {
  const body = graph.scopes[node.body ?? -1];
  if (body === undefined) return null;
  const steps = itemAt(map.items, item)?.steps ?? [];
  const found =
    steps.find(({ status }) => status === "failed") ??
    steps.find(isOpenStep) ??
    steps.filter(isEndedStep).sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))[0];
  return found?.node ?? body.nodes[0]?.path ?? null;
}
