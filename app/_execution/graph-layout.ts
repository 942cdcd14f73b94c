/**
 * Where the nodes of a definition lie. Up to a few hundred nodes by dagre, which untangles edges; above
 * that in layers from left to right: a node stands behind all nodes before it, near the mean of their places, and a layer too tall to read
 * is folded into columns. Pure; runs in a worker.
 */
import { layout as dagreLayout, Graph } from "@dagrejs/dagre";

export interface LayoutInput {
  nodes: string[];
  /** A loop leads back: it says nothing about who stands behind whom. */
  edges: { from: string; to: string; loop?: boolean }[];
  /** What lies unfolded in a node, and makes it as large as that needs. */
  inside?: Record<string, LayoutInput>;
}

export interface Placed extends Size {
  id: string;
  /** Within what it lies in. */
  x: number;
  y: number;
  /** The node that it lies in. */
  parent?: string;
  direction: Layout["direction"];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  direction: "right" | "down";
  places: Placed[];
}

export const NODE_WIDTH = 188;
export const NODE_HEIGHT = 48;
/** Around what lies in a node; above it is the node's own head. */
const INSIDE = { head: 52, side: 16, bottom: 16 };
const RANK_GAP = { right: 64, down: 40 };
const NODE_GAP = 18;

/** Between one node and the next behind it, and beside it. */
export interface Gaps {
  readonly rank: number;
  readonly node: number;
}
const DAGRE_MOST = 300;
/** A layer is folded into columns so that the whole stays about as tall as it is wide. */
const tallestColumn = (nodes: number) => Math.max(24, Math.ceil(Math.sqrt(nodes) * 1.6));
/** Up to here both directions are tried, and the one that can be shown larger wins. */
const BOTH_WAYS_MOST = 80;
const VIEW_ASPECT = 1.2;

export function layoutGraph(input: LayoutInput): Layout {
  const forward = { ...input, edges: input.edges.filter(({ loop }) => !loop) };
  const bodies = Object.entries(input.inside ?? {}).map(([id, body]) => ({
    id,
    ...placedInside(id, layoutGraph(body)),
  }));
  const sizes = new Map(bodies.map(({ id, size }) => [id, size]));
  const layout = layoutOfSizes(forward, sizes);
  return { ...layout, places: [...layout.places, ...bodies.flatMap(({ places }) => places)] };
}

function layoutOfSizes(input: LayoutInput, sizes: ReadonlyMap<string, Size>): Layout {
  if (input.nodes.length > DAGRE_MOST) return { direction: "right", places: layered(input, sizes) };
  const right = untangled(input, "right", sizes);
  if (input.nodes.length > BOTH_WAYS_MOST) return right;
  const down = untangled(input, "down", sizes);
  return shownSize(down) > shownSize(right) ? down : right;
}

/** One graph without what lies in its nodes, from left to right, however large each node is. */
export function layRight(
  nodes: readonly ({ readonly id: string } & Size)[],
  edges: readonly { readonly from: string; readonly to: string }[],
  gaps: Gaps,
): Placed[] {
  const input = { nodes: nodes.map(({ id }) => id), edges: [...edges] };
  const sizes = new Map(nodes.map((node) => [node.id, node]));
  return nodes.length > DAGRE_MOST ? layered(input, sizes, gaps) : untangled(input, "right", sizes, gaps).places;
}

/** Below the head of the node that it lies in, and how large that becomes. */
function placedInside(parent: string, { places }: Layout): { size: Size; places: Placed[] } {
  const own = places.filter((place) => place.parent === undefined);
  const left = Math.min(...own.map(({ x }) => x)) - INSIDE.side;
  const top = Math.min(...own.map(({ y }) => y)) - INSIDE.head;
  return {
    size: {
      width: Math.max(NODE_WIDTH, Math.max(...own.map(({ x, width }) => x + width)) - left + INSIDE.side),
      height: Math.max(...own.map(({ y, height }) => y + height)) - top + INSIDE.bottom,
    },
    places: places.map((place) =>
      place.parent === undefined ? { ...place, parent, x: place.x - left, y: place.y - top } : place,
    ),
  };
}

/** How large it can be drawn in a view of the usual shape, relative to the other way. */
function shownSize({ places }: Layout): number {
  const right = Math.max(...places.map(({ x, width }) => x + width));
  const bottom = Math.max(...places.map(({ y, height }) => y + height));
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  return Math.min(VIEW_ASPECT / (right - left), 1 / (bottom - top));
}

function untangled(
  { nodes, edges }: LayoutInput,
  direction: Layout["direction"],
  sizes: ReadonlyMap<string, Size>,
  gaps: Gaps = { rank: RANK_GAP[direction], node: NODE_GAP },
): Layout {
  const sizeOf = sizesFrom(sizes);
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction === "right" ? "LR" : "TB",
    ranksep: gaps.rank,
    nodesep: gaps.node,
    ranker: nodes.length > 100 ? "longest-path" : "network-simplex",
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of nodes) graph.setNode(id, sizeOf(id));
  for (const [index, edge] of edges.entries()) graph.setEdge(edge.from, edge.to, {}, String(index));
  dagreLayout(graph);
  const places = nodes.map((id) => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    const { width, height } = sizeOf(id);
    return { id, x: x - width / 2, y: y - height / 2, width, height, direction };
  });
  return { direction, places };
}

function sizesFrom(sizes: ReadonlyMap<string, Size>): (id: string) => Size {
  return (id) => {
    const { width, height } = sizes.get(id) ?? { width: NODE_WIDTH, height: NODE_HEIGHT };
    return { width, height };
  };
}

function layered(
  input: LayoutInput,
  sizes: ReadonlyMap<string, Size>,
  gaps: Gaps = { rank: RANK_GAP.right, node: NODE_GAP },
): Placed[] {
  const sizeOf = sizesFrom(sizes);
  const parents = parentsOf(input);
  const ranks = longestPathRanks(input, parents);
  const layers: string[][] = [];
  for (const id of input.nodes) {
    const rank = ranks.get(id) ?? 0;
    layers[rank] ??= [];
    layers[rank].push(id);
  }
  const placed = new Map<string, Placed>();
  let x = 0;
  for (const layer of layers) {
    const wanted = new Map(layer.map((id) => [id, meanY(parents.get(id) ?? [], placed)]));
    layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    const columns = Math.ceil(layer.length / tallestColumn(input.nodes.length));
    const perColumn = Math.ceil(layer.length / columns);
    for (let column = 0; column < columns; column++) {
      const ids = layer.slice(column * perColumn, (column + 1) * perColumn);
      const tall = ids.reduce((sum, id) => sum + sizeOf(id).height + gaps.node, 0);
      let y = -tall / 2;
      for (const id of ids) {
        placed.set(id, { id, x, y, ...sizeOf(id), direction: "right" });
        y += sizeOf(id).height + gaps.node;
      }
      x += Math.max(...ids.map((id) => sizeOf(id).width)) + gaps.node;
    }
    x += gaps.rank;
  }
  return [...placed.values()];
}

function parentsOf({ nodes, edges }: LayoutInput): Map<string, string[]> {
  const parents = new Map<string, string[]>(nodes.map((id) => [id, []]));
  for (const { from, to } of edges) parents.get(to)?.push(from);
  return parents;
}

/** Kahn's order; a node on a cycle stays in the first layer. */
function longestPathRanks({ nodes, edges }: LayoutInput, parents: Map<string, string[]>): Map<string, number> {
  const children = new Map<string, string[]>(nodes.map((id) => [id, []]));
  for (const { from, to } of edges) children.get(from)?.push(to);
  const missing = new Map(nodes.map((id) => [id, parents.get(id)?.length ?? 0]));
  const ranks = new Map(nodes.map((id) => [id, 0]));
  const ready = nodes.filter((id) => missing.get(id) === 0);
  for (let at = 0; at < ready.length; at++) {
    const id = ready[at] ?? "";
    for (const child of children.get(id) ?? []) {
      ranks.set(child, Math.max(ranks.get(child) ?? 0, (ranks.get(id) ?? 0) + 1));
      const left = (missing.get(child) ?? 0) - 1;
      missing.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return ranks;
}

function meanY(parents: string[], placed: Map<string, Placed>): number {
  const known = parents.flatMap((id) => placed.get(id)?.y ?? []);
  return known.length > 0 ? known.reduce((sum, y) => sum + y, 0) / known.length : 0;
}
