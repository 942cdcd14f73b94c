"use client";
/** Kinds of nodes dragged from the palette: onto an edge they come between, into a map's body inside, else where they are let go. */
import type { ReactFlowInstance } from "@xyflow/react";
import type { DragEvent } from "react";
import type { NodeType } from "@/lib/contract/definition";
import type { Point } from "@/lib/contract/drafts";
import type { Spot } from "@/lib/editor/canvas/add";
import { HEAD_HEIGHT, NODE_WIDTH } from "@/lib/editor/canvas/ports";
import type { Commands } from "./commands";
import type { CanvasEdge, CanvasNode } from "./elements";
import { DRAGGED_TYPE } from "./palette";
import type { ScreenPoint, UiStore } from "./ui";
import type { Places } from "./use-laid";

type Flow = ReactFlowInstance<CanvasNode, CanvasEdge>;

export function dropHandlers(flow: Flow, ui: UiStore, commands: Commands, places: Places) {
  return {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAGGED_TYPE)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      ui.set({ dropOn: under(event, flow)?.id ?? null });
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) ui.set({ dropOn: null });
    },
    onDrop: (event: DragEvent) => {
      const type = event.dataTransfer.getData(DRAGGED_TYPE);
      if (type === "") return;
      event.preventDefault();
      ui.set({ dropOn: null });
      const at = { x: event.clientX, y: event.clientY };
      commands.add(type as NodeType, spotUnder(event, at, flow, ui, places));
    },
  };
}

function spotUnder(event: DragEvent, at: ScreenPoint, flow: Flow, ui: UiStore, places: Places): Spot {
  const target = under(event, flow);
  const point = flow.screenToFlowPosition(at);
  const corner = { x: point.x - NODE_WIDTH / 2, y: point.y - HEAD_HEIGHT / 2 };
  const edge = target?.kind === "edge" ? flow.getEdge(target.id)?.data?.drawn : undefined;
  if (edge !== undefined) return { kind: "edge", scope: edge.scope, edge: edge.ref };
  if (target?.kind !== "map") return { kind: "loose", scope: ui.state().view, at: corner };
  return { kind: "loose", scope: target.id, at: insideOf(target.id, corner, flow, places) };
}

/** A point of the view in the numbers of the graph that a map has in it. */
export function insideOf(map: string, { x, y }: Point, flow: Flow, places: Places): Point {
  const node = flow.getInternalNode(map);
  const member = flow.getNodes().find(({ parentId, type }) => parentId === map && type === "step");
  const origin = (member && places.get(member.id)?.origin) ?? { x: 0, y: 0 };
  const base = node?.internals.positionAbsolute ?? { x: 0, y: 0 };
  return { x: Math.max(0, x - base.x - origin.x), y: Math.max(0, y - base.y - origin.y) };
}

function under({ clientX, clientY }: DragEvent, flow: Flow): { kind: "edge" | "map"; id: string } | null {
  const element = document.elementFromPoint(clientX, clientY);
  const edge = element?.closest(".react-flow__edge")?.getAttribute("data-id");
  if (edge) return { kind: "edge", id: edge };
  const id = element?.closest(".react-flow__node")?.getAttribute("data-id");
  const node = id ? flow.getNode(id) : undefined;
  if (node?.type !== "step") return null;
  if (node.data.drawn.body === "unfolded") return { kind: "map", id: node.id };
  return node.parentId === undefined ? null : { kind: "map", id: node.parentId };
}
