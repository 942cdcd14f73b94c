/** What edges do when a step ends: they reach the next node, or wait with the loops that they leave. */
import type { CompiledEdge, CompiledNode } from "../definition/graph";
import { type At, changeStep, type Draft, type DraftScope, type Level, openLevels, refOf } from "./draft";
import { newLoop, pendingStep } from "./initial-state";
import { begunItems } from "./items";
import type { Held, LoopState, StepState } from "./state";

/** The node's edges from `port` are taken, all others dead; null: all are. */
export function deliverEdges(draft: Draft, at: At, port: string | null) {
  at.node.outs.forEach((edge, out) => {
    deliver(draft, at, edge, out, edge.port === port);
  });
  settleLoops(draft, at);
}

function deliver(draft: Draft, at: At, edge: CompiledEdge, out: number, taken: boolean, from = 0) {
  const holder = edge.leaves[from];
  if (holder === undefined) return reach(draft, { node: nodeTo(draft, edge), index: at.index }, taken);
  changeLoop(draft, at, holder, (loop) => ({ ...loop, held: [...loop.held, { from: at.node.ordinal, out, taken }] }));
}

function reach(draft: Draft, target: At, taken: boolean) {
  changeStep(draft, target, (step) => (taken ? { ...step, taken: step.taken + 1 } : { ...step, dead: step.dead + 1 }));
  draft.next.push({ kind: "judge", ref: refOf(target) });
}

/** Loops around the step that have nothing open and nothing left to run hand on what they held, the inner ones first. */
export function settleLoops(draft: Draft, at: At) {
  for (const number of at.node.loops) {
    const loop = scopeOf(draft, at).loops[number];
    if (loop === undefined || !isSettled(loop) || loop.held.length === 0) continue;
    changeLoop(draft, at, number, (settled) => ({ ...settled, held: [] }));
    for (const { from, out, taken } of loop.held) {
      const node = draft.state.graph.nodes[from];
      const edge = node?.outs[out];
      if (node === undefined || edge === undefined) throw new Error(`no edge ${out} of node ${from}`);
      deliver(draft, { node, index: at.index }, edge, out, taken, edge.leaves.indexOf(number) + 1);
    }
  }
}

function isSettled({ open, pending, looping }: LoopState): boolean {
  return open === 0 && pending === 0 && !looping;
}

export function changeLoop(draft: Draft, at: At, number: number, next: (loop: LoopState) => LoopState) {
  const { loops } = scopeOf(draft, at);
  const loop = loops[number];
  if (loop === undefined) throw new Error(`no loop ${number} around ${at.node.path}`);
  loops[number] = next(loop);
}

export function scopeOf(draft: Draft, { node, index }: At): DraftScope {
  return levelOf(draft, node, index).scope;
}

function levelOf(draft: Draft, node: CompiledNode, index: readonly number[]): Level {
  const level = openLevels(draft, node.scope, index).at(-1);
  if (level === undefined) throw new Error(`no scope of ${node.path}`);
  return level;
}

/** A turn of the loop begins: every node of its body is as if it had never run, but for its iteration; the target starts. */
export function resetLoop(draft: Draft, at: At, number: number, turn: number, value: Held | null) {
  const { compiled } = levelOf(draft, at.node, at.index);
  const loop = compiled.loops[number];
  if (loop === undefined) throw new Error(`no loop ${number} around ${at.node.path}`);
  for (const ordinal of loop.body) {
    const node = nodeAt(draft, ordinal);
    changeStep(draft, { node, index: at.index }, (step) => ({
      ...pendingStep(node, at.index, highestIteration(step)),
      forced: ordinal === loop.target,
    }));
  }
  const { loops } = scopeOf(draft, at);
  for (const inner of compiled.loops) {
    if (inner.number !== number && loop.body.has(inner.target) && inner.body.size < loop.body.size) {
      loops[inner.number] = newLoop(inner.body.size);
    }
  }
  for (const around of at.node.loops.slice(at.node.loops.indexOf(number) + 1)) {
    changeLoop(draft, at, around, (before) => ({ ...before, looping: false }));
  }
  changeLoop(draft, at, number, (before) => ({ ...before, turn, value, looping: false, held: [] }));
  draft.next.push({ kind: "judge", ref: refOf({ node: nodeAt(draft, loop.target), index: at.index }) });
}

/** Of the step and of everything inside it: whatever comes next must be higher. */
export function highestIteration(step: StepState): number {
  if (step.map === null) return Math.max(step.iteration, step.floor);
  const inside = [...begunItems(step.map.items)].flatMap(({ scope }) => scope.steps.map(highestIteration));
  return inside.reduce((a, b) => Math.max(a, b), Math.max(step.iteration, step.floor));
}

function nodeTo(draft: Draft, edge: CompiledEdge): CompiledNode {
  return nodeAt(draft, edge.to);
}

function nodeAt({ state }: Draft, ordinal: number): CompiledNode {
  const node = state.graph.nodes[ordinal];
  if (node === undefined) throw new Error(`no node at ${ordinal}`);
  return node;
}
