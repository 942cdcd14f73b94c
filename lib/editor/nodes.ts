/** Nodes come and go: with the edges that lead to them, and on. */
import { type Edge, type Node, nodeSchema } from "../contract/definition";
import type { Point } from "../contract/drafts";
import { defaultPort, portsOf } from "../core/definition/ports";
import {
  type EdgeRef,
  type Edited,
  type EditorDocument,
  edgeFrom,
  everyId,
  type Graph,
  graphAt,
  idsWithin,
  isEdge,
  nodeOf,
  type Scope,
  withGraph,
} from "./document";
import { withoutPlaces, withPlace } from "./places";

/** One outcome of a node. */
export interface Outlet {
  readonly node: string;
  readonly port: string;
}

export interface AddNode {
  readonly scope: Scope;
  readonly node: Node;
  readonly after?: Outlet;
  readonly before?: string;
  readonly at?: Point;
}

export function addNode(document: EditorDocument, { scope, node, after, before, at }: AddNode): Edited {
  const refused = refusalOf(document, scope, node);
  if (refused !== null) return { refused };
  const graph = graphAt(document.definition, scope);
  const source = after && graph?.nodes.find(({ id }) => id === after.node);
  if (after && (source === undefined || !portsOf(source).includes(after.port)))
    return { refused: `There is no outcome ${after.port} of ${after.node} here.` };
  if (before !== undefined && !graph?.nodes.some(({ id }) => id === before))
    return { refused: `There is no node ${before} here.` };
  if (before !== undefined && portsOf(node).length === 0)
    return { refused: `After a ${node.type} node nothing runs: it cannot lead to ${before}.` };
  const edges = [
    ...(source && after ? [edgeFrom(source, after.port, node.id)] : []),
    ...(before === undefined ? [] : [edgeFrom(node, defaultPort(node), before)]),
  ];
  const definition = withGraph(document.definition, scope, (each) => ({
    nodes: [...each.nodes, node],
    edges: edges.length === 0 ? each.edges : [...each.edges, ...edges],
  }));
  const layout = at === undefined ? document.layout : withPlace(document.layout, node.id, at);
  return { document: { definition, layout }, made: [node.id] };
}

/** Why a node cannot be put there; null: it can. */
export function refusalOf({ definition }: EditorDocument, scope: Scope, node: Node): string | null {
  if (graphAt(definition, scope) === null) return `There is no map ${scope} with a graph in it.`;
  const parsed = nodeSchema.safeParse(node);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? "That is no node.";
  const taken = everyId(definition);
  const twice = idsWithin(node).find((id) => taken.has(id));
  return twice === undefined ? null : `There is a node called ${twice} already.`;
}

export interface Removal {
  readonly nodes: readonly string[];
  readonly edges: readonly { readonly scope: Scope; readonly edge: EdgeRef }[];
  readonly heal?: boolean;
}

export function remove(document: EditorDocument, { nodes, edges, heal = false }: Removal): Edited {
  const gone = new Set(nodes);
  let { definition } = document;
  for (const { scope, edge } of edges) {
    definition = withGraph(definition, scope, (graph) => ({
      nodes: graph.nodes,
      edges: graph.edges.filter((each) => !isEdge(each, edge, graph)),
    }));
  }
  const inside = new Set<string>();
  for (const id of gone) {
    const found = nodeOf(definition, id);
    // What lies in a map that is gone is gone with it.
    if (found === null) continue;
    const { node, scope } = found;
    const graph = graphAt(definition, scope);
    if (scope !== null && graph?.nodes.length === 1)
      return { refused: `The map ${scope} needs something to run: remove the map, or put another node in first.` };
    for (const each of idsWithin(node)) inside.add(each);
    definition = withGraph(definition, scope, (each) => withoutNode(each, node, heal));
  }
  return { document: { definition, layout: withoutPlaces(document.layout, inside) }, made: [] };
}

function withoutNode({ nodes, edges }: Graph, node: Node, heal: boolean): Graph {
  const left = edges.filter(({ from, to }) => from !== node.id && to !== node.id);
  const bridges = heal ? bridgesOver(node, edges) : [];
  const fresh = bridges.filter((bridge, i) => ![...left, ...bridges.slice(0, i)].some((edge) => isSame(edge, bridge)));
  const rest = nodes.filter(({ id }) => id !== node.id);
  return {
    nodes: rest.map((each) => (each.type === "fail" && each.rethrow === node.id ? withoutRethrow(each) : each)),
    edges: [...left, ...fresh],
  };
}

/** From whatever led to it to whatever came after it when all went well. */
function bridgesOver(node: Node, edges: readonly Edge[]): Edge[] {
  const usual = defaultPort(node);
  const ins = edges.filter(({ from, to, loop }) => to === node.id && from !== node.id && loop === undefined);
  const outs = edges.filter(({ from, to, port }) => from === node.id && to !== node.id && (port ?? usual) === usual);
  return ins.flatMap(({ to: _, ...edge }) =>
    outs.map(({ to, loop }) => ({ ...edge, to, ...(loop === undefined ? {} : { loop }) })),
  );
}

function isSame(a: Edge, b: Edge): boolean {
  return a.from === b.from && a.port === b.port && a.to === b.to;
}

function withoutRethrow({ rethrow: _, ...node }: Extract<Node, { type: "fail" }>): Node {
  return { ...node, code: node.code ?? "FAILED" };
}

export function unfoldBody(document: EditorDocument, id: string): Edited {
  const found = nodeOf(document.definition, id);
  if (found?.node.type !== "map" || "nodes" in found.node.body) return { refused: `${id} is no map of a single task.` };
  const { node } = found;
  // Named as the engine names it, so that what was recorded of it is found again.
  const inner: Node = { id: `${id}.item`, type: "task", ...found.node.body };
  const refused = refusalOf(document, found.scope, inner);
  if (refused !== null) return { refused };
  const definition = withGraph(document.definition, found.scope, ({ nodes, edges }) => ({
    nodes: nodes.map((each) => (each.id === id ? { ...node, body: { nodes: [inner], edges: [] } } : each)),
    edges,
  }));
  return { document: { ...document, definition }, made: [inner.id] };
}
