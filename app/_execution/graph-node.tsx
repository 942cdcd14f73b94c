"use client";
/** One node of the graph: what it is, how its step stands, how long it took. From far away only its tone remains. */
import { Handle, type Node, type NodeProps, Position, useStore } from "@xyflow/react";
import { ChevronsDownUp, ChevronsUpDown } from "lucide-react";
import { memo } from "react";
import { useNow } from "@/lib/client/clock";
import { duration } from "@/lib/client/format";
import { graphTexts as words } from "@/lib/client/texts/timeline";
import type { NodeType } from "@/lib/contract/definition";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { type Layout, NODE_HEIGHT } from "./graph-layout";
import type { NodeState } from "./graph-model";
import { NodeIcon } from "./node-icon";
import type { ItemCounts } from "./step-tree";
import { Stepper, TurnPicker } from "./turn-picker";

interface StepNodeData extends Record<string, unknown> {
  path: string;
  id: string;
  type: NodeType;
  direction: Layout["direction"];
  state: NodeState;
  picked: boolean;
  /** On the critical path, off it, or it is not asked for. */
  onPath: boolean | null;
  /** Time is not over: what is open ticks. */
  live: boolean;
  /** The end of what is open where time does not tick. */
  until: number;
  /** Whether the steps in it are shown; null: there are none. */
  unfolded: boolean | null;
  onUnfold: (path: string) => void;
  onSelect: (key: string) => void;
  /** Which item is shown of an unfolded map, and the ones beside it. */
  item: { number: number; of: number; before: string | null; after: string | null } | null;
}

export type StepNode = Node<StepNodeData, "step">;

/** Below this zoom the letters cannot be read. */
const FAR = 0.42;

export const GraphNode = memo(function GraphNode({ data, width, height }: NodeProps<StepNode>) {
  const far = useStore((store) => store.transform[2] < FAR);
  const { state } = data;
  const down = data.direction === "down";
  const idle = state.status === "pending" || state.status === "skipped";
  const open = data.unfolded === true;
  const off = data.onPath === false;
  return (
    <div
      data-status={state.status}
      style={{ width, height }}
      className={classNames(
        "relative overflow-hidden rounded-md border transition-colors",
        far && !open ? "border-tone-fill bg-tone-fill" : open ? "bg-sunken" : off ? "bg-canvas" : "bg-raised",
        far && !open && off && "opacity-45",
        !far && (idle ? "border-dashed" : ""),
        !far && !off && "border-line-strong",
        data.picked && "ring-2 ring-accent",
        data.onPath === true && !data.picked && "border-accent",
      )}
    >
      <HiddenHandle type="target" position={down ? Position.Top : Position.Left} />
      {(!far || open) && <Head data={data} quiet={idle || off} />}
      {state.counts && <ItemsBar counts={state.counts} />}
      <HiddenHandle type="source" position={down ? Position.Bottom : Position.Right} />
    </div>
  );
});

function HiddenHandle(props: { type: "source" | "target"; position: Position }) {
  return <Handle {...props} isConnectable={false} className="!invisible !size-0 !min-h-0 !min-w-0 !border-0" />;
}

/** @param quiet says less than others: shapes pale, letters stay readable */
function Head({ data, quiet }: { data: StepNodeData; quiet: boolean }) {
  const { state } = data;
  return (
    <div className="flex items-center gap-2.5 px-2.5" style={{ height: NODE_HEIGHT - 2 }}>
      <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-sm bg-tone-tint text-tone">
        <NodeIcon type={data.type} className={classNames(quiet && "opacity-45")} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex h-[18px] items-center gap-1 text-xs">
          <span className={classNames("truncate font-medium", quiet ? "text-ink-3" : "text-ink")} title={data.id}>
            {data.id}
          </span>
          <span className="ml-auto inline-flex shrink-0 items-center gap-1">
            {state.attempts > 1 && <span className="text-2xs text-ink-3">×{state.attempts}</span>}
            {state.turns.length > 1 && state.row && (
              <TurnPicker node={data.path} turns={state.turns} row={state.row} onTurn={data.onSelect} />
            )}
            <ItemPicker data={data} />
            <Unfold data={data} />
          </span>
        </span>
        <span className="flex min-w-0 items-center gap-1 text-2xs text-tone">
          <StatusIcon status={state.status} size={11} />
          <span className="truncate">{words.state(state)}</span>
          {state.counts ? <Counts counts={state.counts} /> : <Took data={data} />}
        </span>
      </span>
    </div>
  );
}

function Counts({ counts }: { counts: ItemCounts }) {
  return (
    <span className="ml-auto shrink-0 whitespace-nowrap text-ink-3 tabular" title={words.progress(counts)}>
      {words.shortProgress(counts.done, counts.total)}
      {counts.failed > 0 && (
        <span data-status="failed" className="text-tone">
          {` ${words.failures(counts.failed)}`}
        </span>
      )}
    </span>
  );
}

/** At the foot of a map: done and failed, of all. */
function ItemsBar({ counts: { total, done, failed } }: { counts: ItemCounts }) {
  const share = (count: number) => `${(count / Math.max(1, total)) * 100}%`;
  return (
    <span aria-hidden className="absolute inset-x-0 bottom-0 flex h-[3px] bg-active">
      <span data-status="completed" className="bg-tone-fill" style={{ width: share(done) }} />
      <span
        data-status="failed"
        className="min-w-0 bg-tone-fill"
        style={{ width: failed > 0 ? `max(3px, ${share(failed)})` : 0 }}
      />
    </span>
  );
}

function ItemPicker({ data: { item, path, onSelect } }: { data: StepNodeData }) {
  if (!item) return null;
  const { before, after } = item;
  return (
    <Stepper
      said={`[${item.number}]`}
      title={words.item(item.number, item.of)}
      before={words.previousItem(path)}
      after={words.nextItem(path)}
      onBefore={before === null ? null : () => onSelect(before)}
      onAfter={after === null ? null : () => onSelect(after)}
    />
  );
}

function Unfold({ data: { unfolded, path, onUnfold } }: { data: StepNodeData }) {
  if (unfolded === null) return null;
  const Icon = unfolded ? ChevronsDownUp : ChevronsUpDown;
  const name = unfolded ? words.fold(path) : words.unfold(path);
  return (
    <button
      type="button"
      aria-label={name}
      aria-expanded={unfolded}
      title={name}
      onClick={(event) => {
        event.stopPropagation();
        onUnfold(path);
      }}
      className="nodrag nopan inline-flex size-[18px] items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
    >
      <Icon aria-hidden size={12} />
    </button>
  );
}

function Took({ data: { state, live, until } }: { data: StepNodeData }) {
  const open = state.startedAt !== null && state.endedAt === null;
  const now = useNow(open && live ? 1000 : null);
  if (state.startedAt === null) return null;
  return (
    <span className="ml-auto shrink-0 whitespace-nowrap text-ink-3 tabular">
      {duration((state.endedAt ?? (live ? now : until)) - state.startedAt, { whole: open })}
    </span>
  );
}
