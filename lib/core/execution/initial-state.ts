/** An execution of which nothing has happened yet: the state that every fold begins with. */
import type { HistoryEvent } from "../../contract/history";
import type { CompiledGraph, CompiledNode } from "../definition/graph";
import { BLOCK } from "./blocks";
import { earliest, NEVER, stepDeadlines } from "./deadlines";
import type { Deadlines, ExecutionState, LoopState, ScopeState, StepState } from "./state";

/** Binds the compiled graph, and those of other versions that the history names; all else comes from events. */
export function initialState(
  graph: CompiledGraph,
  graphs: ReadonlyMap<number, CompiledGraph> = new Map(),
): ExecutionState {
  return {
    graph,
    graphs,
    status: "scheduled",
    sequence: 0,
    lastAt: 0,
    workflow: graph.definition.name,
    version: 0,
    hash: "",
    key: null,
    tags: [],
    correlationId: null,
    priority: 0,
    parent: null,
    input: { json: null },
    startAt: null,
    startedAt: null,
    closedAt: null,
    timeoutMs: null,
    timeoutAt: null,
    output: null,
    error: null,
    cancelReason: null,
    cancelRequested: false,
    pausedAt: null,
    pauseReason: null,
    root: newScope(graph, 0, [], 0),
    held: [],
    requests: [],
    signals: [],
    waiters: [],
    compensations: [],
    closing: null,
    lastWorker: null,
  };
}

/** The version that what follows goes by, whose graph its fold needs; null for an event that changes none. */
export function versionBoundBy(event: HistoryEvent): number | null {
  switch (event.type) {
    case "ExecutionScheduled":
    case "ExecutionStarted":
    case "ExecutionForked":
      return event.data.version;
    default:
      return null;
  }
}

/** A scope that nothing has happened in; iterations begin after `floor`, the highest that was used before. */
export function newScope(graph: CompiledGraph, number: number, index: readonly number[], floor: number): ScopeState {
  const scope = graph.scopes[number];
  if (scope === undefined) throw new Error(`no scope ${number}`);
  const steps = scope.nodes.map((node) => pendingStep(node, index, floor));
  const blocks = blocksOf(scope.nodes, steps);
  return {
    steps,
    loops: scope.loops.map(({ body }) => newLoop(body.size)),
    blocks,
    ...blocks.reduce(earliest, NEVER),
    open: 0,
    scheduled: 0,
    pending: steps.length,
    ended: null,
  };
}

export function blocksOf(nodes: readonly CompiledNode[], steps: readonly StepState[]): Deadlines[] {
  const blocks: Deadlines[] = [];
  steps.forEach((step, position) => {
    const node = nodes[position];
    const block = Math.floor(position / BLOCK);
    const own = node === undefined ? NEVER : stepDeadlines(node, step);
    blocks[block] = earliest(blocks[block] ?? NEVER, own);
  });
  return blocks;
}

export function newLoop(pending: number): LoopState {
  return { turn: 1, value: null, open: 0, pending, looping: false, held: [] };
}

const NONE: readonly never[] = [];

export function pendingStep({ path }: CompiledNode, index: readonly number[], floor: number): StepState {
  return {
    node: path,
    iteration: floor + 1,
    ...(index.length === 0 ? {} : { index }),
    status: "pending",
    attempt: 0,
    spent: 0,
    round: 0,
    taskId: null,
    ended: NONE,
    rejected: NONE,
    taken: 0,
    dead: 0,
    forced: false,
    input: null,
    port: null,
    output: null,
    error: null,
    why: null,
    wait: null,
    decided: null,
    checkpoints: NONE,
    resumed: null,
    carried: null,
    map: null,
    floor,
    startedAt: null,
    closedAt: null,
    since: null,
    scheduledAt: null,
    totalTimeoutAt: null,
    pollTimeoutAt: null,
  };
}
