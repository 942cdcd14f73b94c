/** Which lines the timeline shows, from top to bottom: the tree of steps with what is folded left out; pure. */
import {
  countItems,
  type Item,
  type ItemCounts,
  rowsIn,
  type Scope,
  type StepNode,
  type StepTree,
  statusOfItem,
  type TakesFailure,
  tellingRow,
} from "./step-tree";
import type { Row } from "./timeline-model";

interface LineBase {
  id: string;
  /** 1 at the top. */
  level: number;
  /** What is selected with it. */
  row: Row;
  /** Whether what lies in it is shown; null: nothing does. */
  unfolded: boolean | null;
  /** The line that it lies in. */
  parent: string | null;
  /** Its place among the lines that lie in the same, from 1, and how many those are. */
  position: number;
  siblings: number;
}

interface StepLine extends LineBase {
  kind: "step";
  /** All turns of the node, where this line stands for all of them; the row is the one that is picked. */
  turns: readonly Row[] | null;
  /** Said of one turn under the line of all of them. */
  turn: boolean;
  counts: ItemCounts | null;
}

interface ItemLine extends LineBase {
  kind: "item";
  item: Item;
  status: Row["status"];
}

export type Line = StepLine | ItemLine;

export interface LinesInput {
  tree: StepTree;
  takesFailure: TakesFailure;
  /** Ids that stand the other way than they do by themselves. */
  toggled: ReadonlySet<string>;
  selected: string | null;
  /** Only lines with a matching step, or in which one lies, are shown, and those unfolded; null: all. */
  matches: ((row: Row) => boolean) | null;
}

/** A map of more items begins folded. */
export const UNFOLDED_MOST = 12;

export function linesOf(input: LinesInput): Line[] {
  const lines: Line[] = [];
  addScope(lines, input, input.tree.root, 1, null);
  const siblings = new Map<string | null, number>();
  for (const line of lines) {
    line.position = (siblings.get(line.parent) ?? 0) + 1;
    siblings.set(line.parent, line.position);
  }
  for (const line of lines) line.siblings = siblings.get(line.parent) ?? 1;
  return lines;
}

/** Counted once all lines are known. */
const UNCOUNTED = { position: 0, siblings: 0 };

function addScope(lines: Line[], input: LinesInput, scope: Scope, level: number, parent: string | null): void {
  for (const node of scope.nodes) {
    const [only] = node.turns;
    if (node.turns.length > 1) addTurns(lines, input, node, level, parent);
    else if (only) addStep(lines, input, only, level, parent, false);
  }
}

function addTurns(lines: Line[], input: LinesInput, node: StepNode, level: number, parent: string | null): void {
  const shown = node.turns.filter((row) => isShown(input, row));
  const picked = node.turns.find(({ key }) => key === input.selected) ?? shown.at(-1);
  if (!picked || shown.length === 0) return;
  const unfolded = stands(input, node.id, false) && shown.length > 0;
  lines.push({
    kind: "step",
    id: node.id,
    level,
    row: picked,
    unfolded,
    parent,
    turns: node.turns,
    turn: false,
    counts: countsOf(input, picked),
    ...UNCOUNTED,
  });
  if (unfolded) for (const row of shown) addStep(lines, input, row, level + 1, node.id, true);
}

function addStep(
  lines: Line[],
  input: LinesInput,
  row: Row,
  level: number,
  parent: string | null,
  turn: boolean,
): void {
  if (!isShown(input, row)) return;
  const items = input.tree.maps.get(row);
  const few = (row.items ?? 0) <= UNFOLDED_MOST;
  const unfolded = items ? stands(input, row.key, input.matches !== null || few) : null;
  lines.push({
    kind: "step",
    id: row.key,
    level,
    row,
    unfolded,
    parent,
    turns: null,
    turn,
    counts: countsOf(input, row),
    ...UNCOUNTED,
  });
  if (items && unfolded) for (const item of items.byNumber) if (item) addItem(lines, input, item, level + 1, row.key);
}

function addItem(lines: Line[], input: LinesInput, item: Item, level: number, parent: string): void {
  if (input.matches && !someIn(item, input.tree, input.matches)) return;
  const row = tellingRow(item);
  if (!row) return;
  const single = item.nodes.length === 1 && item.nodes[0]?.turns.length === 1 && row.items === null;
  const unfolded = single ? null : stands(input, item.id, false);
  const status = statusOfItem(item, input.takesFailure);
  lines.push({ kind: "item", id: item.id, level, row, unfolded, parent, item, status, ...UNCOUNTED });
  if (unfolded) addScope(lines, input, item, level + 1, item.id);
}

function stands({ toggled }: LinesInput, id: string, byItself: boolean): boolean {
  return toggled.has(id) !== byItself;
}

function countsOf({ tree, takesFailure }: LinesInput, row: Row): ItemCounts | null {
  return row.items === null ? null : countItems(tree.maps.get(row), row, takesFailure);
}

function isShown({ tree, matches }: LinesInput, row: Row): boolean {
  if (!matches || matches(row)) return true;
  return (tree.maps.get(row)?.byNumber ?? []).some((item) => item && someIn(item, tree, matches));
}

function someIn(scope: Scope, tree: StepTree, matches: (row: Row) => boolean): boolean {
  for (const row of rowsIn(scope, tree)) if (matches(row)) return true;
  return false;
}

/** What failed once, even if it went well in the end. */
export function hasErred(row: Row): boolean {
  return (
    row.status === "failed" ||
    row.error !== null ||
    row.attempts.some(({ outcome }) => outcome === "failed") ||
    (row.compensation?.attempts.some(({ outcome }) => outcome === "failed") ?? false)
  );
}

/** The line that stands for the selection: its own, or the innermost shown one that it lies in. */
export function lineOf(lines: readonly Line[], key: string, around: readonly string[]): number {
  const own = lines.findIndex((line) => line.id === key || (line.row.key === key && line.unfolded !== true));
  if (own !== -1) return own;
  return lines.findLastIndex(({ id }) => around.includes(id));
}
