"use client";
/** Edges drawn by hand: from an outcome to a node, or led to another one; into the void one is asked what comes there. */
import { type Connection, type FinalConnectionState, useReactFlow } from "@xyflow/react";
import { useRef } from "react";
import { HEAD_HEIGHT } from "@/lib/editor/canvas/ports";
import { refusalOfEdge } from "@/lib/editor/connect";
import { type EdgeRef, graphAt, nodeOf } from "@/lib/editor/document";
import { useEditorStore } from "../use-editor";
import type { CanvasEdge, CanvasNode } from "./elements";
import { useUiStore } from "./ui";
import { insideOf } from "./use-drop";
import type { Places } from "./use-laid";

export function useJoining(places: Places) {
  const editor = useEditorStore();
  const ui = useUiStore();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const refOf = (connection: Connection | CanvasEdge) => ({
    from: connection.source,
    port: connection.sourceHandle ?? "success",
    to: connection.target,
  });
  const scopeOf = (id: string) => nodeOf(editor.present.definition, id)?.scope ?? null;
  /** The edge whose end is being dragged: where it is let go it leads to, and no second one begins there. */
  const moved = useRef<CanvasEdge | null>(null);
  const reconnect = (edge: CanvasEdge, to: EdgeRef) => {
    if (!edge.data) return;
    const { scope, ref } = edge.data.drawn;
    editor.apply({ type: "reconnect", scope, edge: ref, to });
  };
  return {
    isValidConnection: (connection: Connection | CanvasEdge) => {
      const graph = graphAt(editor.present.definition, scopeOf(connection.source));
      return refusalOfEdge(graph, refOf(connection)) === null;
    },
    onConnect: (connection: Connection) => {
      editor.apply({ type: "connect", scope: scopeOf(connection.source), edge: refOf(connection) });
    },
    onReconnectStart: (_: unknown, edge: CanvasEdge) => {
      moved.current = edge;
    },
    onReconnect: (edge: CanvasEdge, connection: Connection) => reconnect(edge, refOf(connection)),
    onReconnectEnd: () => {
      moved.current = null;
    },
    onConnectEnd: (event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const from = state.fromNode?.id;
      const port = state.fromHandle?.id;
      if (state.isValid === true || from === undefined || !port || state.fromHandle?.type !== "source") return;
      const at = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!at) return;
      const screen = { x: at.clientX, y: at.clientY };
      const scope = scopeOf(from);
      const over = document.elementFromPoint(screen.x, screen.y)?.closest(".react-flow__node")?.getAttribute("data-id");
      const isOnNode = over && over !== from && over !== scope;
      if (moved.current !== null) {
        if (isOnNode) reconnect(moved.current, { from, port, to: over });
        return;
      }
      if (isOnNode) {
        editor.apply({ type: "connect", scope, edge: { from, port, to: over } });
        return;
      }
      const flowAt = flow.screenToFlowPosition(screen);
      const corner = { x: flowAt.x, y: flowAt.y - HEAD_HEIGHT / 2 };
      const point = scope === ui.state().view || scope === null ? corner : insideOf(scope, corner, flow, places);
      const outlet = { node: from, port };
      ui.set({ ask: { kind: "add", at: screen, from: outlet, spot: { kind: "after", scope, outlet, at: point } } });
    },
  };
}
