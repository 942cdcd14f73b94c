/** Several nodes brought into line: aligned at a side or their middles, or with the same room between them. */
import type { Point } from "../../contract/drafts";
import type { Box } from "./ports";

export const ALIGNMENTS = ["left", "centre", "right", "top", "middle", "bottom"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];
export type Axis = "x" | "y";

/** One of these is a step of Alt with an arrow, and the distance of two dots. */
export const GRID = 20;

export function aligned(boxes: readonly Box[], to: Alignment): { [id: string]: Point } {
  const left = Math.min(...boxes.map(({ x }) => x));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const top = Math.min(...boxes.map(({ y }) => y));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const place = ({ x, y, width, height }: Box): Point => {
    switch (to) {
      case "left":
        return { x: left, y };
      case "centre":
        return { x: (left + right - width) / 2, y };
      case "right":
        return { x: right - width, y };
      case "top":
        return { x, y: top };
      case "middle":
        return { x, y: (top + bottom - height) / 2 };
      case "bottom":
        return { x, y: bottom - height };
    }
  };
  return Object.fromEntries(boxes.map((box) => [box.id, place(box)]));
}

/** The outermost two stay. */
export function distributed(boxes: readonly Box[], axis: Axis): { [id: string]: Point } {
  const length = axis === "x" ? ("width" as const) : ("height" as const);
  const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return {};
  const filled = sorted.reduce((sum, box) => sum + box[length], 0);
  const gap = (last[axis] + last[length] - first[axis] - filled) / Math.max(1, sorted.length - 1);
  let at = first[axis];
  return Object.fromEntries(
    sorted.map((box) => {
      const point = { x: box.x, y: box.y, [axis]: at };
      at += box[length] + gap;
      return [box.id, { x: point.x, y: point.y }];
    }),
  );
}

export function nudged(boxes: readonly Box[], by: Point): { [id: string]: Point } {
  return Object.fromEntries(boxes.map(({ id, x, y }) => [id, { x: x + by.x, y: y + by.y }]));
}
