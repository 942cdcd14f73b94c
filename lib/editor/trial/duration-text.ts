/** Durations as a definition would write them. */

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** In the largest unit that needs no fraction: `3d`, `90s`, `250ms`. */
export function durationText(ms: number): string {
  const fitting = UNITS.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0);
  return fitting === undefined ? `${ms}ms` : `${ms / fitting[1]}${fitting[0]}`;
}
