/**
 * When an execution next wants to be woken. The earliest deadline is kept for each block of 128 steps, so that neither
 * asking nor changing one of ten thousand open sleeps looks at all of them.
 */
import type { ExecutionState, StepState } from "./state";
import { isClosed, isOpenStep } from "./statuses";

const BLOCK = 128;

export function blocksFor(steps: number): null[] {
  return new Array<null>(Math.ceil(steps / BLOCK)).fill(null);
}

/** Epoch milliseconds of the earliest sleep, retry, total or execution timeout; null: nothing to wake for. */
export function wakeAt(state: ExecutionState): number | null {
  if (isClosed(state)) return null;
  return state.deadlines.reduce(earlier, state.timeoutAt);
}

/** The open step whose deadline comes first, the first in the graph among equals; null: none has one. */
export function nextDue(state: ExecutionState): { ordinal: number; at: number } | null {
  let block = -1;
  let at: number | null = null;
  state.deadlines.forEach((deadline, i) => {
    if (deadline === null || (at !== null && deadline >= at)) return;
    block = i;
    at = deadline;
  });
  if (at === null) return null;
  const inBlock = state.steps.slice(block * BLOCK, (block + 1) * BLOCK);
  return { ordinal: block * BLOCK + inBlock.findIndex((step) => deadlineOf(step) === at), at };
}

/** What the open step waits for at the latest: null where no time ends its waiting. */
export function deadlineOf(step: StepState): number | null {
  return isOpenStep(step) ? earlier(earlier(step.resumeAt, step.retryAt), step.totalTimeoutAt) : null;
}

/** Keeps a draft's block right after one of its steps was replaced. */
export function trackDeadline(
  draft: { steps: readonly StepState[]; deadlines: (number | null)[] },
  ordinal: number,
  before: number | null,
) {
  const step = draft.steps[ordinal];
  const after = step === undefined ? null : deadlineOf(step);
  if (after === before) return;
  const block = Math.floor(ordinal / BLOCK);
  const known = draft.deadlines[block] ?? null;
  if (before === null || before !== known) {
    draft.deadlines[block] = earlier(known, after);
  } else {
    const steps = draft.steps.slice(block * BLOCK, (block + 1) * BLOCK);
    draft.deadlines[block] = steps.map(deadlineOf).reduce(earlier, null);
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null || a <= b ? a : b;
}
