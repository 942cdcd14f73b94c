/**
 * A state under construction. What it shares with the state it came from is copied the first time it is written, and only
 * that: of ten thousand items the one that changed.
 */
import type { CompiledGraph, CompiledNode, CompiledScope } from "../definition/graph";
import { BLOCK } from "./blocks";
import {
  earliest,
  earliestInMap,
  itemDeadlines,
  mapDeadlines,
  NEVER,
  NEVER_IN_MAP,
  stepDeadlines,
  trackBlock,
} from "./deadlines";
import { newScope } from "./initial-state";
import { itemAt } from "./items";
import type {
  Consequence,
  Deadlines,
  ExecutionState,
  LoopState,
  MapDeadlines,
  MapState,
  ScopeState,
  StepState,
} from "./state";
import { isOpenStep } from "./statuses";
import type { StepRef } from "./step-ref";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type DraftState = Omit<Mutable<ExecutionState>, "root"> & { root: ScopeState };
export type DraftScope = Omit<Mutable<ScopeState>, "steps" | "loops" | "blocks"> & {
  steps: StepState[];
  loops: LoopState[];
  blocks: Deadlines[];
};
type DraftMap = Omit<Mutable<MapState>, "items" | "blocks"> & {
  items: (readonly (ScopeState | null)[])[];
  blocks: MapDeadlines[];
};

export interface Draft {
  readonly state: DraftState;
  /** What follows from the events so far, for whoever decides. */
  readonly next: Consequence[];
  /** Scopes and maps that are this draft's own. */
  readonly owned: Set<object>;
}

/** A step's place: its node, and which item of each map around it. */
export interface At {
  readonly node: CompiledNode;
  readonly index: readonly number[];
}

/** From the outermost scope to the one that holds a step. */
export interface Level {
  readonly scope: DraftScope;
  readonly compiled: CompiledScope;
  /** The map step in it, and which of its items, that leads to the next level. */
  inner: { readonly node: CompiledNode; readonly map: DraftMap; readonly item: number } | null;
}

const AT_TOP: readonly number[] = [];

export function openDraft(state: ExecutionState): Draft {
  return { state: { ...state }, next: [], owned: new Set() };
}

export function atRef({ graph }: Pick<ExecutionState, "graph">, { ordinal, index }: StepRef): At {
  const node = graph.nodes[ordinal];
  if (node === undefined) throw new Error(`no node at ${ordinal}`);
  return { node, index: index ?? AT_TOP };
}

export function refOf({ node, index }: At): StepRef {
  return index.length === 0 ? { ordinal: node.ordinal } : { ordinal: node.ordinal, index };
}

/** Where an event of a step points to. */
export function atEvent(
  { graph }: Pick<ExecutionState, "graph">,
  { node, index }: { node: string; index?: readonly number[] | undefined },
): At {
  const ordinal = graph.ordinals.get(node);
  if (ordinal === undefined) throw new Error(`the graph has no node ${node}`);
  return atRef({ graph }, { ordinal, index: index ?? AT_TOP });
}

/** The scope with this number that the index leads to; undefined where there is none (yet). */
export function scopeAt(
  { graph, root }: Pick<ExecutionState, "graph" | "root">,
  number: number,
  index: readonly number[],
): ScopeState | undefined {
  if (number === 0) return index.length === 0 ? root : undefined;
  const map = graph.nodes[graph.scopes[number]?.map ?? -1];
  if (map === undefined || index.length === 0) return undefined;
  const around = scopeAt({ graph, root }, map.scope, index.slice(0, -1));
  const items = around?.steps[map.position]?.map?.items;
  return items === undefined ? undefined : (itemAt(items, index.at(-1) ?? -1) ?? undefined);
}

/** Throws where there is no such step. */
export function stepIn(state: Pick<ExecutionState, "graph" | "root">, { node, index }: At): StepState {
  const step = scopeAt(state, node.scope, index)?.steps[node.position];
  if (step === undefined) throw new Error(`no step of ${node.path}[${index.join()}]`);
  return step;
}

/** The scopes from the outermost to the one with this number, each ready to be written. */
export function openLevels(draft: Draft, number: number, index: readonly number[]): Level[] {
  const { graph } = draft.state;
  const compiled = compiledScope(graph, number);
  if (compiled.map === null) return [{ scope: ownRoot(draft), compiled, inner: null }];
  const node = graph.nodes[compiled.map];
  if (node === undefined) throw new Error(`no node at ${compiled.map}`);
  const levels = openLevels(draft, node.scope, index.slice(0, -1));
  const above = levels.at(-1);
  const item = index.at(-1);
  if (above === undefined || item === undefined) throw new Error(`no item for ${node.path}`);
  const map = ownMap(draft, above.scope, node.position);
  above.inner = { node, map, item };
  levels.push({ scope: ownItem(draft, map, item), compiled, inner: null });
  return levels;
}

function compiledScope(graph: CompiledGraph, number: number): CompiledScope {
  const scope = graph.scopes[number];
  if (scope === undefined) throw new Error(`no scope ${number}`);
  return scope;
}

function ownRoot(draft: Draft): DraftScope {
  const { state, owned } = draft;
  if (!owned.has(state.root)) state.root = own(owned, state.root);
  return state.root as DraftScope;
}

function own(owned: Set<object>, scope: ScopeState): DraftScope {
  const copy = { ...scope, steps: [...scope.steps], loops: [...scope.loops], blocks: [...scope.blocks] };
  owned.add(copy);
  return copy;
}

function ownMap({ owned }: Draft, scope: DraftScope, position: number): DraftMap {
  const step = scope.steps[position];
  if (step === undefined || step.map === null) throw new Error(`no map has begun at ${position}`);
  if (owned.has(step.map)) return step.map as DraftMap;
  const map = { ...step.map, items: [...step.map.items], blocks: [...step.map.blocks] };
  owned.add(map);
  scope.steps[position] = { ...step, map };
  return map;
}

function ownItem({ owned }: Draft, map: DraftMap, item: number): DraftScope {
  const scope = itemAt(map.items, item);
  if (scope === null) throw new Error(`item ${item} has not begun`);
  if (owned.has(scope)) return scope as DraftScope;
  const copy = own(owned, scope);
  putItem(owned, map, item, copy);
  return copy;
}

function putItem(owned: Set<object>, map: DraftMap, item: number, scope: ScopeState) {
  const block = Math.floor(item / BLOCK);
  let members = map.items[block] as (ScopeState | null)[] | undefined;
  if (members === undefined || !owned.has(members)) {
    members = [...(members ?? [])];
    owned.add(members);
    map.items[block] = members;
  }
  while (members.length < item % BLOCK) members.push(null);
  members[item % BLOCK] = scope;
}

/** Replaces a step, and keeps counts and deadlines right all the way out. */
export function changeStep(draft: Draft, { node, index }: At, next: (step: StepState) => StepState) {
  const levels = openLevels(draft, node.scope, index);
  const leaf = levels.at(-1);
  const before = leaf?.scope.steps[node.position];
  if (leaf === undefined || before === undefined) throw new Error(`no step of ${node.path}`);
  const after = next(before);
  leaf.scope.steps[node.position] = after;
  countStep(leaf, node, before, -1);
  countStep(leaf, node, after, 1);
  const scheduled = Number(after.status === "scheduled") - Number(before.status === "scheduled");
  trackStep(leaf, node, stepDeadlines(node, before), stepDeadlines(node, after));
  settleOutwards(draft, levels, scheduled);
}

/** The items that a step is in begin with the first event of a step in them. */
export function beginItems(draft: Draft, { node, index }: At) {
  const { graph } = draft.state;
  const map = graph.nodes[graph.scopes[node.scope]?.map ?? -1];
  const item = index.at(-1);
  if (map === undefined || item === undefined || scopeAt(draft.state, node.scope, index) !== undefined) return;
  const around = { node: map, index: index.slice(0, -1) };
  beginItems(draft, around);
  setItem(draft, around, item, newScope(graph, node.scope, index, stepIn(draft.state, around).floor));
}

/** Puts an item's scope in its place: when it begins, or is opened again. */
export function setItem(draft: Draft, { node, index }: At, item: number, scope: ScopeState) {
  const levels = openLevels(draft, node.scope, index);
  const leaf = levels.at(-1);
  if (leaf === undefined) throw new Error(`no scope of ${node.path}`);
  const map = ownMap(draft, leaf.scope, node.position);
  const before = itemDeadlines(itemAt(map.items, item));
  putItem(draft.owned, map, item, scope);
  map.next = Math.max(map.next, item + 1);
  trackItem(map, item, before);
  closeMap(leaf, node, map);
  settleOutwards(draft, levels, 0);
}

/** The item is over, in whatever way. */
export function endItem(draft: Draft, scope: number, index: readonly number[], as: "completed" | "failed") {
  const levels = openLevels(draft, scope, index);
  const leaf = levels.at(-1);
  const inner = levels.at(-2)?.inner;
  if (leaf === undefined || inner == null) throw new Error("the definition's own graph is no item");
  const before = itemDeadlines(leaf.scope);
  leaf.scope.ended = as;
  inner.map[as]++;
  trackItem(inner.map, inner.item, before);
  settleOutwards(draft, levels, 0);
  const { iteration } = stepOf(levels.at(-2), inner.node);
  draft.next.push({ ...mapConsequence(inner.node, index.slice(0, -1), iteration), item: inner.item });
}

function stepOf(level: Level | undefined, node: CompiledNode): StepState {
  const step = level?.scope.steps[node.position];
  if (step === undefined) throw new Error(`no step of ${node.path}`);
  return step;
}

function mapConsequence(node: CompiledNode, index: readonly number[], iteration: number) {
  return { kind: "map" as const, ref: refOf({ node, index }), iteration };
}

function countStep({ scope, compiled }: Level, node: CompiledNode, { status }: StepState, by: 1 | -1) {
  const pending = status === "pending" ? by : 0;
  const open = isOpenStep({ status }) ? by : 0;
  if (pending === 0 && open === 0) return;
  scope.pending += pending;
  scope.open += open;
  if (compiled.loops.length === 0) return;
  for (const number of node.loops) {
    const loop = scope.loops[number];
    if (loop !== undefined) {
      scope.loops[number] = { ...loop, open: loop.open + open, pending: loop.pending + pending };
    }
  }
}

/** From the innermost level outwards: how many tasks are out, who holds places, what comes next. */
function settleOutwards(draft: Draft, levels: readonly Level[], scheduled: number) {
  let changed: { scope: DraftScope; before: MapDeadlines; ran: boolean } | null = null;
  for (let i = levels.length - 1; i >= 0; i--) {
    const level = levels[i];
    if (level === undefined) return;
    const { scope, inner } = level;
    const before = itemDeadlines(scope);
    const ran = scope.scheduled > 0;
    if (inner !== null && changed !== null) {
      const { map, node, item } = inner;
      const runs = changed.scope.scheduled > 0;
      if (changed.ran !== runs) map.active += runs ? 1 : -1;
      trackItem(map, item, changed.before);
      closeMap(level, node, map);
      if (changed.ran && !runs) {
        const step = stepOf(level, node);
        draft.next.push(mapConsequence(node, step.index ?? AT_TOP, step.iteration));
      }
    }
    scope.scheduled += scheduled;
    const { due, want } = scope.blocks.reduce(earliest, NEVER);
    scope.due = due;
    scope.want = want;
    changed = { scope, before, ran };
  }
}

/** The map step's own times, after its items' have changed. */
function closeMap(level: Level, node: CompiledNode, map: DraftMap) {
  const before: Deadlines = { due: map.due, want: map.want };
  Object.assign(map, mapDeadlines(node, map));
  if (before.due !== map.due || before.want !== map.want)
    trackStep(level, node, before, { due: map.due, want: map.want });
}

function trackStep({ scope, compiled }: Level, node: CompiledNode, before: Deadlines, after: Deadlines) {
  const members = (from: number, to: number) =>
    scope.steps.slice(from, to).map((step, i) => {
      const other = compiled.nodes[from + i];
      return other === undefined ? NEVER : stepDeadlines(other, step);
    });
  trackBlock(scope.blocks, node.position, before, after, members, earliest, NEVER);
}

function trackItem(map: DraftMap, item: number, before: MapDeadlines) {
  const members = (from: number) => (map.items[from / BLOCK] ?? []).map(itemDeadlines);
  trackBlock(map.blocks, item, before, itemDeadlines(itemAt(map.items, item)), members, earliestInMap, NEVER_IN_MAP);
}
