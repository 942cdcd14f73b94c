"use client";
/** The axis: elapsed or clock time at round distances, and the gaps, each of which can be drawn short or to scale. */
import { ChevronsLeftRight, ChevronsRightLeft } from "lucide-react";
import type { RefObject } from "react";
import { clockTime, duration, roundDuration } from "@/lib/client/format";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import { type Stretch, sees, type Tick, type TimeScale, ticks } from "./time-scale";
import { Drawn } from "./timeline-overview";
import { type Drag, useDrag } from "./use-drag";

const percent = (x: number) => `${x * 100}%`;
const LABEL = { wide: 0.075, narrow: 0.24 };
const HOUR_MS = 3_600_000;
const CLOCK_LABEL = { wide: 0.11, narrow: 0.34 };

interface Look {
  scale: TimeScale;
  wide: boolean;
  clock: boolean;
}

function labelWidth({ scale, wide, clock }: Look): number {
  return (clock || scale.to - scale.origin >= HOUR_MS ? CLOCK_LABEL : LABEL)[wide ? "wide" : "narrow"];
}

function ticksFor(look: Look): Tick[] {
  const wanted = look.wide ? 8 : 3;
  if (!look.clock) return ticks(look.scale, wanted, labelWidth(look));
  const midnight = new Date(look.scale.from).setHours(0, 0, 0, 0);
  return ticks(look.scale, wanted, labelWidth(look), midnight);
}

/** Ticks whose label has room: not at the end, not under the length of a shortened gap, nor under the button of another. */
function labelled(look: Look, gaps: readonly Stretch[]): Tick[] {
  const width = labelWidth(look);
  const { scale } = look;
  const ends = [
    1,
    ...scale.pieces.filter((piece) => piece.short).map((piece) => piece.x),
    ...gaps.map((gap) => middle(scale, gap)),
  ];
  return ticksFor(look).filter((tick) => ends.every((end) => tick.x >= end || tick.x + width * 0.75 < end));
}

function middle(scale: TimeScale, { from, to }: Stretch): number {
  return (scale.x(from) + scale.x(to)) / 2 - 0.015;
}

function textOf(at: number, { scale, clock }: Look): string {
  if (clock) return clockTime(at, { ms: scale.to - scale.from < 10_000 });
  const elapsed = at - scale.origin;
  return elapsed >= HOUR_MS && elapsed % HOUR_MS !== 0 ? exact(elapsed) : elapsed === 0 ? "0" : roundDuration(elapsed);
}

interface AxisProps extends Look {
  /** Gaps that can be drawn short, whether they are or not. */
  gaps: readonly Stretch[];
  onGap: (gap: Stretch) => void;
  plot: RefObject<HTMLDivElement | null>;
  onBrush: (drag: Drag) => void;
  onReset: () => void;
}

export function TimelineAxis({ gaps, onGap, plot, onBrush, onReset, ...look }: AxisProps) {
  const { scale, wide } = look;
  const [drag, begin] = useDrag({ over: plot, onEnd: onBrush });
  const seen = gaps.filter((gap) => sees(scale, gap));
  const shortOf = (gap: Stretch) =>
    scale.pieces.find((piece) => piece.short && piece.to > gap.from && piece.from < gap.to);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys zoom where the focus is, in the tree
    <div
      ref={plot}
      role="presentation"
      onPointerDown={begin}
      onDoubleClick={onReset}
      className="relative h-full cursor-col-resize touch-none overflow-hidden text-2xs text-ink-3 tabular select-none"
    >
      {labelled(
        look,
        seen.filter((gap) => !shortOf(gap)),
      ).map((tick) => (
        <span
          key={tick.at}
          aria-hidden
          className="absolute top-1/2 -translate-y-1/2 pl-1.5 whitespace-nowrap"
          style={{ left: percent(tick.x) }}
        >
          {textOf(tick.at, look)}
        </span>
      ))}
      {seen.map((gap) => {
        const short = shortOf(gap);
        const x = scale.x(gap.from);
        const name = short ? words.lengthenOne(gap.to - gap.from) : words.shortenOne(gap.to - gap.from);
        return (
          <button
            key={gap.from}
            type="button"
            aria-label={name}
            aria-pressed={short !== undefined}
            title={name}
            onPointerDown={(event) => event.stopPropagation()}
            onDoubleClick={(event) => event.stopPropagation()}
            onClick={() => onGap(gap)}
            className={
              short
                ? "absolute inset-y-0 flex items-center justify-center gap-1 overflow-hidden bg-canvas px-1 whitespace-nowrap text-ink-2 focus-inset hover:bg-hover hover:text-ink"
                : "absolute top-1/2 inline-flex size-5 -translate-x-1/2 -translate-y-1/2 items-center justify-center rounded-sm border bg-canvas text-ink-3 focus-inset hover:bg-hover hover:text-ink"
            }
            style={
              short
                ? { left: percent(short.x), width: percent(short.width) }
                : { left: percent(x + (scale.x(gap.to) - x) / 2) }
            }
          >
            {short ? (
              <>
                <span>{wide ? shortDuration(gap.to - gap.from) : "⋯"}</span>
                {wide && <ChevronsLeftRight aria-hidden size={10} className="shrink-0 text-ink-3" />}
              </>
            ) : (
              <ChevronsRightLeft aria-hidden size={11} />
            )}
          </button>
        );
      })}
      {drag && <Drawn {...drag} />}
    </div>
  );
}

/** `1 d 00:00:15`: two units would not tell it from its neighbours. */
function exact(elapsedMs: number): string {
  const seconds = Math.floor(elapsedMs / 1000);
  const days = Math.floor(seconds / 86_400);
  const clock = [(seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60];
  const text = clock.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  return days > 0 ? `${days} d ${text}` : text;
}

const shortDuration = (ms: number) => duration(ms).split(" ").slice(0, 2).join(" ");

/** The lines behind the rows: ticks, shortened gaps, and now, or the moment that is shown. */
export function TimelineGrid({ open, moment, ...look }: Look & { open: boolean; moment: number | null }) {
  const { scale } = look;
  return (
    <div className="relative h-full overflow-hidden">
      {ticksFor(look).map((tick) => (
        <span key={tick.at} className="absolute inset-y-0 border-l" style={{ left: percent(tick.x) }} />
      ))}
      {scale.pieces
        .filter((piece) => piece.short)
        .map((piece) => (
          <span
            key={piece.from}
            className="absolute inset-y-0 border-x border-dashed bg-sunken"
            style={{ left: percent(piece.x), width: percent(piece.width) }}
          />
        ))}
      {open && <span data-status="running" className="absolute inset-y-0 right-0 border-r border-tone-fill" />}
      {moment !== null && sees(scale, { from: moment, to: moment }) && (
        <span
          data-moment
          className="absolute inset-y-0 -ml-px border-l border-accent"
          style={{ left: percent(scale.x(moment)) }}
        />
      )}
    </div>
  );
}
