"use client";
/** One step in both executions: how each ended, how long it took, in what they differ, and two bars on one scale. */
import { memo } from "react";
import { duration } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { compareTexts } from "@/lib/client/texts/compare";
import type { Row, Span } from "../_execution/timeline-model";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { lostMs, type StepPair } from "./compare-model";
import type { StepTime } from "./step-time";

const words = compareTexts;

export interface PairScale {
  /** When each began, in epoch milliseconds. */
  left: number;
  right: number;
  lengthMs: number;
}

/** Of the rows and of the line above them. */
export const PAIR_COLUMNS =
  "grid grid-cols-[minmax(140px,1.1fr)_84px_84px_80px_minmax(120px,1.4fr)] items-center gap-x-3";

export const PairRow = memo(function PairRow({
  pair,
  scale,
  wide,
  isSelected,
  position,
  count,
  onSelect,
}: {
  pair: StepPair;
  scale: PairScale;
  wide: boolean;
  isSelected: boolean;
  position: number;
  count: number;
  onSelect: (key: string) => void;
}) {
  const tags = pair.differences.map((name) => words.difference[name]).join(", ");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the list
    <div
      id={`pair-${pair.key}`}
      role="option"
      aria-selected={isSelected}
      aria-posinset={position}
      aria-setsize={count}
      aria-label={labelOf(pair, tags)}
      tabIndex={-1}
      onClick={() => onSelect(pair.key)}
      className={classNames(
        "h-full cursor-default border-b px-4 md:px-6",
        wide ? PAIR_COLUMNS : "flex flex-col justify-center gap-1",
        isSelected ? "bg-accent-tint" : "hover:bg-hover",
      )}
    >
      <span className="flex min-w-0 items-baseline gap-2">
        <span title={pair.key} className="max-w-full shrink-0 truncate">
          {pair.key}
        </span>
        {tags && (
          <span title={tags} data-status="retrying" className="min-w-0 truncate text-2xs text-tone">
            {tags}
          </span>
        )}
      </span>
      {wide ? (
        <>
          <Half row={pair.left} time={pair.leftTime} />
          <Half row={pair.right} time={pair.rightTime} />
          <Delta pair={pair} />
          <Bars pair={pair} scale={scale} />
        </>
      ) : (
        <span className="flex items-center gap-3">
          <Half row={pair.left} time={pair.leftTime} />
          <Half row={pair.right} time={pair.rightTime} />
          <span className="min-w-0 flex-1">
            <Bars pair={pair} scale={scale} />
          </span>
        </span>
      )}
    </div>
  );
});

function labelOf({ key, left, right }: StepPair, tags: string): string {
  const said = (row: Row | null) => (row === null ? words.list.missing : texts.status[row.status]);
  return `${key}, ${words.list.here}: ${said(left)}, ${words.list.there}: ${said(right)}${tags ? `, ${tags}` : ""}`;
}

function Half({ row, time }: { row: Row | null; time: StepTime | null }) {
  if (row === null) return <span className="text-2xs text-ink-3">{words.list.missing}</span>;
  return (
    <span className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-ink-2 tabular">
      <StatusIcon status={row.status} size={13} />
      {time && time.totalMs > 0 && duration(time.totalMs)}
    </span>
  );
}

function Delta({ pair }: { pair: StepPair }) {
  const ms = lostMs(pair);
  if (pair.leftTime === null || pair.rightTime === null || ms === 0) return <span />;
  return (
    <span
      data-status={pair.slower === "left" ? "timed_out" : "scheduled"}
      className={classNames(
        "text-right text-xs tabular",
        pair.slower === "left" ? "font-medium text-tone" : "text-ink-3",
      )}
    >
      {ms > 0 ? "+" : "−"}
      {duration(Math.abs(ms))}
    </span>
  );
}

function Bars({ pair, scale }: { pair: StepPair; scale: PairScale }) {
  return (
    <span aria-hidden className="relative block h-5">
      <Line row={pair.left} from={scale.left} lengthMs={scale.lengthMs} className="top-0.5" />
      <Line row={pair.right} from={scale.right} lengthMs={scale.lengthMs} className="top-3 opacity-70" />
    </span>
  );
}

const SHAPES: Record<Span["kind"], string> = {
  queued: "top-0.5 h-0.5 bg-tone-fill opacity-60",
  running: "top-0 h-1.5 rounded-xs bg-tone-fill",
  backoff: "top-0.5 h-0.5 hatched",
  sleeping: "top-0 h-1.5 hatched opacity-80",
  waiting: "top-0 h-1.5 hatched opacity-80",
};

function Line({
  row,
  from,
  lengthMs,
  className,
}: {
  row: Row | null;
  from: number;
  lengthMs: number;
  className: string;
}) {
  if (row === null) return null;
  const share = (ms: number) => `${Math.min(100, Math.max(0, (ms / lengthMs) * 100))}%`;
  return (
    <span className={classNames("absolute inset-x-0 h-1.5", className)}>
      {row.spans.map((span) => (
        <span
          key={`${span.kind}${span.from}`}
          data-status={toneOf(span, row)}
          className={classNames("absolute min-w-0.5", SHAPES[span.kind])}
          style={{ left: share(span.from - from), width: share((span.to ?? row.endedAt ?? span.from) - span.from) }}
        />
      ))}
    </span>
  );
}

function toneOf(span: Span, row: Row): string {
  if (span.kind === "queued") return "pending";
  if (span.kind === "backoff") return "retrying";
  return span.kind === "running" ? (span.outcome ?? row.status) : "waiting";
}
