"use client";
/** One graph of the workflow, drawn and edited: what is dragged, joined or selected here becomes an edit or a selection of the editor. */
import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react";
import { type MouseEvent, useCallback, useEffect, useMemo, useRef } from "react";
import { canvasTexts as words } from "@/lib/client/texts/editor-canvas";
import { HEAD_HEIGHT } from "@/lib/editor/canvas/ports";
import { refusalOfEdge } from "@/lib/editor/connect";
import { type EdgeRef, graphAt, nodeOf, type Scope } from "@/lib/editor/document";
import { classNames } from "../../_ui/class-names";
import type { SelectedEdge, Selection } from "../selection";
import { useEditor, useEditorStore } from "../use-editor";
import { ArrangeBar } from "./arrange-bar";
import type { Commands } from "./commands";
import { CommentCard } from "./comment-card";
import { Crumbs } from "./crumbs";
import type { CanvasEdge, CanvasNode, Drawn } from "./elements";
import { EdgeArrows, FlowEdge } from "./flow-edge";
import { NodeCard } from "./node-card";
import { Tools } from "./tools";
import { type MenuTarget, useUi, useUiStore } from "./ui";
import { show, useFocusKeys, useViewKeys } from "./use-canvas-keys";
import { dropHandlers, insideOf } from "./use-drop";
import { useElements } from "./use-elements";
import type { Places } from "./use-laid";

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

/** React Flow says what became selected; the editor says what is. */
function useSelecting() {
  const editor = useEditorStore();
  const store = useStoreApi();
  return useMemo(() => {
    const set = (change: (selection: Selection) => Selection) => editor.select(change(editor.state().selection));
    return {
      nodes: (changes: readonly NodeChange<CanvasNode>[]) => {
        const own = changes.filter((change) => change.type === "select");
        if (own.length === 0) return;
        set((selection) => ({
          ...selection,
          nodes: changed(selection.nodes, own, (id) => (id.startsWith("comment:") ? null : id)),
          comments: changed(selection.comments, own, (id) =>
            id.startsWith("comment:") ? id.slice("comment:".length) : null,
          ),
        }));
      },
      edges: (changes: readonly EdgeChange<CanvasEdge>[]) => {
        const own = changes.filter((change) => change.type === "select");
        // A box is drawn around nodes: what lies between them goes with them by itself.
        if (own.length === 0 || store.getState().userSelectionActive) return;
        set((selection) => ({ ...selection, edges: changedEdges(selection.edges, own) }));
      },
    };
  }, [editor, store]);
}

interface SelectChange {
  readonly id: string;
  readonly selected: boolean;
}

function changed(
  before: readonly string[],
  changes: readonly SelectChange[],
  own: (id: string) => string | null,
): readonly string[] {
  const chosen = new Set(before);
  for (const { id, selected } of changes) {
    const name = own(id);
    if (name === null) continue;
    if (selected) chosen.add(name);
    else chosen.delete(name);
  }
  return [...chosen];
}

const endsOf = ({ scope, edge }: SelectedEdge) => `${scope ?? ""}|${edge.from} ${edge.port} ${edge.to}`;

function changedEdges(before: readonly SelectedEdge[], changes: readonly SelectChange[]): readonly SelectedEdge[] {
  const chosen = new Map(before.map((each) => [endsOf(each), each]));
  for (const { id, selected } of changes) {
    if (selected) chosen.set(id, edgeNamed(id));
    else chosen.delete(id);
  }
  return [...chosen.values()];
}

function edgeNamed(id: string): SelectedEdge {
  const at = id.indexOf("|");
  const [from = "", port = "", to = ""] = id.slice(at + 1).split(" ");
  return { scope: at === 0 ? null : id.slice(0, at), edge: { from, port, to } };
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

/** Edges drawn by hand: from an outcome to a node; into the void one is asked what comes there. */
function useJoining(places: Places) {
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

function useMenu(commands: Commands) {
  const editor = useEditorStore();
  const ui = useUiStore();
  return useMemo(() => {
    const open = (event: MouseEvent | globalThis.MouseEvent, target: MenuTarget) => {
      event.preventDefault();
      event.stopPropagation();
      ui.set({ menu: { at: pointOf(event), target } });
    };
    const onNode = (event: MouseEvent, node: CanvasNode) => {
      const { selection } = editor.state();
      if (node.type === "comment") {
        const { id } = node.data.comment;
        editor.select({ nodes: [], edges: [], comments: [id] });
        open(event, { kind: "comment", id });
        return;
      }
      if (!selection.nodes.includes(node.id)) editor.select({ nodes: [node.id], edges: [], comments: [] });
      open(event, { kind: "nodes" });
    };
    return {
      onNode,
      onEdge: (event: MouseEvent, edge: CanvasEdge) => {
        if (!edge.data) return;
        const { scope, ref } = edge.data.drawn;
        editor.select({ nodes: [], edges: [{ scope, edge: ref }], comments: [] });
        open(event, { kind: "edge", scope, edge: ref });
      },
      onPane: (event: MouseEvent | globalThis.MouseEvent) => open(event, { kind: "pane" }),
      onSelection: (event: MouseEvent) => open(event, { kind: "nodes" }),
      /** The menu key where nothing in the canvas took it. */
      onKey: (event: MouseEvent) => {
        if (commands.selection.nodes.length > 0) open(event, { kind: "nodes" });
      },
    };
  }, [editor, ui, commands]);
}

/** The menu key has no pointer: the menu opens at what has the focus. */
function pointOf(event: MouseEvent | globalThis.MouseEvent): { x: number; y: number } {
  const isByKey = "button" in event && event.button !== 2 && event.clientX === 0 && event.clientY === 0;
  if (!isByKey || !(event.target instanceof Element)) return { x: event.clientX, y: event.clientY };
  const box = event.target.getBoundingClientRect();
  return { x: box.left + Math.min(40, box.width / 2), y: box.top + Math.min(40, box.height / 2) };
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
