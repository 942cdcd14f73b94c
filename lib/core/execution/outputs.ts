/** What a scope gives where nothing says it: the outputs of the completed nodes that nothing comes after. */
import type { JsonValue } from "../../contract/json";
import { scopeAt } from "./draft";
import { demand, read, type Turn } from "./turn";

export function outputsOfSinks(turn: Turn, number: number, index: readonly number[]): JsonValue {
  const steps = scopeAt(turn.state, number, index)?.steps ?? [];
  const sinks = (turn.state.graph.scopes[number]?.nodes ?? []).filter(
    ({ outs, loopEdges, position }) =>
      outs.length === 0 && loopEdges.length === 0 && steps[position]?.status === "completed",
  );
  const outputs = sinks.map(({ id, position }) => [id, read(turn, steps[position]?.output ?? null)]);
  demand(turn);
  return Object.fromEntries(outputs);
}
