"use client";
/** The pinned version as a graph with the live state of each step, read-only; the selection is the page's. */
import {
  Background,
  BackgroundVariant,
  type Edge,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { Maximize, Minus, Plus } from "lucide-react";
import { useMemo } from "react";
import { useWorkflowVersion } from "@/lib/client/queries";
import { graphTexts as words } from "@/lib/client/texts/timeline";
import type { Definition } from "@/lib/contract/definition";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Failure } from "../_ui/failure";
import { useMedia, WIDE } from "../_ui/media";
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from "./graph-layout";
import { drawable, edgeState, newestRows, nodeState } from "./graph-model";
import { GraphNode, type StepNode } from "./graph-node";
import { ViewSkeleton } from "./skeletons";
import type { TimelineProps } from "./timeline-view";
import { useGraphLayout } from "./use-graph-layout";

const NODE_TYPES = { step: GraphNode };
/** From this many nodes on, only those in view are in the document, and a map helps to find one's way. */
const MANY_NODES = 200;
const MAP_FROM = 40;
const FIT = { padding: 0.1, maxZoom: 1 };

export function GraphView(props: TimelineProps) {
  const { execution } = props;
  const version = useWorkflowVersion(execution.workflow, execution.version);
  const definition = useMemo(() => drawable(version.data?.definition), [version.data]);
  const layout = useGraphLayout(
    execution.hash,
    definition && { nodes: definition.nodes.map((node) => node.id), edges: definition.edges },
  );
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
      <Drawn {...props} definition={definition} layout={layout.data} />
    </ReactFlowProvider>
  );
}

function Drawn({
  execution,
  snapshot,
  overlay,
  selected,
  onSelect,
  definition,
  layout,
}: TimelineProps & { definition: Definition; layout: Layout }) {
  const wide = useMedia(WIDE);
  const { timeline, version } = snapshot;
  const closed = execution.closedAt !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that changed in place
  const newest = useMemo(() => newestRows(timeline), [timeline, version]);
  const placed = useMemo(() => new Map(layout.places.map((place) => [place.id, place])), [layout]);
  const nodes = useMemo<StepNode[]>(
    () =>
      definition.nodes.map((node) => {
        const state = nodeState(newest.get(node.id), overlay, closed);
        const place = placed.get(node.id);
        return {
          id: node.id,
          type: "step",
          position: { x: place?.x ?? 0, y: place?.y ?? 0 },
          width: NODE_WIDTH,
          height: NODE_HEIGHT,
          ariaLabel: words.nodeLabel(node.id, words.state(state)),
          data: {
            id: node.id,
            type: node.type,
            direction: layout.direction,
            state,
            picked: selected !== null && selected === (state.key ?? node.id),
          },
        };
      }),
    [definition, newest, placed, layout.direction, overlay, closed, selected],
  );
  const edges = useMemo<Edge[]>(() => {
    const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
    return definition.edges.map((edge, index) => {
      const state = edgeState(edge, nodes.get(edge.from), newest.get(edge.from));
      return {
        id: String(index),
        source: edge.from,
        target: edge.to,
        label: edge.port,
        className: `edge-${state}`,
        selectable: false,
        focusable: false,
      };
    });
  }, [definition, newest]);
  const many = nodes.length > MANY_NODES;
  return (
    <div role="presentation" className={classNames("execution-graph min-h-0 flex-1", many && "many")}>
      <ReactFlow
        aria-label={words.label}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onNodeClick={(_, node) => onSelect(node.data.state.key ?? node.id)}
        onPaneClick={() => onSelect(null)}
        onSelectionChange={({ nodes: [chosen] }) =>
          chosen && onSelect((chosen as StepNode).data.state.key ?? chosen.id)
        }
        onlyRenderVisibleElements={many}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        fitView
        fitViewOptions={FIT}
        minZoom={0.04}
        maxZoom={1.6}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
        <ZoomButtons />
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

function ZoomButtons() {
  const flow = useReactFlow();
  const buttons = [
    { label: words.zoomOut, icon: Minus, act: () => flow.zoomOut({ duration: 150 }) },
    { label: words.zoomIn, icon: Plus, act: () => flow.zoomIn({ duration: 150 }) },
    { label: words.fit, icon: Maximize, act: () => flow.fitView({ duration: 200, ...FIT }) },
  ];
  return (
    <Panel position="bottom-left" className="!m-3 flex rounded-md border bg-raised">
      {buttons.map(({ label, icon: Icon, act }) => (
        <Button key={label} variant="ghost" size="sm" aria-label={label} title={label} onClick={act} className="px-1.5">
          <Icon aria-hidden size={14} />
        </Button>
      ))}
    </Panel>
  );
}
