/** What follows from edges: joins are judged, steps activated or skipped, until nothing is left to do without the outside. */
import type { CompiledNode } from "../definition/graph";
import { losersOf } from "../definition/losers";
import { completeExecution } from "./close";
import { cancelStep, failStep, skipStep } from "./endings";
import { startStep } from "./nodes/start-step";
import { isClosed, isOpenStep } from "./statuses";
import { nodeAt, stepAt, type Turn } from "./turn";

/** Judges every node handed on, in order; a queue, not recursion, for a chain may be ten thousand nodes long. */
export function advance(turn: Turn) {
  const { ready, draft } = turn;
  for (let next = 0; next < ready.length && !isClosed(draft); next++) {
    const node = nodeAt(turn, ready[next] ?? -1);
    if (stepAt(turn, node).status === "pending") judge(turn, node);
  }
  ready.length = 0;
  if (!isClosed(draft) && draft.open === 0 && draft.pending === 0) completeExecution(turn);
}

function judge(turn: Turn, node: CompiledNode) {
  const { taken, dead } = stepAt(turn, node);
  const decided = taken + dead === node.ins.length;
  if (node.ins.length === 0) {
    startStep(turn, node);
  } else if (node.join === "all" ? decided && taken > 0 : taken >= node.join) {
    if (node.join !== "all" && !node.keepLosers) dropLosers(turn, node);
    startStep(turn, node);
  } else if (decided && taken === 0) {
    skipStep(turn, node);
  } else if (decided) {
    failStep(turn, node, {
      code: "JOIN_UNREACHABLE",
      message: `${node.id} needs ${node.join} of its incoming edges, and only ${taken} were taken.`,
    });
  }
}

function dropLosers(turn: Turn, join: CompiledNode) {
  for (const ordinal of losersOf(turn.draft.graph, join.ordinal)) {
    const loser = nodeAt(turn, ordinal);
    const step = stepAt(turn, loser);
    if (isOpenStep(step)) cancelStep(turn, loser, "JOIN_WON");
    else if (step.status === "pending") skipStep(turn, loser);
  }
}
