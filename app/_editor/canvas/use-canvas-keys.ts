"use client";
/** Keys that act where the focus is: arrows walk along the edges, with Alt they move, Tab adds, Enter opens. And those of the view. */
import { type ReactFlowInstance, useReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useMemo } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { type Arrow, nodeBeside } from "../../_execution/graph-walk";
import { useKeys } from "../../_shell/keys";
import { onlyNodes } from "../selection";
import type { EditorStore } from "../store";
import { useEditor, useEditorStore } from "../use-editor";
import type { Commands } from "./commands";
import type { CanvasEdge, CanvasNode } from "./elements";
import { focusNode } from "./focus";
import { FIT, zoomToChosen } from "./tools";
import { type UiStore, useUiStore } from "./ui";

type Flow = ReactFlowInstance<CanvasNode, CanvasEdge>;

export function useViewKeys(commands: Commands): void {
  const flow = useReactFlow();
  const ui = useUiStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  useKeys(words.keys, [
    { keys: "↑ ↓ ← →", name: words.key.walk },
    { keys: "/", name: words.key.find, run: () => ui.set({ isSearching: true }) },
    { keys: "mod+f", name: words.key.find, run: () => ui.set({ isSearching: true }) },
    { keys: "+", name: words.key.zoomIn, run: () => void flow.zoomIn({ duration: 140 }) },
    { keys: "-", name: words.key.zoomOut, run: () => void flow.zoomOut({ duration: 140 }) },
    { keys: "0", name: words.key.fit, run: () => void flow.fitView({ duration: 140, ...FIT }) },
    { keys: "z", name: words.key.zoomTo, run: () => zoomToChosen(flow, commands.selection.nodes) },
    { keys: "m", name: words.key.map, run: () => ui.set({ isMapShown: !ui.state().isMapShown }) },
    { keys: "o", name: words.key.enter, run: () => commands.enterOrLeave() },
    ...(isReadOnly
      ? []
      : [
          { keys: "Alt+↑ Alt+↓", name: words.key.nudge },
          { keys: "w", name: words.key.comment, run: () => commands.addComment() },
        ]),
  ]);
}

/** For the element around the canvas, before React Flow hears of the key. */
export function useFocusKeys(commands: Commands): (event: KeyboardEvent) => void {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const editor = useEditorStore();
  const ui = useUiStore();
  return useMemo(() => focusKeys(flow, editor, ui, commands), [flow, editor, ui, commands]);
}

function focusKeys(flow: Flow, editor: EditorStore, ui: UiStore, commands: Commands) {
  return (event: KeyboardEvent) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
    const focused = event.target.matches(".react-flow__node, .react-flow__edge") ? event.target : null;
    const id = focused?.getAttribute("data-id");
    if (!focused || !id) return;
    const done = focused.matches(".react-flow__edge")
      ? edgeKey(event, id, flow, editor, commands)
      : nodeKey(event, id, flow, editor, ui, commands);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** @returns whether the key meant something here */
function nodeKey(
  event: KeyboardEvent,
  id: string,
  flow: Flow,
  editor: EditorStore,
  ui: UiStore,
  commands: Commands,
): boolean {
  const isSelected = flow.getNode(id)?.selected === true;
  const { isReadOnly } = editor.state();
  if (event.key.startsWith("Arrow")) {
    if (event.altKey && !isReadOnly) {
      if (!isSelected) choose(id, editor);
      commands.nudge(event.key);
    } else if (!event.altKey) walk(event.key as Arrow, id, flow, editor);
    return true;
  }
  if (event.key === "Tab" && !event.shiftKey && isSelected && !isReadOnly && flow.getNode(id)?.type === "step") {
    commands.askToAdd();
    return true;
  }
  if (event.key === "F2" && flow.getNode(id)?.type === "step") {
    commands.rename(id);
    return true;
  }
  if (event.key === "Enter") {
    if (!isSelected) choose(id, editor);
    else if (flow.getNode(id)?.type === "comment") ui.set({ writing: id.slice("comment:".length) });
    else editor.openSettings();
    return true;
  }
  return false;
}

function choose(id: string, editor: EditorStore): void {
  const comment = id.startsWith("comment:") ? id.slice("comment:".length) : null;
  editor.select(comment === null ? onlyNodes(id) : { nodes: [], edges: [], comments: [comment] });
}

function edgeKey(event: KeyboardEvent, id: string, flow: Flow, editor: EditorStore, commands: Commands): boolean {
  const edge = flow.getEdge(id);
  const drawn = edge?.data?.drawn;
  if (!drawn) return false;
  if (event.key === "Tab" && !event.shiftKey && edge.selected === true && !editor.state().isReadOnly) {
    commands.askToAdd({ kind: "edge", scope: drawn.scope, edge: drawn.ref });
    return true;
  }
  if (event.key === "Enter" && edge.selected === true) {
    editor.openSettings();
    return true;
  }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const next = event.key === "ArrowLeft" ? drawn.ref.from : drawn.ref.to;
    choose(next, editor);
    focusNode(next);
    return true;
  }
  return false;
}

/** The next node has the focus and, alone, the selection; it is brought into view where it is not. */
function walk(arrow: Arrow, id: string, flow: Flow, editor: EditorStore): void {
  const places = flow.getNodes().flatMap((node) => {
    if (node.type !== "step") return [];
    const { width = 0, height = 0, position, parentId } = node;
    const place = { id: node.id, ...position, width, height, direction: "right" as const };
    return [parentId === undefined ? place : { ...place, parent: parentId }];
  });
  const edges = flow.getEdges().map(({ source, target }) => ({ from: source, to: target }));
  const next = nodeBeside({ places, edges }, id, arrow);
  if (next === null) return;
  editor.select(onlyNodes(next));
  show(next, flow);
  focusNode(next);
}

/** So near to the side of the view something may come before the view moves. */
const EDGE = 16;

/** Moves the view only where it must. */
export function show(id: string, flow: Flow): void {
  const node = flow.getInternalNode(id);
  const box = document.querySelector("[data-editor-graph]")?.getBoundingClientRect();
  if (!node || !box) return;
  const { x, y } = node.internals.positionAbsolute;
  const [width, height] = [node.width ?? 0, node.height ?? 0];
  const from = flow.flowToScreenPosition({ x, y });
  const to = flow.flowToScreenPosition({ x: x + width, y: y + height });
  const isIn =
    from.x >= box.left + EDGE && to.x <= box.right - EDGE && from.y >= box.top + EDGE && to.y <= box.bottom - EDGE;
  if (!isIn) void flow.setCenter(x + width / 2, y + height / 2, { zoom: Math.max(0.6, flow.getZoom()), duration: 140 });
}
