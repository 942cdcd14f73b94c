/**
 * Which executions are selected: rows that were ticked, as they were last seen, or all that match the filters, of which only
 * the number is known. A row that leaves the list stays ticked: nobody takes back what a person chose. Pure.
 */
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import type { OperationAction } from "@/lib/contract/operations";
import { mayTake } from "@/lib/core/execution/possible";

export type Row = Pick<ExecutionSummary, "id" | "status">;

export interface Selection {
  ticked: ReadonlyMap<string, ExecutionStatus>;
  /** All that match, those too that are not loaded. */
  isAll: boolean;
  /** The last one ticked: a range goes from there. */
  anchor: string | null;
}

export const NOTHING: Selection = { ticked: new Map(), isAll: false, anchor: null };

export const isEmpty = ({ ticked, isAll }: Selection) => !isAll && ticked.size === 0;

export const isTicked = ({ ticked, isAll }: Selection, id: string) => isAll || ticked.has(id);

/** Of all that match, taking one out leaves those that are loaded. */
export function tick(selection: Selection, rows: readonly Row[], id: string, ticked: boolean): Selection {
  const before = loaded(selection, rows);
  const row = rows.find((each) => each.id === id);
  if (row === undefined) return selection;
  return { ticked: changed(before, [row], ticked), isAll: false, anchor: id };
}

/** From the last one ticked to this one; without one, this one alone. */
export function tickRange(selection: Selection, rows: readonly Row[], id: string, ticked: boolean): Selection {
  const to = rows.findIndex((row) => row.id === id);
  const from = rows.findIndex((row) => row.id === selection.anchor);
  if (to === -1 || from === -1) return tick(selection, rows, id, ticked);
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ticked: changed(loaded(selection, rows), range, ticked), isAll: false, anchor: id };
}

export function tickLoaded(rows: readonly Row[]): Selection {
  return { ticked: changed(new Map(), rows, true), isAll: false, anchor: rows[0]?.id ?? null };
}

export function selectAll(): Selection {
  return { ...NOTHING, isAll: true };
}

function loaded({ ticked, isAll }: Selection, rows: readonly Row[]): ReadonlyMap<string, ExecutionStatus> {
  return isAll ? tickLoaded(rows).ticked : ticked;
}

function changed(before: ReadonlyMap<string, ExecutionStatus>, rows: readonly Row[], ticked: boolean) {
  const after = new Map(before);
  for (const { id, status } of rows) {
    if (ticked) after.set(id, status);
    else after.delete(id);
  }
  return after;
}

/** The ticked ones with the statuses that they have by now, as far as they are still listed. */
export function refreshed(selection: Selection, rows: readonly Row[]): Selection {
  if (selection.ticked.size === 0) return selection;
  const changedRows = rows.filter(({ id, status }) => (selection.ticked.get(id) ?? status) !== status);
  return changedRows.length === 0 ? selection : { ...selection, ticked: changed(selection.ticked, changedRows, true) };
}

/** How many by status, and whether there may be more. */
export interface Tally {
  counts: Partial<Record<ExecutionStatus, number>>;
  capped: boolean;
}

export function tallyOf(ticked: ReadonlyMap<string, ExecutionStatus>): Tally {
  const counts: Tally["counts"] = {};
  for (const status of ticked.values()) counts[status] = (counts[status] ?? 0) + 1;
  return { counts, capped: false };
}

export function total({ counts }: Tally): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

/** Of how many the action makes sense. */
export function applicable(action: OperationAction, { counts }: Tally): number {
  return (Object.entries(counts) as [ExecutionStatus, number][]).reduce(
    (sum, [status, n]) => sum + (mayTake(action, { status }) ? n : 0),
    0,
  );
}
