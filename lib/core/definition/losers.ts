/** Which steps a join that needs no more of its edges makes pointless. */
import type { CompiledGraph } from "./graph";

/**
 * The losers of an `any` or n join: every node of its scope before it whose ways all lead through it, or end without
 * reaching anything that comes after it. A node with a way around the join to what follows is still needed. Ways lead along
 * forward edges: neither a loop edge nor a port without an edge is one. O(nodes + edges).
 */
export function losersOf(graph: CompiledGraph, join: number): number[] {
  const before = reach(graph, [join], "ins", () => true);
  const after = reach(graph, [join], "outs", () => true);
  const around = reach(graph, [...after], "ins", (ordinal) => ordinal !== join);
  return [...before].filter((ordinal) => !around.has(ordinal)).sort((a, b) => a - b);
}

/** Everything that edges lead to from `from`, in one direction, through nodes that `may` be passed. */
function reach(graph: CompiledGraph, from: readonly number[], way: "ins" | "outs", may: (o: number) => boolean) {
  const seen = new Set<number>();
  const stack = [...from];
  for (let ordinal = stack.pop(); ordinal !== undefined; ordinal = stack.pop()) {
    for (const edge of graph.nodes[ordinal]?.[way] ?? []) {
      const next = way === "ins" ? edge.from : edge.to;
      if (seen.has(next) || !may(next)) continue;
      seen.add(next);
      stack.push(next);
    }
  }
  return seen;
}
