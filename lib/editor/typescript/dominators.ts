/**
 * Dominators of a graph without cycles: the last vertex that every path from the start to a vertex leads through. One pass
 * in topological order, each vertex by the meeting of its sources' chains (Cooper, Harvey, Kennedy: A Simple, Fast
 * Dominance Algorithm, 2001).
 */

export function dominators(outs: ReadonlyMap<string, readonly string[]>, start: string) {
  const order = topological(outs, start);
  const place = new Map(order.map((vertex, i) => [vertex, i]));
  const idom = new Map<string, string>();
  const meet = (a: string, b: string): string => {
    let [left, right] = [a, b];
    while (left !== right) {
      if ((place.get(left) ?? 0) > (place.get(right) ?? 0)) left = idom.get(left) ?? start;
      else right = idom.get(right) ?? start;
    }
    return left;
  };
  for (const vertex of order) {
    for (const to of outs.get(vertex) ?? []) {
      const known = idom.get(to);
      idom.set(to, known === undefined ? vertex : meet(known, vertex));
    }
  }
  return { order, idom };
}

/** Depth first, so that what follows a vertex comes soon after it; vertices on cycles are left out. */
function topological(outs: ReadonlyMap<string, readonly string[]>, start: string): string[] {
  const waiting = new Map<string, number>();
  for (const targets of outs.values()) for (const to of targets) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const order: string[] = [];
  const ready = [start];
  for (let vertex = ready.pop(); vertex !== undefined; vertex = ready.pop()) {
    order.push(vertex);
    for (const to of [...(outs.get(vertex) ?? [])].reverse()) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return order;
}
