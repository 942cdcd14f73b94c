/** What the joins of a graph may drop once they have won: steps that are open or not reached yet when they no longer count. */
import { addBit, BitRows, hasBit, intersects, intersectWithMember, isWithin, union } from "./bits";
import type { LinkedNode } from "./graph";

export interface Races {
  /** Ordinals of the joins that may drop the step, each for itself. */
  droppedBy(ordinal: number): readonly number[];
  /** What has ended before a node runs, on whatever way it was reached: what completed on the way, and what was dropped. */
  readonly passed: BitRows;
}

const NONE: readonly number[] = [];

/** `before`: by node, those that lead to it. */
export function findRaces(nodes: readonly LinkedNode[], order: readonly number[], before: BitRows): Races {
  const passed = new BitRows(nodes.length);
  const droppedBy = new Map<number, number[]>();
  const after = isRacing(nodes) ? findAfter(nodes, order) : before;
  for (const ordinal of order) {
    const node = nodes[ordinal];
    if (node === undefined) continue;
    const row = passed.row(ordinal);
    node.ins.forEach(({ from }, i) => {
      if (i === 0) {
        union(row, passed.row(from));
        addBit(row, from);
      } else intersectWithMember(row, passed.row(from), from);
    });
    if (node.join === "all" || node.keepLosers) continue;
    for (const loser of openLosers(nodes, node, before, after, passed)) {
      addBit(row, loser);
      droppedBy.set(loser, [...(droppedBy.get(loser) ?? NONE), ordinal]);
    }
  }
  return { passed, droppedBy: (ordinal) => droppedBy.get(ordinal) ?? NONE };
}

function isRacing(nodes: readonly LinkedNode[]): boolean {
  return nodes.some(({ join, keepLosers }) => join !== "all" && !keepLosers);
}

function findAfter(nodes: readonly LinkedNode[], order: readonly number[]): BitRows {
  const after = new BitRows(nodes.length);
  for (const ordinal of order.toReversed()) {
    for (const { to } of nodes[ordinal]?.outs ?? []) {
      union(after.row(ordinal), after.row(to));
      addBit(after.row(ordinal), to);
    }
  }
  return after;
}

/**
 * The losers of a join, without those that have ended when it runs: from the join backwards, a node is one when each of its
 * edges leads to the join, to a loser, or where nothing that comes after the join can be reached.
 */
function openLosers(
  nodes: readonly LinkedNode[],
  join: LinkedNode,
  before: BitRows,
  after: BitRows,
  passed: BitRows,
): number[] {
  const over = passed.row(join.ordinal);
  const losers: number[] = [];
  const edgesLeft = new Map<number, number>();
  const stack = [join.ordinal];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const { from } of nodes[at]?.ins ?? []) {
      const left = (edgesLeft.get(from) ?? edgesToJudge(nodes, from, join.ordinal, before, after)) - 1;
      edgesLeft.set(from, left);
      if (left > 0) continue;
      if (!hasBit(over, from)) losers.push(from);
      else if (isWithin(before.row(from), over)) continue;
      stack.push(from);
    }
  }
  return losers;
}

/** How many of a node's edges must be found to lead to the join or to losers; infinite where one leads around it. */
function edgesToJudge(
  nodes: readonly LinkedNode[],
  ordinal: number,
  join: number,
  before: BitRows,
  after: BitRows,
): number {
  const outs = nodes[ordinal]?.outs ?? [];
  const inside = outs.filter(({ to }) => to === join || before.has(join, to));
  const isAround = (to: number) => hasBit(after.row(join), to) || intersects(after.row(to), after.row(join));
  const leadsAround = outs.some(({ to }) => to !== join && !before.has(join, to) && isAround(to));
  return leadsAround ? Number.POSITIVE_INFINITY : inside.length;
}
