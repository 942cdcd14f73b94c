"use client";
/** One step on the timeline: its name and state, and its time in four kinds that differ in shape as well as in colour. */
import { memo } from "react";
import { duration } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { type Running, shownStatus } from "./step-overlay";
import type { TimeScale } from "./time-scale";
import type { Row, Span, SpanKind } from "./timeline-model";

const words = texts.timeline;

interface RowProps {
  row: Row;
  /** Of the row, which changes in place. */
  version: number;
  scale: TimeScale;
  /** The end of what is open; null for ended rows, which do not change with time. */
  now: number | null;
  running: Running | undefined;
  selected: boolean;
  onSelect: (key: string | null) => void;
  columns: string;
  position: number;
  count: number;
}

export const TimelineRow = memo(function TimelineRow(props: RowProps) {
  const { row, scale, now, running, selected, onSelect, columns, position, count } = props;
  const status = running ? shownStatus(row, new Map([[row.key, running]])) : row.status;
  const end = row.endedAt ?? now ?? row.startedAt;
  const took = duration(end - row.startedAt, { whole: row.endedAt === null });
  const dim = status === "skipped" || status === "pending";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled where the focus is, in the list
    <div
      id={`step-${row.key}`}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={count}
      aria-label={`${row.key}, ${texts.status[status]}${row.attempts.length > 1 ? `, ${texts.graph.attempts(row.attempts.length)}` : ""}, ${took}`}
      onClick={() => onSelect(selected ? null : row.key)}
      className={classNames("grid h-full items-center", selected ? "bg-accent-tint/70" : "hover:bg-hover/60")}
      style={{ gridTemplateColumns: columns }}
    >
      <span className="flex min-w-0 items-center gap-2 pr-2 pl-4 md:pl-6">
        <StatusIcon status={status} size={13} />
        <span className={classNames("truncate text-xs", dim ? "text-ink-3" : "text-ink")}>{row.key}</span>
        {row.attempts.length > 1 && (
          <span className="shrink-0 rounded-sm bg-active px-1 text-2xs text-ink-2 tabular">×{row.attempts.length}</span>
        )}
      </span>
      <span className="relative h-full min-w-0 overflow-hidden">
        {bars(row, now, running).map((bar) => (
          <Bar key={`${bar.kind}${bar.from}`} bar={bar} scale={scale} />
        ))}
        {marks(row).map((mark) => (
          <Mark key={mark.at} {...mark} scale={scale} />
        ))}
      </span>
      <span className="pr-3 text-right text-2xs whitespace-nowrap text-ink-3 tabular md:pr-4">
        {row.spans.length > 0 ? took : dim ? texts.status[status] : ""}
      </span>
    </div>
  );
});

interface DrawnBar {
  kind: SpanKind;
  from: number;
  to: number;
  tone: string;
}

const SHAPES: Record<SpanKind, string> = {
  queued: "top-3 h-1 bg-tone-fill/60",
  running: "top-2 h-3 bg-tone-fill",
  backoff: "top-[13px] h-0.5 hatched",
  sleeping: "top-[11px] h-1.5 hatched opacity-80",
  waiting: "top-[11px] h-1.5 hatched opacity-80",
};

/** The open span of an attempt becomes running from the moment a worker took it, as far as the page knows. */
function bars(row: Row, now: number | null, running: Running | undefined): DrawnBar[] {
  return row.spans.flatMap((span) => {
    const to = span.to ?? now ?? span.from;
    if (span.to !== null || span.kind !== "queued" || !running)
      return [{ kind: span.kind, from: span.from, to, tone: toneOf(span) }];
    const taken = Math.min(to, Math.max(span.from, running.since ?? span.from));
    return [
      { kind: "queued" as const, from: span.from, to: taken, tone: "scheduled" },
      { kind: "running" as const, from: taken, to, tone: "running" },
    ];
  });
}

function toneOf(span: Span): string {
  switch (span.kind) {
    case "queued":
      return span.outcome ?? "scheduled";
    case "running":
      return span.outcome ?? "running";
    case "backoff":
      return "retrying";
    case "sleeping":
    case "waiting":
      return "waiting";
  }
}

function Bar({ bar, scale }: { bar: DrawnBar; scale: TimeScale }) {
  const x = scale.x(bar.from);
  const width = scale.x(bar.to) - x;
  return (
    <span
      data-status={bar.tone}
      title={words.spans[bar.kind](bar.to - bar.from)}
      className={classNames("absolute rounded-[2px]", SHAPES[bar.kind])}
      style={{ left: `${x * 100}%`, width: `max(${bar.kind === "running" ? 3 : 1}px, ${width * 100}%)` }}
    />
  );
}

interface DrawnMark {
  at: number;
  tone: string;
  shape: "dot" | "diamond";
  title: string;
}

/** A dot where an attempt failed, however short it was; a diamond for a step that took no time. */
function marks(row: Row): DrawnMark[] {
  if (row.spans.length === 0)
    return [{ at: row.startedAt, tone: row.status, shape: "diamond", title: texts.status[row.status] }];
  return row.attempts.flatMap((attempt) =>
    attempt.outcome === "failed" && attempt.endedAt !== null
      ? [
          {
            at: attempt.endedAt,
            tone: "failed",
            shape: "dot" as const,
            title: `${words.attempt(attempt.number)}: ${attempt.error?.code ?? ""}`,
          },
        ]
      : [],
  );
}

function Mark({ at, tone, shape, title, scale }: DrawnMark & { scale: TimeScale }) {
  return (
    <span
      data-status={tone}
      title={title}
      className={classNames(
        "absolute top-1/2 -translate-x-1/2 -translate-y-1/2 bg-tone-fill ring-2 ring-canvas",
        shape === "dot" ? "size-[7px] rounded-full" : "size-2 rotate-45 rounded-[1px]",
      )}
      style={{ left: `clamp(5px, ${scale.x(at) * 100}%, 100% - 5px)` }}
    />
  );
}
