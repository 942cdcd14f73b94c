/**
 * Where an instant lies on the timeline, from 0 to 1. Long gaps in which nothing ran can be drawn short, so that three
 * weeks of sleep do not press the work into one pixel; pure.
 */
import type { Gap } from "./timeline-model";

export interface Piece {
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /** 0 to 1. */
  x: number;
  width: number;
  /** Drawn shorter than its time: a gap. */
  short: boolean;
}

export interface TimeScale {
  from: number;
  to: number;
  pieces: Piece[];
  x(at: number): number;
}

/** Only a history that is idle for most of its time, not all of it, is shortened, and only gaps of at least this share of it. */
const MOSTLY_IDLE = 0.5;
const WORTH_SHORTENING = 0.05;
/** Of the width: a short gap, and all of them together. */
const SHORT_WIDTH = 0.09;
const SHORT_TOTAL = 0.33;
/** So that a history of one instant has a width. */
const LEAST_MS = 1;

/** @param shorten whether gaps are drawn short */
export function timeScale(from: number, until: number, gaps: readonly Gap[], shorten: boolean): TimeScale {
  const to = Math.max(until, from + LEAST_MS);
  const short = shorten ? longGaps(from, to, gaps) : [];
  const shortMs = short.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const each = Math.min(SHORT_WIDTH, SHORT_TOTAL / Math.max(1, short.length));
  const perMs = (1 - each * short.length) / Math.max(LEAST_MS, to - from - shortMs);
  const pieces: Piece[] = [];
  let x = 0;
  const add = (pieceFrom: number, pieceTo: number, isShort: boolean) => {
    if (pieceTo <= pieceFrom) return;
    const width = isShort ? each : (pieceTo - pieceFrom) * perMs;
    pieces.push({ from: pieceFrom, to: pieceTo, x, width, short: isShort });
    x += width;
  };
  let at = from;
  for (const gap of short) {
    add(at, gap.from, false);
    add(gap.from, gap.to, true);
    at = gap.to;
  }
  add(at, to, false);
  return { from, to, pieces, x: (instant) => position(pieces, instant) };
}

function longGaps(from: number, to: number, gaps: readonly Gap[]): { from: number; to: number }[] {
  const within = gaps
    .map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to ?? to) }))
    .filter((gap) => gap.to - gap.from > (to - from) * WORTH_SHORTENING);
  const idleMs = within.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const busyMs = to - from - idleMs;
  return idleMs > (to - from) * MOSTLY_IDLE && busyMs >= LEAST_MS ? within : [];
}

function position(pieces: readonly Piece[], at: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.to ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low];
  if (!piece) return 0;
  const share = (at - piece.from) / (piece.to - piece.from);
  return piece.x + piece.width * Math.min(1, Math.max(0, share));
}

export interface Tick {
  /** Milliseconds since the start. */
  ms: number;
  x: number;
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** Round times since the start, about `wanted` of them, none inside a short piece, no two closer than `apart` (0 to 1). */
export function ticks(scale: TimeScale, wanted: number, apart: number): Tick[] {
  const long = scale.pieces.filter((piece) => !piece.short);
  const shownMs = long.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  const widthShown = long.reduce((sum, piece) => sum + piece.width, 0);
  const roughMs = shownMs / Math.max(1, wanted * widthShown);
  const stepMs = STEPS_MS.find((step) => step >= roughMs) ?? Math.ceil(roughMs / 604_800_000) * 604_800_000;
  const found: Tick[] = [];
  for (const piece of long) {
    const first = Math.ceil((piece.from - scale.from) / stepMs) * stepMs;
    for (let ms = first; ms <= piece.to - scale.from; ms += stepMs) {
      const x = scale.x(scale.from + ms);
      if (found.length === 0 || x - (found.at(-1)?.x ?? 0) >= apart) found.push({ ms, x });
    }
  }
  return found;
}
