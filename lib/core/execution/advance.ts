/** What follows from events: joins are judged, steps activated or skipped, until nothing is left to do without the outside. */
import { losersOf } from "../definition/losers";
import { cancelStep } from "./cancel";
import { completeExecution, failExecution } from "./close";
import { type At, atRef, beginItems, scopeAt } from "./draft";
import { failStep, skipStep } from "./endings";
import { isDecided, isReady } from "./joins";
import { takeLoop } from "./loops";
import { beginningOf, driveMap, itemEnded, noteMap } from "./nodes/map";
import { startStep } from "./nodes/start-step";
import { leaveItem } from "./nodes/succeed";
import { dispatch, dispatchResumed, dispatchRound } from "./nodes/task";
import { mayDispatch } from "./places";
import { rethrownAt } from "./rethrow";
import type { Consequence } from "./state";
import { isClosed, isOpenStep } from "./statuses";
import { stepAt, type Turn } from "./turn";

/**
 * Draws every consequence, in order; a queue, not recursion, for a chain may be ten thousand nodes long. A map lets its next
 * item go on or begin only once nothing else is left to draw: whoever still waits then waits for a place.
 */
export function advance(turn: Turn) {
  do drawAll(turn);
  while (isGoingOn(turn) && driveOne(turn));
  turn.maps.clear();
  if (isGoingOn(turn) && isDone(turn)) completeExecution(turn);
}

function drawAll(turn: Turn) {
  const { next } = turn.draft;
  for (let i = 0; i < next.length && isGoingOn(turn); i++) {
    const consequence = next[i];
    const known = next.length;
    if (consequence !== undefined) draw(turn, consequence);
    bringFailuresForward(next, i + 1, known);
  }
  next.length = 0;
}

/** A scope fails with its step, before anything else that was already about to happen in it. */
function bringFailuresForward(next: Consequence[], to: number, known: number) {
  for (let i = known; i < next.length; i++) {
    const consequence = next[i];
    if (consequence?.kind === "fail") next.splice(to, 0, ...next.splice(i, 1));
  }
}

function driveOne(turn: Turn): boolean {
  const [first] = turn.maps;
  if (first === undefined) return false;
  const [key, { at, iteration }] = first;
  turn.maps.delete(key);
  const scope = scopeAt(turn.state, at.node.scope, at.index);
  const step = scope?.steps[at.node.position];
  if (scope?.ended === null && step?.iteration === iteration && isOpenStep(step)) driveMap(turn, at);
  return true;
}

/** Neither closed nor about to be, and not paused: then events have no consequences. */
function isGoingOn({ state }: Turn): boolean {
  return !isClosed(state) && state.closing === null && state.pausedAt === null && state.startedAt !== null;
}

function isDone({ state }: Turn): boolean {
  const { open, pending, loops } = state.root;
  return open === 0 && pending === 0 && !loops.some(({ looping }) => looping);
}

function draw(turn: Turn, consequence: Consequence) {
  const at = atRef(turn.state, consequence.ref);
  const scope = scopeAt(turn.state, at.node.scope, at.index);
  const step = scope?.steps[at.node.position];
  if (scope === undefined || step === undefined) return;
  if (consequence.kind === "judge") {
    if (scope.ended === null && step.status === "pending") judge(turn, at);
    return;
  }
  if (step.iteration !== consequence.iteration) return;
  if (consequence.kind === "want" && step.status === "pending") return judge(turn, at);
  switch (consequence.kind) {
    case "fail":
      return step.status === "failed" ? failScope(turn, at) : undefined;
    case "loop": {
      const edge = at.node.loopEdges.find(({ port }) => port === step.port);
      return edge === undefined || isOpenStep(step) ? undefined : takeLoop(turn, at, edge, step.carried);
    }
    case "want":
      return scope.ended === null && isOpenStep(step) ? applyWant(turn, at) : undefined;
    case "begin":
      return scope.ended === null && isOpenStep(step) ? beginItem(turn, at, consequence.item) : undefined;
    case "map":
      return scope.ended === null && isOpenStep(step) ? itemEnded(turn, at, consequence.item) : undefined;
  }
}

/** Its first step begins at once, so that no item has begun of which no event tells. */
function beginItem(turn: Turn, at: At, item: number) {
  for (const first of beginningOf(turn, at, item)) {
    beginItems(turn.draft, first);
    if (
      stepAt(turn, first).status === "pending" &&
      scopeAt(turn.state, first.node.scope, first.index)?.ended === null
    ) {
      judge(turn, first);
    }
  }
}

function failScope(turn: Turn, at: At) {
  if (at.index.length > 0) return leaveItem(turn, at);
  const { error } = stepAt(turn, at);
  failExecution(
    turn,
    error ?? { code: "FAILED", message: `${at.node.path} failed.` },
    rethrownAt(turn.state, at) ?? at,
  );
}

function judge(turn: Turn, at: At) {
  const { node } = at;
  const step = stepAt(turn, at);
  if (isReady(node, step)) {
    if (node.join !== "all" && node.ins.length > 0 && !step.forced && !node.keepLosers) dropLosers(turn, at);
    startStep(turn, at);
  } else if (isDecided(node, step) && step.taken === 0) {
    skipStep(turn, at);
  } else if (isDecided(node, step)) {
    failStep(turn, at, {
      code: "JOIN_UNREACHABLE",
      message: `${node.path} needs ${node.join} of its incoming edges, and only ${step.taken} were taken.`,
    });
  }
}

function dropLosers(turn: Turn, { node, index }: At) {
  for (const ordinal of losersOf(turn.state.graph, node.ordinal)) {
    const loser = atRef(turn.state, { ordinal, index });
    const step = stepAt(turn, loser);
    if (isOpenStep(step)) cancelStep(turn, loser, "JOIN_WON");
    else if (step.status === "pending") skipStep(turn, loser);
  }
}

/** A dispatch whose time has come, or a step that waited for a place. */
export function applyWant(turn: Turn, at: At) {
  const { status, wait, map } = stepAt(turn, at);
  if (status === "pending") return judge(turn, at);
  if (map !== null) return noteMap(turn, at);
  if (!mayDispatch(turn.state, at)) return;
  if (wait?.kind === "retry") dispatch(turn, at);
  if (wait?.kind === "poll") dispatchRound(turn, at);
  if (wait?.kind === "resume") dispatchResumed(turn, at);
}
