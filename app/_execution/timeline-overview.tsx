"use client";
/** The whole duration in one strip: how much went on when, where attempts failed, and the window that is shown, which can be moved. */
import { type KeyboardEvent, memo, useMemo, useRef } from "react";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { type Activity, activityOf } from "./activity";
import type { Stretch, TimeScale } from "./time-scale";
import type { Row } from "./timeline-model";
import { useDrag } from "./use-drag";
import { moveBy, windowBetween } from "./zoom-window";

const COLUMNS = 160;
/** An arrow key moves an edge so far. */
const STEP = 0.01;

interface OverviewProps {
  rows: readonly Row[];
  /** Of the rows, which change in place. */
  version: number;
  /** Of the whole. */
  scale: TimeScale;
  /** What comes after it lies behind a veil; null: now. */
  moment: number | null;
  window: Stretch | null;
  onWindow: (window: Stretch | null) => void;
}

export function TimelineOverview({ rows, version, scale, moment, window, onWindow }: OverviewProps) {
  const strip = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that grew in place
  const activity = useMemo(() => activityOf(rows, scale, scale.to, COLUMNS), [rows, version, scale]);
  const [drawn, beginDraw] = useDrag({
    over: strip,
    onEnd: ({ from, to }) => onWindow(windowBetween(scale, from, to)),
  });
  const left = window ? scale.x(window.from) : 0;
  const right = window ? scale.x(window.to) : 1;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the window in it has keys, and the tree below zooms by keys
    <div
      ref={strip}
      role="presentation"
      title={words.brushHint}
      onPointerDown={beginDraw}
      onDoubleClick={() => onWindow(null)}
      className="relative h-full touch-none overflow-hidden select-none"
    >
      <ActivityChart activity={activity} className="absolute inset-0 size-full" />
      {moment !== null && (
        <span
          aria-hidden
          className="absolute inset-y-0 right-0 border-l border-accent bg-canvas/75"
          style={{ left: percent(scale.x(moment)) }}
        />
      )}
      {window && (
        <>
          <span aria-hidden className="absolute inset-y-0 left-0 bg-canvas/70" style={{ width: percent(left) }} />
          <span aria-hidden className="absolute inset-y-0 right-0 bg-canvas/70" style={{ width: percent(1 - right) }} />
          <Window strip={strip} scale={scale} window={window} left={left} right={right} onWindow={onWindow} />
        </>
      )}
      {drawn && <Drawn from={drawn.from} to={drawn.to} />}
    </div>
  );
}

/** What is being dragged over. */
export function Drawn({ from, to }: { from: number; to: number }) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/15"
      style={{ left: percent(Math.min(from, to)), width: percent(Math.abs(to - from)) }}
    />
  );
}

interface WindowProps {
  strip: React.RefObject<HTMLDivElement | null>;
  scale: TimeScale;
  window: Stretch;
  left: number;
  right: number;
  onWindow: (window: Stretch | null) => void;
}

function Window({ strip, scale, window, left, right, onWindow }: WindowProps) {
  const began = useRef(window);
  const [, beginMove] = useDrag({
    over: strip,
    onMove: ({ from, to }) => onWindow(moveBy(scale, began.current, (to - from) / (right - left))),
  });
  const [, beginFrom] = useDrag({ over: strip, onMove: ({ to }) => onWindow(windowBetween(scale, to, right)) });
  const [, beginTo] = useDrag({ over: strip, onMove: ({ to }) => onWindow(windowBetween(scale, left, to)) });
  const said = words.windowText(window.from - scale.origin, window.to - scale.origin);
  const slide = (event: KeyboardEvent, move: (by: number) => Stretch | null) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onWindow(move(event.shiftKey ? by * 10 : by));
  };
  const parts = [
    {
      name: words.windowMove,
      at: (left + right) / 2,
      place: { left: percent(left), width: percent(right - left) },
      shape: "inset-y-0 cursor-grab active:cursor-grabbing border-x border-accent",
      begin: (event: React.PointerEvent) => {
        began.current = window;
        beginMove(event);
      },
      move: (by: number) => moveBy(scale, window, by / (right - left)),
    },
    {
      name: words.windowFrom,
      at: left,
      place: { left: percent(left) },
      shape: EDGE,
      begin: beginFrom,
      move: (by: number) => windowBetween(scale, Math.min(left + by, right - STEP / 10), right),
    },
    {
      name: words.windowTo,
      at: right,
      place: { left: percent(right) },
      shape: EDGE,
      begin: beginTo,
      move: (by: number) => windowBetween(scale, left, Math.max(right + by, left + STEP / 10)),
    },
  ];
  return parts.map(({ name, at, place, shape, begin, move }) => (
    <span
      key={name}
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={said}
      onPointerDown={(event) => {
        event.stopPropagation();
        begin(event);
      }}
      onKeyDown={(event) => slide(event, move)}
      className={`absolute focus-inset ${shape}`}
      style={place}
    />
  ));
}

const EDGE =
  "inset-y-0 w-3 -translate-x-1/2 cursor-ew-resize before:absolute before:inset-y-1.5 before:left-1/2 before:w-1 before:-translate-x-1/2 before:rounded-full before:bg-accent";

/** Columns that rise from the ground: what was queued or ran, on it what waited, and a dot where an attempt failed. */
export const ActivityChart = memo(function ActivityChart({
  activity,
  className,
}: {
  activity: Activity;
  className: string;
}) {
  const { busy, waiting, failures, most } = activity;
  const height = (value: number) => (value < 1e-6 ? 0 : Math.max(2, (value / most) * 20));
  return (
    <svg aria-hidden viewBox={`0 0 ${busy.length} 24`} preserveAspectRatio="none" className={className}>
      <path
        data-status="waiting"
        className="fill-tone-fill/35"
        d={area(waiting.map((value, at) => height(value + (busy[at] ?? 0))))}
      />
      <path data-status="running" className="fill-tone-fill/60" d={area(busy.map(height))} />
      {failures.map((at) => (
        <rect key={at} data-status="failed" className="fill-tone-fill" x={at} y={0} width={1} height={3.5} />
      ))}
    </svg>
  );
});

/** Steps of those heights over a ground at 24. */
function area(heights: readonly number[]): string {
  const steps = heights.map((height, at) => `V${(24 - height).toFixed(1)}H${at + 1}`);
  return `M0 24${steps.join("")}V24Z`;
}

const percent = (x: number) => `${x * 100}%`;
