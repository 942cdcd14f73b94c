/** How edges pass what lies between their ends: above or below it, where there is room, and never behind a node. */
import type { Box } from "./ports";

/** Straight at this height, from one x to the other. */
export interface Lane {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

export interface Ends {
  readonly sourceX: number;
  readonly sourceY: number;
  readonly targetX: number;
  readonly targetY: number;
}

const CLEARANCE = 12;
/** What an edge needs to come to another height. */
const BEND = 28;
const SAMPLES = 24;

/** Null: the way is free, or leads backwards. */
export function laneOf(ends: Ends, boxes: readonly Box[]): Lane | null {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const between = boxes.filter((box) => box.x + box.width > sourceX + 1 && box.x < targetX - 1);
  if (targetX - sourceX < 2 * BEND || !between.some((box) => crosses(ends, box))) return null;
  const middle = between.filter((box) => box.x > sourceX - 1 && box.x + box.width < targetX + 1);
  if (middle.length === 0) return null;
  const from = Math.max(sourceX + BEND, Math.min(...middle.map(({ x }) => x)) - CLEARANCE);
  const to = Math.min(targetX - BEND, Math.max(...middle.map(({ x, width }) => x + width)) + CLEARANCE);
  if (to <= from) return null;
  const isFree = (y: number) =>
    !middle.some((box) => y > box.y - CLEARANCE + 1 && y < box.y + box.height + CLEARANCE - 1);
  const cost = (y: number) => Math.abs(y - sourceY) + Math.abs(y - targetY);
  const heights = middle
    .flatMap((box) => [box.y - CLEARANCE, box.y + box.height + CLEARANCE])
    .concat(sourceY, targetY)
    .filter(isFree)
    .sort((a, b) => cost(a) - cost(b));
  const y = heights[0];
  return y === undefined ? null : { y, from, to };
}

/** Whether the plain curve between its ends would touch the box. */
function crosses({ sourceX, sourceY, targetX, targetY }: Ends, box: Box): boolean {
  const bend = (targetX - sourceX) / 2;
  for (let step = 1; step < SAMPLES; step++) {
    const t = step / SAMPLES;
    const u = 1 - t;
    const x = u ** 3 * sourceX + 3 * u * u * t * (sourceX + bend) + 3 * u * t * t * (targetX - bend) + t ** 3 * targetX;
    const y = u ** 3 * sourceY + 3 * u * u * t * sourceY + 3 * u * t * t * targetY + t ** 3 * targetY;
    if (x > box.x - 2 && x < box.x + box.width + 2 && y > box.y - 2 && y < box.y + box.height + 2) return true;
  }
  return false;
}
