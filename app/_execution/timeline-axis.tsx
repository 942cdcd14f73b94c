"use client";
/** The axis: time since the start at round distances, and what was drawn short. */
import { duration, roundDuration } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { type TimeScale, ticks } from "./time-scale";

const percent = (x: number) => `${x * 100}%`;
const LABEL = { wide: 0.075, narrow: 0.24 };
const ticksFor = (scale: TimeScale, wide: boolean) => ticks(scale, wide ? 8 : 3, wide ? LABEL.wide : LABEL.narrow);

/** Ticks whose label has room: not at the end, not under the length of a shortened gap. */
function labelled(scale: TimeScale, wide: boolean) {
  const width = wide ? LABEL.wide : LABEL.narrow;
  const ends = [1, ...scale.pieces.filter((piece) => piece.short).map((piece) => piece.x)];
  return ticksFor(scale, wide).filter((tick) => ends.every((end) => tick.x >= end || tick.x + width * 0.75 < end));
}

const shortDuration = (ms: number) => duration(ms).split(" ").slice(0, 2).join(" ");

export function TimelineAxis({ scale, wide }: { scale: TimeScale; wide: boolean }) {
  const shown = labelled(scale, wide);
  return (
    <div aria-hidden className="relative h-full overflow-hidden text-2xs text-ink-3 tabular">
      {shown.map((tick) => (
        <span
          key={tick.ms}
          className="absolute top-1/2 -translate-y-1/2 pl-1.5 whitespace-nowrap"
          style={{ left: percent(tick.x) }}
        >
          {tick.ms === 0 ? "0" : roundDuration(tick.ms)}
        </span>
      ))}
      {scale.pieces
        .filter((piece) => piece.short)
        .map((piece) => (
          <span
            key={piece.from}
            title={texts.timeline.idle(piece.to - piece.from)}
            className="absolute inset-y-0 flex items-center justify-center overflow-hidden bg-canvas px-1 whitespace-nowrap text-ink-2"
            style={{ left: percent(piece.x), width: percent(piece.width) }}
          >
            {wide ? shortDuration(piece.to - piece.from) : "⋯"}
          </span>
        ))}
    </div>
  );
}

/** The lines behind the rows: ticks, shortened gaps, and now. */
export function TimelineGrid({ scale, wide, open }: { scale: TimeScale; wide: boolean; open: boolean }) {
  return (
    <div className="relative h-full overflow-hidden">
      {ticksFor(scale, wide).map((tick) => (
        <span key={tick.ms} className="absolute inset-y-0 border-l" style={{ left: percent(tick.x) }} />
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
    </div>
  );
}
