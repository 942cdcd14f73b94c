/** The document as React Flow's nodes and edges; what did not change stays the same object, so that it is not drawn anew. */
import { type Edge as FlowEdge, type Node as FlowNode, Position } from "@xyflow/react";
import { texts } from "@/lib/client/texts";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import type { Comment } from "@/lib/contract/drafts";
import type { StepStatus } from "@/lib/contract/executions";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import type { Drawing, DrawnEdge, DrawnNode } from "@/lib/editor/canvas/drawing";
import type { Laid } from "@/lib/editor/canvas/layout";
import { loopHeights } from "@/lib/editor/canvas/loops";
import { HEAD_HEIGHT, INSIDE, portY, sidePorts } from "@/lib/editor/canvas/ports";
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
  readonly isReadOnly: boolean;
}

export interface EdgeData extends Record<string, unknown> {
  readonly drawn: DrawnEdge;
  /** Of a loop: how high it passes. */
  readonly height: number | null;
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
    const position = { x: place.x, y: place.y };
    const isSame =
      old?.type === "comment" &&
      old.data.comment === comment &&
      old.data.isReadOnly === input.isReadOnly &&
      old.selected === selected;
    if (isSame && old.position.x === place.x && old.position.y === place.y) return [old];
    return [
      {
        id,
        type: "comment",
        position,
        width: comment.width,
        height: comment.height,
        zIndex: -1,
        selected,
        ...(place.inside !== null && { parentId: place.inside, zIndex: 0 }),
        draggable: !input.isReadOnly,
        connectable: false,
        ariaLabel: words.comment.label(comment.text),
        data: { comment, isReadOnly: input.isReadOnly },
      },
    ];
  });
}

/** Null: it lies in a graph that is not shown. */
function commentPlace(
  { x, y, inside }: Comment,
  { drawing, places, view }: Drawn,
): { x: number; y: number; inside: string | null } | null {
  if ((inside ?? null) === view) return { x, y, inside: null };
  const member = drawing.nodes.find((each) => each.inside === inside && inside !== undefined);
  const laid = member && places.get(member.id);
  return laid && inside !== undefined ? { x: x + laid.origin.x, y: y + laid.origin.y, inside } : null;
}

export function edgesOf(
  { drawing, places, selection, isReadOnly }: Drawn,
  before: ReadonlyMap<string, CanvasEdge>,
): CanvasEdge[] {
  const chosen = new Set(
    selection.edges.map(({ scope, edge }) => `${scope ?? ""}|${edge.from} ${edge.port} ${edge.to}`),
  );
  const heights = heightsOf(drawing, places);
  return drawing.edges.flatMap((drawn): CanvasEdge[] => {
    const { id, ref, kind } = drawn;
    if (!places.has(ref.from) || !places.has(ref.to)) return [];
    const old = before.get(id);
    const selected = chosen.has(id);
    const height = heights.get(id) ?? null;
    const isSame =
      old?.data !== undefined &&
      old.data.drawn.edge === drawn.edge &&
      old.data.height === height &&
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
        data: { drawn, height, isReadOnly },
      },
    ];
  });
}

/** In the coordinates of the whole view, as edges are drawn. */
function heightsOf({ nodes, edges }: Drawing, places: Places): ReadonlyMap<string, number> {
  const loops = edges.filter(({ kind }) => kind === "loop");
  if (loops.length === 0) return new Map();
  const around = new Map(nodes.map(({ id, inside }) => [id, inside]));
  const top = (id: string | null | undefined): number =>
    id == null ? 0 : (places.get(id)?.y ?? 0) + top(around.get(id));
  const heights = new Map<string, number>();
  for (const scope of new Set(loops.map((each) => each.scope))) {
    const own = loops.filter((each) => each.scope === scope);
    const siblings = nodes.filter((each) => each.scope === scope).flatMap(({ id }) => places.get(id) ?? []);
    const inside = around.get(own[0]?.ref.from ?? "");
    for (const [id, height] of loopHeights(own, places, () => siblings)) heights.set(id, height + top(inside));
  }
  return heights;
}
