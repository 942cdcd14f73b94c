/** What is edited: a definition that may still be without nodes, and how it lies; and the graphs in it, by the map they are in. */
import type { Definition, Edge, MapGraph, Node } from "../contract/definition";
import type { Layout } from "../contract/drafts";
import { defaultPort } from "../core/definition/ports";

export interface EditorDocument {
  readonly definition: Definition;
  readonly layout: Layout;
}

/** What an edit made of a document, with the ids of what is new; or why there is no such thing to do. */
export type Edited =
  | { readonly document: EditorDocument; readonly made: readonly string[] }
  | { readonly refused: string };

/** The map in whose body something is; null: the definition's own graph. Ids are unique in the whole document. */
export type Scope = string | null;

/** Where in a node or a workflow a field is. */
export type Path = readonly (string | number)[];

export interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
}

/** An edge by its ends, as it is written or not: a port that is left out is its node's default. */
export interface EdgeRef {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

export function bodyOf(node: Node): MapGraph | null {
  return node.type === "map" && "nodes" in node.body ? node.body : null;
}

/** Every graph of the document, those around others first. */
export function graphsOf(definition: Definition): { readonly scope: Scope; readonly graph: Graph }[] {
  const found: { scope: Scope; graph: Graph }[] = [];
  const add = (scope: Scope, graph: Graph) => {
    found.push({ scope, graph });
    for (const node of graph.nodes) {
      const body = bodyOf(node);
      if (body !== null) add(node.id, body);
    }
  };
  add(null, definition);
  return found;
}

export function graphAt(definition: Definition, scope: Scope): Graph | null {
  return scope === null ? definition : (graphsOf(definition).find((each) => each.scope === scope)?.graph ?? null);
}

export function nodeOf(definition: Definition, id: string): { readonly node: Node; readonly scope: Scope } | null {
  for (const { scope, graph } of graphsOf(definition)) {
    const node = graph.nodes.find((each) => each.id === id);
    if (node !== undefined) return { node, scope };
  }
  return null;
}

/** The definition with one of its graphs changed; the same object where there is no such graph, or nothing changed. */
export function withGraph(definition: Definition, scope: Scope, change: (graph: Graph) => Graph): Definition {
  return changed(definition, scope, null, change) as Definition;
}

function changed(graph: Graph, scope: Scope, own: Scope, change: (graph: Graph) => Graph): Graph {
  if (own === scope) {
    const { nodes, edges } = change(graph);
    return nodes === graph.nodes && edges === graph.edges ? graph : { ...graph, nodes, edges };
  }
  const nodes = mapped(graph.nodes, (node) => {
    const body = bodyOf(node);
    if (body === null) return node;
    const next = changed(body, scope, node.id, change);
    return next === body ? node : ({ ...node, body: next } as Node);
  });
  return nodes === graph.nodes ? graph : { ...graph, nodes };
}

/** The list itself where nothing changed, so that what is drawn from it need not be drawn anew. */
export function mapped<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const next = list.map(change);
  return next.every((item, i) => item === list[i]) ? list : next;
}

/** Every node and edge of the document, whatever graph it is in. */
export function everyGraph(definition: Definition, change: (graph: Graph) => Graph): Definition {
  return graphsOf(definition)
    .map(({ scope }) => scope)
    .reverse()
    .reduce((whole, scope) => withGraph(whole, scope, change), definition);
}

/** The ids of a node and of everything in its body. */
export function idsWithin(node: Node): string[] {
  const body = bodyOf(node);
  return [node.id, ...(body?.nodes.flatMap(idsWithin) ?? [])];
}

export function everyId(definition: Definition): Set<string> {
  return new Set(definition.nodes.flatMap(idsWithin));
}

/** `base`, or `base_2`, `base_3`, …: the first that is not taken. */
export function freshId(taken: ReadonlySet<string>, base: string): string {
  if (!taken.has(base)) return base;
  const stem = base.replace(/_\d+$/, "");
  let n = 2;
  while (taken.has(`${stem}_${n}`)) n++;
  return `${stem}_${n}`;
}

export function portOf(edge: Edge, { nodes }: Graph): string {
  const source = nodes.find(({ id }) => id === edge.from);
  return edge.port ?? (source === undefined ? "success" : defaultPort(source));
}

/** A graph's edges by their ends; of several that are the same, the first. */
export function edgesByEnds(graph: Graph): ReadonlyMap<string, Edge> {
  const usual = new Map(graph.nodes.map((node) => [node.id, defaultPort(node)]));
  const found = new Map<string, Edge>();
  for (const edge of graph.edges) {
    const ends = `${edge.from} ${edge.port ?? usual.get(edge.from) ?? "success"} ${edge.to}`;
    if (!found.has(ends)) found.set(ends, edge);
  }
  return found;
}

export function refOf(edge: Edge, graph: Graph): EdgeRef {
  return { from: edge.from, port: portOf(edge, graph), to: edge.to };
}

export function isEdge(edge: Edge, ref: EdgeRef, graph: Graph): boolean {
  return edge.from === ref.from && edge.to === ref.to && portOf(edge, graph) === ref.port;
}

/** As the SDK writes it: without the port where it is the default one. */
export function edgeFrom(source: Node, port: string, to: string, loop?: Edge["loop"]): Edge {
  return {
    from: source.id,
    ...(port === defaultPort(source) ? {} : { port }),
    to,
    ...(loop === undefined ? {} : { loop }),
  };
}
