"use client";
/** One graph of the workflow, drawn and edited: what is dragged, joined or selected here becomes an edit or a selection of the editor. */
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { useCallback, useEffect, useRef } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { HEAD_HEIGHT } from "@/lib/editor/canvas/ports";
import { nodeOf, type Scope } from "@/lib/editor/document";
import { classNames } from "../../_ui/class-names";
import { useEditor, useEditorStore } from "../use-editor";
import { ArrangeBar } from "./arrange-bar";
import type { Commands } from "./commands";
import { CommentCard } from "./comment-card";
import { Crumbs } from "./crumbs";
import type { CanvasEdge, CanvasNode, Drawn } from "./elements";
import { EdgeArrows, FlowEdge } from "./flow-edge";
import { NodeCard } from "./node-card";
import { Tools } from "./tools";
import { useUi, useUiStore } from "./ui";
import { show, useFocusKeys, useViewKeys } from "./use-canvas-keys";
import { dropHandlers } from "./use-drop";
import { useElements } from "./use-elements";
import { useJoining } from "./use-joining";
import type { Places } from "./use-laid";
import { useMenu } from "./use-menu";
import { useSelecting } from "./use-selecting";

const NODE_TYPES = { step: NodeCard, comment: CommentCard };
const EDGE_TYPES = { flow: FlowEdge };
const MULTI = ["Shift", "Meta", "Control"];
/** From this many nodes on, only those in view are in the document. */
const MANY_NODES = 60;
const ARIA = {
  "node.a11yDescription.default": words.flow.nodeHint,
  "node.a11yDescription.keyboardDisabled": words.flow.nodeHint,
  "node.a11yDescription.ariaLiveMessage": ({ direction }: { direction: string }) => words.flow.moved(direction),
  "edge.a11yDescription.default": words.flow.edgeHint,
  "minimap.ariaLabel": words.flow.minimap,
  "handle.ariaLabel": words.flow.handle,
};

interface FlowProps {
  readonly view: Scope;
  readonly places: Places;
  readonly drawn: Drawn;
  readonly commands: Commands;
}

export function Flow({ view, places, drawn, commands }: FlowProps) {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const ui = useUiStore();
  const editor = useEditorStore();
  const isReadOnly = useEditor((state) => state.isReadOnly);
  const isMapShown = useUi((state) => state.isMapShown);
  const { nodes, edges, onNodesChange } = useElements(drawn);
  const select = useSelecting();
  const joining = useJoining(places);
  const menu = useMenu(commands);
  const latest = useRef(places);
  useEffect(() => {
    latest.current = places;
  });
  const onKeyDown = useFocusKeys(commands);
  useViewKeys(commands);
  useRevealed(view);
  useKeptCentre();
  const drop = dropHandlers(flow, ui, commands, places);
  const dropped = useDropped(latest);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys come from the nodes in it, which have the focus
    <div
      role="presentation"
      data-editor-graph
      onKeyDownCapture={onKeyDown}
      onContextMenu={menu.onKey}
      {...(isReadOnly ? {} : drop)}
      className="editor-canvas relative min-h-0 min-w-0 flex-1 select-none"
    >
      <EdgeArrows />
      <ReactFlow<CanvasNode, CanvasEdge>
        aria-label={words.label}
        ariaLabelConfig={ARIA}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodesChange={(changes) => {
          onNodesChange(changes);
          select.nodes(changes);
        }}
        onEdgesChange={select.edges}
        onNodeDragStop={dropped}
        onSelectionDragStop={(event, moved) => dropped(event, moved[0], moved)}
        onNodeDoubleClick={(_, node) => {
          if (isReadOnly) return;
          if (node.type === "comment") ui.set({ writing: node.data.comment.id });
          else ui.set({ renaming: node.id });
        }}
        onNodeContextMenu={menu.onNode}
        onEdgeContextMenu={menu.onEdge}
        onPaneContextMenu={menu.onPane}
        onSelectionContextMenu={menu.onSelection}
        onPaneClick={() => commands.selectNothing()}
        {...joining}
        nodesDraggable={!isReadOnly}
        nodesConnectable={!isReadOnly}
        edgesReconnectable={!isReadOnly}
        deleteKeyCode={null}
        multiSelectionKeyCode={MULTI}
        selectionKeyCode="Shift"
        zoomOnDoubleClick={false}
        panOnScroll
        onlyRenderVisibleElements={nodes.length > MANY_NODES}
        elevateNodesOnSelect={false}
        nodeDragThreshold={3}
        connectionRadius={28}
        reconnectRadius={14}
        onInit={(instance) => {
          openAt(instance);
          const asked = editor.state().revealed;
          if (asked !== null) show(asked.node, instance);
        }}
        minZoom={0.05}
        maxZoom={1.8}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
        <Crumbs view={view} />
        <ArrangeBar />
        <Tools />
        {isMapShown && (
          <MiniMap<CanvasNode>
            pannable
            zoomable
            nodeBorderRadius={8}
            nodeClassName={(node) =>
              classNames(
                node.selected && "selected",
                node.type === "step" && node.data.drawn.body === "unfolded" && "is-map",
                node.type === "step" && node.data.errors > 0 && "is-failed",
              )
            }
            className="!m-3 rounded-md border"
            bgColor="var(--canvas)"
            maskColor="color-mix(in srgb, var(--active) 55%, transparent)"
          />
        )}
      </ReactFlow>
    </div>
  );
}

/** What is in the middle stays there when the panel below opens, or the window becomes another size. */
function useKeptCentre() {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const before = useRef<{ width: number; height: number } | null>(null);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const was = before.current;
    before.current = { width, height };
    if (was === null) return;
    const { x, y, zoom } = flow.getViewport();
    void flow.setViewport({ x: x + (width - was.width) / 2, y: y + (height - was.height) / 2, zoom });
  }, [flow, width, height]);
}

/** So near that it can be read: all of it where it fits, else from where it begins. */
const READABLE = 0.8;
const MARGIN = 48;
/** Where the first node of all comes, as a part of the width. */
const FIRST_AT = 0.12;

function openAt(flow: ReactFlowInstance<CanvasNode, CanvasEdge>): void {
  const box = document.querySelector("[data-editor-graph]")?.getBoundingClientRect();
  const nodes = flow.getNodes().filter(({ parentId }) => parentId === undefined);
  const first = nodes.find(({ type }) => type === "step");
  if (!box) return;
  if (!first) {
    void flow.setViewport({ zoom: 1, x: box.width * FIRST_AT, y: box.height / 2 - HEAD_HEIGHT / 2 });
    return;
  }
  const { x, y, width, height } = flow.getNodesBounds(nodes);
  const whole = Math.min((box.width - 2 * MARGIN) / width, (box.height - 2 * MARGIN) / height);
  const zoom = Math.min(1, Math.max(READABLE, whole));
  const isTooWide = width * zoom > box.width - MARGIN;
  const isTooTall = height * zoom > box.height - MARGIN;
  const begins = nodes
    .filter(({ type }) => type === "step")
    .reduce((a, b) => (b.position.x < a.position.x ? b : a), first);
  void flow.setViewport({
    zoom,
    x: isTooWide ? MARGIN - x * zoom : (box.width - width * zoom) / 2 - x * zoom,
    y: box.height / 2 - (isTooTall ? begins.position.y + (begins.height ?? 0) / 2 : y + height / 2) * zoom,
  });
}

/** What was dragged lies from now on where it was let go. */
function useDropped(places: { readonly current: Places }) {
  const editor = useEditorStore();
  return useCallback(
    (_: unknown, __: unknown, moved: readonly CanvasNode[]) => {
      const nodes: { [id: string]: { x: number; y: number } } = {};
      const comments: typeof nodes = {};
      for (const node of moved) {
        const origin = node.type === "comment" ? node.data.origin : places.current.get(node.id)?.origin;
        const point = { x: node.position.x - (origin?.x ?? 0), y: node.position.y - (origin?.y ?? 0) };
        if (node.type === "comment") comments[node.data.comment.id] = point;
        else nodes[node.id] = point;
      }
      editor.apply({ type: "move", places: nodes, comments });
    },
    [editor, places],
  );
}

/** What is asked for is brought into view; where it lies in a graph that is not shown, that one fills the canvas. */
function useRevealed(view: Scope) {
  const revealed = useEditor((state) => state.revealed);
  const editor = useEditorStore();
  const ui = useUiStore();
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  useEffect(() => {
    if (revealed === null || revealed.times === ui.state().revealed) return;
    const asked = () => {
      if (flow.getNode(revealed.node)) {
        ui.set({ revealed: revealed.times });
        show(revealed.node, flow);
        return;
      }
      const scope = nodeOf(editor.present.definition, revealed.node)?.scope;
      if (scope !== undefined && scope !== view) ui.set({ view: scope });
    };
    const frame = requestAnimationFrame(asked);
    return () => cancelAnimationFrame(frame);
  }, [revealed, view, flow, editor, ui]);
}
