"use client";
/** One node of the graph: what it is, how its step stands, how long it took. From far away only its tone remains. */
import { Handle, type Node, type NodeProps, Position, useStore } from "@xyflow/react";
import {
  Calculator,
  CircleCheckBig,
  GitFork,
  Globe,
  Layers,
  type LucideIcon,
  Moon,
  OctagonAlert,
  Radio,
  SquareTerminal,
  UserCheck,
  Workflow,
} from "lucide-react";
import { memo } from "react";
import { useNow } from "@/lib/client/clock";
import { duration } from "@/lib/client/format";
import { graphTexts as words } from "@/lib/client/texts/timeline";
import type { NodeType } from "@/lib/contract/definition";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { type Layout, NODE_HEIGHT, NODE_WIDTH } from "./graph-layout";
import type { NodeState } from "./graph-model";

export type StepNode = Node<
  { id: string; type: NodeType; direction: Layout["direction"]; state: NodeState; picked: boolean },
  "step"
>;

const ICONS: Record<NodeType, LucideIcon> = {
  task: SquareTerminal,
  choice: GitFork,
  sleep: Moon,
  approval: UserCheck,
  signal: Radio,
  map: Layers,
  workflow: Workflow,
  transform: Calculator,
  http: Globe,
  fail: OctagonAlert,
  succeed: CircleCheckBig,
};

/** Below this zoom the letters cannot be read. */
const FAR = 0.42;

export const GraphNode = memo(function GraphNode({ data }: NodeProps<StepNode>) {
  const far = useStore((store) => store.transform[2] < FAR);
  const { state } = data;
  const down = data.direction === "down";
  const Icon = ICONS[data.type] ?? SquareTerminal;
  const idle = state.status === "pending" || state.status === "skipped";
  return (
    <div
      data-status={state.status}
      style={{ width: NODE_WIDTH, height: NODE_HEIGHT }}
      className={classNames(
        "flex items-center gap-2.5 overflow-hidden rounded-md border px-2.5 transition-colors",
        far ? "border-tone-fill bg-tone-fill" : "bg-raised",
        !far && (idle ? "border-dashed border-line-strong" : "border-line-strong"),
        data.picked && "ring-2 ring-accent",
      )}
    >
      <Handle
        type="target"
        position={down ? Position.Top : Position.Left}
        isConnectable={false}
        className="!invisible !size-0 !min-h-0 !min-w-0 !border-0"
      />
      {!far && (
        <>
          <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-sm bg-tone-tint text-tone">
            <Icon aria-hidden size={14} strokeWidth={1.75} />
          </span>
          <span className="flex min-w-0 flex-1 flex-col">
            <span className="flex items-center gap-1 text-xs">
              <span className={classNames("truncate font-medium", idle ? "text-ink-3" : "text-ink")}>{data.id}</span>
              {state.attempts > 1 && <span className="ml-auto text-2xs text-ink-3">×{state.attempts}</span>}
            </span>
            <span className="flex min-w-0 items-center gap-1 text-2xs text-tone">
              <StatusIcon status={state.status} size={11} />
              <span className="truncate">{words.state(state)}</span>
              <Took state={state} />
            </span>
          </span>
        </>
      )}
      <Handle
        type="source"
        position={down ? Position.Bottom : Position.Right}
        isConnectable={false}
        className="!invisible !size-0 !min-h-0 !min-w-0 !border-0"
      />
    </div>
  );
});

function Took({ state }: { state: NodeState }) {
  const open = state.startedAt !== null && state.endedAt === null;
  const now = useNow(open ? 1000 : null);
  if (state.startedAt === null) return null;
  return (
    <span className="ml-auto shrink-0 whitespace-nowrap text-ink-3 tabular">
      {duration((state.endedAt ?? now) - state.startedAt, { whole: open })}
    </span>
  );
}
