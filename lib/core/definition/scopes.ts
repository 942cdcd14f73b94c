/** The graphs of a definition, those of its maps after those around them, as validation sees them. */
import type { Definition, MapNode, Node } from "../../contract/definition";
import { type BodyGraph, bodyGraph, type LinkedNode, linkNodes, ordinalsOf } from "./graph";
import type { Loops } from "./loops";
import { type Arc, orderNodes } from "./order";
import type { Place } from "./place";
import { findReachability, type Reachability } from "./reachability";

export interface JudgedScope {
  /** JSON pointer to the graph: empty for the definition's own. */
  readonly path: string;
  readonly graph: BodyGraph;
  /** Numbered within the scope; an edge that names an unknown node joins nothing. */
  readonly nodes: readonly LinkedNode[];
  readonly ordinals: ReadonlyMap<string, number>;
  readonly loops: Loops;
  /** Forward edges that lead in a circle. */
  readonly cycles: readonly (readonly Arc[])[];
  /** Null where there are such: then there is no before. */
  readonly reachability: Reachability | null;
  /** The map whose body it is; null: the definition's own graph. */
  readonly inside: MapAround | null;
}

export interface MapAround {
  readonly scope: JudgedScope;
  readonly ordinal: number;
  readonly map: MapNode;
  /** The body is one task, written short. */
  readonly isTask: boolean;
}

export function scopesOf(definition: Definition): JudgedScope[] {
  const scopes: JudgedScope[] = [];
  addScope(scopes, "", definition, null);
  return scopes;
}

function addScope(scopes: JudgedScope[], path: string, graph: BodyGraph, inside: MapAround | null) {
  const scope = judgeable(path, graph, inside);
  scopes.push(scope);
  graph.nodes.forEach((node, ordinal) => {
    if (node.type !== "map") return;
    const isTask = !("nodes" in node.body);
    addScope(scopes, `${path}/nodes/${ordinal}/body`, bodyGraph(node), { scope, ordinal, map: node, isTask });
  });
}

function judgeable(path: string, graph: BodyGraph, inside: MapAround | null): JudgedScope {
  const ordinals = ordinalsOf(graph);
  const { linked: nodes, loops } = linkNodes(graph);
  const arcs = graph.edges
    .map(({ from, to, loop }, at) => ({ from: ordinals.get(from) ?? -1, to: ordinals.get(to) ?? -1, at, loop }))
    .filter(({ from, to, loop }) => from >= 0 && to >= 0 && loop === undefined);
  const { order, cycles } = orderNodes(nodes.length, arcs);
  const reachability = cycles.length > 0 ? null : findReachability(nodes, order);
  return { path, graph, nodes, ordinals, loops, cycles, reachability, inside };
}

/** Where the node is written; of a body's only task, where the body is, and the map's. */
export function placeOf({ path, graph, inside }: JudgedScope, ordinal: number): Place {
  const node = graph.nodes[ordinal];
  if (inside?.isTask) return { path, node: inside.map.id };
  return { path: `${path}/nodes/${ordinal}`, ...(node === undefined ? {} : { node: node.id }) };
}

/** All nodes of the scope, each with its place. */
export function placedNodes(scope: JudgedScope): { readonly node: Node; readonly place: Place }[] {
  return scope.graph.nodes.map((node, ordinal) => ({ node, place: placeOf(scope, ordinal) }));
}

/** The scope and those around it, from the inside out. */
export function outwards(scope: JudgedScope): JudgedScope[] {
  const found: JudgedScope[] = [];
  for (let at: JudgedScope | undefined = scope; at !== undefined; at = at.inside?.scope) found.push(at);
  return found;
}
