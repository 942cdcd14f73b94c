"use client";
/** The pinned version as a graph with the state of each step at the shown moment, read-only; the selection is the page's. */
import { Background, BackgroundVariant, MiniMap, ReactFlow, ReactFlowProvider } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./graph.css";
import { useCallback, useMemo, useState } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import { timelineTexts, graphTexts as words } from "@/lib/client/texts/timeline";
import type { Definition } from "@/lib/contract/definition";
import { useKeys } from "../_shell/keys";
import { classNames } from "../_ui/class-names";
import { Failure } from "../_ui/failure";
import { useMedia, WIDE } from "../_ui/media";
import { type DrawnProps, useDrawn } from "./graph-drawn";
import { GraphEdge } from "./graph-edge";
import { bodyOf, drawable, layoutInputOf, placesOf } from "./graph-model";
import { GraphNode, type StepNode } from "./graph-node";
import { FIT, GraphTools } from "./graph-tools";
import { ViewSkeleton } from "./skeletons";
import type { TimelineProps } from "./timeline-view";
import { useGraphLayout } from "./use-graph-layout";
import { useFollow, useWalk } from "./use-graph-walk";
import { useCriticalPath, useReach } from "./use-timeline-model";
import { useTimelineSettings } from "./use-timeline-settings";

const NODE_TYPES = { step: GraphNode };
const EDGE_TYPES = { step: GraphEdge };
/** From this many nodes on, only those in view are in the document, and a map helps to find one's way. */
const MANY_NODES = 200;
const MAP_FROM = 40;
/** So many nodes are read at once: bodies of maps are shown by themselves. */
const UNFOLDED_MOST = 24;

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
        <GraphTools
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
