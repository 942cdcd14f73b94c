"use client";
/** One line of the timeline: a step, all turns of one, a map with how far it is, or an item of it; and its time in shapes. */
import { ChevronRight } from "lucide-react";
import { memo, useMemo } from "react";
import { duration, number } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import type { StepStatus } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { activityOf } from "./activity";
import { type Overlay, shownStatus } from "./step-overlay";
import { rowsIn, type StepTree } from "./step-tree";
import type { TimeScale } from "./time-scale";
import { StepBars } from "./timeline-bars";
import type { Line } from "./timeline-lines";
import type { Row } from "./timeline-model";
import { ActivityChart } from "./timeline-overview";
import { TurnPicker } from "./turn-picker";

interface LineProps {
  line: Line;
  tree: StepTree;
  /** Of the rows, which change in place. */
  version: number;
  scale: TimeScale;
  /** The end of what is open: the shown moment. */
  until: number;
  /** The end of what is open at the newest moment, and the newest event that was folded. */
  end: number;
  newest: number;
  /** Null: now. */
  moment: number | null;
  overlay: Overlay;
  selected: boolean;
  /** On the critical path, off it, or it is not asked for. */
  onPath: boolean | null;
  onSelect: (line: Line) => void;
  onFold: (id: string) => void;
  onTurn: (key: string) => void;
  columns: string;
  /** Whether any line can be unfolded; else none keeps room for it. */
  nested: boolean;
}

/** Paddings by level; the deeper ones lie where the sixth does. */
const INDENT = ["pl-1 md:pl-3", "pl-5 md:pl-7", "pl-9 md:pl-11", "pl-12 md:pl-15", "pl-14 md:pl-19", "pl-16 md:pl-23"];

export const TimelineRow = memo(function TimelineRow(props: LineProps) {
  const { line, tree, overlay, until, selected, onPath, onSelect, columns, nested } = props;
  const rows = line.kind === "item" ? [...rowsIn(line.item, tree)] : [line.row];
  const status = line.kind === "item" ? itemStatus(line.status, rows, overlay) : shownStatus(line.row, overlay);
  const took = tookOf(rows, until);
  const timeless = rows.every((row) => row.spans.length === 0);
  const dim = status === "skipped" || status === "pending";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the tree
    <div
      id={`step-${line.id}`}
      role="treeitem"
      tabIndex={-1}
      aria-selected={selected}
      aria-level={line.level}
      aria-posinset={line.position}
      aria-setsize={line.siblings}
      aria-expanded={line.unfolded ?? undefined}
      aria-label={labelOf(line, status, took)}
      onClick={() => onSelect(line)}
      className={classNames("grid h-full items-center", selected ? "bg-accent-tint/70" : "hover:bg-hover/60")}
      style={{ gridTemplateColumns: columns }}
    >
      <span
        className={classNames(
          "flex min-w-0 items-center gap-1.5 pr-2",
          nested ? INDENT[Math.min(line.level, 6) - 1] : "pl-4 md:pl-6",
        )}
      >
        <Fold {...props} />
        <StatusIcon status={status} size={13} />
        <span
          className={classNames("truncate text-xs", dim || onPath === false ? "text-ink-3" : "text-ink")}
          title={nameOf(line)}
        >
          {nameOf(line)}
        </span>
        <Tags {...props} />
      </span>
      <span className={classNames("relative h-full min-w-0 overflow-hidden", onPath === false && "opacity-40")}>
        <Shapes {...props} rows={rows} />
      </span>
      <span className="pr-3 text-right text-2xs whitespace-nowrap text-ink-3 tabular md:pr-4">
        {timeless ? (dim ? texts.status[status] : "") : duration(took.ms, { whole: took.open })}
      </span>
    </div>
  );
});

function Fold({ line, onFold, nested }: LineProps) {
  if (line.unfolded === null) return nested ? <span className="w-4 shrink-0" /> : null;
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={line.unfolded ? words.fold : words.unfold}
      onClick={(event) => {
        event.stopPropagation();
        onFold(line.id);
      }}
      className="-my-1 inline-flex h-6 w-4 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
    >
      <ChevronRight
        aria-hidden
        size={12}
        className={classNames("transition-transform", line.unfolded && "rotate-90")}
      />
    </button>
  );
}

function Tags({ line, onTurn }: LineProps) {
  if (line.kind === "item") return null;
  const { counts, turns, row } = line;
  return (
    <span className="ml-auto inline-flex shrink-0 items-center gap-1">
      {counts && (
        <span className="text-2xs text-ink-3 tabular" title={words.progress(counts)}>
          {number(counts.done)}/{number(counts.total)}
          {counts.failed > 0 && (
            <span data-status="failed" className="ml-1 text-tone">
              {counts.failed}✕
            </span>
          )}
        </span>
      )}
      {turns === null && row.attempts.length > 1 && (
        <span className="rounded-sm bg-active px-1 text-2xs text-ink-2 tabular">×{row.attempts.length}</span>
      )}
      {turns && <TurnPicker node={row.node} turns={turns} row={row} onTurn={onTurn} />}
    </span>
  );
}

function Shapes(props: LineProps & { rows: readonly Row[] }) {
  const { line, rows, tree, scale, until, overlay } = props;
  const isFolded = line.kind === "step" && line.row.items !== null && !line.unfolded && tree.maps.has(line.row);
  if (isFolded) return <ItemsActivity {...props} />;
  const others = line.kind === "step" ? (line.turns ?? []).filter((row) => row !== line.row) : [];
  return (
    <>
      {others.map((row) => (
        <StepBars
          key={row.key}
          row={row}
          version={row.version}
          scale={scale}
          until={endOf(row, until)}
          overlay={overlay}
          faint
        />
      ))}
      {rows.map((row) => (
        <StepBars
          key={row.key}
          row={row}
          version={row.version}
          scale={scale}
          until={endOf(row, until)}
          overlay={overlay}
        />
      ))}
    </>
  );
}

/** How much went on among the items of a folded map: of the newest moment, of which a moment shows what had been by then. */
function ItemsActivity({ line, tree: { whole }, scale, end, newest, moment }: LineProps) {
  const map = whole.byKey.get(line.row.key);
  const items = map && whole.maps.get(map);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest event stands for rows that changed in place
  const activity = useMemo(() => {
    const inside = items?.byNumber.flatMap((item) => (item ? [...rowsIn(item, whole)] : []));
    return activityOf(inside ?? [], scale, end, 200);
  }, [items, whole, newest, scale, end]);
  const after = moment === null ? 0 : 1 - scale.x(moment);
  return (
    <span className="absolute inset-0" style={after > 0 ? { clipPath: `inset(0 ${after * 100}% 0 0)` } : undefined}>
      <ActivityChart activity={activity} className="absolute inset-0 size-full pt-0.5" />
    </span>
  );
}

/** Ended rows do not change with time. */
function endOf(row: Row, until: number): number {
  const last = row.spans.at(-1);
  return last && last.to === null ? until : 0;
}

export function nameOf(line: Line): string {
  if (line.kind === "item") return `[${line.item.number}]`;
  if (line.turn) return words.turn(line.row.iteration);
  const { node, iteration } = line.row;
  const name = line.level === 1 ? node : node.slice(node.lastIndexOf("/") + 1);
  return line.turns || iteration === 1 ? name : `${name}#${iteration}`;
}

/** A step is said by its key, whatever it lies in. */
function labelOf(line: Line, status: StepStatus, took: { ms: number; open: boolean }): string {
  const { row } = line;
  const name = line.kind === "item" ? words.item(line.item.number) : line.turns ? row.node : row.key;
  return [
    name,
    texts.status[status],
    line.kind === "step" && line.turns && words.turns(line.turns.length),
    line.kind === "step" && line.counts && words.progress(line.counts),
    row.attempts.length > 1 && words.attempts(row.attempts.length),
    duration(took.ms, { whole: took.open }),
  ]
    .filter(Boolean)
    .join(", ");
}

function itemStatus(status: Row["status"], rows: readonly Row[], overlay: Overlay): StepStatus {
  return status === "scheduled" && rows.some(({ key }) => overlay.has(key)) ? "running" : status;
}

function tookOf(rows: readonly Row[], until: number): { ms: number; open: boolean } {
  const from = Math.min(...rows.map(({ startedAt }) => startedAt));
  const open = rows.some(({ endedAt }) => endedAt === null);
  const to = Math.max(...rows.map(({ startedAt, endedAt }) => endedAt ?? Math.max(startedAt, until)));
  return { ms: to - from, open };
}
