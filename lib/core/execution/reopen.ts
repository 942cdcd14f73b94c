/** Histories that go on after an end, or elsewhere: which steps are opened again, and their edges judged anew. */
import type { EventOf } from "../../contract/history";
import type { CompiledGraph, CompiledNode, CompiledScope } from "../definition/graph";
import { epochMs } from "../time";
import { BLOCK } from "./blocks";
import { earliest, earliestInMap, itemDeadlines, mapDeadlines, NEVER, NEVER_IN_MAP } from "./deadlines";
import type { Draft } from "./draft";
import { highestIteration } from "./edges";
import { endsScope, isClosingReason } from "./failures";
import { heldIn } from "./held";
import { blocksOf, newLoop, pendingStep } from "./initial-state";
import { begunItems, changeItems } from "./items";
import type { Consequence, Items, LoopState, MapDeadlines, MapState, ScopeState, StepState } from "./state";
import { isEndedStep, isOpenStep } from "./statuses";

/** The failed steps, or a node and all after it, run anew in the same history. */
export function foldRetried({ state, next }: Draft, { data }: EventOf<"ExecutionRetried">) {
  const from = data.fromNode === undefined ? null : (state.graph.ordinals.get(data.fromNode) ?? null);
  state.root = reopenScope(state.graph, 0, state.root, [], from);
  state.input = heldIn("input", data) ?? state.input;
  state.timeoutAt = data.timeoutAt === undefined ? null : epochMs(data.timeoutAt);
  Object.assign(state, { status: "running", closedAt: null, error: null, output: null, closing: null });
  Object.assign(state, { cancelReason: null, cancelRequested: false, waiters: [] });
  next.push(...allConsequences(state.graph, 0, state.root, []));
}

/** Another execution goes on from here, perhaps by another version. */
export function foldForked({ state, next }: Draft, { data }: EventOf<"ExecutionForked">) {
  const before = state.graph;
  const graph = data.version === state.version ? before : state.graphs.get(data.version);
  if (graph === undefined) throw new Error(`version ${data.version} is not at hand`);
  const root = forkScope({ before, graph }, 0, state.root, []);
  const outputs = new Map(Object.entries(data.overrides ?? {}).map(([node, it]) => [node, heldIn("output", it)]));
  const steps = root.steps.map((step) =>
    outputs.has(step.node) ? { ...step, output: outputs.get(step.node) ?? null } : step,
  );
  Object.assign(state, {
    graph,
    root: { ...root, steps },
    version: data.version,
    hash: data.hash,
    input: heldIn("input", data) ?? state.input,
    startAt: null,
    startedAt: state.lastAt,
    closedAt: null,
    timeoutAt: data.timeoutAt === undefined ? null : epochMs(data.timeoutAt),
    compensations: state.compensations.map((it) => ({
      ...it,
      step: { ...it.step, ordinal: graph.ordinals.get(it.node) ?? it.step.ordinal },
    })),
  });
  Object.assign(state, { status: "running", error: null, output: null, closing: null, key: null, parent: null });
  Object.assign(state, { pausedAt: null, pauseReason: null, held: [], waiters: [] });
  Object.assign(state, { cancelReason: null, cancelRequested: false });
  if (data.trace !== undefined) state.trace = data.trace;
  next.push(...allConsequences(graph, 0, state.root, []));
}

/** `from`: the ordinal of a node that, with all after it, gets a new iteration; null: none. */
function reopenScope(
  graph: CompiledGraph,
  number: number,
  scope: ScopeState,
  index: readonly number[],
  from: number | null,
): ScopeState {
  const compiled = scopeOf(graph, number);
  const again = new Map<number, "open" | "new">();
  for (const [position, step] of scope.steps.entries()) {
    const node = nodeOf(compiled, position);
    if (!mayReopen(node, step)) continue;
    const thrown = rethrownBy(compiled, node, scope);
    if (thrown === null) again.set(node.ordinal, "open");
    else {
      for (const ordinal of after(graph, thrown)) again.set(ordinal, "new");
      again.set(thrown, "open");
    }
  }
  if (from !== null) for (const ordinal of after(graph, from)) again.set(ordinal, "new");
  const steps = scope.steps.map((step, position) => {
    const node = nodeOf(compiled, position);
    const how = again.get(node.ordinal);
    if (how === undefined) return step;
    if (how === "open") return reopenStep(graph, node, step, index);
    return { ...pendingStep(node, index, highestIteration(step)), forced: node.ordinal === from };
  });
  const loops = scope.loops.map((loop, i) => {
    const target = compiled.loops[i]?.target ?? -1;
    return again.get(target) === "new" ? newLoop(0) : loop;
  });
  return judgeAnew(compiled, steps, loops);
}

function mayReopen(node: CompiledNode, step: StepState): boolean {
  return endsScope(node, step) || (step.status === "cancelled" && isClosingReason(step.why));
}

/** The ordinal of the step whose error a fail node passed on; null: the failure was its own. */
function rethrownBy(compiled: CompiledScope, { definition }: CompiledNode, scope: ScopeState): number | null {
  if (definition.type !== "fail" || definition.rethrow === undefined) return null;
  const thrown = compiled.nodes.find(({ id }) => id === definition.rethrow);
  return thrown !== undefined && scope.steps[thrown.position]?.status === "failed" ? thrown.ordinal : null;
}

/** The node and everything that forward edges lead to from it. */
function after(graph: CompiledGraph, from: number): Set<number> {
  const seen = new Set([from]);
  const stack = [from];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const { to } of graph.nodes[at]?.outs ?? []) {
      if (!seen.has(to)) stack.push(to);
      seen.add(to);
    }
  }
  return seen;
}

/** Same iteration and checkpoints; attempts go on with a new budget; a sleep goes on until its time. */
function reopenStep(graph: CompiledGraph, node: CompiledNode, step: StepState, index: readonly number[]): StepState {
  const open: StepState = {
    ...step,
    status: "pending",
    forced: true,
    spent: step.attempt,
    taskId: null,
    port: null,
    output: null,
    error: null,
    why: null,
    carried: null,
    closedAt: null,
    totalTimeoutAt: null,
    pollTimeoutAt: null,
  };
  if (step.map === null) return open;
  return { ...open, status: "waiting", forced: false, map: reopenMap(graph, node, step.map, index) };
}

function reopenMap(graph: CompiledGraph, node: CompiledNode, map: MapState, index: readonly number[]): MapState {
  const { body } = node;
  if (body === null) throw new Error(`${node.path} is no map`);
  const continues = node.definition.type === "map" && node.definition.failure === "continue";
  return mapOf(
    node,
    map,
    changeItems(map.items, (item, i) => {
      if (item.ended === "completed" || (item.ended === "failed" && continues)) return item;
      return reopenScope(graph, body, item, [...index, i], null);
    }),
  );
}

/** A map with these items: all that is counted over them is counted anew. */
function mapOf(node: CompiledNode, map: MapState, items: Items): MapState {
  const blocks: MapDeadlines[] = [];
  const counts = { active: 0, completed: 0, failed: 0 };
  for (const { item, scope } of begunItems(items)) {
    const block = Math.floor(item / BLOCK);
    blocks[block] = earliestInMap(blocks[block] ?? NEVER_IN_MAP, itemDeadlines(scope));
    if (scope.scheduled > 0) counts.active++;
    if (scope.ended !== null) counts[scope.ended]++;
  }
  const next = { ...map, ...counts, items, blocks };
  return { ...next, ...mapDeadlines(node, next) };
}

interface Graphs {
  readonly before: CompiledGraph;
  readonly graph: CompiledGraph;
}

function forkScope(graphs: Graphs, number: number, scope: ScopeState, index: readonly number[]): ScopeState {
  const compiled = scopeOf(graphs.graph, number);
  const byPath = new Map(scope.steps.map((step) => [step.node, step]));
  const steps = compiled.nodes.map((node) => {
    const step = byPath.get(node.path);
    return step === undefined ? pendingStep(node, index, 0) : forkStep(graphs, node, step, index);
  });
  const turns = new Map(
    scope.loops.map((loop, i) => [
      graphs.before.nodes[scopeBefore(graphs, compiled)?.loops[i]?.target ?? -1]?.path,
      loop,
    ]),
  );
  const loops = compiled.loops.map(({ target, body }) => {
    const loop = turns.get(graphs.graph.nodes[target]?.path);
    return loop ?? newLoop(body.size);
  });
  return judgeAnew(compiled, steps, loops);
}

/** The same scope in the graph before: the body of the map with the same path. */
function scopeBefore({ before, graph }: Graphs, { map }: CompiledScope): CompiledScope | undefined {
  if (map === null) return before.scopes[0];
  const node = before.nodes[before.ordinals.get(graph.nodes[map]?.path ?? "") ?? -1];
  return before.scopes[node?.body ?? -1];
}

function forkStep(graphs: Graphs, node: CompiledNode, step: StepState, index: readonly number[]): StepState {
  if (isEndedStep(step)) return step;
  const anew = { ...pendingStep(node, index, 0), iteration: step.iteration, floor: step.floor };
  if (!isOpenStep(step)) return anew;
  const { map, wait } = step;
  const { body } = node;
  if (map === null || body === null) {
    return { ...anew, forced: true, wait: wait?.kind === "sleep" && wait.directive === null ? wait : null };
  }
  const items = changeItems(map.items, (item, i) =>
    item.ended !== null ? item : forkScope(graphs, body, item, [...index, i]),
  );
  return { ...anew, status: "waiting", startedAt: step.startedAt, since: step.since, map: mapOf(node, map, items) };
}

/** A scope with these steps, its edges judged as if they had just ended one by one. */
function judgeAnew(compiled: CompiledScope, given: readonly StepState[], turns: readonly LoopState[]): ScopeState {
  const steps = given.map((step) => ({ ...step, taken: 0, dead: 0 }));
  const loops = compiled.loops.map(({ body }, number): LoopState => {
    const inside = steps.filter((_, position) => body.has(nodeOf(compiled, position).ordinal));
    const open = inside.filter(isOpenStep).length;
    const pending = inside.filter(({ status }) => status === "pending").length;
    const turn = turns[number] ?? newLoop(0);
    return { turn: turn.turn, value: turn.value, open, pending, looping: false, held: [] };
  });
  const first = compiled.nodes[0]?.ordinal ?? 0;
  for (const [position, step] of steps.entries()) {
    const node = nodeOf(compiled, position);
    if (!isEndedStep(step)) continue;
    const loop = node.loopEdges.find(({ port }) => port === step.port)?.loop;
    for (const number of loop === undefined ? [] : node.loops.slice(node.loops.indexOf(loop))) {
      if (loops[number] !== undefined) loops[number] = { ...loops[number], looping: true };
    }
  }
  for (const [position, step] of steps.entries()) {
    const node = nodeOf(compiled, position);
    if (!isEndedStep(step)) continue;
    node.outs.forEach((edge, out) => {
      const taken = edge.port === step.port;
      const holder = edge.leaves.find((number) => !isSettled(loops[number]));
      if (holder === undefined) {
        const target = steps[edge.to - first];
        if (target !== undefined) target[taken ? "taken" : "dead"]++;
      } else if (loops[holder] !== undefined) {
        loops[holder] = { ...loops[holder], held: [...loops[holder].held, { from: node.ordinal, out, taken }] };
      }
    });
  }
  const blocks = blocksOf(compiled.nodes, steps);
  return {
    steps,
    loops,
    blocks,
    ...blocks.reduce(earliest, NEVER),
    open: steps.filter(isOpenStep).length,
    scheduled: steps.reduce((sum, { map }) => sum + scheduledIn(map), 0),
    pending: steps.filter(({ status }) => status === "pending").length,
    ended: null,
  };
}

function isSettled(loop: LoopState | undefined): boolean {
  return loop === undefined || (loop.open === 0 && loop.pending === 0 && !loop.looping);
}

function scheduledIn(map: MapState | null): number {
  return map === null ? 0 : [...begunItems(map.items)].reduce((sum, { scope }) => sum + scope.scheduled, 0);
}

/** Everything that may follow from the steps as they stand: the judging of all that is pending, and of open maps. */
function allConsequences(
  graph: CompiledGraph,
  number: number,
  scope: ScopeState,
  index: readonly number[],
): Consequence[] {
  const compiled = scopeOf(graph, number);
  return scope.steps.flatMap((step, position): Consequence[] => {
    const node = nodeOf(compiled, position);
    const ref = { ordinal: node.ordinal, ...(index.length === 0 ? {} : { index }) };
    const { iteration } = step;
    if (step.status === "pending") return [{ kind: "judge", ref }];
    if (endsScope(node, step)) return [{ kind: "fail", ref, iteration }];
    if (isEndedStep(step)) {
      return node.loopEdges.some(({ port }) => port === step.port) ? [{ kind: "loop", ref, iteration }] : [];
    }
    const { map } = step;
    const { body } = node;
    if (map === null || body === null) return [];
    const inside = [...begunItems(map.items)].flatMap(({ item, scope: begun }) =>
      begun.ended !== null ? [] : allConsequences(graph, body, begun, [...index, item]),
    );
    return [...inside, { kind: "map", ref, iteration }];
  });
}

function scopeOf(graph: CompiledGraph, number: number): CompiledScope {
  const scope = graph.scopes[number];
  if (scope === undefined) throw new Error(`no scope ${number}`);
  return scope;
}

function nodeOf({ nodes }: CompiledScope, position: number): CompiledNode {
  const node = nodes[position];
  if (node === undefined) throw new Error(`no node at ${position}`);
  return node;
}
