"use client";
/** The time of steps as shapes: kinds differ in form as well as in colour, so that none is told by colour alone. */
import { memo } from "react";
import { texts } from "@/lib/client/texts";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { classNames } from "../_ui/class-names";
import type { Overlay } from "./step-overlay";
import { sees, type TimeScale } from "./time-scale";
import type { Row, Span, SpanKind } from "./timeline-model";

export interface DrawnBar {
  kind: SpanKind;
  from: number;
  to: number;
  tone: string;
  attempt: number;
  /** Of the compensation. */
  undoing: boolean;
}

const SHAPES: Record<SpanKind, string> = {
  queued: "top-3 h-1 bg-tone-fill/60",
  running: "top-2 h-3 bg-tone-fill",
  backoff: "top-[13px] h-0.5 hatched",
  sleeping: "top-[11px] h-1.5 hatched opacity-80",
  waiting: "top-[11px] h-1.5 hatched opacity-80",
};
/** Undoing is hollow. */
const UNDOING = "top-2 h-3 border-[1.5px] border-tone-fill bg-tone-tint";
/** Marks closer than this share of the width say nothing more. */
const APART = 0.004;

export const StepBars = memo(function StepBars(props: {
  row: Row;
  /** Of the row, which changes in place. */
  version: number;
  scale: TimeScale;
  /** The end of what is open. */
  until: number;
  overlay: Overlay;
  faint?: boolean;
}) {
  const { row, scale, until, overlay, faint = false } = props;
  const shown = barsOf(row, until, overlay).filter((bar) => sees(scale, bar));
  return (
    <span className={classNames("absolute inset-0", faint && "opacity-30")}>
      {shown.map((bar) => (
        <Bar key={`${bar.kind}${bar.from}${bar.tone}`} bar={bar} scale={scale} />
      ))}
      {marksOf(row, scale).map((mark) => (
        <Mark key={`${mark.shape}${mark.at}`} mark={mark} scale={scale} />
      ))}
    </span>
  );
});

/** The open span of an attempt becomes running from the moment a worker took it, as far as the page knows. */
export function barsOf(row: Row, until: number, overlay: Overlay): DrawnBar[] {
  const running = overlay.get(row.key);
  const undoneFrom = row.compensation?.attempts[0]?.scheduledAt ?? Number.POSITIVE_INFINITY;
  return row.spans.flatMap((span) => {
    const bar = { kind: span.kind, from: span.from, to: span.to ?? until, attempt: span.attempt };
    const undoing = span.from >= undoneFrom;
    if (span.to !== null || span.kind !== "queued" || !running)
      return [{ ...bar, tone: toneOf(span, undoing), undoing }];
    const taken = Math.min(bar.to, Math.max(span.from, running.since ?? span.from));
    return [
      { ...bar, to: taken, tone: "scheduled", undoing },
      { ...bar, kind: "running" as const, from: taken, tone: "running", undoing },
    ];
  });
}

function toneOf(span: Span, undoing: boolean): string {
  switch (span.kind) {
    case "queued":
      return span.outcome ?? "scheduled";
    case "running":
      return undoing && span.outcome !== "failed" ? "compensating" : (span.outcome ?? "running");
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
  const hollow = bar.undoing && bar.kind === "running";
  const least = bar.kind === "running" ? (hollow ? 6 : 3) : 1;
  return (
    <span
      data-status={bar.tone}
      data-span={hollow ? "undoing" : bar.kind}
      className={classNames("absolute rounded-[2px]", hollow ? UNDOING : SHAPES[bar.kind])}
      style={{ left: `min(${x * 100}%, 100% - ${least}px)`, width: `max(${least}px, ${width * 100}%)` }}
    />
  );
}

interface DrawnMark {
  at: number;
  tone: string;
  shape: "dot" | "diamond" | "tick";
  title: string;
}

/** A dot where an attempt failed, however short it was; a tick after each round of a poll; a diamond for a step that took no time. */
function marksOf(row: Row, scale: TimeScale): DrawnMark[] {
  let last = Number.NEGATIVE_INFINITY;
  return allMarks(row).filter(({ at }) => {
    if (!sees(scale, { from: at, to: at }) || scale.x(at) - last < APART) return false;
    last = scale.x(at);
    return true;
  });
}

function allMarks(row: Row): DrawnMark[] {
  if (row.spans.length === 0)
    return [{ at: row.startedAt, tone: row.status, shape: "diamond", title: texts.status[row.status] }];
  const marks: DrawnMark[] = [];
  for (const { endedAt, outcome, number, round, error } of [...row.attempts, ...(row.compensation?.attempts ?? [])]) {
    if (endedAt === null) continue;
    if (outcome === "failed")
      marks.push({
        at: endedAt,
        tone: "failed",
        shape: "dot",
        title: `${words.attempt(number)}: ${error?.code ?? ""}`,
      });
    else if (round !== null && outcome === "completed")
      marks.push({ at: endedAt, tone: "waiting", shape: "tick", title: words.round(round) });
  }
  return marks;
}

const MARKS: Record<DrawnMark["shape"], string> = {
  dot: "size-[7px] -translate-x-1/2 rounded-full bg-tone-fill ring-2 ring-canvas",
  diamond: "size-2 -translate-x-1/2 rotate-45 rounded-[1px] bg-tone-fill ring-2 ring-canvas",
  tick: "h-4 w-[3px] -translate-x-1/2 rounded-[1px] bg-tone-fill ring-1 ring-canvas",
};

function Mark({ mark: { at, tone, shape, title }, scale }: { mark: DrawnMark; scale: TimeScale }) {
  return (
    <span
      data-status={tone}
      title={title}
      className={classNames("absolute top-1/2 -translate-y-1/2", MARKS[shape])}
      style={{ left: `clamp(5px, ${scale.x(at) * 100}%, 100% - 5px)` }}
    />
  );
}
