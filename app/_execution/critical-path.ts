/**
 * Which chain of steps and waits determined how long an execution took, or has taken so far. Walked backwards from its
 * end: before each step stands the one whose ending let it begin. The segments follow one another without a hole from the
 * start to the end, so that their shares sum up to the whole; pure.
 */
import type { Definition, Edge, Node } from "@/lib/contract/definition";
import type { Row, SpanKind } from "./timeline-model";

/** `idle`: nothing of the chain was open; the execution was paused, closed, or between two steps. */
type PathKind = SpanKind | "idle";

interface PathSegment {
  /** The step; null where it is idle. */
  key: string | null;
  kind: PathKind;
  from: number;
  to: number;
}

export interface CriticalPath {
  /** In order of time, each beginning where the one before it ends. */
  segments: PathSegment[];
  /** Keys of its steps in order, those that took no time included. */
  steps: string[];
  totalMs: number;
  msByKey: ReadonlyMap<string, number>;
  msByKind: Record<PathKind, number>;
}

/** The edges into each node, by path. */
export interface Routes {
  into: ReadonlyMap<string, readonly { from: string; loop: boolean }[]>;
  /** Nodes that begin at the first or n-th taken edge: dead ones never let them begin. */
  eager: ReadonlySet<string>;
}

interface Graph {
  nodes: readonly Node[];
  edges: readonly Edge[];
}

export function routesOf(definition: Pick<Definition, "nodes" | "edges"> | null): Routes {
  const into = new Map<string, { from: string; loop: boolean }[]>();
  const eager = new Set<string>();
  const add = ({ nodes, edges }: Graph, prefix: string) => {
    for (const edge of edges) {
      const to = prefix + edge.to;
      const known = into.get(to) ?? [];
      known.push({ from: prefix + edge.from, loop: edge.loop !== undefined });
      into.set(to, known);
    }
    for (const node of nodes) {
      if (node.join !== undefined && node.join !== "all") eager.add(prefix + node.id);
      if (node.type === "map" && "nodes" in node.body) add(node.body, `${prefix}${node.id}/`);
    }
  };
  if (definition) add(definition, "");
  return { into, eager };
}

interface PathInput {
  rows: readonly Row[];
  routes: Routes;
  from: number;
  /** The end, or the present where it is open. */
  until: number;
  /** Since when a worker has the open attempt of a step, as far as is known. */
  taken?: ReadonlyMap<string, { since: number | null }>;
}

export function criticalPath(input: PathInput): CriticalPath {
  const walk = new Walk(input);
  walk.run();
  return walk.result();
}

/** What ended last let the next begin; of those at one instant a failure says most, and what was left out least. */
const WEIGHT: Partial<Record<Row["status"], number>> = { failed: 2, completed: 1 };

class Walk {
  private readonly places = new Map<string, Row[]>();
  private readonly children = new Map<string, Row[]>();
  private readonly endings = new Map<string, Row[]>();
  private readonly segments: PathSegment[] = [];
  private readonly steps = new Set<string>();
  private cursor: number;

  constructor(private readonly input: PathInput) {
    this.cursor = Math.max(input.from, input.until);
    for (const row of input.rows) {
      push(this.places, place(row.node, row.index), row);
      push(this.children, this.mapAround(row)?.key ?? "", row);
    }
  }

  run(): void {
    this.undoing();
    const visited = new Set<string>();
    let at = this.lastOf("", this.cursor);
    while (at !== null) {
      const { row, entering } = at;
      const inner =
        entering && row.items !== null ? this.lastOf(row.key, Math.min(this.cursor, this.endOf(row))) : null;
      if (inner !== null && !visited.has(row.key)) {
        visited.add(row.key);
        this.fill(null, "idle", this.endOf(row));
        this.fill(row.key, "waiting", this.endOf(inner.row));
        at = inner;
        continue;
      }
      if (entering) this.cover(row);
      else this.fill(row.key, "waiting", row.startedAt);
      this.steps.add(row.key);
      at = this.before(row);
    }
    this.fill(null, "idle", this.input.from);
  }

  result(): CriticalPath {
    const segments = this.segments.toReversed();
    const msByKey = new Map<string, number>();
    const msByKind: Record<PathKind, number> = { queued: 0, running: 0, backoff: 0, sleeping: 0, waiting: 0, idle: 0 };
    for (const { key, kind, from, to } of segments) {
      msByKind[kind] += to - from;
      if (key !== null) msByKey.set(key, (msByKey.get(key) ?? 0) + to - from);
    }
    const totalMs = Math.max(0, this.input.until - this.input.from);
    return { segments, steps: [...this.steps].reverse(), totalMs, msByKey, msByKind };
  }

  /** Compensations run one after another when all else has ended. */
  private undoing(): void {
    const undone = this.input.rows
      .flatMap((row) => {
        const first = row.compensation?.attempts[0];
        return first ? [{ row, startedAt: first.scheduledAt }] : [];
      })
      .sort((a, b) => b.startedAt - a.startedAt || b.row.lastSequence - a.row.lastSequence);
    for (const { row, startedAt } of undone) {
      this.spans(row, startedAt);
      this.steps.add(row.key);
    }
  }

  private endOf(row: Row): number {
    return row.endedAt ?? Math.max(row.startedAt, this.input.until);
  }

  /** All time of a step, up to where the walk has come. */
  private cover(row: Row): void {
    this.fill(null, "idle", this.endOf(row));
    this.spans(row, row.startedAt);
  }

  private spans(row: Row, from: number): void {
    for (const span of row.spans.toReversed()) {
      const to = span.to ?? this.input.until;
      if (span.from < from || span.from >= this.cursor) continue;
      this.fill(null, "idle", to);
      const since = span.kind === "queued" && span.to === null ? this.input.taken?.get(row.key)?.since : null;
      if (since != null) this.fill(row.key, "running", Math.max(since, span.from));
      this.fill(row.key, span.kind, span.from);
    }
    this.fill(null, "idle", from);
  }

  /** From the cursor back to an instant; nothing where that is not before it. */
  private fill(key: string | null, kind: PathKind, backTo: number): void {
    const from = Math.max(this.input.from, backTo);
    if (from >= this.cursor) return;
    const last = this.segments.at(-1);
    if (last && last.key === key && last.kind === kind) last.from = from;
    else this.segments.push({ key, kind, from, to: this.cursor });
    this.cursor = from;
  }

  /** The step in a map, or at the top, whose ending came last; what is still open has not ended before anything. */
  private lastOf(map: string, until: number): { row: Row; entering: boolean } | null {
    const rows = this.children.get(map) ?? [];
    const open = rows.find((row) => row.endedAt === null && row.spans.length > 0 && row.startedAt <= until);
    const row = open ?? this.endedBy(map, until, Number.POSITIVE_INFINITY);
    return row && { row, entering: true };
  }

  private endedBy(map: string, until: number, beforeSequence: number): Row | null {
    let sorted = this.endings.get(map);
    if (!sorted) {
      sorted = (this.children.get(map) ?? []).filter((row) => row.endedAt !== null).sort(byEnding);
      this.endings.set(map, sorted);
    }
    for (let at = firstAfter(sorted, until) - 1; at >= 0; at--) {
      const row = sorted[at];
      if (row && row.firstSequence < beforeSequence) return row;
    }
    return null;
  }

  private before(row: Row): { row: Row; entering: boolean } | null {
    const cause = this.causeOf(row);
    if (cause) return { row: cause, entering: true };
    const map = this.mapAround(row);
    const around = map?.key ?? "";
    const began = map?.startedAt ?? this.input.from;
    const freed = row.startedAt > began ? this.endedBy(around, row.startedAt, row.firstSequence) : null;
    if (freed && (freed.endedAt ?? 0) > began) return { row: freed, entering: true };
    return map && { row: map, entering: false };
  }

  /** By the edges: the step whose ending was the last that it had to wait for. */
  private causeOf(row: Row): Row | null {
    let cause: Row | null = null;
    for (const { from } of this.input.routes.into.get(row.node) ?? []) {
      const rows = this.places.get(place(from, row.index)) ?? [];
      const source = rows.findLast(
        (other) => other.firstSequence < row.firstSequence && other.endedAt !== null && other.endedAt <= row.startedAt,
      );
      if (!source || (this.input.routes.eager.has(row.node) && source.port === null)) continue;
      if (cause === null || byEnding(cause, source) < 0) cause = source;
    }
    return cause;
  }

  private mapAround(row: Row): Row | null {
    if (row.index === null || row.index.length === 0) return null;
    const path = row.node.slice(0, row.node.lastIndexOf("/"));
    const rows = this.places.get(place(path, row.index.slice(0, -1))) ?? [];
    return rows.findLast((map) => map.firstSequence < row.firstSequence) ?? null;
  }
}

function byEnding(a: Row, b: Row): number {
  return (
    (a.endedAt ?? 0) - (b.endedAt ?? 0) ||
    (WEIGHT[a.status] ?? 0) - (WEIGHT[b.status] ?? 0) ||
    a.firstSequence - b.firstSequence
  );
}

function firstAfter(sorted: readonly Row[], at: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.endedAt ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function place(node: string, index: readonly number[] | null): string {
  return `${node}[${index?.join(",") ?? ""}]`;
}

function push(lists: Map<string, Row[]>, key: string, row: Row): void {
  const list = lists.get(key);
  if (list) list.push(row);
  else lists.set(key, [row]);
}
