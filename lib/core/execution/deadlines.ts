/**
 * When something is to be done without anybody's doing. Each scope and each map keeps the earliest times of blocks of 128
 * steps or items, so that neither asking nor changing one of ten thousand open sleeps looks at all of them.
 */
import { type CompiledGraph, type CompiledNode, DEFAULT_MAP_CONCURRENCY } from "../definition/graph";
import { BLOCK } from "./blocks";
import { itemAt } from "./items";
import { isReady } from "./joins";
import type { Deadlines, ExecutionState, MapDeadlines, MapState, ScopeState, StepState } from "./state";
import { isClosed, isOpenStep } from "./statuses";
import type { StepRef } from "./step-ref";

export const NEVER: Deadlines = { due: null, want: null };
export const NEVER_IN_MAP: MapDeadlines = { due: null, want: null, placed: null };

/** Epoch milliseconds of the next thing to do; null: nothing to wake for. */
export function wakeAt(state: ExecutionState): number | null {
  if (isClosed(state)) return null;
  if (state.startedAt === null) return state.startAt;
  if (state.closing !== null) return compensationRetryAt(state);
  const { due, want } = state.root;
  return earlier(state.timeoutAt, state.pausedAt === null ? earlier(due, want) : due);
}

export function compensationRetryAt({ compensations }: ExecutionState): number | null {
  return compensations.reduce((at: number | null, { retryAt }) => earlier(at, retryAt), null);
}

/** What the step waits for: nothing where no time ends its waiting. */
export function stepDeadlines(node: CompiledNode, step: StepState): Deadlines {
  if (step.status === "pending") return isReady(node, step) ? AT_ONCE : NEVER;
  if (!isOpenStep(step)) return NEVER;
  if (step.map !== null) return step.map;
  const { wait, totalTimeoutAt, pollTimeoutAt } = step;
  const timeout = earlier(totalTimeoutAt, pollTimeoutAt);
  if (wait === null) return timeout === null ? NEVER : { due: timeout, want: null };
  if (wait.kind === "retry" || wait.kind === "poll" || wait.kind === "resume") return { due: timeout, want: wait.at };
  return { due: earlier(timeout, wait.at), want: null };
}

const AT_ONCE: Deadlines = { due: null, want: 0 };

/** What an item asks of its map. */
export function itemDeadlines(item: ScopeState | null): MapDeadlines {
  if (item === null || item.ended !== null) return NEVER_IN_MAP;
  const { due, want } = item;
  return item.scheduled > 0 ? { due, want: null, placed: want } : { due, want, placed: null };
}

/** Of a map step as a whole: what needs a place counts only while one is free. */
export function mapDeadlines(node: CompiledNode, map: Omit<MapState, keyof Deadlines>): Deadlines {
  const { due, want, placed } = map.blocks.reduce(earliestInMap, NEVER_IN_MAP);
  if (!hasPlace(node, map)) return { due, want: placed };
  const begins = map.next < map.count ? 0 : null;
  return { due, want: earlier(earlier(want, placed), begins) };
}

export function hasPlace(node: CompiledNode, { active }: Pick<MapState, "active">): boolean {
  return active < concurrencyOf(node);
}

function concurrencyOf({ definition }: CompiledNode): number {
  return (definition.type === "map" ? definition.concurrency : undefined) ?? DEFAULT_MAP_CONCURRENCY;
}

/** The step whose time comes first, the first in the graph among equals. `wants`: also dispatches. */
export function nextDue(state: ExecutionState, wants: boolean): { ref: StepRef; at: number } | null {
  const { due, want } = state.root;
  const at = wants ? earlier(due, want) : due;
  if (at === null) return null;
  return { ref: findDue(state.graph, state.root, 0, at, wants, []), at };
}

/** The step in this scope whose time it is. */
export function findDue(
  graph: CompiledGraph,
  scope: ScopeState,
  number: number,
  at: number,
  wants: boolean,
  index: readonly number[],
): StepRef {
  const is = ({ due, want }: Deadlines) => due === at || (wants && want === at);
  const nodes = graph.scopes[number]?.nodes ?? [];
  for (let block = scope.blocks.findIndex(is); block >= 0 && block < scope.blocks.length; block++) {
    for (let position = block * BLOCK; position < (block + 1) * BLOCK; position++) {
      const step = scope.steps[position];
      const node = nodes[position];
      if (step === undefined || node === undefined || !is(stepDeadlines(node, step))) continue;
      return findInStep(graph, node, step, at, wants, index);
    }
  }
  throw new Error(`nothing is due at ${at}`);
}

function findInStep(
  graph: CompiledGraph,
  node: CompiledNode,
  { map }: StepState,
  at: number,
  wants: boolean,
  index: readonly number[],
): StepRef {
  const here = { ordinal: node.ordinal, ...(index.length === 0 ? {} : { index }) };
  if (map === null || node.body === null) return here;
  const free = hasPlace(node, map);
  const is = ({ due, want, placed }: MapDeadlines) => due === at || (wants && (placed === at || (free && want === at)));
  for (let block = map.blocks.findIndex(is); block >= 0 && block < map.blocks.length; block++) {
    for (let item = block * BLOCK; item < (block + 1) * BLOCK; item++) {
      const scope = itemAt(map.items, item);
      if (scope !== null && is(itemDeadlines(scope))) {
        return findDue(graph, scope, node.body, at, wants, [...index, item]);
      }
    }
  }
  return here;
}

/** Sets one member of a block, whose earliest times are kept right. */
export function trackBlock<T extends Deadlines>(
  blocks: T[],
  position: number,
  before: T,
  after: T,
  members: (from: number, to: number) => T[],
  earliest: (a: T, b: T) => T,
  never: T,
) {
  if (before === after) return;
  const block = Math.floor(position / BLOCK);
  const known = blocks[block] ?? never;
  blocks[block] = isEarliest(known, before)
    ? members(block * BLOCK, (block + 1) * BLOCK).reduce(earliest, never)
    : earliest(known, after);
}

/** Whether the block's times may have been this member's: then the others must be asked. */
function isEarliest(block: Deadlines & { placed?: number | null }, member: Deadlines & { placed?: number | null }) {
  return (
    (member.due !== null && member.due === block.due) ||
    (member.want !== null && member.want === block.want) ||
    (member.placed != null && member.placed === block.placed)
  );
}

export function earliest(a: Deadlines, b: Deadlines): Deadlines {
  if (b.due === null && b.want === null) return a;
  return { due: earlier(a.due, b.due), want: earlier(a.want, b.want) };
}

export function earliestInMap(a: MapDeadlines, b: MapDeadlines): MapDeadlines {
  if (b.due === null && b.want === null && b.placed === null) return a;
  return { due: earlier(a.due, b.due), want: earlier(a.want, b.want), placed: earlier(a.placed, b.placed) };
}

export function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || a <= b ? a : b;
}
