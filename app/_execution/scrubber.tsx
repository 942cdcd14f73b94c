"use client";
/**
 * The history as one line, an equal width for each event, on which one chooses a moment: by pointer, by touch, or by keys as
 * in every slider. What one looks for is marked on it: failures, retries, decisions and waits, each of its own shape.
 */
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useRef, useState } from "react";
import { sentenceText } from "@/lib/client/event-sentences";
import { clockTime } from "@/lib/client/format";
import { momentTexts as words } from "@/lib/client/texts/moment";
import { classNames } from "../_ui/class-names";
import type { Snapshot } from "./execution-feed";
import { type Bucket, bucketsOf, type MarkKind, type Marks } from "./moment-marks";
import { type MomentControl, momentText } from "./use-moment";

/** Marks closer than this share of the line are one. */
const PARTS = 160;
/** Page up and down move by this share of the history. */
const PAGES = 20;

export function Scrubber({ control, live, marks }: { control: MomentControl; live: Snapshot; marks: Marks }) {
  const { at, newest, moveTo } = control;
  const line = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for marks that were added in place
  const buckets = useMemo(() => bucketsOf(marks, newest, PARTS), [marks, newest, live.version]);
  const share = shareOf(at ?? newest, newest);

  function under({ clientX }: PointerEvent): number {
    const { left, width } = line.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return 1 + Math.round(Math.min(1, Math.max(0, (clientX - left) / width)) * (newest - 1));
  }
  function onPointerMove(event: PointerEvent) {
    const sequence = under(event);
    setPointed(sequence);
    if (event.buttons & 1) moveTo(sequence);
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={words.label}
      aria-valuemin={1}
      aria-valuemax={Math.max(1, newest)}
      aria-valuenow={Math.max(1, at ?? newest)}
      aria-valuetext={momentText(live, newest, at)}
      aria-disabled={newest < 2 || undefined}
      onKeyDown={(event) => moveByKey(event, control)}
      onPointerDown={(event) => {
        if (event.button !== 0 || newest < 2) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(under(event));
      }}
      onPointerMove={onPointerMove}
      onPointerLeave={() => setPointed(null)}
      onPointerUp={(event) => event.pointerType !== "mouse" && setPointed(null)}
      className="group relative h-full min-w-0 flex-1 cursor-pointer touch-none rounded-sm px-1.5 select-none"
    >
      <div ref={line} className="relative h-full">
        <span className="absolute inset-x-0 top-1/2 h-0.5 -translate-y-1/2 rounded-full bg-line-strong" />
        <span
          className={classNames(
            "absolute top-1/2 left-0 h-0.5 -translate-y-1/2 rounded-full",
            at === null ? "bg-ink-3" : "bg-accent",
          )}
          style={{ width: `${share * 100}%` }}
        />
        <MarkLayer buckets={buckets} newest={newest} />
        <span
          className={classNames(
            "absolute top-1/2 size-3 -translate-x-1/2 -translate-y-1/2 rounded-full ring-2 ring-canvas",
            at === null ? "bg-ink-3 group-hover:bg-ink" : "bg-accent",
          )}
          style={{ left: `${share * 100}%` }}
        />
        {pointed !== null && <Preview live={live} sequence={pointed} newest={newest} />}
      </div>
    </div>
  );
}

/** Where an event lies on the line: the first at its begin, the newest at its end. */
function shareOf(sequence: number, newest: number): number {
  return newest > 1 ? (sequence - 1) / (newest - 1) : 1;
}

function moveByKey(event: KeyboardEvent, control: MomentControl) {
  const { at, newest, moveTo, moveBy, moveToMark, toNow } = control;
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const page = Math.max(10, Math.round(newest / PAGES));
  const step = (direction: 1 | -1) => () => (event.shiftKey ? moveToMark(direction) : moveBy(direction));
  const act = {
    ArrowLeft: step(-1),
    ArrowDown: step(-1),
    ArrowRight: step(1),
    ArrowUp: step(1),
    PageDown: () => moveBy(-page),
    PageUp: () => moveBy(page),
    Home: () => moveTo(1),
    End: toNow,
    Escape: at === null ? undefined : toNow,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

const SHAPES: Record<MarkKind, string> = {
  failed: "h-4 w-[3px] rounded-full bg-tone-fill",
  retrying: "h-2.5 w-[3px] rounded-full bg-tone-fill",
  decided: "size-[5px] rotate-45 bg-tone-fill",
  waiting: "h-1.5 w-[3px] rounded-full bg-tone-fill",
};
const TONES: Record<MarkKind, string> = {
  failed: "failed",
  retrying: "retrying",
  decided: "running",
  waiting: "waiting",
};

const MarkLayer = memo(function MarkLayer({ buckets, newest }: { buckets: readonly Bucket[]; newest: number }) {
  return buckets.map(({ at, kind, share }) => (
    <span
      key={at}
      data-status={TONES[kind]}
      className={classNames("absolute top-1/2 -translate-x-1/2 -translate-y-1/2", SHAPES[kind])}
      style={{ left: `${shareOf(at, newest) * 100}%`, opacity: 0.45 + 0.55 * Math.min(1, share * 3) }}
    />
  ));
});

/** What a press would show. */
function Preview({ live, sequence, newest }: { live: Snapshot; sequence: number; newest: number }) {
  const event = live.events[sequence - 1];
  const share = shareOf(sequence, newest);
  if (!event) return null;
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute bottom-[calc(100%-4px)] z-30 flex w-max max-w-80 items-baseline gap-2 rounded-md bg-raised px-2 py-1 text-xs shadow-float"
      style={{ left: `${share * 100}%`, transform: `translateX(-${share * 100}%)` }}
    >
      <span className="shrink-0 text-2xs text-ink-3 tabular">{sequence}</span>
      <span className="min-w-0 truncate">{sentenceText(event)}</span>
      <span className="shrink-0 font-mono text-2xs text-ink-3 tabular">{clockTime(event.at)}</span>
    </span>
  );
}
