/** How the end of a step is folded: its edges, its loops, the item that it may have been the last step of. */
import { type At, changeStep, type Draft, endItem, refOf, stepIn } from "./draft";
import { changeLoop, deliverEdges, scopeOf } from "./edges";
import { isClosingReason, isRouted } from "./failures";
import type { Consequence, StepState } from "./state";

type Ending = Pick<StepState, "status"> & Partial<StepState>;
export type Ended = { node: string; taskId?: string | undefined; lease?: string | undefined };

/** A step ended: what it gave stands, and its edges are taken or dead. */
export function end(draft: Draft, at: At, data: Ended, ending: Ending) {
  const { state } = draft;
  const keepsWait = isClosingReason(ending.why ?? null);
  forgetWaiter(draft, at);
  changeStep(draft, at, (step) => ({
    ...withoutTask(step, data),
    forced: false,
    startedAt: step.startedAt ?? (ending.status === "skipped" ? null : state.lastAt),
    closedAt: state.lastAt,
    since: state.lastAt,
    wait: keepsWait ? step.wait : null,
    ...ending,
    carried: state.pausedAt === null ? null : (ending.carried ?? null),
  }));
  followEnd(draft, at, ending);
}

/** A scope that is over hands nothing on. */
function followEnd(draft: Draft, at: At, { status, port, why }: Ending) {
  const { state, next } = draft;
  const { iteration } = stepIn(state, at);
  if (status === "failed" && (port === null || !isRouted(at.node))) {
    next.push({ kind: "fail", ref: refOf(at), iteration });
    return endsItem(draft, at, "failed");
  }
  if (status === "cancelled" && isClosingReason(why ?? null)) return;
  if (status === "completed" && at.node.definition.type === "succeed") return endsItem(draft, at, "completed");
  const loop = at.node.loopEdges.find((edge) => edge.port === port);
  if (loop === undefined) {
    deliverEdges(draft, at, port ?? null);
  } else {
    for (const number of at.node.loops.slice(at.node.loops.indexOf(loop.loop))) {
      changeLoop(draft, at, number, (before) => ({ ...before, looping: true }));
    }
    deliverEdges(draft, at, null);
    if (state.pausedAt !== null) next.push({ kind: "loop", ref: refOf(at), iteration });
  }
  const { open, pending, loops } = scopeOf(draft, at);
  if (open === 0 && pending === 0 && !loops.some(({ looping }) => looping)) endsItem(draft, at, "completed");
}

function endsItem(draft: Draft, { node, index }: At, as: "completed" | "failed") {
  if (index.length === 0) return;
  if (scopeOf(draft, { node, index }).ended === null) endItem(draft, node.scope, index, as);
}

function forgetWaiter({ state }: Draft, at: At) {
  if (stepIn(state, at).wait?.kind !== "signal") return;
  const isThis = (ref: Consequence["ref"]) =>
    ref.ordinal === at.node.ordinal && (ref.index ?? []).join() === at.index.join();
  state.waiters = state.waiters.filter(({ ref }) => !isThis(ref));
}

/** The dispatch that the step waited for is over, by the lease that the event names, or by none. */
export function withoutTask(step: StepState, { lease }: Ended): StepState {
  if (step.taskId === null) return step;
  return { ...step, taskId: null, ended: [...step.ended, { taskId: step.taskId, lease: lease ?? null }] };
}
