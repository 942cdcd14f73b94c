/** Folds events into state: computes nothing that could differ tomorrow, decides nothing. */
import type { EventOf, HistoryEvent } from "../../contract/history";
import { DEFAULT_PORT, ERROR_PORT } from "../definition/graph";
import { epochMs } from "../time";
import { heldInput, heldOutput } from "./held";
import type { ExecutionState, StepState } from "./state";
import { isClosed, isEndedStep, isOpenStep } from "./statuses";
import { deadlineOf, trackDeadline } from "./wake-at";

/** A state under construction: its arrays are its own, its steps are replaced, never changed. */
export type Draft = Omit<ExecutionState, "steps" | "deadlines"> & { steps: StepState[]; deadlines: (number | null)[] };

export function openDraft(state: ExecutionState): Draft {
  return { ...state, steps: [...state.steps], deadlines: [...state.deadlines] };
}

/** The state after `event`, which must be the next one. The given state is left as it was. */
export function evolve(state: ExecutionState, event: HistoryEvent): ExecutionState {
  const draft = openDraft(state);
  applyEvent(draft, event);
  return draft;
}

/** The state after all of `events`: what evolving one by one gives, for the price of one copy. */
export function evolveAll(state: ExecutionState, events: readonly HistoryEvent[]): ExecutionState {
  if (events.length === 0) return state;
  const draft = openDraft(state);
  for (const event of events) applyEvent(draft, event);
  return draft;
}

/** {@link evolve} in place, for whoever folds several events at once. */
export function applyEvent(draft: Draft, event: HistoryEvent) {
  if (event.sequence !== draft.sequence + 1) {
    throw new Error(`event ${event.sequence} does not follow ${draft.sequence}`);
  }
  draft.sequence = event.sequence;
  draft.lastAt = epochMs(event.at);
  fold(draft, event);
  if (!isClosed(draft)) draft.status = draft.scheduled > 0 || draft.open === 0 ? "running" : "waiting";
}

function fold(draft: Draft, event: HistoryEvent) {
  switch (event.type) {
    case "ExecutionStarted":
      return started(draft, event);
    case "ExecutionCompleted":
      draft.output = heldOutput(event.data);
      return close(draft, "completed");
    case "ExecutionFailed": {
      const { code, message, node, error } = event.data;
      draft.error = { ...(error ?? { code, message }), ...(node === undefined ? {} : { node }) };
      return close(draft, "failed");
    }
    case "ExecutionTimedOut":
      return close(draft, "timed_out");
    case "ExecutionCancelRequested":
      draft.cancelReason = event.data.reason ?? null;
      return;
    case "ExecutionCancelled":
      return close(draft, "cancelled");
    case "StepScheduled":
      return scheduled(draft, event);
    case "StepCompleted":
      return end(draft, event.data, {
        status: "completed",
        port: event.data.port ?? DEFAULT_PORT,
        output: heldOutput(event.data),
        error: null,
      });
    case "StepAttemptFailed":
      return change(draft, event.data, (step) => ({
        ...withoutTask(step, event.data),
        status: "retrying",
        since: draft.lastAt,
        error: event.data.error,
        retryAt: event.data.retryAt === null ? null : epochMs(event.data.retryAt),
      }));
    case "StepFailed":
      return end(draft, event.data, { status: "failed", port: ERROR_PORT, error: event.data.error });
    case "StepSkipped":
      return end(draft, event.data, { status: "skipped" });
    case "StepCancelled":
      return end(draft, event.data, { status: "cancelled" });
    case "SleepStarted":
      return change(draft, event.data, (step) => ({
        ...step,
        status: "waiting",
        startedAt: draft.lastAt,
        since: draft.lastAt,
        resumeAt: epochMs(event.data.resumeAt),
      }));
    case "ResultRejected":
      return change(draft, event.data, (step) => ({ ...step, rejected: [...step.rejected, event.data.lease] }));
    case "ChoiceEvaluated":
    case "SleepCompleted":
      return; // They say why; the StepCompleted after them changes the step.
  }
}

function started(draft: Draft, { data }: EventOf<"ExecutionStarted">) {
  draft.workflow = data.workflow;
  draft.version = data.version;
  draft.hash = data.hash;
  draft.key = data.key ?? null;
  draft.tags = data.tags ?? [];
  draft.correlationId = data.correlationId ?? null;
  draft.priority = data.priority ?? 0;
  draft.input = heldInput(data) ?? { json: null };
  draft.startedAt = draft.lastAt;
  draft.timeoutAt = data.timeoutAt === undefined ? null : epochMs(data.timeoutAt);
}

function scheduled(draft: Draft, { data }: EventOf<"StepScheduled">) {
  change(draft, data, (step) => ({
    ...step,
    status: "scheduled",
    attempt: data.attempt,
    taskId: data.taskId,
    input: heldInput(data) ?? step.input,
    startedAt: step.startedAt ?? draft.lastAt,
    since: draft.lastAt,
    scheduledAt: draft.lastAt,
    retryAt: null,
    totalTimeoutAt: data.totalTimeoutAt === undefined ? step.totalTimeoutAt : epochMs(data.totalTimeoutAt),
  }));
}

function close(draft: Draft, status: ExecutionState["status"]) {
  draft.status = status;
  draft.closedAt = draft.lastAt;
}

type Ending = Pick<StepState, "status"> & Partial<StepState>;
type Ended = { node: string; taskId?: string; lease?: string };

/** A step ended: on `port` its edges are taken, all the others are dead. */
function end(draft: Draft, data: Ended, ending: Ending) {
  change(draft, data, (step) => ({
    ...withoutTask(step, data),
    startedAt: step.startedAt ?? (ending.status === "skipped" ? null : draft.lastAt),
    closedAt: draft.lastAt,
    since: draft.lastAt,
    retryAt: null,
    resumeAt: null,
    ...ending,
  }));
  for (const edge of draft.graph.nodes[ordinalOf(draft, data.node)]?.outs ?? []) {
    const target = draft.steps[edge.to];
    if (target === undefined) continue;
    draft.steps[edge.to] =
      edge.port === ending.port ? { ...target, taken: target.taken + 1 } : { ...target, dead: target.dead + 1 };
  }
}

/** The dispatch that the step waited for is over, by the lease that the event names, or by none. */
function withoutTask(step: StepState, { lease }: { lease?: string }): StepState {
  if (step.taskId === null) return step;
  return { ...step, taskId: null, ended: [...step.ended, { taskId: step.taskId, lease: lease ?? null }] };
}

function change(draft: Draft, { node }: { node: string }, next: (step: StepState) => StepState) {
  const ordinal = ordinalOf(draft, node);
  const before = draft.steps[ordinal];
  if (before === undefined) throw new Error(`no step at ${ordinal}`);
  const after = next(before);
  draft.steps[ordinal] = after;
  count(draft, before, -1);
  count(draft, after, 1);
  trackDeadline(draft, ordinal, deadlineOf(before));
}

function count(draft: Draft, step: StepState, by: 1 | -1) {
  if (step.status === "pending") draft.pending += by;
  if (step.status === "scheduled") draft.scheduled += by;
  if (isOpenStep(step)) draft.open += by;
  if (isEndedStep(step)) draft.completed += by;
}

function ordinalOf(draft: Draft, node: string): number {
  const ordinal = draft.graph.ordinals.get(node);
  if (ordinal === undefined) throw new Error(`the graph has no node ${node}`);
  return ordinal;
}
