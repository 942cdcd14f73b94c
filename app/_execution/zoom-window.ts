/** The window that a zoomed timeline shows of the whole: moved, made smaller and larger, written into a link; pure. */
import type { Stretch, TimeScale } from "./time-scale";

/** Nothing is told apart below this. */
const LEAST_MS = 2;
/** Of the whole width: a window of more shows all. */
const WHOLE = 0.995;

/** Between two places of the whole (0 to 1), in any order; null: that is all of it. */
export function windowBetween(scale: TimeScale, a: number, b: number): Stretch | null {
  const left = Math.max(0, Math.min(a, b));
  const right = Math.min(1, Math.max(a, b));
  if (right - left >= WHOLE) return null;
  const from = scale.at(left);
  const to = Math.max(scale.at(right), from + LEAST_MS);
  return { from, to };
}

function edges(scale: TimeScale, window: Stretch | null): [left: number, right: number] {
  return window === null ? [0, 1] : [scale.x(window.from), scale.x(window.to)];
}

/** @param factor below 1: closer @param around the place in view that stays where it is, 0 to 1 */
export function zoomBy(scale: TimeScale, window: Stretch | null, factor: number, around = 0.5): Stretch | null {
  const [left, right] = edges(scale, window);
  const fixed = left + (right - left) * around;
  const next = windowBetween(scale, fixed - (fixed - left) * factor, fixed + (right - fixed) * factor);
  const stuck = window !== null && next !== null && factor < 1 && next.to - next.from >= window.to - window.from;
  return stuck ? window : next;
}

/** @param by of what is in view, positive to the right; stops at the ends */
export function moveBy(scale: TimeScale, window: Stretch | null, by: number): Stretch | null {
  if (window === null) return null;
  const [left, right] = edges(scale, window);
  const shift = Math.min(1 - right, Math.max(-left, (right - left) * by));
  return windowBetween(scale, left + shift, right + shift);
}

/** Elapsed milliseconds: `1200-5400`. */
export function writeWindow(window: Stretch | null, origin: number): string | null {
  return window && `${Math.round(window.from - origin)}-${Math.round(window.to - origin)}`;
}

export function readWindow(text: string | null, origin: number): Stretch | null {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? "");
  if (!match) return null;
  const from = Number(match[1]);
  const to = Number(match[2]);
  return to - from >= LEAST_MS ? { from: origin + from, to: origin + to } : null;
}
