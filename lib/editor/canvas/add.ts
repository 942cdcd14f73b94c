/** What it means to add a node somewhere: after what is selected, into an edge, at a spot. Says the edit; does nothing. */
import type { Node, NodeType, TaskNode } from "../../contract/definition";
import type { Point } from "../../contract/drafts";
import { defaultPort, ERROR_PORT, portsOf } from "../../core/definition/ports";
import { blankNode } from "../blank";
import {
  bodyOf,
  type EdgeRef,
  type EditorDocument,
  everyId,
  freshId,
  graphAt,
  nodeOf,
  refOf,
  type Scope,
} from "../document";
import type { Edit } from "../edits";
import type { Outlet } from "../nodes";

/** Where a node is to come. */
export type Spot =
  | { readonly kind: "after"; readonly scope: Scope; readonly outlet: Outlet; readonly at?: Point }
  | { readonly kind: "edge"; readonly scope: Scope; readonly edge: EdgeRef }
  | { readonly kind: "loose"; readonly scope: Scope; readonly at?: Point };

/** From one node to the next that is put beside it. */
const BESIDE = 280;

export type Kind = NodeType | { readonly task: string };

/** A node that nobody wrote anything into yet, under an id that is free. */
export function freshNode({ definition }: EditorDocument, kind: Kind): Node {
  const taken = everyId(definition);
  if (typeof kind === "string") return blankNode(kind, freshId(taken, kind));
  const node: TaskNode = { id: freshId(taken, kind.task), type: "task", task: kind.task };
  return node;
}

export function editToAdd(document: EditorDocument, spot: Spot, node: Node): Edit {
  const { scope } = spot;
  if (spot.kind === "edge") return { type: "insert-node", scope, edge: spot.edge, node };
  const at = spot.at && { at: spot.at };
  if (spot.kind === "loose") return { type: "add-node", scope, node, ...at };
  return { type: "add-node", scope, node, after: spot.outlet, ...at, ...placedBeside(document, spot) };
}

/** Where what it follows was put by hand, it comes to lie beside it, and not where a layout would think it. */
function placedBeside({ layout }: EditorDocument, { outlet, at }: Extract<Spot, { kind: "after" }>): { at?: Point } {
  const place = layout.places?.[outlet.node];
  return place === undefined || at !== undefined ? {} : { at: { x: place.x + BESIDE, y: place.y } };
}

/**
 * Where a node comes that is added with this one selected: on its first outcome that leads nowhere yet; if all lead
 * somewhere, between it and what comes next.
 *
 * @param ends it is one after which nothing runs, and cannot stand between others
 */
export function spotAfter({ definition }: EditorDocument, id: string, ends: boolean): Spot {
  const found = nodeOf(definition, id);
  if (found === null) return { kind: "loose", scope: null };
  const { node, scope } = found;
  const ports = portsOf(node);
  if (ports.length === 0) return { kind: "loose", scope };
  const graph = graphAt(definition, scope);
  const own = (graph?.edges ?? []).filter(({ from }) => from === id).map((edge) => refOf(edge, graph ?? definition));
  const used = new Set(own.map(({ port }) => port));
  const open = ports.find((port) => port !== ERROR_PORT && !used.has(port));
  const usual = ports[0] ?? defaultPort(node);
  const next = own.filter(({ port }) => port === usual);
  if (open === undefined && next.length === 1 && next[0] && !ends) return { kind: "edge", scope, edge: next[0] };
  return { kind: "after", scope, outlet: { node: id, port: open ?? usual } };
}

/** What the outcomes of a node could lead to: every node of its graph, those that they lead to already left out. */
export function targetsOf({ definition }: EditorDocument, { node: id, port }: Outlet): readonly Node[] {
  const scope = nodeOf(definition, id)?.scope ?? null;
  const graph = graphAt(definition, scope);
  if (graph === null) return [];
  const taken = new Set(
    graph.edges
      .map((edge) => refOf(edge, graph))
      .filter((edge) => edge.from === id && edge.port === port)
      .map(({ to }) => to),
  );
  return graph.nodes.filter((each) => !taken.has(each.id));
}

/** Names of tasks that the workflow has already, each once. */
export function taskNames({ definition }: EditorDocument): readonly string[] {
  const names = new Set<string>();
  const add = (nodes: readonly Node[]) => {
    for (const node of nodes) {
      if (node.type === "task") names.add(node.task);
      if (node.type === "map" && !("nodes" in node.body)) names.add(node.body.task);
      add(bodyOf(node)?.nodes ?? []);
    }
  };
  add(definition.nodes);
  return [...names].sort();
}
