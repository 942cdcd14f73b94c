/** The order in which a graph without cycles can run, and the cycles that keep one from running. */

/** An edge between positions of nodes; `at` is its position among the definition's edges. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export interface Order {
  /** Every node after all that lead to it; without those on or behind a cycle. */
  readonly order: readonly number[];
  /** The arcs of cycles, each with the one that leads back in the definition's order last; without those, there are none. */
  readonly cycles: readonly (readonly Arc[])[];
}

const MAX_CYCLES = 20;

/** O(nodes + edges) for each cycle found; no recursion, for a graph may be one chain. */
export function orderNodes(size: number, arcs: readonly Arc[]): Order {
  const cycles: Arc[][] = [];
  let left = arcs;
  for (;;) {
    const { order, waiting } = sort(size, left);
    const cycle = order.length === size || cycles.length === MAX_CYCLES ? null : findCycle(left, waiting);
    if (cycle === null) return { order: cycles.length === 0 ? order : sort(size, arcs).order, cycles };
    cycles.push(cycle);
    const closing = cycle.at(-1);
    left = left.filter((arc) => arc !== closing);
  }
}

function sort(size: number, arcs: readonly Arc[]): { order: number[]; waiting: Int32Array } {
  const waiting = new Int32Array(size);
  const outs: number[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of arcs) {
    waiting[to] = (waiting[to] ?? 0) + 1;
    outs[from]?.push(to);
  }
  const order: number[] = [];
  for (let node = 0; node < size; node++) if (waiting[node] === 0) order.push(node);
  for (let next = 0; next < order.length; next++) {
    for (const to of outs[order[next] ?? 0] ?? []) {
      const left = (waiting[to] ?? 0) - 1;
      waiting[to] = left;
      if (left === 0) order.push(to);
    }
  }
  return { order, waiting };
}

/** Every node that still waits is led to by another that waits: going back from any of them runs into a cycle. */
function findCycle(arcs: readonly Arc[], waiting: Int32Array): Arc[] | null {
  const into = new Map<number, Arc>();
  for (const arc of arcs) if ((waiting[arc.from] ?? 0) > 0 && (waiting[arc.to] ?? 0) > 0) into.set(arc.to, arc);
  const first = into.keys().next().value;
  if (first === undefined) return null;
  const seen = new Map<number, number>();
  const path: Arc[] = [];
  for (let node = first; ; ) {
    const start = seen.get(node);
    if (start !== undefined) return backLast(path.slice(start).reverse());
    seen.set(node, path.length);
    const arc = into.get(node);
    if (arc === undefined) return null;
    path.push(arc);
    node = arc.from;
  }
}

/** The arc to take out is most likely the one that leads back the furthest, for people write down what comes first first. */
function backLast(cycle: Arc[]): Arc[] {
  const back = cycle.reduce((a, b) => (b.from - b.to > a.from - a.to ? b : a));
  const after = cycle.indexOf(back) + 1;
  return [...cycle.slice(after), ...cycle.slice(0, after)];
}
