/**
 * The choices that the SDK's compiler puts behind a loop, where two would overlap (`nestLoops`): taken out, each way back
 * leads to its target by itself again, as the timeline says it.
 */

import { stepPath } from "../../../worker-sdk/src/dsl/references";
import type { ChoiceNode, Edge, MapGraph, Node } from "../../contract/definition";

type Graph = Pick<MapGraph, "nodes" | "edges">;

export function isGateId(id: string): boolean {
  return /\.loops(_\d+)?$/.test(id);
}

/** The graph itself, where a choice only looks like one. */
export function withoutGates(graph: Graph): Graph {
  const gates = graph.nodes.filter((node): node is ChoiceNode => node.type === "choice" && isGateId(node.id));
  // From the outermost loop to the innermost, as ways back lead from the one gate to the other.
  return gates.reduceRight((made: Graph, gate) => withoutGate(made, gate) ?? made, graph);
}

function withoutGate({ nodes, edges }: Graph, gate: ChoiceNode): Graph | null {
  const loops = new Map(edges.filter(({ from }) => from === gate.id).map((edge) => [edge.port, edge]));
  const marks = nodes.filter((node) => isMark(node, gate.id, edges));
  const isMarked = new Map(marks.map(({ id }) => [id, edges.find(({ to }) => to === id)]));
  const left = new Set(loops.keys());
  const ways: Edge[] = [];
  for (const edge of edges.filter(({ to }) => to === gate.id)) {
    const begin = isMarked.get(edge.from) ?? edge;
    const status = edge.port === "error" ? "failed" : "completed";
    const asked = `${stepPath({ id: edge.from })}.status == "${status}"`;
    const port = gate.cases.find(({ when }) => when === asked)?.port ?? "otherwise";
    const back = loops.get(port);
    if (back?.loop === undefined || !left.delete(port)) return null;
    ways.push({ ...begin, to: back.to, loop: back.loop });
  }
  if (left.size > 0) return null;
  const gone = new Set([gate.id, ...marks.map(({ id }) => id)]);
  return {
    nodes: nodes.filter(({ id }) => !gone.has(id)),
    edges: [...edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to)), ...ways],
  };
}

/** A node that only says which of several ways back from one step was taken. */
function isMark(node: Node, gate: string, edges: readonly Edge[]): boolean {
  if (node.type !== "transform" || node.value !== null) return false;
  const outs = edges.filter(({ from }) => from === node.id);
  return outs.length === 1 && outs[0]?.to === gate && edges.filter(({ to }) => to === node.id).length === 1;
}
