/**
 * Where an instant lies on the timeline, from 0 to 1, and back. Long gaps in which nothing ran can be drawn short, so that
 * three weeks of sleep do not press the work into one pixel, and a window of the whole can fill the width; pure.
 */
import type { Gap } from "./timeline-model";

/** Epoch milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Piece extends Stretch {
  /** 0 to 1. */
  x: number;
  width: number;
  /** Drawn shorter than its time: a gap. */
  short: boolean;
}

export interface TimeScale extends Stretch {
  /** The start of the execution, from which elapsed time counts. */
  origin: number;
  pieces: Piece[];
  /** Instants outside lie on the nearer end. */
  x(at: number): number;
  at(x: number): number;
}

/** Only gaps of at least this share of the whole can be drawn short, and by themselves only where all are most of it. */
const WORTH_SHORTENING = 0.05;
const MOSTLY_IDLE = 0.5;
/** Of the width: a short gap, and all of them together. */
const SHORT_WIDTH = 0.09;
const SHORT_TOTAL = 0.33;
/** So that a history of one instant has a width. */
const LEAST_MS = 1;

interface IdleGaps {
  /** Those that are worth to be drawn short. */
  long: Stretch[];
  /** The history is idle for most of its time, not all of it. */
  mostlyIdle: boolean;
}

export function idleGaps(from: number, until: number, gaps: readonly Gap[]): IdleGaps {
  const to = Math.max(until, from + LEAST_MS);
  const long = gaps
    .map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to ?? to) }))
    .filter((gap) => gap.to - gap.from > (to - from) * WORTH_SHORTENING);
  const idleMs = sum(long);
  return { long, mostlyIdle: idleMs > (to - from) * MOSTLY_IDLE && to - from - idleMs >= LEAST_MS };
}

/** @param short what is drawn short; nothing is where that would leave nothing else */
export function timeScale(from: number, until: number, short: readonly Stretch[]): TimeScale {
  const to = Math.max(until, from + LEAST_MS);
  const busyMs = to - from - sum(short);
  const folded = busyMs >= LEAST_MS ? short : [];
  const each = Math.min(SHORT_WIDTH, SHORT_TOTAL / Math.max(1, folded.length));
  const perMs = (1 - each * folded.length) / (folded.length > 0 ? busyMs : to - from);
  const pieces: Piece[] = [];
  let x = 0;
  const add = (pieceFrom: number, pieceTo: number, isShort: boolean) => {
    if (pieceTo <= pieceFrom) return;
    const width = isShort ? each : (pieceTo - pieceFrom) * perMs;
    pieces.push({ from: pieceFrom, to: pieceTo, x, width, short: isShort });
    x += width;
  };
  let at = from;
  for (const gap of folded) {
    add(at, gap.from, false);
    add(gap.from, gap.to, true);
    at = gap.to;
  }
  add(at, to, false);
  return scaleOf(from, to, from, pieces);
}

/** The part of it between two instants, over the whole width. */
export function zoomed(scale: TimeScale, window: Stretch | null): TimeScale {
  if (window === null) return scale;
  const left = scale.x(window.from);
  const width = scale.x(window.to) - left;
  if (width <= 0) return scale;
  const pieces = scale.pieces.flatMap((piece) => {
    const from = Math.max(piece.from, window.from);
    const to = Math.min(piece.to, window.to);
    if (to <= from) return [];
    const x = (scale.x(from) - left) / width;
    return [{ ...piece, from, to, x, width: (scale.x(to) - left) / width - x }];
  });
  return scaleOf(window.from, window.to, scale.origin, pieces);
}

/** Whether anything of a stretch is in view. */
export function sees({ from, to }: Stretch, stretch: Stretch): boolean {
  return stretch.to >= from && stretch.from <= to;
}

function scaleOf(from: number, to: number, origin: number, pieces: Piece[]): TimeScale {
  return { from, to, origin, pieces, x: (at) => positionOf(pieces, at), at: (x) => instantAt(pieces, x) };
}

function positionOf(pieces: readonly Piece[], at: number): number {
  const piece = firstReaching(pieces, at, ({ to }) => to);
  if (!piece) return 0;
  return piece.x + piece.width * clamp((at - piece.from) / (piece.to - piece.from));
}

function instantAt(pieces: readonly Piece[], x: number): number {
  const piece = firstReaching(pieces, x, (candidate) => candidate.x + candidate.width);
  if (!piece) return 0;
  return piece.from + (piece.to - piece.from) * clamp((x - piece.x) / piece.width);
}

/** The first piece that ends at a value or behind it, else the last. */
function firstReaching(pieces: readonly Piece[], value: number, end: (piece: Piece) => number): Piece | undefined {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const piece = pieces[middle];
    if (piece && end(piece) < value) low = middle + 1;
    else high = middle;
  }
  return pieces[low];
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function sum(stretches: readonly Stretch[]): number {
  return stretches.reduce((total, { from, to }) => total + to - from, 0);
}

export interface Tick {
  /** Epoch milliseconds. */
  at: number;
  x: number;
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/**
 * Round times, about `wanted` of them, none inside a short piece, no two closer than `apart` (0 to 1).
 * @param origin from which they are round: the start, or a midnight
 */
export function ticks(scale: TimeScale, wanted: number, apart: number, origin = scale.origin): Tick[] {
  const long = scale.pieces.filter((piece) => !piece.short);
  const widthShown = long.reduce((total, piece) => total + piece.width, 0);
  const roughMs = sum(long) / Math.max(1, wanted * widthShown);
  const stepMs = STEPS_MS.find((step) => step >= roughMs) ?? Math.ceil(roughMs / 604_800_000) * 604_800_000;
  const found: Tick[] = [];
  for (const piece of long) {
    const first = origin + Math.ceil((piece.from - origin) / stepMs) * stepMs;
    for (let at = first; at <= piece.to; at += stepMs) {
      const x = scale.x(at);
      if (found.length === 0 || x - (found.at(-1)?.x ?? 0) >= apart) found.push({ at, x });
    }
  }
  return found;
}
