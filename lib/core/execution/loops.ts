/** Loops: whether one may take another turn, what it carries, and the turn itself. */
import type { ErrorInfo } from "../../contract/history";
import { carryField } from "../definition/graph";
import type { LoopEdge } from "../definition/loops";
import { cancelStep } from "./cancel";
import { type At, scopeAt } from "./draft";
import { valueFields } from "./held";
import { evaluateField, type Seeing } from "./scope";
import type { Held, LoopState } from "./state";
import { isOpenStep } from "./statuses";
import { tooLarge } from "./too-large";
import { emit, hold, placeOf, stepAt, type Turn } from "./turn";

/** Judged before the step ends: at the limit, or with a carry that cannot be computed, it fails instead. */
export function judgeLoop(
  turn: Turn,
  at: At,
  edge: LoopEdge,
  own: NonNullable<Seeing["own"]>,
): { carried: Held | null } | { error: ErrorInfo } {
  const target = turn.state.graph.nodes[edge.to]?.path ?? "";
  if (loopOf(turn, at, edge).turn >= edge.maxIterations) {
    const message = `${target} has run ${edge.maxIterations} times, which is the limit of the loop from ${at.node.path}.`;
    return { error: { code: "LOOP_LIMIT", message } };
  }
  if (edge.carry === undefined) return { carried: null };
  const evaluated = evaluateField(turn, at, carryField(edge.at), edge.carry, { own });
  if ("error" in evaluated) return evaluated;
  const carried = hold(turn, evaluated.value);
  return carried === null ? { error: tooLarge(`What the loop from ${at.node.path} carries`) } : { carried };
}

/** Another turn: what is open in the body is cancelled, its nodes are reset, the target starts. Waits for the end of a pause. */
export function takeLoop(turn: Turn, at: At, edge: LoopEdge, carried: Held | null) {
  if (turn.state.pausedAt !== null) return;
  const { graph } = turn.state;
  const next = loopOf(turn, at, edge).turn + 1;
  for (const ordinal of bodyOf(turn, at, edge)) {
    const node = graph.nodes[ordinal];
    if (node === undefined) continue;
    const inside = { node, index: at.index };
    if (isOpenStep(stepAt(turn, inside))) cancelStep(turn, inside, "LOOP_TAKEN");
  }
  emit(turn, "LoopTaken", {
    ...placeOf(turn, at),
    port: edge.port,
    to: graph.nodes[edge.to]?.path ?? "",
    turn: next,
    ...valueFields("value", carried),
  });
}

function loopOf({ state }: Turn, { node, index }: At, { loop }: LoopEdge): LoopState {
  const found = scopeAt(state, node.scope, index)?.loops[loop];
  if (found === undefined) throw new Error(`no loop ${loop} around ${node.path}`);
  return found;
}

function bodyOf({ state }: Turn, { node }: At, { loop }: LoopEdge): readonly number[] {
  return [...(state.graph.scopes[node.scope]?.loops[loop]?.body ?? [])].sort((a, b) => a - b);
}
