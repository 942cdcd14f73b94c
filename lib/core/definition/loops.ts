/** The loops of one graph: which edges lead back, to where, and which nodes they run again. */
import type { JsonValue } from "../../contract/json";

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

interface Arc {
  readonly from: number;
  readonly to: number;
}

/** Forward edges say what lies on a path. */
export function findLoops(forward: readonly Arc[], back: readonly Omit<LoopEdge, "loop">[]): CompiledLoop[] {
  if (back.length === 0) return [];
  const after = neighbours(forward, "from", "to");
  const before = neighbours(forward, "to", "from");
  const targets = [...new Set(back.map(({ to }) => to))];
  const found = targets.map((target) => {
    const edges = back.filter(({ to }) => to === target);
    const reached = reach(after, [target]);
    const leading = reach(
      before,
      edges.map(({ from }) => from),
    );
    return { target, edges, body: new Set([...reached].filter((ordinal) => leading.has(ordinal))) };
  });
  found.sort((a, b) => a.body.size - b.body.size || a.target - b.target);
  return found.map(({ target, edges, body }, number) => {
    const around = found.findIndex((other, i) => i > number && other.body.has(target) && isWithin(body, other.body));
    return {
      number,
      target,
      edges: edges.map((edge) => ({ ...edge, loop: number })),
      body,
      parent: around < 0 ? null : around,
    };
  });
}

function isWithin(inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean {
  return [...inner].every((ordinal) => outer.has(ordinal));
}

type Neighbours = ReadonlyMap<number, readonly number[]>;

function neighbours(arcs: readonly Arc[], at: keyof Arc, to: keyof Arc): Neighbours {
  const found = new Map<number, number[]>();
  for (const arc of arcs) {
    const known = found.get(arc[at]);
    if (known === undefined) found.set(arc[at], [arc[to]]);
    else known.push(arc[to]);
  }
  return found;
}

/** The starts themselves included. */
function reach(next: Neighbours, starts: readonly number[]): Set<number> {
  const seen = new Set(starts);
  const stack = [...starts];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const ordinal of next.get(at) ?? []) {
      if (seen.has(ordinal)) continue;
      seen.add(ordinal);
      stack.push(ordinal);
    }
  }
  return seen;
}
