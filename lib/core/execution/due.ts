/** Applies everything whose time has come, earliest first; a wake that comes early finds nothing. */
import { advance, applyWant } from "./advance";
import { timeOutExecution } from "./close";
import { retryCompensation } from "./compensation";
import { compensationRetryAt, nextDue } from "./deadlines";
import { type At, atRef } from "./draft";
import { expireApproval } from "./nodes/approval";
import { expireSignal } from "./nodes/signal";
import { endSleep } from "./nodes/sleep";
import { failByTimeout } from "./nodes/task";
import { begin } from "./start";
import { isClosed } from "./statuses";
import { stepAt, type Turn } from "./turn";

export function applyDue(turn: Turn) {
  const { state } = turn;
  for (let events = -1; !isClosed(state) && turn.events.length > events; ) {
    events = turn.events.length;
    applyNext(turn);
  }
}

function applyNext(turn: Turn) {
  const { state, now } = turn;
  if (state.startedAt === null) {
    if (state.startAt !== null && state.startAt <= now) begin(turn);
    return;
  }
  if (state.closing !== null) {
    const at = compensationRetryAt(state);
    return at !== null && at <= now ? retryCompensation(turn) : undefined;
  }
  const due = nextDue(state, state.pausedAt === null);
  const { timeoutAt } = state;
  if (timeoutAt !== null && timeoutAt <= now && (due === null || timeoutAt < due.at)) {
    timeOutExecution(turn, timeoutAt);
  } else if (due !== null && due.at <= now) {
    applyDeadline(turn, atRef(state, due.ref), due.at);
    advance(turn);
  }
}

function applyDeadline(turn: Turn, at: At, time: number) {
  const { status, wait, totalTimeoutAt, pollTimeoutAt } = stepAt(turn, at);
  if (status === "pending") return applyWant(turn, at);
  if (totalTimeoutAt === time) return failByTimeout(turn, at, "TOTAL_TIMEOUT");
  if (pollTimeoutAt === time) return failByTimeout(turn, at, "POLL_TIMEOUT");
  if (wait?.kind === "sleep") return endSleep(turn, at, wait);
  if (wait?.kind === "approval") return expireApproval(turn, at, wait);
  if (wait?.kind === "signal") return expireSignal(turn, at, wait);
  applyWant(turn, at);
}
