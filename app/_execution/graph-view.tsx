"use client";
/** The pinned version as a graph with the state of each step at the shown moment, read-only; the selection is the page's. */
import {
  Background,
  BackgroundVariant,
  MarkerType,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./graph.css";
import { LocateFixed, Maximize, Minus, Plus, Spline } from "lucide-react";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useState } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import { timelineTexts, graphTexts as words } from "@/lib/client/texts/timeline";
import type { Definition } from "@/lib/contract/definition";
import { ERROR_PORT } from "@/lib/core/definition/ports";
import { isOpenStep } from "@/lib/core/execution/statuses";
import { useKeys } from "../_shell/keys";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Failure } from "../_ui/failure";
import { useMedia, WIDE } from "../_ui/media";
import type { CriticalPath } from "./critical-path";
import { GraphEdge, type StepEdge } from "./graph-edge";
import type { Layout, Placed } from "./graph-layout";
import {
  bodyOf,
  countsOf,
  drawable,
  type EdgeState,
  edgeState,
  edgesOf,
  type GraphPlace,
  layoutInputOf,
  nodeState,
  Picked,
  placesOf,
  turnsTaken,
} from "./graph-model";
import { GraphNode, type StepNode } from "./graph-node";
import { type Arrow, nodeBeside } from "./graph-walk";
import { ViewSkeleton } from "./skeletons";
import { tellingRow, treeOf } from "./step-tree";
import type { TimelineProps } from "./timeline-view";
import { useGraphLayout } from "./use-graph-layout";
import { failureTakers, useCriticalPath, useReach } from "./use-timeline-model";
import { useTimelineSettings } from "./use-timeline-settings";

const NODE_TYPES = { step: GraphNode };
const EDGE_TYPES = { step: GraphEdge };
/** From this many nodes on, only those in view are in the document, and a map helps to find one's way. */
const MANY_NODES = 200;
const MAP_FROM = 40;
/** So many nodes are read at once: bodies of maps are shown by themselves. */
const UNFOLDED_MOST = 24;
const FIT = { padding: 0.1, maxZoom: 1 };
/** How far a loop keeps from what it passes. */
const CLEARANCE = 28;

export function GraphView(props: TimelineProps) {
  const { execution } = props;
  const version = useWorkflowVersion(execution.workflow, execution.version);
  const definition = useMemo(() => drawable(version.data?.definition), [version.data]);
  const [unfolded, toggle] = useUnfolded(definition);
  const input = useMemo(() => definition && layoutInputOf(definition, unfolded), [definition, unfolded]);
  const layout = useGraphLayout(execution.hash, [...unfolded].sort(), input);
  const error = version.error ?? layout.error;
  if (error)
    return (
      <Failure
        error={error}
        title={words.failed}
        onRetry={() => (version.error ? version.refetch() : layout.refetch())}
      />
    );
  if (!definition || !layout.data) return <ViewSkeleton />;
  return (
    <ReactFlowProvider>
      <Drawn {...props} definition={definition} layout={layout.data} unfolded={unfolded} onUnfold={toggle} />
    </ReactFlowProvider>
  );
}

interface DrawnProps extends TimelineProps {
  definition: Definition;
  layout: Layout;
  unfolded: ReadonlySet<string>;
  onUnfold: (path: string) => void;
}

function Drawn(props: DrawnProps) {
  const { execution, snapshot, overlay, onSelect, definition, layout } = props;
  const wide = useMedia(WIDE);
  const reach = useReach(execution, snapshot);
  const [settings, change] = useTimelineSettings();
  const path = useCriticalPath(snapshot, definition, overlay, reach, settings.path);
  const { nodes, edges } = useDrawn(props, reach, path);
  const [following, setFollowing] = useState(false);
  useFollow(following && reach.open, nodes);
  const walk = useWalk(layout, edges);
  useKeys(words.keys, KEYS);
  const many = nodes.length > MANY_NODES;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys come from the nodes in it, which have the focus
    <div
      role="presentation"
      onKeyDown={walk}
      className={classNames("execution-graph flex min-h-0 flex-1 flex-col", many && "many", path && "with-path")}
    >
      {path && (
        <p className="shrink-0 border-b px-4 py-1.5 text-xs text-accent md:px-6" role="status">
          <span className="font-medium">{timelineTexts.path}</span>,{" "}
          {timelineTexts.pathSummary({ ...path, steps: path.steps.length })}
        </p>
      )}
      <ReactFlow
        aria-label={words.label}
        className="min-h-0 flex-1"
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        onNodeClick={(_, node) => onSelect(node.data.state.key ?? node.id)}
        onPaneClick={() => onSelect(null)}
        onSelectionChange={({ nodes: [chosen] }) =>
          chosen && onSelect((chosen as StepNode).data.state.key ?? chosen.id)
        }
        onlyRenderVisibleElements={many}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        disableKeyboardA11y={false}
        fitView
        fitViewOptions={FIT}
        minZoom={0.04}
        maxZoom={1.6}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
        <Tools
          path={settings.path}
          onPath={(shown) => change({ path: shown })}
          following={reach.open ? following : null}
          onFollow={setFollowing}
        />
        {wide && nodes.length >= MAP_FROM && (
          <MiniMap
            pannable
            zoomable
            ariaLabel={null}
            nodeStrokeWidth={0}
            nodeBorderRadius={6}
            nodeClassName={(node) => `map-${(node as StepNode).data.state.status}`}
            className="!m-3 rounded-md border"
            bgColor="var(--canvas)"
            maskColor="color-mix(in srgb, var(--active) 55%, transparent)"
          />
        )}
      </ReactFlow>
    </div>
  );
}

const KEYS = [{ keys: "↑ ↓ ← →", name: words.key.walk }];

function useUnfolded(definition: Definition | null): [ReadonlySet<string>, (path: string) => void] {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const byItself = useMemo(() => {
    if (!definition) return new Set<string>();
    const maps = new Set(definition.nodes.filter((node) => bodyOf(node)).map(({ id }) => id));
    return placesOf(definition, maps).length <= UNFOLDED_MOST ? maps : new Set<string>();
  }, [definition]);
  const unfolded = useMemo(() => {
    const all = new Set(byItself);
    for (const path of toggled) if (!all.delete(path)) all.add(path);
    return all;
  }, [byItself, toggled]);
  const toggle = useCallback((path: string) => {
    setToggled((known) => {
      const next = new Set(known);
      if (!next.delete(path)) next.add(path);
      return next;
    });
  }, []);
  return [unfolded, toggle];
}

function useDrawn(
  { snapshot, overlay, selected, onSelect, definition, layout, unfolded, onUnfold, execution }: DrawnProps,
  { until, open }: { until: number; open: boolean },
  path: CriticalPath | null,
) {
  const { timeline, version } = snapshot;
  const closed = execution.closedAt !== null;
  const takesFailure = useMemo(() => failureTakers(definition), [definition]);
  const placed = useMemo(() => new Map(layout.places.map((place) => [place.id, place])), [layout]);
  const shown = useMemo(
    () => placesOf(definition, unfolded).filter((place) => placed.has(place.path)),
    [definition, unfolded, placed],
  );
  const onPath = useMemo(() => path && nodesOnPath(path, timeline), [path, timeline]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  const picked = useMemo(
    () => new Picked(treeOf(timeline), selected, takesFailure),
    [timeline, version, selected, takesFailure],
  );
  const endOfOpen = open ? 0 : until;
  const nodes = useMemo<StepNode[]>(() => {
    const tree = treeOf(timeline);
    return shown.map((at) => {
      const row = picked.rowOf(at);
      const state = nodeState(row, picked.turnsOf(at), overlay, closed, countsOf(row, tree, takesFailure));
      const { x, y, width, height, direction } = placed.get(at.path) as Placed;
      const isOpen = bodyOf(at.node) ? unfolded.has(at.path) : null;
      return {
        id: at.path,
        type: "step",
        position: { x, y },
        width,
        height,
        ...(at.map !== null && { parentId: at.map }),
        ariaLabel: words.nodeLabel(
          at.path,
          [words.state(state), state.counts && words.progress(state.counts)].filter(Boolean).join(", "),
        ),
        data: {
          path: at.path,
          id: at.node.id,
          type: at.node.type,
          direction,
          state,
          picked: selected !== null && selected === (state.key ?? at.path),
          onPath: onPath?.has(at.path) ?? null,
          live: open,
          until: endOfOpen,
          unfolded: isOpen,
          onUnfold,
          onSelect,
          item: isOpen ? itemOf(picked, at.path) : null,
        },
      };
    });
  }, [
    shown,
    picked,
    placed,
    overlay,
    closed,
    selected,
    onPath,
    open,
    endOfOpen,
    unfolded,
    onUnfold,
    onSelect,
    timeline,
    takesFailure,
  ]);
  const edges = useMemo<StepEdge[]>(() => {
    const byPath = new Map(shown.map((at) => [at.path, at]));
    return edgesOf(definition, unfolded).flatMap((edge, index) => {
      const source = byPath.get(edge.from);
      if (!source || !placed.has(edge.to)) return [];
      const state = edgeState(edge, source.node, picked.rowOf(source));
      return [drawnEdge(edge, index, state, source, placed, picked, path)];
    });
  }, [definition, unfolded, shown, placed, picked, path]);
  return { nodes, edges };
}

function drawnEdge(
  edge: ReturnType<typeof edgesOf>[number],
  index: number,
  state: EdgeState,
  source: GraphPlace,
  placed: ReadonlyMap<string, Placed>,
  picked: Picked,
  path: CriticalPath | null,
): StepEdge {
  const turns = edge.loop ? turnsTaken(edge, picked.turnsOf(source)) : null;
  const taken = turns === null ? state === "taken" : turns > 0;
  const from = placed.get(edge.from) as Placed;
  const isOnPath = path !== null && linksOf(path).has(`${edge.from} ${edge.to}`);
  const tone = isOnPath
    ? "var(--accent)"
    : taken
      ? edge.port === ERROR_PORT
        ? "var(--red-fill)"
        : "var(--green-fill)"
      : "var(--line-strong)";
  return {
    id: String(index),
    type: "step",
    source: edge.from,
    target: edge.to,
    className: classNames(
      `edge-${taken ? "taken" : state}`,
      edge.port === ERROR_PORT && "edge-error",
      turns !== null && "edge-loop",
      isOnPath && "edge-path",
    ),
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: tone },
    selectable: false,
    focusable: false,
    zIndex: edge.map === null ? 0 : 1,
    data: {
      state: taken ? "taken" : state,
      port: edge.port ?? "",
      turns,
      clear: turns === null ? 0 : clearOf(edge, placed),
      down: from.direction === "down",
    },
  };
}

/** Beside everything that lies between both ends of a loop, in the coordinates of the whole. */
function clearOf(edge: { from: string; to: string }, placed: ReadonlyMap<string, Placed>): number {
  const from = placed.get(edge.from) as Placed;
  const to = placed.get(edge.to) as Placed;
  const siblings = [...placed.values()].filter((place) => place.parent === from.parent);
  const [along, across] = from.direction === "down" ? (["y", "x"] as const) : (["x", "y"] as const);
  const low = Math.min(from[along], to[along]) - 1;
  const high = Math.max(from[along], to[along]) + 1;
  const between = siblings.filter((place) => place[along] >= low && place[along] <= high);
  const inner =
    across === "x"
      ? Math.max(...between.map(({ x, width }) => x + width)) + CLEARANCE
      : Math.min(...between.map(({ y }) => y)) - CLEARANCE;
  let offset = 0;
  for (let parent = from.parent; parent !== undefined; parent = placed.get(parent)?.parent)
    offset += placed.get(parent)?.[across] ?? 0;
  return inner + offset;
}

function itemOf(picked: Picked, map: string): StepNode["data"]["item"] {
  const item = picked.itemOf(map);
  const items = picked.itemsOf(map);
  if (!item || !items) return null;
  const keyOf = (other: typeof item | undefined) => (other && tellingRow(other)?.key) ?? null;
  return {
    number: item.number,
    of: items.map.items ?? items.byNumber.length,
    before: keyOf(items.byNumber.findLast((other, at) => other && at < item.number)),
    after: keyOf(items.byNumber.find((other, at) => other && at > item.number)),
  };
}

function nodesOnPath({ steps }: CriticalPath, { byKey }: TimelineProps["snapshot"]["timeline"]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const key of steps) {
    const parts = byKey.get(key)?.node.split("/") ?? [];
    for (let depth = 1; depth <= parts.length; depth++) paths.add(parts.slice(0, depth).join("/"));
  }
  return paths;
}

const links = new WeakMap<CriticalPath, ReadonlySet<string>>();

/** Nodes that follow one another on it. */
function linksOf(path: CriticalPath): ReadonlySet<string> {
  const known = links.get(path);
  if (known) return known;
  const nodes = path.steps.map((key) => key.replace(/(\[[\d,]+\])?(#\d+)?$/, ""));
  const found = new Set(nodes.slice(1).map((node, at) => `${nodes[at]} ${node}`));
  links.set(path, found);
  return found;
}

/** Keeps what is open in view, each time other steps are. */
function useFollow(on: boolean, nodes: readonly StepNode[]) {
  const flow = useReactFlow();
  const open = nodes.filter(({ data }) => isOpenStep(data.state)).map(({ id }) => id);
  const which = open.join(" ");
  useEffect(() => {
    if (on && which !== "")
      void flow.fitView({ nodes: which.split(" ").map((id) => ({ id })), duration: 300, padding: 0.6, maxZoom: 1 });
  }, [on, which, flow]);
}

/** Arrows lead from the focused node to the next; it is brought into view before it gets the focus. */
function useWalk(layout: Layout, edges: readonly StepEdge[]) {
  const flow = useReactFlow();
  return (event: KeyboardEvent) => {
    if (!event.key.startsWith("Arrow") || !(event.target instanceof HTMLElement)) return;
    const from = event.target.closest(".react-flow__node")?.getAttribute("data-id");
    if (!from) return;
    const links = edges.map(({ source, target }) => ({ from: source, to: target }));
    const next = nodeBeside({ places: layout.places, edges: links }, from, event.key as Arrow);
    event.preventDefault();
    event.stopPropagation();
    const region = event.target.closest(".react-flow");
    const node = next === null ? undefined : flow.getInternalNode(next);
    if (next === null || !node || !region) return;
    const { x, y } = node.internals.positionAbsolute;
    void flow.setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, { zoom: flow.getZoom(), duration: 120 });
    const focus = (times: number) =>
      requestAnimationFrame(() => {
        const element = region.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(next)}"]`);
        if (element) element.focus();
        else if (times > 0) focus(times - 1);
      });
    focus(20);
  };
}

interface ToolsProps {
  path: boolean;
  onPath: (shown: boolean) => void;
  /** null: there is nothing to follow. */
  following: boolean | null;
  onFollow: (following: boolean) => void;
}

function Tools({ path, onPath, following, onFollow }: ToolsProps) {
  const flow = useReactFlow();
  const buttons = [
    { label: words.zoomOut, icon: Minus, act: () => flow.zoomOut({ duration: 150 }) },
    { label: words.zoomIn, icon: Plus, act: () => flow.zoomIn({ duration: 150 }) },
    { label: words.fit, icon: Maximize, act: () => flow.fitView({ duration: 200, ...FIT }) },
    { label: timelineTexts.path, icon: Spline, act: () => onPath(!path), pressed: path },
    ...(following === null
      ? []
      : [{ label: words.follow, icon: LocateFixed, act: () => onFollow(!following), pressed: following }]),
  ];
  return (
    <Panel position="bottom-left" className="!m-3 flex rounded-md border bg-raised">
      {buttons.map(({ label, icon: Icon, act, pressed }) => (
        <Button
          key={label}
          variant="ghost"
          size="sm"
          aria-label={label}
          aria-pressed={pressed}
          title={label}
          onClick={act}
          className={classNames("px-1.5", pressed && "bg-active text-ink")}
        >
          <Icon aria-hidden size={14} />
        </Button>
      ))}
    </Panel>
  );
}
