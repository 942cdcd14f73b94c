/** Applies everything whose time has come, earliest first; a wake that comes early finds nothing. */
import type { CompiledNode } from "../definition/graph";
import { advance } from "./advance";
import { timeOutExecution } from "./close";
import { endSleep } from "./nodes/sleep";
import { dispatch, failByTotalTimeout } from "./nodes/task";
import { isClosed } from "./statuses";
import { nodeAt, stepAt, type Turn } from "./turn";
import { nextDue } from "./wake-at";

export function applyDue(turn: Turn) {
  const { draft, now } = turn;
  while (!isClosed(draft)) {
    const due = nextDue(draft);
    const { timeoutAt } = draft;
    if (timeoutAt !== null && timeoutAt <= now && (due === null || timeoutAt < due.at)) {
      timeOutExecution(turn, timeoutAt);
    } else if (due !== null && due.at <= now) {
      applyDeadline(turn, nodeAt(turn, due.ordinal), due.at);
      advance(turn);
    } else {
      return;
    }
  }
}

function applyDeadline(turn: Turn, node: CompiledNode, at: number) {
  const step = stepAt(turn, node);
  if (step.totalTimeoutAt === at) failByTotalTimeout(turn, node);
  else if (step.status === "waiting") endSleep(turn, node);
  else dispatch(turn, node);
}
