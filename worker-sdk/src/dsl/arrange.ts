/** Gives a definition's nodes and edges another order, which changes how it reads and hashes, and nothing else. */
import type { Edge, MapGraph, Node } from "../types/definition";

export interface Arrangement {
  /** Ids, of maps' bodies too. */
  readonly nodes: readonly string[];
  /** As `from>to`, or `from:port>to`. */
  readonly edges: readonly string[];
}

export function edgeName({ from, port, to }: Edge): string {
  return `${from}${port === undefined ? "" : `:${port}`}>${to}`;
}

/** What the arrangement names first, and in its order; the rest after it, as it was. */
export function arranged<G extends Pick<MapGraph, "nodes" | "edges">>(graph: G, { nodes, edges }: Arrangement): G {
  return arrangedBy(graph, placesOf(nodes), placesOf(edges));
}

function arrangedBy<G extends Pick<MapGraph, "nodes" | "edges">>(graph: G, nodes: Places, edges: Places): G {
  return {
    ...graph,
    nodes: inOrder(graph.nodes, nodes, ({ id }) => id).map((node) => withBody(node, nodes, edges)),
    edges: inOrder(graph.edges, edges, edgeName),
  };
}

function withBody(node: Node, nodes: Places, edges: Places): Node {
  if (node.type !== "map" || !("nodes" in node.body)) return node;
  return { ...node, body: arrangedBy(node.body, nodes, edges) };
}

type Places = ReadonlyMap<string, number>;

function placesOf(names: readonly string[]): Places {
  return new Map(names.map((name, place) => [name, place]));
}

function inOrder<T>(list: readonly T[], places: Places, nameOf: (item: T) => string): T[] {
  const placeOf = (item: T) => places.get(nameOf(item)) ?? places.size;
  return list.toSorted((a, b) => placeOf(a) - placeOf(b));
}
