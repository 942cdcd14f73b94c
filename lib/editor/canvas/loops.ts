/** How high loop edges pass, so that they cross nothing that they go round: one that goes round another passes above it. */
import type { DrawnEdge } from "./drawing";
import type { Laid } from "./layout";

const CLEARANCE = 26;
const STEP = 18;

/** By edge; relative to what the nodes lie in. */
export function loopHeights(
  edges: readonly DrawnEdge[],
  laid: ReadonlyMap<string, Laid>,
  siblings: (of: string) => readonly Laid[],
): ReadonlyMap<string, number> {
  const spans = edges.flatMap(({ id, kind, ref }) => {
    const [from, to] = [laid.get(ref.from), laid.get(ref.to)];
    if (kind !== "loop" || !from || !to) return [];
    const left = Math.min(from.x, to.x);
    const right = Math.max(from.x + from.width, to.x + to.width);
    const passed = siblings(ref.from).filter((box) => box.x < right && box.x + box.width > left);
    return [{ id, left, right, top: Math.min(...passed.map(({ y }) => y)) - CLEARANCE }];
  });
  spans.sort((a, b) => a.right - a.left - (b.right - b.left));
  const heights = new Map<string, number>();
  for (const span of spans) {
    const below = spans.flatMap((other) => {
      const height = heights.get(other.id);
      const isPassed = height !== undefined && other.left < span.right && other.right > span.left;
      return isPassed ? [height - STEP] : [];
    });
    heights.set(span.id, Math.min(span.top, ...below));
  }
  return heights;
}
