/** Edges: drawn from one outcome to a node, led elsewhere, made to go round. */
import { type Edge, edgeSchema, type Node } from "../contract/definition";
import { defaultPort, portsOf } from "../core/definition/ports";
import {
  type EdgeRef,
  type Edited,
  type EditorDocument,
  edgeFrom,
  type Graph,
  graphAt,
  isEdge,
  type Scope,
  withGraph,
} from "./document";
import { refusalOf } from "./nodes";

/** Without a number it goes round as often as the format's default says. */
const LOOP: NonNullable<Edge["loop"]> = {};

export function connect(document: EditorDocument, scope: Scope, ref: EdgeRef): Edited {
  const graph = graphAt(document.definition, scope);
  const refused = refusalOfEdge(graph, ref);
  if (graph === null || refused !== null) return { refused: refused ?? "" };
  return withEdges(document, scope, (edges) => [...edges, newEdge(graph, ref)]);
}

export function reconnect(document: EditorDocument, scope: Scope, edge: EdgeRef, to: EdgeRef): Edited {
  const graph = graphAt(document.definition, scope);
  const old = graph?.edges.find((each) => isEdge(each, edge, graph));
  if (graph === null || old === undefined) return { refused: "That edge is not there any more." };
  const rest = { nodes: graph.nodes, edges: graph.edges.filter((each) => each !== old) };
  const refused = refusalOfEdge(rest, to);
  if (refused !== null) return { refused };
  const fresh = newEdge(rest, to);
  // A limit or a carried value that somebody wrote goes along.
  const next = fresh.loop && old.loop ? { ...fresh, loop: old.loop } : fresh;
  return withEdges(document, scope, (edges) => edges.map((each) => (each === old ? next : each)));
}

export function setLoop(document: EditorDocument, scope: Scope, edge: EdgeRef, loop: Edge["loop"] | null): Edited {
  const graph = graphAt(document.definition, scope);
  const old = graph?.edges.find((each) => isEdge(each, edge, graph));
  if (graph === null || old === undefined) return { refused: "That edge is not there any more." };
  const { loop: _, ...plain } = old;
  const next = loop === null || loop === undefined ? plain : { ...plain, loop };
  const parsed = edgeSchema.safeParse(next);
  if (!parsed.success) return { refused: parsed.error.issues[0]?.message ?? "That is no edge." };
  return withEdges(document, scope, (edges) => edges.map((each) => (each === old ? next : each)));
}

export function insertNode(
  document: EditorDocument,
  { scope, edge, node }: { readonly scope: Scope; readonly edge: EdgeRef; readonly node: Node },
): Edited {
  const graph = graphAt(document.definition, scope);
  const old = graph?.edges.find((each) => isEdge(each, edge, graph));
  if (graph === null || old === undefined) return { refused: "That edge is not there any more." };
  const refused = refusalOf(document, scope, node);
  if (refused !== null) return { refused };
  if (portsOf(node).length === 0)
    return { refused: `After a ${node.type} node nothing runs: it cannot stand in the middle of an edge.` };
  const { loop, ...first } = old;
  const second = edgeFrom(node, defaultPort(node), old.to, loop);
  const definition = withGraph(document.definition, scope, ({ nodes, edges }) => ({
    nodes: [...nodes, node],
    edges: edges.flatMap((each) => (each === old ? [{ ...first, to: node.id }, second] : [each])),
  }));
  return { document: { ...document, definition }, made: [node.id] };
}

function withEdges(document: EditorDocument, scope: Scope, change: (edges: readonly Edge[]) => Edge[]): Edited {
  const definition = withGraph(document.definition, scope, ({ nodes, edges }) => ({ nodes, edges: change(edges) }));
  return { document: { ...document, definition }, made: [] };
}

/** Why there can be no such edge; null: there can. */
export function refusalOfEdge(graph: Graph | null, ref: EdgeRef): string | null {
  const source = graph?.nodes.find(({ id }) => id === ref.from);
  if (graph === null || source === undefined || !graph.nodes.some(({ id }) => id === ref.to))
    return "Edges join nodes of one graph: they lead neither into a map nor out of it.";
  if (!portsOf(source).includes(ref.port))
    return portsOf(source).length === 0
      ? `After a ${source.type} node nothing runs.`
      : `${ref.from} has no outcome ${ref.port}.`;
  return graph.edges.some((edge) => isEdge(edge, ref, graph)) ? "There is that edge already." : null;
}

function newEdge(graph: Graph, { from, port, to }: EdgeRef): Edge {
  const source = graph.nodes.find(({ id }) => id === from) as Node;
  return edgeFrom(source, port, to, leadsBack(graph, from, to) ? LOOP : undefined);
}

/** Whether forward edges lead from the target to the source already: then the new one closes a circle. */
function leadsBack({ edges }: Graph, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const edge of edges) if (edge.loop === undefined) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to]);
  const seen = new Set([to]);
  const ready = [to];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    if (id === from) return true;
    for (const each of next.get(id) ?? []) {
      if (seen.has(each)) continue;
      seen.add(each);
      ready.push(each);
    }
  }
  return false;
}
