/** What a task without `input` gets: the execution's input or the item, and what the steps before it gave. */
import type { JsonValue } from "../../contract/json";
import type { CompiledEdge } from "../definition/graph";
import { type At, atRef } from "./draft";
import { itemOf } from "./scope";
import { demand, read, stepAt, type Turn } from "./turn";

/**
 * `{input, steps}`, in a map `{input, item, index, steps}`: by node id the outputs of the nearest steps before it that have
 * one, found backwards over taken edges through choices, sleeps and joins.
 */
export function defaultInput(turn: Turn, at: At): JsonValue {
  const steps = nearestWithOutput(turn, at).map((before) => [before.node.id, read(turn, stepAt(turn, before).output)]);
  const input = read(turn, turn.state.input);
  const item = itemOf(turn, at);
  demand(turn);
  return {
    input,
    ...(item === undefined ? {} : { item: item.item, index: item.index }),
    steps: Object.fromEntries(steps),
  };
}

function nearestWithOutput(turn: Turn, at: At): At[] {
  const found = new Map<number, At>();
  const seen = new Set<number>();
  const stack = [at];
  for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
    for (const edge of here.node.ins) {
      if (seen.has(edge.from) || !isTaken(turn, at, edge)) continue;
      seen.add(edge.from);
      const before = atRef(turn.state, { ordinal: edge.from, index: at.index });
      const { type } = before.node.definition;
      if (type === "choice" || type === "sleep") stack.push(before);
      else found.set(before.node.ordinal, before);
    }
  }
  return [...found.values()].filter((before) => stepAt(turn, before).status === "completed");
}

function isTaken(turn: Turn, { index }: At, edge: CompiledEdge): boolean {
  return stepAt(turn, atRef(turn.state, { ordinal: edge.from, index })).port === edge.port;
}
