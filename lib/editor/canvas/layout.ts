/**
 * Where everything lies: what was moved by hand where it was put, all else where an automatic layout puts it, moved aside
 * where that is taken. Maps grow around what lies in them. Pure; the automatic layout is handed in.
 */
import type { Layout, Point } from "../../contract/drafts";
import type { Scope } from "../document";
import type { Drawing, DrawnNode } from "./drawing";
import { type Box, HEAD_HEIGHT, INSIDE, NODE_WIDTH, portY, type Size, sidePorts, sizeOf } from "./ports";
import { uncrossed } from "./uncross";

/** All that a layout depends on, as data: it is made beside the page, and only anew when this is another. */
export interface Shape {
  readonly nodes: readonly (Size & { readonly id: string; readonly at?: Point; readonly inside?: Shape })[];
  /** In the order of the outcomes that they come from. */
  readonly edges: readonly ShapeEdge[];
}

interface ShapeEdge {
  readonly from: string;
  readonly to: string;
  readonly loop: boolean;
  /** How far below its source's top it leaves it; null: at its bottom. */
  readonly drop: number | null;
}

export interface Laid extends Box {
  /** What is to be taken off its place, to have it as the document names it. */
  readonly origin: Point;
}

export type LayFlat = (
  nodes: readonly (Size & { readonly id: string })[],
  edges: readonly { readonly from: string; readonly to: string }[],
) => ReadonlyMap<string, Point>;

const GAP = 24;
/** Loops pass above what they go round. */
const LOOP_ROOM = 22;
const MOST_LOOPS = 3;
/** A node that lies farther than this from all that it is joined to has lost them. */
const STRANDED = 900;

export function shapeOf({ nodes, edges }: Drawing, places: Layout["places"] = {}, view: Scope = null): Shape {
  const inside = new Map<string | null, DrawnNode[]>();
  for (const each of nodes) inside.set(each.inside, [...(inside.get(each.inside) ?? []), each]);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byScope = new Map<Scope, (ShapeEdge & { rank: number })[]>();
  for (const { scope, ref, kind } of edges) {
    const list = byScope.get(scope) ?? [];
    byScope.set(scope, list);
    const source = byId.get(ref.from);
    const rank = source?.ports.findIndex(({ port }) => port === ref.port) ?? 0;
    list.push({
      from: ref.from,
      to: ref.to,
      loop: kind === "loop",
      drop: source ? dropOf(source, ref.port) : null,
      rank,
    });
  }
  const shape = (map: string | null): Shape => ({
    nodes: (inside.get(map) ?? []).map(({ id, ports, body }) => ({
      id,
      ...sizeOf(ports),
      ...(places[id] && { at: places[id] }),
      ...(body === "unfolded" && { inside: shape(id) }),
    })),
    edges: (byScope.get(map ?? view) ?? []).sort((a, b) => a.rank - b.rank).map(({ rank: _, ...edge }) => edge),
  });
  return shape(null);
}

function dropOf({ ports, body }: DrawnNode, port: string): number | null {
  const side = sidePorts(ports);
  const index = side.findIndex((each) => each.port === port);
  return index === -1 ? null : portY(index, body === "unfolded" ? 1 : side.length);
}

export function layoutOf(shape: Shape, lay: LayFlat): readonly Laid[] {
  const { own, inner } = laidGraph(shape, lay);
  return [...own.map((box) => ({ ...box, origin: { x: 0, y: 0 } })), ...inner];
}

function laidGraph(shape: Shape, lay: LayFlat): { own: readonly Box[]; inner: readonly Laid[] } {
  const bodies = shape.nodes.map((node) => (node.inside ? laidBody(node.inside, lay) : null));
  const sized = shape.nodes.map(({ id, width, height, at }, i) => ({
    id,
    ...(bodies[i]?.size ?? { width, height }),
    ...(at && { at }),
  }));
  const forward = shape.edges.filter(({ loop }) => !loop);
  const own = settled(sized, forward, untangled(sized, forward, lay(sized, forward)));
  return { own, inner: bodies.flatMap((body) => body?.laid ?? []) };
}

function untangled(
  sized: readonly Sized[],
  edges: readonly ShapeEdge[],
  laid: ReadonlyMap<string, Point>,
): ReadonlyMap<string, Point> {
  const boxes = sized.map((node): Box => ({ ...sizeAndId(node), ...pointOf(laid.get(node.id)) }));
  const heights = new Map(sized.map(({ id, height }) => [id, height]));
  return uncrossed(
    boxes,
    edges.map(({ from, to, drop }) => ({ from, to, drop: drop ?? heights.get(from) ?? 0 })),
  );
}

const pointOf = (point: Point | undefined): Point => ({ x: point?.x ?? 0, y: point?.y ?? 0 });

/** Moved so that what lies first is below the head and right of the edge, whatever numbers its place has. */
function laidBody(shape: Shape, lay: LayFlat): { size: Size; laid: readonly Laid[] } {
  const { own, inner } = laidGraph(shape, lay);
  const isByHand = shape.nodes.some(({ at }) => at !== undefined);
  const least = (of: (box: Box) => number) =>
    own.reduce((min, box) => Math.min(min, of(box)), Number.POSITIVE_INFINITY);
  // What was put somewhere by hand keeps its distance to the map's corner.
  const [left, top] = [least(({ x }) => x), least(({ y }) => y)].map((min) => (isByHand ? Math.min(0, min) : min));
  const loops = Math.min(MOST_LOOPS, shape.edges.filter(({ loop }) => loop).length);
  const origin = { x: INSIDE.side - (left ?? 0), y: INSIDE.top + loops * LOOP_ROOM - (top ?? 0) };
  const laid = own.map((box) => ({ ...box, x: box.x + origin.x, y: box.y + origin.y, origin }));
  const right = Math.max(...laid.map(({ x, width }) => x + width));
  const bottom = Math.max(...laid.map(({ y, height }) => y + height));
  return {
    size: {
      width: Math.max(NODE_WIDTH, right + INSIDE.side),
      height: Math.max(HEAD_HEIGHT, bottom + INSIDE.bottom),
    },
    laid: [...laid, ...inner],
  };
}

type Sized = Size & { readonly id: string; readonly at?: Point };
type Link = { readonly from: string; readonly to: string };

/** What has a place keeps it; what has none is where the layout says, or at the nearest free spot above or below. */
function settled(nodes: readonly Sized[], edges: readonly Link[], auto: ReadonlyMap<string, Point>): Box[] {
  const boxes = nodes.map((node): Box => ({ ...sizeAndId(node), ...pointOf(node.at ?? auto.get(node.id)) }));
  if (!nodes.some(({ at }) => at !== undefined)) return boxes;
  const placed = new Set(nodes.flatMap(({ id, at }) => (at ? [id] : [])));
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const taken = boxes.filter(({ id }) => placed.has(id));
  const free = boxes.filter(({ id }) => !placed.has(id)).map((box) => rejoined(box, edges, byId, placed, auto));
  free.sort((a, b) => a.x - b.x || a.y - b.y);
  for (const box of free) {
    const spot = freeSpot(box, taken);
    taken.push(spot);
    byId.set(box.id, spot);
  }
  return boxes.map(({ id }) => byId.get(id) as Box);
}

const sizeAndId = ({ id, width, height }: Sized) => ({ id, width, height });

/** All that it is joined to was led far away: it goes along. */
function rejoined(
  box: Box,
  edges: readonly Link[],
  byId: ReadonlyMap<string, Box>,
  placed: ReadonlySet<string>,
  auto: ReadonlyMap<string, Point>,
): Box {
  const around = edges.flatMap(({ from, to }) => (from === box.id ? [to] : to === box.id ? [from] : []));
  if (around.length === 0 || !around.every((id) => placed.has(id))) return box;
  const moves = around.flatMap((id) => {
    const [now, then] = [byId.get(id), auto.get(id)];
    return now && then ? [{ x: now.x - then.x, y: now.y - then.y }] : [];
  });
  const nearest = moves.reduce((best, move) => (Math.hypot(move.x, move.y) < Math.hypot(best.x, best.y) ? move : best));
  return Math.hypot(nearest.x, nearest.y) < STRANDED ? box : { ...box, x: box.x + nearest.x, y: box.y + nearest.y };
}

/** The nearest spot straight above or below where nothing lies. */
export function freeSpot(box: Box, taken: readonly Box[]): Box {
  const inWay = taken.filter((other) => box.x < other.x + other.width + GAP && other.x < box.x + box.width + GAP);
  const isFree = (y: number) => !inWay.some((each) => y < each.y + each.height + GAP && each.y < y + box.height + GAP);
  if (isFree(box.y)) return box;
  const candidates = inWay
    .flatMap(({ y, height }) => [y + height + GAP, y - box.height - GAP])
    .sort((a, b) => Math.abs(a - box.y) - Math.abs(b - box.y));
  return { ...box, y: candidates.find(isFree) ?? box.y };
}

/**
 * Where things lie until their layout is there: what was drawn stays, what is new comes beside what it follows. What lies in
 * a map that was only now unfolded has no place yet.
 */
export function provisional(shape: Shape, before: ReadonlyMap<string, Laid>): readonly Laid[] {
  const laid: Laid[] = [];
  const add = (graph: Shape) => {
    const own = new Map<string, Laid>();
    const origin = graph.nodes.map(({ id }) => before.get(id)?.origin).find((each) => each !== undefined) ?? {
      x: 0,
      y: 0,
    };
    for (const node of graph.nodes) {
      if (node.inside?.nodes.some(({ id }) => before.has(id))) add(node.inside);
      const old = before.get(node.id);
      const size = node.inside && old ? { width: old.width, height: old.height } : sizeAndId(node);
      const at = node.at && { x: node.at.x + origin.x, y: node.at.y + origin.y };
      const spot = at ?? old ?? besideSource(node, graph, own, before);
      own.set(node.id, { id: node.id, width: size.width, height: size.height, x: spot.x, y: spot.y, origin });
    }
    laid.push(...own.values());
  };
  add(shape);
  return laid;
}

function besideSource(
  node: Size & { readonly id: string },
  { edges }: Shape,
  own: ReadonlyMap<string, Laid>,
  before: ReadonlyMap<string, Laid>,
): Point {
  const from = edges.find(({ to, loop }) => to === node.id && !loop)?.from;
  const source = from === undefined ? undefined : (before.get(from) ?? own.get(from));
  const box = { ...node, ...(source ? { x: source.x + source.width + 3 * GAP, y: source.y } : { x: 0, y: 0 }) };
  return freeSpot(box, [...own.values()]);
}
