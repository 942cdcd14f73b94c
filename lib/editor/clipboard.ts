/** Nodes as text: copied in one workflow, pasted into another, or mailed to somebody. */
import type { Node } from "../contract/definition";
import { type Clip, clipSchema, type Layout, type Point } from "../contract/drafts";
import {
  type Edited,
  type EditorDocument,
  everyId,
  freshId,
  type Graph,
  graphAt,
  idsWithin,
  type Scope,
  withGraph,
} from "./document";
import { withPlace } from "./places";
import { renamedGraph } from "./rename";

/** These nodes of one graph, with the edges between them. */
export function clipOf({ definition, layout }: EditorDocument, scope: Scope, ids: ReadonlySet<string>): Clip | null {
  const graph = graphAt(definition, scope);
  const nodes = graph?.nodes.filter(({ id }) => ids.has(id)) ?? [];
  if (graph === null || nodes.length === 0) return null;
  const within = new Set(nodes.flatMap(idsWithin));
  const places = Object.entries(layout.places ?? {}).filter(([id]) => within.has(id));
  return {
    cerebelum: "nodes",
    format: 1,
    nodes: [...nodes],
    edges: graph.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    ...(places.length === 0 ? {} : { places: Object.fromEntries(places) }),
  };
}

export function clipText(clip: Clip): string {
  return JSON.stringify(clip, null, 2);
}

/** Null: the text is something else. */
export function readClip(text: string): Clip | null {
  try {
    return clipSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Ids that are taken get others; what reads them inside the clip follows. `at`: where the first node comes to lie. */
export function paste(document: EditorDocument, scope: Scope, clip: Clip, at: Point | undefined): Edited {
  if (!clipSchema.safeParse(clip).success) return { refused: "That text is no copy of nodes." };
  if (graphAt(document.definition, scope) === null) return { refused: `There is no map ${scope} with a graph in it.` };
  const names = freshNames(clip.nodes, everyId(document.definition));
  const pasted = renamedDeep({ nodes: clip.nodes, edges: clip.edges }, names);
  const definition = withGraph(document.definition, scope, ({ nodes, edges }) => ({
    nodes: [...nodes, ...pasted.nodes],
    edges: [...edges, ...pasted.edges],
  }));
  const layout = pastedPlaces(document.layout, clip, names, at);
  return { document: { definition, layout }, made: pasted.nodes.map(({ id }) => id) };
}

function freshNames(nodes: readonly Node[], taken: ReadonlySet<string>): ReadonlyMap<string, string> {
  const used = new Set(taken);
  return new Map(
    nodes.flatMap(idsWithin).map((id) => {
      const to = freshId(used, id);
      used.add(to);
      return [id, to];
    }),
  );
}

function renamedDeep(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const { nodes, edges } = renamedGraph(graph, names);
  return {
    edges,
    nodes: nodes.map((node) => {
      if (node.type !== "map" || !("nodes" in node.body)) return node;
      const inner = renamedDeep(node.body, names);
      return { ...node, body: { ...node.body, nodes: [...inner.nodes], edges: [...inner.edges] } };
    }),
  };
}

function pastedPlaces(
  layout: Layout,
  { nodes, places = {} }: Clip,
  names: ReadonlyMap<string, string>,
  at?: Point,
): Layout {
  const roots = new Set(nodes.map(({ id }) => id));
  const first = nodes.map(({ id }) => places[id]).find((point) => point !== undefined);
  return Object.entries(places).reduce((next, [id, { x, y }]) => {
    if (!roots.has(id)) return withPlace(next, names.get(id) ?? id, { x, y });
    if (at === undefined || first === undefined) return next;
    return withPlace(next, names.get(id) ?? id, { x: x - first.x + at.x, y: y - first.y + at.y });
  }, layout);
}
