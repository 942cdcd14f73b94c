/** What a folded state says of its execution and of its steps, as both are shown: the same on the server and in a page that folds a history itself. */
import type { Execution, Step } from "../../contract/executions";
import { toInstant } from "../time";
import { progressOf } from "./progress";
import type { Closing, ExecutionState } from "./state";
import type { StepRef } from "./step-ref";
import { eachStep, type PlacedStep } from "./steps";

/** Of so many steps an execution tells by itself; the others are asked for page by page. */
const STEPS_SHOWN = 500;

type Facts = Pick<
  Execution,
  | "status"
  | "version"
  | "sequence"
  | "startedAt"
  | "closedAt"
  | "hash"
  | "error"
  | "parent"
  | "pausedAt"
  | "pauseReason"
  | "cancelRequested"
  | "closing"
  | "progress"
>;

/** All but its values, which the host may have to load, and what it waits for, over which the host lays what it knows of tasks. */
export function factsOf(state: ExecutionState): Facts {
  return {
    status: state.status,
    version: state.version,
    sequence: state.sequence,
    startedAt: instant(state.startedAt),
    closedAt: instant(state.closedAt),
    hash: state.hash,
    error: state.error,
    parent: state.parent,
    pausedAt: instant(state.pausedAt),
    pauseReason: state.pauseReason,
    cancelRequested: state.cancelRequested,
    closing: state.closing && closingFacts(state.closing),
    progress: progressOf(state),
  };
}

/** All but its output; its status as the history says it. */
export function stepFacts({ node, step }: PlacedStep): Omit<Step, "output" | "outputRef" | "running"> {
  return {
    node: step.node,
    iteration: step.iteration,
    ...(step.index === undefined ? {} : { index: [...step.index] }),
    type: node.definition.type,
    status: step.status,
    attempt: step.attempt,
    port: step.port,
    error: step.error,
    startedAt: instant(step.startedAt),
    closedAt: instant(step.closedAt),
  };
}

/** @returns `next`: where the page after them begins */
export function firstSteps(state: ExecutionState): { steps: PlacedStep[]; next: StepRef | null } {
  const steps: PlacedStep[] = [];
  for (const placed of eachStep(state)) {
    if (steps.length === STEPS_SHOWN) return { steps, next: placed.ref };
    steps.push(placed);
  }
  return { steps, next: null };
}

/** Names a place in the order of steps. */
export function stepCursor({ ordinal, index = [] }: StepRef): string {
  return [ordinal, ...index].join(".");
}

function closingFacts({ status, reason, error }: Closing): Execution["closing"] {
  return { status, reason, error };
}

function instant(epochMs: number | null): string | null {
  return epochMs === null ? null : toInstant(epochMs);
}
