/** The nodes of a graph in an order in which they could run: branches one after the other, what joins them behind them. */
import type { Edge, Node } from "../../contract/definition";
import { ERROR_PORT, portsOf } from "../../core/definition/ports";
import { bodyOf, type EdgeRef, type EditorDocument, type Graph, refOf, type Scope } from "../document";

/** Loop edges say nothing about order; nodes on a circle of others stand last, as they are written. */
export function inOrder(graph: Graph): readonly Node[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const next = nextOf(graph, byId);
  const missing = new Map(graph.nodes.map(({ id }) => [id, 0]));
  for (const targets of next.values()) for (const id of targets) missing.set(id, (missing.get(id) ?? 0) + 1);
  const ready = graph.nodes.filter(({ id }) => missing.get(id) === 0).reverse();
  const ordered = new Set<Node>();
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    ordered.add(node);
    for (const id of [...(next.get(node.id) ?? [])].reverse()) {
      const left = (missing.get(id) ?? 0) - 1;
      missing.set(id, left);
      const target = byId.get(id);
      if (left === 0 && target) ready.push(target);
    }
  }
  return [...ordered, ...graph.nodes.filter((node) => !ordered.has(node))];
}

/** The targets of each node's forward edges, in the order of its outcomes. */
function nextOf({ edges }: Graph, byId: ReadonlyMap<string, Node>): ReadonlyMap<string, readonly string[]> {
  const forward = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.loop !== undefined || !byId.has(edge.from) || !byId.has(edge.to)) continue;
    forward.set(edge.from, [...(forward.get(edge.from) ?? []), edge]);
  }
  return new Map(
    [...forward].map(([from, list]) => {
      const ports = portsOf(byId.get(from) as Node);
      const rank = ({ port }: Edge) => (port === undefined ? 0 : ports.indexOf(port));
      return [from, list.sort((a, b) => rank(a) - rank(b)).map(({ to }) => to)];
    }),
  );
}

export interface OutlineRow {
  readonly id: string;
  readonly node: Node;
  readonly scope: Scope;
  /** 1 for the workflow's own nodes. */
  readonly level: number;
  /** Among those of its graph, from 1. */
  readonly position: number;
  readonly of: number;
  /** Edges that lead to it, loops included. */
  readonly after: readonly (EdgeRef & { readonly isLoop: boolean; readonly isUsual: boolean })[];
  /** Of a map with a graph in it; null: there is none. */
  readonly isFolded: boolean | null;
}

/** The whole workflow as the rows of a tree; what lies in a folded map is left out. */
export function outlineOf({ definition, layout }: EditorDocument): readonly OutlineRow[] {
  const folded = new Set(layout.folded);
  const rows: OutlineRow[] = [];
  const add = (graph: Graph, scope: Scope, level: number) => {
    const after = afterOf(graph);
    const nodes = inOrder(graph);
    for (const [index, node] of nodes.entries()) {
      const body = bodyOf(node);
      const isFolded = body === null ? null : folded.has(node.id);
      const before = after.get(node.id) ?? [];
      rows.push({
        id: node.id,
        node,
        scope,
        level,
        position: index + 1,
        of: nodes.length,
        after: before,
        isFolded,
      });
      if (body !== null && isFolded === false) add(body, node.id, level + 1);
    }
  };
  add(definition, null, 1);
  return rows;
}

function afterOf(graph: Graph): ReadonlyMap<string, OutlineRow["after"]> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const after = new Map<string, OutlineRow["after"][number][]>();
  for (const edge of graph.edges) {
    const source = byId.get(edge.from);
    const ref = refOf(edge, { nodes: source ? [source] : [], edges: [] });
    const isUsual = source === undefined || portsOf(source).filter((port) => port !== ERROR_PORT)[0] === ref.port;
    const isAlone = isUsual && source !== undefined && portsOf(source).length <= 2;
    after.set(edge.to, [...(after.get(edge.to) ?? []), { ...ref, isLoop: edge.loop !== undefined, isUsual: isAlone }]);
  }
  return after;
}
