/**
 * The rows of a timeline as they lie in one another: turns of a loop under their node, items under the turn of their map,
 * steps under their item. Rows are only ever added, so that each is put in its place once, however often views ask; the tree of
 * a moment that has passed is that of the newest, as far as it had grown, and costs only what is looked at of it.
 */
import { isEndedStep, isOpenStep } from "@/lib/core/execution/statuses";
import type { Row, TimelineModel } from "./timeline-model";

/** The definition's own graph, or one item of a map. */
export interface Scope {
  /** In order of their start. */
  nodes: StepNode[];
  byPath: Map<string, StepNode>;
}

/** All turns of one node in one scope. */
export interface StepNode {
  /** Unlike any step's key. */
  id: string;
  path: string;
  turns: Row[];
}

export interface Item extends Scope {
  id: string;
  number: number;
}

/** What a turn of a map has begun. */
export interface MapItems {
  map: Row;
  /** Holes where one has not begun. */
  readonly byNumber: readonly (Item | undefined)[];
  item(number: number): Item | undefined;
  /** Of each item that has begun. */
  statuses(takesFailure: TakesFailure): Iterable<Row["status"]>;
}

export interface StepTree {
  readonly root: Scope;
  readonly maps: ReadonlyMap<Row, MapItems>;
  readonly byKey: TimelineModel["byKey"];
  /** The ids of everything that a row lies in, outermost first. */
  around(row: Row): string[];
  /** Of the newest moment. */
  readonly whole: StepTree;
}

function idsAround(tree: StepTree, row: Row): string[] {
  const ids: string[] = [];
  let scope = tree.root;
  for (const { map, number } of placesOf(row)) {
    const node = scope.byPath.get(map);
    const turn = node?.turns.findLast((other) => other.firstSequence < row.firstSequence);
    const item = turn && tree.maps.get(turn)?.item(number);
    if (!node || !turn || !item) return ids;
    if (node.turns.length > 1) ids.push(node.id);
    ids.push(turn.key, item.id);
    scope = item;
  }
  const node = scope.byPath.get(row.node);
  if (node && node.turns.length > 1) ids.push(node.id);
  return ids;
}

class GrowingItems implements MapItems {
  readonly byNumber: (Item | undefined)[] = [];

  constructor(
    readonly map: Row,
    readonly firstOrdinal: number,
  ) {}

  item(number: number): Item | undefined {
    return this.byNumber[number];
  }

  *statuses(takesFailure: TakesFailure): Iterable<Row["status"]> {
    for (const item of this.byNumber) if (item) yield statusOfItem(item, takesFailure);
  }
}

class GrowingTree implements StepTree {
  readonly root: Scope = newScope();
  readonly maps = new Map<Row, GrowingItems>();
  readonly whole = this;
  private placed = 0;
  private last: Row | undefined;

  private readonly rows: readonly Row[];
  readonly byKey: TimelineModel["byKey"];

  constructor({ rows, byKey }: TimelineModel) {
    this.rows = rows;
    this.byKey = byKey;
  }

  /** Whether the rows still begin with those that were placed. */
  holds(rows: readonly Row[]): boolean {
    return (
      rows === this.rows && rows.length >= this.placed && (this.placed === 0 || rows[this.placed - 1] === this.last)
    );
  }

  grow(): void {
    for (; this.placed < this.rows.length; this.placed++) {
      const row = this.rows[this.placed];
      if (!row) continue;
      this.last = row;
      this.place(row);
    }
  }

  around(row: Row): string[] {
    return idsAround(this, row);
  }

  private place(row: Row): void {
    let scope = this.root;
    for (const { map, number } of placesOf(row)) {
      const turn = scope.byPath.get(map)?.turns.at(-1);
      if (!turn) return;
      scope = this.itemOf(turn, number, row.ordinal);
    }
    const known = scope.byPath.get(row.node);
    if (known) {
      known.turns.push(row);
      return;
    }
    const node = { id: `all ${row.key}`, path: row.node, turns: [row] };
    scope.byPath.set(row.node, node);
    scope.nodes.push(node);
  }

  private itemOf(map: Row, number: number, ordinal: number): Item {
    const items = this.maps.get(map) ?? new GrowingItems(map, ordinal);
    this.maps.set(map, items);
    items.byNumber[number] ??= { ...newScope(), id: `${map.key} item ${number}`, number };
    return items.byNumber[number];
  }
}

/** What of a growing tree was there at a moment, with the rows as they were. */
class PastTree implements StepTree {
  readonly root: Scope;
  readonly maps: ReadonlyMap<Row, MapItems>;
  readonly byKey: TimelineModel["byKey"];

  constructor(
    readonly whole: GrowingTree,
    { rows, byKey }: TimelineModel,
  ) {
    this.byKey = byKey;
    this.root = scopeAt(whole.root, rows);
    const maps = new Map<Row, MapItems>();
    for (const items of whole.maps.values()) {
      const map = rows[items.map.ordinal];
      if (map && items.firstOrdinal < rows.length) maps.set(map, new PastItems(map, items, rows));
    }
    this.maps = maps;
  }

  around(row: Row): string[] {
    return idsAround(this, row);
  }
}

class PastItems implements MapItems {
  private known: (Item | undefined)[] | null = null;

  constructor(
    readonly map: Row,
    private readonly whole: GrowingItems,
    private readonly rows: readonly Row[],
  ) {}

  get byNumber(): readonly (Item | undefined)[] {
    if (this.known === null) {
      this.known = this.whole.byNumber.map((item) => item && itemAt(item, this.rows));
      this.known.length = this.known.findLastIndex((item) => item !== undefined) + 1;
    }
    return this.known;
  }

  item(number: number): Item | undefined {
    const item = this.whole.item(number);
    return item && itemAt(item, this.rows);
  }

  *statuses(takesFailure: TakesFailure): Iterable<Row["status"]> {
    for (const item of this.whole.byNumber) {
      const status = item && statusAt(item.nodes, this.rows, takesFailure);
      if (status) yield status;
    }
  }
}

function scopeAt({ nodes }: Scope, rows: readonly Row[]): Scope {
  const then: StepNode[] = [];
  for (const { id, path, turns } of nodes) {
    const had = turnsAt(turns, rows);
    if (had.length > 0) then.push({ id, path, turns: had });
  }
  return { nodes: then, byPath: new Map(then.map((node) => [node.path, node])) };
}

function itemAt(item: Item, rows: readonly Row[]): Item | undefined {
  const scope = scopeAt(item, rows);
  return scope.nodes.length === 0 ? undefined : { ...scope, id: item.id, number: item.number };
}

function turnsAt(turns: readonly Row[], rows: readonly Row[]): Row[] {
  return turns.flatMap(({ ordinal }) => rows[ordinal] ?? []);
}

/** `each/inner/charge` of `[3, 0]`: in item 3 of `each`, and there in item 0 of `each/inner`. */
function placesOf(row: Row): { map: string; number: number }[] {
  const parts = row.node.split("/");
  return (row.index ?? []).map((number, depth) => ({ map: parts.slice(0, depth + 1).join("/"), number }));
}

function newScope(): Scope {
  return { nodes: [], byPath: new Map() };
}

const trees = new WeakMap<TimelineModel, GrowingTree>();
const pastTrees = new WeakMap<TimelineModel, PastTree>();

export function treeOf(timeline: TimelineModel): StepTree {
  if (timeline.newest === null) return growingTreeOf(timeline);
  const known = pastTrees.get(timeline);
  if (known) return known;
  const tree = new PastTree(growingTreeOf(timeline.newest), timeline);
  pastTrees.set(timeline, tree);
  return tree;
}

function growingTreeOf(timeline: TimelineModel): GrowingTree {
  let tree = trees.get(timeline);
  if (!tree?.holds(timeline.rows)) {
    tree = new GrowingTree(timeline);
    trees.set(timeline, tree);
  }
  tree.grow();
  return tree;
}

export function* rowsIn(scope: Scope, tree: StepTree): Generator<Row> {
  for (const node of scope.nodes)
    for (const turn of node.turns) {
      yield turn;
      for (const item of tree.maps.get(turn)?.byNumber ?? []) if (item) yield* rowsIn(item, tree);
    }
}

/** Whether an edge takes the failure of a node, by its path. */
export type TakesFailure = (path: string) => boolean;

/** Left behind by what went on without it: that cancels no item. */
const GONE_ON: ReadonlySet<string | null> = new Set(["JOIN_WON", "LOOP_TAKEN"]);
/** What an item is where its steps differ: what is open first, then what nothing took. */
const TELLING: readonly Row["status"][] = ["retrying", "scheduled", "waiting", "failed", "cancelled", "pending"];

export function statusOfItem(item: Item, takesFailure: TakesFailure): Row["status"] {
  return statusAt(item.nodes, null, takesFailure) ?? "completed";
}

/** @param rows those of a moment; null: of the newest. @returns null: none of them had begun */
function statusAt(
  nodes: readonly StepNode[],
  rows: readonly Row[] | null,
  takesFailure: TakesFailure,
): Row["status"] | null {
  let telling = Number.POSITIVE_INFINITY;
  for (const { turns } of nodes) {
    const row = newestOf(turns, rows);
    if (row === undefined) continue;
    const place = TELLING.indexOf(weighed(row, takesFailure));
    telling = Math.min(telling, place === -1 ? TELLING.length : place);
  }
  return telling === Number.POSITIVE_INFINITY ? null : (TELLING[telling] ?? "completed");
}

function newestOf(turns: readonly Row[], rows: readonly Row[] | null): Row | undefined {
  if (rows === null) return turns.at(-1);
  for (let at = turns.length - 1; at >= 0; at--) {
    const row = rows[turns[at]?.ordinal ?? -1];
    if (row !== undefined) return row;
  }
  return undefined;
}

function weighed(row: Row, takesFailure: TakesFailure): Row["status"] {
  if (row.status === "failed" && takesFailure(row.node)) return "completed";
  return row.status === "cancelled" && GONE_ON.has(row.cancelledBecause) ? "completed" : row.status;
}

export interface ItemCounts {
  total: number;
  done: number;
  failed: number;
  cancelled: number;
  open: number;
}

export function countItems(items: MapItems | undefined, map: Row, takesFailure: TakesFailure): ItemCounts {
  const counts = { total: map.items ?? 0, done: 0, failed: 0, cancelled: 0, open: 0 };
  for (const status of items?.statuses(takesFailure) ?? []) {
    if (status === "failed") counts.failed++;
    else if (status === "cancelled") counts.cancelled++;
    else if (isEndedStep({ status })) counts.done++;
    else counts.open++;
  }
  return counts;
}

/** The next failed item behind a number, from the beginning again where none follows; null: none failed. */
export function nextFailed(items: MapItems, after: number, takesFailure: TakesFailure): Item | null {
  const failed = items.byNumber.filter((item): item is Item => !!item && statusOfItem(item, takesFailure) === "failed");
  return failed.find(({ number }) => number > after) ?? failed[0] ?? null;
}

/** The step that says most about a scope: one that failed, else one that is open, else the last that began. */
export function tellingRow(scope: Scope): Row | null {
  const newest = scope.nodes.flatMap(({ turns }) => turns.at(-1) ?? []);
  return newest.find(({ status }) => status === "failed") ?? newest.find(isOpenStep) ?? newest.at(-1) ?? null;
}
