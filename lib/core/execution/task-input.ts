/** What a task without `input` gets: the execution's input, and what the steps before it gave. */
import type { JsonValue } from "../../contract/json";
import type { CompiledEdge, CompiledNode } from "../definition/graph";
import { demand, nodeAt, read, stepAt, type Turn } from "./turn";

/**
 * `{input, steps}`: by node id the outputs of the nearest steps before it that have one, found backwards over taken edges
 * through choices and sleeps, which have none.
 */
export function defaultInput(turn: Turn, node: CompiledNode): JsonValue {
  const steps = nearestWithOutput(turn, node).map((before) => [before.id, read(turn, stepAt(turn, before).output)]);
  const input = read(turn, turn.draft.input);
  demand(turn);
  return { input, steps: Object.fromEntries(steps) };
}

function nearestWithOutput(turn: Turn, node: CompiledNode): CompiledNode[] {
  const found = new Map<number, CompiledNode>();
  const seen = new Set<number>();
  const stack = [node];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const edge of at.ins) {
      if (seen.has(edge.from) || !isTaken(turn, edge)) continue;
      seen.add(edge.from);
      const before = nodeAt(turn, edge.from);
      if (before.definition.type === "choice" || before.definition.type === "sleep") stack.push(before);
      else found.set(before.ordinal, before);
    }
  }
  return [...found.values()].filter((before) => stepAt(turn, before).status === "completed");
}

function isTaken(turn: Turn, edge: CompiledEdge): boolean {
  return stepAt(turn, nodeAt(turn, edge.from)).port === edge.port;
}
