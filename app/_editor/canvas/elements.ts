/** The document as React Flow's nodes and edges; what did not change stays the same object, so that it is not drawn anew. */
import { type Edge as FlowEdge, type Node as FlowNode, Position } from "@xyflow/react";
import { texts } from "@/lib/client/texts";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import type { Comment, Point } from "@/lib/contract/drafts";
import type { StepStatus } from "@/lib/contract/executions";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import type { Drawing, DrawnEdge, DrawnNode } from "@/lib/editor/canvas/drawing";
import type { Laid } from "@/lib/editor/canvas/layout";
import { loopHeights } from "@/lib/editor/canvas/loops";
import { HEAD_HEIGHT, INSIDE, portY, sidePorts } from "@/lib/editor/canvas/ports";
import { type Ends, type Lane, laneOf } from "@/lib/editor/canvas/routes";
import type { Scope } from "@/lib/editor/document";
import type { Selection } from "../selection";
import type { TrialOverlay } from "../trial/overlay";
import type { FindCounts } from "./find-counts";
import type { Places } from "./use-laid";

export interface StepData extends Record<string, unknown> {
  readonly drawn: DrawnNode;
  readonly errors: number;
  readonly warnings: number;
  /** In the trial that is open; null: there is none, or it was not there yet. */
  readonly status: StepStatus | null;
  readonly isReadOnly: boolean;
}

export interface CommentData extends Record<string, unknown> {
  readonly comment: Comment;
  /** What is to be taken off its place, to have it as the document names it. */
  readonly origin: Point;
  readonly isReadOnly: boolean;
}

export interface EdgeData extends Record<string, unknown> {
  readonly drawn: DrawnEdge;
  /** Of a loop: how high it passes. */
  readonly height: number | null;
  /** Where it passes what lies between its ends; null: straight on. */
  readonly lane: Lane | null;
  readonly isReadOnly: boolean;
}

export type StepNode = FlowNode<StepData, "step">;
export type CommentNode = FlowNode<CommentData, "comment">;
export type CanvasNode = StepNode | CommentNode;
export type CanvasEdge = FlowEdge<EdgeData, "flow">;

export const TARGET = "into";
export const HANDLE = 10;
/** Where `error` leaves a node: this far from its right side. */
export const ERROR_INSET = 40;
/** How far below a node its failure's edge turns. */
export const ERROR_DROP = 22;

export const commentNodeId = (id: string) => `comment:${id}`;

export interface Drawn {
  readonly drawing: Drawing;
  readonly places: Places;
  readonly comments: readonly Comment[];
  readonly view: Scope;
  readonly selection: Selection;
  readonly findings: FindCounts;
  readonly overlay: TrialOverlay | null;
  readonly isReadOnly: boolean;
}

export function nodesOf(input: Drawn, before: ReadonlyMap<string, CanvasNode>): CanvasNode[] {
  const { drawing, places, selection, overlay, isReadOnly } = input;
  const chosen = new Set(selection.nodes);
  const steps = drawing.nodes.flatMap((drawn): StepNode[] => {
    const laid = places.get(drawn.id);
    if (laid === undefined) return [];
    const { errors = 0, warnings = 0 } = input.findings.get(drawn.id) ?? {};
    const data: StepData = { drawn, errors, warnings, status: overlay?.get(drawn.id) ?? null, isReadOnly };
    const old = before.get(drawn.id);
    return [stepNode(data, laid, chosen.has(drawn.id), old?.type === "step" ? old : undefined)];
  });
  return [...commentNodes(input, before), ...steps];
}

function stepNode(data: StepData, laid: Laid, selected: boolean, old: StepNode | undefined): StepNode {
  const { drawn } = data;
  const isSame =
    old !== undefined &&
    isSameData(old.data, data) &&
    old.selected === selected &&
    old.width === laid.width &&
    old.height === laid.height;
  const position = { x: laid.x, y: laid.y };
  if (isSame) return isAt(old, laid) ? old : { ...old, position };
  return {
    id: drawn.id,
    type: "step",
    position,
    width: laid.width,
    height: laid.height,
    measured: { width: laid.width, height: laid.height },
    handles: handlesOf(drawn, laid),
    selected,
    ...(drawn.inside !== null && { parentId: drawn.inside, expandParent: true, extent: IN_MAP }),
    draggable: !data.isReadOnly,
    connectable: !data.isReadOnly,
    className: drawn.body === "unfolded" ? "is-map" : "",
    ariaLabel: labelOf(data),
    data,
  };
}

const isAt = ({ position }: CanvasNode, { x, y }: Laid) => position.x === x && position.y === y;

/** Not over the head of the map, and not out of it to the left; to the right and below it grows. */
const IN_MAP: NonNullable<StepNode["extent"]> = [
  [INSIDE.side, INSIDE.top],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
];

function isSameData(a: StepData, b: StepData): boolean {
  return (
    a.drawn.node === b.drawn.node &&
    a.drawn.ports === b.drawn.ports &&
    a.drawn.inside === b.drawn.inside &&
    a.drawn.body === b.drawn.body &&
    a.drawn.edgesIn === b.drawn.edgesIn &&
    a.errors === b.errors &&
    a.warnings === b.warnings &&
    a.status === b.status &&
    a.isReadOnly === b.isReadOnly
  );
}

function labelOf({ drawn, errors, warnings, status }: StepData): string {
  const { id, node, edgesIn, ports, body } = drawn;
  return words.nodeLabel({
    id,
    type: node.type,
    edgesIn,
    ports,
    findings: errors + warnings,
    status: status === null ? null : texts.status[status],
    body: body === null ? null : words.bodyLabel[body],
  });
}

/** Where edges end, known before a node is drawn, so that edges to what is out of view are drawn too. */
function handlesOf({ ports, body }: DrawnNode, { width, height }: Laid): NonNullable<StepNode["handles"]> {
  const half = HANDLE / 2;
  const side = sidePorts(ports);
  const count = body === "unfolded" ? 1 : side.length;
  const size = { width: HANDLE, height: HANDLE };
  return [
    { id: TARGET, type: "target", position: Position.Left, x: -half, y: HEAD_HEIGHT / 2 - half, ...size },
    ...side.map(({ port }, index) => ({
      id: port,
      type: "source" as const,
      position: Position.Right,
      x: width - half,
      y: portY(index, count) - half,
      ...size,
    })),
    ...(ports.length > side.length
      ? [
          {
            id: ERROR_PORT,
            type: "source" as const,
            position: Position.Bottom,
            x: width - ERROR_INSET - half,
            y: height - half,
            ...size,
          },
        ]
      : []),
  ];
}

function commentNodes(input: Drawn, before: ReadonlyMap<string, CanvasNode>): CommentNode[] {
  const chosen = new Set(input.selection.comments);
  return input.comments.flatMap((comment): CommentNode[] => {
    const place = commentPlace(comment, input);
    if (place === null) return [];
    const id = commentNodeId(comment.id);
    const old = before.get(id);
    const selected = chosen.has(comment.id);
    const { origin } = place;
    const position = { x: comment.x + origin.x, y: comment.y + origin.y };
    const isSame =
      old?.type === "comment" &&
      old.data.comment === comment &&
      old.data.isReadOnly === input.isReadOnly &&
      old.selected === selected;
    if (isSame && old.position.x === position.x && old.position.y === position.y) return [old];
    return [
      {
        id,
        type: "comment",
        position,
        width: comment.width,
        height: comment.height,
        measured: { width: comment.width, height: comment.height },
        zIndex: -1,
        selected,
        ...(place.inside !== null && { parentId: place.inside, zIndex: 0 }),
        draggable: !input.isReadOnly,
        connectable: false,
        ariaLabel: words.comment.label(comment.text),
        data: { comment, origin, isReadOnly: input.isReadOnly },
      },
    ];
  });
}

/** Null: it lies in a graph that is not shown. */
function commentPlace(
  { inside }: Comment,
  { drawing, places, view }: Drawn,
): { origin: Point; inside: string | null } | null {
  if ((inside ?? null) === view) return { origin: HERE, inside: null };
  if (inside === undefined) return null;
  const member = drawing.nodes.find((each) => each.inside === inside);
  const laid = member && places.get(member.id);
  return laid ? { origin: laid.origin, inside } : null;
}

const HERE: Point = { x: 0, y: 0 };

const isSameLane = (a: Lane | null, b: Lane | null) =>
  a === b || (a !== null && b !== null && a.y === b.y && a.from === b.from && a.to === b.to);

export function edgesOf(
  { drawing, places, selection, isReadOnly }: Drawn,
  before: ReadonlyMap<string, CanvasEdge>,
): CanvasEdge[] {
  const chosen = new Set(
    selection.edges.map(({ scope, edge }) => `${scope ?? ""}|${edge.from} ${edge.port} ${edge.to}`),
  );
  const { heights, lanes } = waysOf(drawing, places);
  return drawing.edges.flatMap((drawn): CanvasEdge[] => {
    const { id, ref, kind } = drawn;
    if (!places.has(ref.from) || !places.has(ref.to)) return [];
    const old = before.get(id);
    const selected = chosen.has(id);
    const height = heights.get(id) ?? null;
    const lane = lanes.get(id) ?? null;
    const isSame =
      old?.data !== undefined &&
      old.data.drawn.edge === drawn.edge &&
      old.data.height === height &&
      isSameLane(old.data.lane, lane) &&
      old.data.isReadOnly === isReadOnly &&
      old.selected === selected;
    if (isSame) return [old];
    return [
      {
        id,
        type: "flow",
        source: ref.from,
        sourceHandle: ref.port,
        target: ref.to,
        targetHandle: TARGET,
        selected,
        className: `edge-${kind}`,
        reconnectable: !isReadOnly,
        ariaLabel: words.edgeLabel(ref.from, ref.port, ref.to, kind === "loop"),
        data: { drawn, height, lane, isReadOnly },
      },
    ];
  });
}

/** How each edge passes what lies between its ends; in the coordinates of the whole view, as edges are drawn. */
interface Ways {
  readonly heights: ReadonlyMap<string, number>;
  readonly lanes: ReadonlyMap<string, Lane>;
}

/** While nothing was moved, the same ways. */
const knownWays = new WeakMap<Places, { edges: Drawing["edges"]; ways: Ways }>();

function waysOf(drawing: Drawing, places: Places): Ways {
  const known = knownWays.get(places);
  if (known !== undefined && isSameList(known.edges, drawing.edges)) return known.ways;
  const ways = waysAnew(drawing, places);
  knownWays.set(places, { edges: drawing.edges, ways });
  return ways;
}

const isSameList = (a: Drawing["edges"], b: Drawing["edges"]) =>
  a.length === b.length && a.every((edge, at) => edge.id === b[at]?.id && edge.kind === b[at]?.kind);

function waysAnew({ nodes, edges }: Drawing, places: Places): Ways {
  const drawnById = new Map(nodes.map((node) => [node.id, node]));
  const shift = (id: string | null | undefined): Point => {
    const place = id == null ? undefined : places.get(id);
    if (id == null || place === undefined) return { x: 0, y: 0 };
    const outer = shift(drawnById.get(id)?.inside);
    return { x: place.x + outer.x, y: place.y + outer.y };
  };
  const heights = new Map<string, number>();
  const lanes = new Map<string, Lane>();
  for (const [scope, own] of grouped(edges)) {
    const siblings = nodes.filter((each) => each.scope === scope).flatMap(({ id }) => places.get(id) ?? []);
    const by = shift(drawnById.get(own[0]?.ref.from ?? "")?.inside);
    for (const [id, height] of loopHeights(own, places, () => siblings)) heights.set(id, height + by.y);
    // In a crowd nobody sees which edge passes where, and looking for it takes long.
    if (siblings.length > LANES_UP_TO) continue;
    for (const { id, kind, ref } of own) {
      const ends =
        kind === "loop" ? null : endsOf(drawnById.get(ref.from), ref.port, places.get(ref.from), places.get(ref.to));
      const lane = ends && laneOf(ends, siblings);
      if (lane) lanes.set(id, { y: lane.y + by.y, from: lane.from + by.x, to: lane.to + by.x });
    }
  }
  return { heights, lanes };
}

const LANES_UP_TO = 250;

function grouped(edges: Drawing["edges"]): ReadonlyMap<Scope, Drawing["edges"]> {
  const groups = new Map<Scope, DrawnEdge[]>();
  for (const edge of edges) {
    const list = groups.get(edge.scope) ?? [];
    groups.set(edge.scope, list);
    list.push(edge);
  }
  return groups;
}

function endsOf(
  source: DrawnNode | undefined,
  port: string,
  from: Laid | undefined,
  to: Laid | undefined,
): Ends | null {
  if (!source || !from || !to) return null;
  const target = { targetX: to.x, targetY: to.y + HEAD_HEIGHT / 2 };
  if (port === ERROR_PORT)
    return { sourceX: from.x + from.width - ERROR_INSET, sourceY: from.y + from.height + ERROR_DROP, ...target };
  const side = sidePorts(source.ports);
  const index = side.findIndex((each) => each.port === port);
  const y = portY(Math.max(0, index), source.body === "unfolded" ? 1 : side.length);
  return { sourceX: from.x + from.width, sourceY: from.y + y, ...target };
}
