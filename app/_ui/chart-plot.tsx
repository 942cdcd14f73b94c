"use client";
/**
 * The drawing of a chart, loaded only where one is shown. Its colours are the tokens, read at each drawing; its height never
 * changes. The pointer or the arrow keys move the cursor of all charts with the same `sync`, a click or Enter opens a bucket.
 */
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { bucketTime, type ChartSeries, drawnSeries, isBar, STEPS, seriesAt, tickTime } from "./chart-model";
import "./chart-plot.css";
import { ChartTooltip } from "./chart-tooltip";

export interface PlotProps {
  /** Begins of the buckets, in epoch milliseconds. */
  at: readonly number[];
  bucketMs: number;
  series: readonly ChartSeries[];
  unit: keyof typeof STEPS;
  format: (value: number) => string;
  /** What is told of the whole, before the buckets. */
  label: string;
  sync: string;
  onOpen: (href: string) => void;
}

interface Cursor {
  bucket: number;
  left: number;
  width: number;
}

const AXIS_WIDTH = 48;

export default function ChartPlot(props: PlotProps) {
  const root = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const plot = usePlot(root, props, setCursor);
  const last = props.at.length - 1;
  const bucket = Math.min(cursor?.bucket ?? last, last);

  /** As the pointer would, so that the other charts follow. */
  function moveTo(next: number) {
    if (plot.current === null) return;
    const { over } = plot.current;
    const { left, top } = over.getBoundingClientRect();
    const clientX = left + plot.current.valToPos(middle(props, Math.min(last, Math.max(0, next))), "x");
    over.dispatchEvent(new MouseEvent("mousemove", { clientX, clientY: top + 1 }));
  }

  const leave = () => plot.current?.over.dispatchEvent(new MouseEvent("mouseleave"));

  function onKeyDown(event: KeyboardEvent) {
    const next = { ArrowLeft: bucket - 1, ArrowRight: bucket + 1, Home: 0, End: last }[event.key];
    if (next !== undefined) moveTo(cursor === null ? (event.key === "Home" ? 0 : last) : next);
    else if (event.key === "Escape") leave();
    else if (event.key === "Enter" && cursor !== null) open(Number.POSITIVE_INFINITY);
    else return;
    event.preventDefault();
  }

  function open(height: number) {
    const href = seriesAt(props.series, bucket, height)?.href?.(bucket);
    if (href !== undefined) props.onOpen(href);
  }

  return (
    <div className="relative">
      <div
        ref={root}
        role="slider"
        tabIndex={0}
        aria-label={props.label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.max(0, bucket)}
        aria-valuetext={told(props, bucket)}
        onKeyDown={onKeyDown}
        onBlur={leave}
        onClick={({ nativeEvent }) => {
          // A finger looks first: what it touched is told, and the numbers below have the links.
          if (cursor === null || (nativeEvent instanceof PointerEvent && nativeEvent.pointerType === "touch")) return;
          open(plot.current?.posToVal(plot.current.cursor.top ?? 0, "y") ?? 0);
        }}
        className="chart-plot h-40 rounded-sm"
      >
        {props.series.map(({ name, status }) => (
          <span key={name} data-tone={name} data-status={status} hidden />
        ))}
      </div>
      {cursor !== null && cursor.bucket <= last && (
        <ChartTooltip {...props} bucket={cursor.bucket} left={cursor.left} width={cursor.width} />
      )}
    </div>
  );
}

const middle = ({ at, bucketMs }: PlotProps, bucket: number) => (at[bucket] ?? 0) + bucketMs / 2;

function told({ at, bucketMs, series, format }: PlotProps, bucket: number): string {
  const values = series.map(({ name, values }) => {
    const value = values[bucket];
    return `${name} ${typeof value === "number" ? format(value) : "–"}`;
  });
  return [bucketTime(at[bucket] ?? 0, bucketMs), ...values].join(", ");
}

function dataOf(props: PlotProps): uPlot.AlignedData {
  const drawn = drawnSeries(props.series).map(({ values }) => [...values]);
  return [props.at.map((_, bucket) => middle(props, bucket)), ...drawn];
}

/** The drawing follows its data, the theme and the width of its place. */
function usePlot(
  root: RefObject<HTMLDivElement | null>,
  props: PlotProps,
  onCursor: (cursor: Cursor | null) => void,
): RefObject<uPlot | null> {
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
    plot.current?.setData(dataOf(props));
  }, [props]);
  const shape = props.series.map(({ name, kind, status }) => `${name} ${kind} ${status}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another shape is another drawing; all else is read when it is needed
  useEffect(() => {
    const place = root.current;
    if (place === null) return;
    const drawing = new uPlot(optionsOf(place, latest, onCursor), dataOf(latest.current), place);
    plot.current = drawing;
    const redraw = () => drawing.redraw(false);
    const resized = new ResizeObserver(() => drawing.setSize(sizeOf(place)));
    const themed = new MutationObserver(redraw);
    resized.observe(place);
    themed.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    void document.fonts.ready.then(() => plot.current === drawing && redraw());
    return () => {
      resized.disconnect();
      themed.disconnect();
      drawing.destroy();
      plot.current = null;
    };
  }, [shape]);
  return plot;
}

const sizeOf = (place: HTMLElement) => ({ width: place.clientWidth, height: place.clientHeight });

function optionsOf(
  place: HTMLElement,
  latest: RefObject<PlotProps>,
  onCursor: (cursor: Cursor | null) => void,
): uPlot.Options {
  const drawn = drawnSeries(latest.current.series);
  const token = (name: string) => getComputedStyle(place).getPropertyValue(name);
  const axis = {
    stroke: () => token("--ink-3"),
    font: `11px ${getComputedStyle(place).fontFamily}`,
    ticks: { show: false },
    gap: 6,
  };
  const { unit, sync } = latest.current;
  return {
    ...sizeOf(place),
    ms: 1,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key: sync, scales: ["x", null] },
      points: {
        show: (_, index) => (pointOf(drawn[index - 1]) ?? false) as HTMLElement,
        fill: (_, index) => toneOf(place, drawn[index - 1]),
      },
    },
    scales: {
      x: { range: () => spanOf(latest.current) },
      y: { range: (_, __, most) => [0, topOf(most, unit)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 24, space: 64, values: (_, ticks) => ticks.map(tickTime) },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 36,
        incrs: STEPS[unit],
        grid: { stroke: () => token("--line"), width: 1 },
        values: (_, ticks) => ticks.map((tick) => latest.current.format(tick)),
      },
    ],
    series: [{}, ...drawn.map((each) => styleOf(place, each))],
    hooks: {
      setCursor: [
        ({ cursor, over, valToPos, data }) => {
          const at = cursor.idx === null || cursor.idx === undefined ? undefined : data[0][cursor.idx];
          const isInside = at !== undefined && (cursor.left ?? -1) >= 0;
          if (!isInside) onCursor(null);
          else onCursor({ bucket: cursor.idx ?? 0, left: AXIS_WIDTH + valToPos(at, "x"), width: over.clientWidth });
        },
      ],
    },
  };
}

function spanOf({ at, bucketMs }: PlotProps): [number, number] {
  const [first = 0] = at;
  return [first, (at.at(-1) ?? first) + bucketMs];
}

/** What is small is not blown up: an axis of counts has room for 4, one of shares for 10 percent. */
function topOf(most: number | null, unit: PlotProps["unit"]): number {
  const least = { count: 4, duration: 10, percent: 10 }[unit];
  const top = Math.max(least, (most ?? 0) * 1.08);
  return unit === "percent" ? Math.min(100, top) : top;
}

function toneOf(place: HTMLElement, series: ChartSeries | undefined): string {
  const probe = place.querySelector(`[data-tone="${CSS.escape(series?.name ?? "")}"]`);
  return probe === null ? "" : getComputedStyle(probe).getPropertyValue("--tone-fill");
}

/** Lines have a point under the cursor, bars have none. */
function pointOf(series: ChartSeries | undefined): HTMLElement | null {
  if (series === undefined || isBar(series)) return null;
  const point = document.createElement("div");
  point.className = "u-cursor-pt -mt-[3.5px] -ml-[3.5px] size-[7px]";
  return point;
}

function styleOf(place: HTMLElement, series: ChartSeries): uPlot.Series {
  const tone = () => toneOf(place, series);
  if (!isBar(series))
    return {
      stroke: tone,
      width: 1.75,
      dash: series.kind === "dashed" ? [5, 3] : [],
      points: { size: 5, width: 0, fill: tone },
    };
  return {
    fill: series.kind === "hatched" ? ({ ctx }) => hatched(ctx, tone()) as unknown as string : tone,
    width: 0,
    paths: uPlot.paths.bars?.({ size: [0.72, 28], radius: 0.12 }),
    points: { show: false },
  };
}

/** As the hatched bars of the timeline: told apart without colour. */
function hatched(context: CanvasRenderingContext2D, tone: string): CanvasPattern | string {
  const side = 6 * devicePixelRatio;
  const tile = new OffscreenCanvas(side, side);
  const draw = tile.getContext("2d");
  if (draw === null) return tone;
  draw.fillStyle = tone;
  draw.globalAlpha = 0.45;
  draw.fillRect(0, 0, side, side);
  draw.globalAlpha = 1;
  draw.strokeStyle = tone;
  draw.lineWidth = side / 3;
  draw.beginPath();
  for (const from of [-side, 0, side]) {
    draw.moveTo(from, side);
    draw.lineTo(from + side, 0);
  }
  draw.stroke();
  return context.createPattern(tile, "repeat") ?? tone;
}
