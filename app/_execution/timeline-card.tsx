"use client";
/** Exact numbers of the line under the pointer: when, how long, in what, and how much of the critical path it is. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { absoluteTime, duration } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { StatusIcon } from "../_ui/status";
import type { CriticalPath } from "./critical-path";
import { type Overlay, shownStatus } from "./step-overlay";
import { rowsIn, type StepTree } from "./step-tree";
import type { TimeScale } from "./time-scale";
import { barsOf, type DrawnBar } from "./timeline-bars";
import type { Line } from "./timeline-lines";
import type { Row, SpanKind } from "./timeline-model";
import { nameOf } from "./timeline-row";

const OPEN_AFTER_MS = 180;
const WIDTH = 272;
const FROM_POINTER = 14;

interface CardProps {
  /** Lines in it name themselves by `data-line`. */
  scroller: RefObject<HTMLDivElement | null>;
  plot: RefObject<HTMLDivElement | null>;
  lineAt: (index: number) => Line | undefined;
  tree: StepTree;
  scale: TimeScale;
  until: number;
  overlay: Overlay;
  path: CriticalPath | null;
}

interface Pointed {
  index: number;
  x: number;
  y: number;
  /** The instant under it; null: it is on the name. */
  at: number | null;
}

export function TimelineCard({ scroller, plot, lineAt, tree, scale, until, overlay, path }: CardProps) {
  const pointed = usePointed(scroller, plot, scale);
  const line = pointed && lineAt(pointed.index);
  if (!pointed || !line) return null;
  const rows = line.kind === "item" ? [...rowsIn(line.item, tree)] : [line.row];
  const bars = rows.flatMap((row) => barsOf(row, until, overlay));
  const from = Math.min(...rows.map(({ startedAt }) => startedAt));
  const ended = rows.every(({ endedAt }) => endedAt !== null)
    ? Math.max(...rows.map(({ endedAt }) => endedAt ?? 0))
    : null;
  const onPath = path ? rows.reduce((sum, { key }) => sum + (path.msByKey.get(key) ?? 0), 0) : 0;
  const under = pointed.at === null ? null : underPointer(rows, bars, pointed.at, scale);
  const left = Math.max(8, Math.min(pointed.x + FROM_POINTER, window.innerWidth - WIDTH - 8));
  const below = pointed.y < window.innerHeight / 2;
  return (
    <div
      aria-hidden
      data-card
      className="pointer-events-none fixed z-50 animate-fade rounded-lg bg-raised p-3 text-xs shadow-float"
      style={{
        width: WIDTH,
        left,
        ...(below ? { top: pointed.y + FROM_POINTER } : { bottom: window.innerHeight - pointed.y + FROM_POINTER }),
      }}
    >
      <p className="mb-2 flex items-center gap-2 font-medium">
        <StatusIcon status={line.kind === "item" ? line.status : shownStatus(line.row, overlay)} size={13} />
        <span className="truncate">{line.kind === "item" ? words.item(line.item.number) : nameOf(line)}</span>
        <span className="ml-auto shrink-0 font-normal text-ink-3">
          {texts.status[line.kind === "item" ? line.status : shownStatus(line.row, overlay)]}
        </span>
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 tabular [&_dd]:text-right [&_dt]:text-ink-3">
        <dt>{words.card.started}</dt>
        <dd title={absoluteTime(from)}>+{duration(from - scale.origin)}</dd>
        <dt>{words.card.duration}</dt>
        <dd>{duration((ended ?? until) - from, { whole: ended === null })}</dd>
        {totals(bars).map(({ name, ms }) => (
          <Total key={name} name={name} ms={ms} />
        ))}
        {rows.length === 1 && <Rounds row={rows[0]} />}
      </dl>
      {line.kind === "step" && line.counts && <p className="mt-2 text-ink-2">{words.progress(line.counts)}</p>}
      {under && <p className="mt-2 border-t pt-2 text-ink-2">{under}</p>}
      {path && onPath > 0 && <p className="mt-2 border-t pt-2 text-accent">{words.pathShare(onPath, path.totalMs)}</p>}
    </div>
  );
}

function Total({ name, ms }: { name: string; ms: number }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{duration(ms)}</dd>
    </>
  );
}

function Rounds({ row }: { row: Row | undefined }) {
  const rounds = row?.attempts.at(-1)?.round ?? null;
  if (rounds === null) return null;
  return (
    <>
      <dt>{words.card.rounds}</dt>
      <dd>{rounds}</dd>
    </>
  );
}

const KINDS: SpanKind[] = ["queued", "running", "backoff", "sleeping", "waiting"];

function totals(bars: readonly DrawnBar[]): { name: string; ms: number }[] {
  const sum = (chosen: readonly DrawnBar[]) => chosen.reduce((ms, { from, to }) => ms + to - from, 0);
  const kinds = KINDS.map((kind) => ({
    name: words.card[kind],
    bars: bars.filter((bar) => bar.kind === kind && !bar.undoing),
  }));
  return [...kinds, { name: words.card.undoing, bars: bars.filter(({ undoing }) => undoing) }].flatMap(
    ({ name, bars: chosen }) => (chosen.length > 0 ? [{ name, ms: sum(chosen) }] : []),
  );
}

/** What lies under the pointer, or near enough to be meant. */
function underPointer(rows: readonly Row[], bars: readonly DrawnBar[], at: number, scale: TimeScale): string | null {
  const near = (scale.to - scale.from) * 0.006;
  const bar =
    bars.findLast(({ from, to }) => at >= from && at <= to) ??
    bars.findLast(({ from, to }) => at >= from - near && at <= to + near);
  if (!bar) return null;
  const said = words.spans[bar.kind](bar.to - bar.from);
  const failed = rows
    .flatMap((row) => [...row.attempts, ...(row.compensation?.attempts ?? [])])
    .find(({ outcome, endedAt, error }) => outcome === "failed" && endedAt === bar.to && error !== null);
  const attempt = bar.attempt > 0 ? `${words.attempt(bar.attempt)}: ` : "";
  const error = failed?.error ? `, ${failed.error.code}` : "";
  return `${attempt}${bar.undoing ? words.undoing(said) : said}${error}`;
}

function usePointed(
  scroller: RefObject<HTMLDivElement | null>,
  plot: RefObject<HTMLDivElement | null>,
  scale: TimeScale,
): Pointed | null {
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const latest = useRef(scale);
  useEffect(() => {
    latest.current = scale;
  }, [scale]);
  useEffect(() => {
    const region = scroller.current;
    if (!region) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let open = false;
    const hide = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      open = false;
      setPointed(null);
    };
    const onMove = (event: PointerEvent) => {
      const line = event.target instanceof Element ? event.target.closest("[data-line]") : null;
      if (!line || event.pointerType !== "mouse" || event.buttons !== 0) return hide();
      const box = plot.current?.getBoundingClientRect();
      const share = box ? (event.clientX - box.left) / box.width : -1;
      const next = {
        index: Number(line.getAttribute("data-line")),
        x: event.clientX,
        y: event.clientY,
        at: share >= 0 && share <= 1 ? latest.current.at(share) : null,
      };
      if (open) return setPointed(next);
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        open = true;
        setPointed(next);
      }, OPEN_AFTER_MS);
    };
    region.addEventListener("pointermove", onMove);
    region.addEventListener("pointerleave", hide);
    region.addEventListener("pointerdown", hide);
    region.addEventListener("scroll", hide);
    return () => {
      if (timer !== null) clearTimeout(timer);
      region.removeEventListener("pointermove", onMove);
      region.removeEventListener("pointerleave", hide);
      region.removeEventListener("pointerdown", hide);
      region.removeEventListener("scroll", hide);
    };
  }, [scroller, plot]);
  return pointed;
}
