/**
 * The order of what happens in a trial. At one instant, first what was planned for it before, then what expires or is due,
 * then what was planned at that instant; each in the order in which it was planned.
 */

export interface Key {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly phase: Phase;
  readonly order: number;
}

export const PLANNED_BEFORE = 0;
export const DUE = 1;
export const PLANNED_NOW = 2;
export type Phase = typeof PLANNED_BEFORE | typeof DUE | typeof PLANNED_NOW;

/** Signals, and then the cancel, were planned before anything else. */
export const SIGNALS_ORDER = -2;
export const CANCEL_ORDER = -1;
/** The core's own timers come after what expires. */
export const WAKE_ORDER = Number.POSITIVE_INFINITY;

export function isBefore(a: Key, b: Key): boolean {
  if (a.at !== b.at) return a.at < b.at;
  return a.phase === b.phase ? a.order < b.order : a.phase < b.phase;
}

/** Of what was planned at `plannedAt` for `at`. */
export function plannedKey(at: number, plannedAt: number, order: number): Key {
  return { at, phase: at > plannedAt ? PLANNED_BEFORE : PLANNED_NOW, order };
}
