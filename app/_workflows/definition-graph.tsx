"use client";
/**
 * A version as a graph of what it says, read-only. Beside another version: what that has not or has otherwise is marked, and
 * what only that has is drawn too.
 */
import {
  Background,
  BackgroundVariant,
  type Edge,
  type Node as FlowNode,
  Handle,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import "./definition-graph.css";
import { memo, useMemo } from "react";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import type { Definition, Node } from "@/lib/contract/definition";
import { isEdge } from "@/lib/editor/document";
import { diffDefinitions } from "../_compare/definition-diff";
import type { Layout } from "../_execution/graph-layout";
import { bodyOf, layoutInputOf } from "../_execution/graph-model";
import { NodeIcon } from "../_execution/node-icon";
import { ViewSkeleton } from "../_execution/skeletons";
import { useGraphLayout } from "../_execution/use-graph-layout";
import { classNames } from "../_ui/class-names";
import { Failure } from "../_ui/failure";
import { edgeChanges } from "./edge-changes";

type Mark = keyof typeof words.marks;

interface NodeData extends Record<string, unknown> {
  node: Node;
  mark: Mark | null;
  direction: Layout["direction"];
  picked: boolean;
}

type DefinitionNode = FlowNode<NodeData, "definition">;

const NODE_TYPES = { definition: memo(DrawnNode) };
const FOLDED: ReadonlySet<string> = new Set();
const NOTHING_UNFOLDED: readonly string[] = [];
const FIT = { padding: 0.1, maxZoom: 1 };
/** From this many nodes on, only those in view are in the document. */
const MANY_NODES = 200;
export const MARK_TONES: Record<Mark, string> = { added: "completed", changed: "paused", removed: "failed" };

export function DefinitionGraph({
  definition,
  hash,
  before = null,
  picked,
  onPick,
}: {
  definition: Definition;
  /** Of the definition, and of the one before where there is one: where things lie is kept by it. */
  hash: string;
  /** Null: it is not compared. */
  before?: Definition | null;
  picked: string | undefined;
  onPick: (node: string | undefined) => void;
}) {
  const drawn = useMemo(() => marked(definition, before), [definition, before]);
  const input = useMemo(() => layoutInputOf(drawn, FOLDED), [drawn]);
  const layout = useGraphLayout(hash, NOTHING_UNFOLDED, input);
  const nodes = useMemo(() => (layout.data ? nodesOf(drawn, layout.data, picked) : []), [drawn, layout.data, picked]);
  const edges = useMemo(() => edgesOf(drawn), [drawn]);
  if (layout.error) return <Failure error={layout.error} title={words.drawFailed} onRetry={() => layout.refetch()} />;
  if (!layout.data) return <ViewSkeleton />;
  return (
    <ReactFlowProvider>
      <div role="presentation" className="execution-graph min-h-0 flex-1">
        <ReactFlow
          aria-label={words.graphLabel(definition.name)}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          onNodeClick={(_, { id }) => onPick(id)}
          onPaneClick={() => onPick(undefined)}
          onSelectionChange={({ nodes: [chosen] }) => chosen && onPick(chosen.id)}
          onlyRenderVisibleElements={nodes.length > MANY_NODES}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          fitView
          fitViewOptions={FIT}
          minZoom={0.04}
          maxZoom={1.6}
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--line-strong)" />
        </ReactFlow>
      </div>
    </ReactFlowProvider>
  );
}

interface Marked extends Pick<Definition, "nodes" | "edges"> {
  marks: ReadonlyMap<string, Mark>;
  /** By the edge itself. */
  edgeMarks: ReadonlyMap<Definition["edges"][number], Mark>;
}

function marked(definition: Definition, before: Definition | null): Marked {
  const { nodes, edges } = definition;
  if (before === null) return { nodes, edges, marks: new Map(), edgeMarks: new Map() };
  const diff = diffDefinitions(before, definition);
  const changes = edgeChanges(before, definition);
  const gone = before.edges.filter((edge) =>
    changes.some((each) => each.kind === "removed" && isEdge(edge, each, before)),
  );
  const marks = (["added", "changed", "removed"] as const).flatMap((mark) =>
    diff[mark].map((id): [string, Mark] => [id, mark]),
  );
  const own = edges.flatMap((edge): [typeof edge, Mark][] => {
    const change = changes.find((each) => each.kind !== "removed" && isEdge(edge, each, definition));
    return change === undefined ? [] : [[edge, change.kind]];
  });
  return {
    nodes: [...nodes, ...before.nodes.filter(({ id }) => diff.removed.includes(id))],
    edges: [...edges, ...gone],
    marks: new Map(marks),
    edgeMarks: new Map([...own, ...gone.map((edge): [typeof edge, Mark] => [edge, "removed"])]),
  };
}

function nodesOf(
  { nodes, marks }: Marked,
  { places, direction }: Layout,
  picked: string | undefined,
): DefinitionNode[] {
  const placed = new Map(places.map((place) => [place.id, place]));
  return nodes.flatMap((node) => {
    const place = placed.get(node.id);
    if (place === undefined) return [];
    const mark = marks.get(node.id) ?? null;
    return [
      {
        id: node.id,
        type: "definition" as const,
        position: { x: place.x, y: place.y },
        width: place.width,
        height: place.height,
        ariaLabel: words.nodeLabel(node.id, node.type, mark === null ? "" : `, ${words.marks[mark].toLowerCase()}`),
        data: { node, mark, direction, picked: picked === node.id },
      },
    ];
  });
}

function edgesOf({ edges, edgeMarks }: Marked): Edge[] {
  return edges.map((edge, index) => {
    const { from, to, port, loop } = edge;
    const mark = edgeMarks.get(edge);
    return {
      id: String(index),
      source: from,
      target: to,
      label: port,
      className: classNames("edge-pending", loop !== undefined && "edge-loop", mark && `edge-${mark}`),
      selectable: false,
      focusable: false,
    };
  });
}

function DrawnNode({ data: { node, mark, direction, picked }, width, height }: NodeProps<DefinitionNode>) {
  const down = direction === "down";
  const body = bodyOf(node);
  return (
    <div
      data-status={mark === null ? undefined : MARK_TONES[mark]}
      style={{ width, height }}
      className={classNames(
        "flex items-center gap-2.5 rounded-md border bg-raised px-2.5",
        mark === null ? "border-line-strong" : "border-tone-fill",
        mark === "removed" && "border-dashed",
        picked && "ring-2 ring-accent",
      )}
    >
      <Handle
        type="target"
        position={down ? Position.Top : Position.Left}
        isConnectable={false}
        className="!invisible !size-0 !min-h-0 !min-w-0 !border-0"
      />
      <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-sm bg-active text-ink-2">
        <NodeIcon type={node.type} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span title={node.id} className="truncate text-xs font-medium">
          {node.id}
        </span>
        <span className="flex items-center gap-1.5 truncate text-2xs text-ink-3">
          {body === null ? node.type : words.body(body.nodes.length)}
          {mark && <span className="text-tone">{words.marks[mark]}</span>}
        </span>
      </span>
      <Handle
        type="source"
        position={down ? Position.Bottom : Position.Right}
        isConnectable={false}
        className="!invisible !size-0 !min-h-0 !min-w-0 !border-0"
      />
    </div>
  );
}
