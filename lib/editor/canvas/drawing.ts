/** What the canvas shows of a document: the nodes and edges of the graph that one is in, and of every map that lies unfolded in it. */
import type { Edge, Node } from "../../contract/definition";
import { ERROR_PORT } from "../../core/definition/ports";
import { bodyOf, type EdgeRef, type EditorDocument, type Graph, graphAt, refOf, type Scope } from "../document";
import { type DrawnPort, drawnPorts, type Targets } from "./ports";

/** Of a map: a graph that is shown or is not, or a task in short. */
export type Body = "unfolded" | "folded" | "short";

export interface DrawnNode {
  readonly id: string;
  readonly node: Node;
  readonly scope: Scope;
  /** The unfolded map around it; null: it lies in the view itself. */
  readonly inside: string | null;
  readonly body: Body | null;
  readonly ports: readonly DrawnPort[];
  /** Edges that lead to it, loops left out. */
  readonly edgesIn: number;
}

export interface DrawnEdge {
  readonly id: string;
  readonly scope: Scope;
  readonly ref: EdgeRef;
  readonly edge: Edge;
  readonly kind: "forward" | "error" | "loop";
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
}

/** @param view the graph that fills the canvas; one that is gone is empty */
export function drawingOf({ definition, layout }: EditorDocument, view: Scope): Drawing {
  const graph = graphAt(definition, view);
  if (graph === null) return { nodes: [], edges: [] };
  const folded = new Set(layout.folded);
  const nodes: DrawnNode[] = [];
  const edges: DrawnEdge[] = [];
  const add = (scope: Scope, within: Graph, inside: string | null) => {
    const own = drawnGraph(within, scope);
    edges.push(...own.edges);
    for (const each of own.nodes) {
      const body = bodyOf(each.node);
      const isOpen = body !== null && !folded.has(each.id);
      nodes.push({ ...each, inside, body: each.node.type !== "map" ? null : bodyKind(body !== null, isOpen) });
      if (isOpen) add(each.id, body, each.id);
    }
  };
  add(view, graph, null);
  return { nodes, edges };
}

function bodyKind(isGraph: boolean, isOpen: boolean): Body {
  if (!isGraph) return "short";
  return isOpen ? "unfolded" : "folded";
}

type OwnGraph = { nodes: readonly Omit<DrawnNode, "inside" | "body">[]; edges: readonly DrawnEdge[] };

/** Graphs that an edit did not touch are the same objects: they are looked at once. */
const known = new WeakMap<readonly Node[], { edges: readonly Edge[]; scope: Scope; own: OwnGraph }>();

function drawnGraph(graph: Graph, scope: Scope): OwnGraph {
  const found = known.get(graph.nodes);
  if (found?.edges === graph.edges && found.scope === scope) return found.own;
  const own = drawnAnew(graph, scope);
  known.set(graph.nodes, { edges: graph.edges, scope, own });
  return own;
}

function drawnAnew(graph: Graph, scope: Scope): OwnGraph {
  const usual = new Map(graph.nodes.map((node) => [node.id, node]));
  const targets = new Map<string, Map<string, string[]>>();
  const edgesIn = new Map<string, number>();
  const edges = new Map<string, DrawnEdge>();
  for (const edge of graph.edges) {
    const source = usual.get(edge.from);
    const ref = refOf(edge, { nodes: source ? [source] : [], edges: [] });
    const own = targets.get(edge.from) ?? new Map<string, string[]>();
    targets.set(edge.from, own.set(ref.port, [...(own.get(ref.port) ?? []), edge.to]));
    if (edge.loop === undefined) edgesIn.set(edge.to, (edgesIn.get(edge.to) ?? 0) + 1);
    const id = edgeId(scope, ref);
    const isDrawn = source !== undefined && usual.has(edge.to) && !edges.has(id);
    if (isDrawn) edges.set(id, { id, scope, ref, edge, kind: kindOf(edge, ref.port) });
  }
  const nodes = graph.nodes.map((node) => ({
    id: node.id,
    node,
    scope,
    ports: portsDrawn(node, targets.get(node.id)),
    edgesIn: edgesIn.get(node.id) ?? 0,
  }));
  return { nodes, edges: [...edges.values()] };
}

/** Of a node that did not change, with the same edges: the same list, so that it is not drawn anew. */
const knownPorts = new WeakMap<Node, { key: string; ports: readonly DrawnPort[] }>();
const NONE: Targets = new Map();

function portsDrawn(node: Node, targets: Targets = NONE): readonly DrawnPort[] {
  const key = [...targets].map(([port, to]) => `${port}>${to.join(",")}`).join(" ");
  const found = knownPorts.get(node);
  if (found?.key === key) return found.ports;
  const ports = drawnPorts(node, targets);
  knownPorts.set(node, { key, ports });
  return ports;
}

function kindOf({ loop }: Edge, port: string): DrawnEdge["kind"] {
  if (loop !== undefined) return "loop";
  return port === ERROR_PORT ? "error" : "forward";
}

export function edgeId(scope: Scope, { from, port, to }: EdgeRef): string {
  return `${scope ?? ""}|${from} ${port} ${to}`;
}
