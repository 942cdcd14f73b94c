/** The loops of one graph: which edges lead back, to where, and which nodes they run again. */
import type { JsonValue } from "../../contract/json";
import { addBit, BitRows, union } from "./bits";
import { groupBy } from "./group-by";
import { orderNodes } from "./order";

export interface LoopEdge {
  /** Ordinals. */
  readonly from: number;
  readonly to: number;
  readonly port: string;
  /** The number of its loop in its scope. */
  readonly loop: number;
  /** Its place among the edges of its scope. */
  readonly at: number;
  readonly maxIterations: number;
  readonly carry: JsonValue | undefined;
}

/** All loop edges into one target. */
export interface CompiledLoop {
  /** Its place among the loops of its scope: the inner ones before those around them. */
  readonly number: number;
  readonly target: number;
  readonly edges: readonly LoopEdge[];
  /** Ordinals of every node on a path from the target to a source of its edges. */
  readonly body: ReadonlySet<number>;
  /** The number of the next loop around it; null: none. */
  readonly parent: number | null;
}

export interface Loops {
  readonly all: readonly CompiledLoop[];
  /** Numbers of the loops whose body a node is in, the innermost first. */
  around(ordinal: number): readonly number[];
}

/** The nodes of a graph: so many, their ordinals counted from `first`. */
interface Range {
  readonly first: number;
  readonly size: number;
}

interface Arc {
  readonly from: number;
  readonly to: number;
}

/** How many loops may lie inside one another; with more, bodies are cut off there, and validation says so. */
export const MAX_LOOP_NESTING = 20;

const NONE: readonly number[] = [];

/** Forward edges say what lies on a path. O(edges · loops / 32 + all bodies together). */
export function findLoops(range: Range, forward: readonly Arc[], back: readonly Omit<LoopEdge, "loop">[]): Loops {
  if (back.length === 0) return { all: [], around: () => NONE };
  const edgesInto = groupBy(back, ({ to }) => to);
  const targets = [...edgesInto.keys()];
  const bodies = findBodies(range, forward, targets, (target) => edgesInto.get(target)?.map(({ from }) => from) ?? []);
  const found = targets
    .map((target, i) => ({ target, edges: edgesInto.get(target) ?? [], body: bodies[i] ?? new Set<number>() }))
    .sort((a, b) => a.body.size - b.body.size || a.target - b.target);
  const around = new Map<number, number[]>();
  found.forEach(({ body }, number) => {
    for (const ordinal of body) around.set(ordinal, [...(around.get(ordinal) ?? NONE), number]);
  });
  const loopsAround = (ordinal: number) => around.get(ordinal) ?? NONE;
  const all = found.map(({ target, edges, body }, number) => ({
    number,
    target,
    edges: edges.map((edge) => ({ ...edge, loop: number })),
    body,
    parent: loopsAround(target).find((other) => other > number) ?? null,
  }));
  return { all, around: loopsAround };
}

/** Backwards from the sources, through what the target leads to. */
function findBodies(
  { first, size }: Range,
  forward: readonly Arc[],
  targets: readonly number[],
  sourcesOf: (target: number) => readonly number[],
): Set<number>[] {
  const before: number[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of forward) before[to - first]?.push(from - first);
  const arcs = forward.map(({ from, to }, at) => ({ from: from - first, to: to - first, at }));
  const reached = findReached(
    orderNodes(size, arcs).order,
    before,
    targets.map((target) => target - first),
    size,
  );
  const nesting = new Uint8Array(size);
  return targets.map((target, i) => {
    const body = new Set<number>();
    const stack = sourcesOf(target).map((source) => source - first);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (body.has(first + at) || !reached.has(at, i) || (nesting[at] ?? 0) > MAX_LOOP_NESTING) continue;
      body.add(first + at);
      nesting[at] = (nesting[at] ?? 0) + 1;
      stack.push(...(before[at] ?? []));
    }
    return body;
  });
}

/** Which of the targets lead to a node, or are it. */
function findReached(
  order: readonly number[],
  before: readonly (readonly number[])[],
  targets: readonly number[],
  size: number,
): BitRows {
  const reached = new BitRows(size, targets.length);
  targets.forEach((target, i) => {
    addBit(reached.row(target), i);
  });
  for (const node of order) for (const from of before[node] ?? []) union(reached.row(node), reached.row(from));
  return reached;
}
