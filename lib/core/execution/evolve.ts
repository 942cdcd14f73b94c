/** Folds events into state: computes nothing that could differ tomorrow, decides nothing. */
import type { EventOf, HistoryEvent } from "../../contract/history";
import { defaultPort, ERROR_PORT } from "../definition/ports";
import { epochMs } from "../time";
import { type At, atEvent, beginItems, changeStep, type Draft, openDraft, refOf, stepIn } from "./draft";
import { resetLoop } from "./edges";
import { compensated, noteCompensation } from "./fold-compensation";
import { type Ended, end, withoutTask } from "./fold-endings";
import { mapStarted } from "./fold-map";
import { heldIn } from "./held";
import { foldForked, foldRetried } from "./reopen";
import { remember } from "./requests";
import type { DirectiveState, ExecutionState, StepState } from "./state";
import { isClosed } from "./statuses";

/** The state after `event`, which must be the next one. The given state is left as it was. */
export function evolve(state: ExecutionState, event: HistoryEvent): ExecutionState {
  return evolveAll(state, [event]);
}

/** The state after all of `events`: what evolving one by one gives, for the price of one copy. */
export function evolveAll(state: ExecutionState, events: readonly HistoryEvent[]): ExecutionState {
  if (events.length === 0) return state;
  const draft = openDraft(state);
  for (const event of events) {
    applyEvent(draft, event);
    draft.next.length = 0;
  }
  return draft.state;
}

/** {@link evolve} in place, for whoever folds several events at once; what follows from the event is put on `draft.next`. */
export function applyEvent(draft: Draft, event: HistoryEvent) {
  const { state, next } = draft;
  if (event.sequence !== state.sequence + 1) {
    throw new Error(`event ${event.sequence} does not follow ${state.sequence}`);
  }
  state.sequence = event.sequence;
  state.lastAt = epochMs(event.at);
  state.requests = remember(state.requests, event);
  const before = next.length;
  fold(draft, event);
  if (isClosed(state)) next.length = before;
  else if (state.pausedAt !== null && next.length > before) state.held = [...state.held, ...next.splice(before)];
  if (!isClosed(state)) state.status = openStatus(state);
}

function openStatus({ pausedAt, closing, startedAt, root }: Draft["state"]): ExecutionState["status"] {
  if (startedAt === null) return "scheduled";
  if (pausedAt !== null) return "paused";
  if (closing !== null) return "compensating";
  return root.scheduled > 0 || root.open === 0 ? "running" : "waiting";
}

function fold(draft: Draft, event: HistoryEvent) {
  const { state } = draft;
  switch (event.type) {
    case "ExecutionScheduled":
    case "ExecutionStarted":
      return started(draft, event);
    case "ExecutionCompleted":
      state.output = heldIn("output", event.data);
      return close(draft, "completed");
    case "ExecutionFailed": {
      const { code, message, node, index, error } = event.data;
      state.error = {
        ...(error ?? { code, message }),
        ...(node === undefined ? {} : { node }),
        ...(index === undefined ? {} : { index }),
      };
      return close(draft, "failed");
    }
    case "ExecutionTimedOut":
      return close(draft, "timed_out");
    case "ExecutionCancelRequested":
      state.cancelReason = event.data.reason ?? null;
      state.cancelRequested = true;
      return;
    case "ExecutionCancelled":
      return close(draft, "cancelled");
    case "ExecutionTerminated":
      state.cancelReason = event.data.reason ?? null;
      return close(draft, "terminated");
    case "ExecutionPaused":
      state.pausedAt = state.lastAt;
      state.pauseReason = event.data.reason ?? null;
      return;
    case "ExecutionResumed":
      state.pausedAt = null;
      state.pauseReason = null;
      draft.next.push(...state.held);
      state.held = [];
      return;
    case "ExecutionRetried":
      return foldRetried(draft, event);
    case "ExecutionForked":
      return foldForked(draft, event);
    case "SignalReceived":
      state.signals = [
        ...state.signals,
        {
          signal: event.data.signal,
          sequence: event.sequence,
          payload: heldIn("payload", event.data) ?? { json: null },
        },
      ];
      return;
    case "CompensationScheduled":
    case "CompensationCompleted":
    case "CompensationFailed":
      return compensated(draft, event);
    default: {
      const at = atEvent(state, event.data);
      beginItems(draft, at);
      return foldStep(draft, event, at);
    }
  }
}

type StepEvent = Exclude<HistoryEvent, { type: `Execution${string}` | "SignalReceived" | `Compensation${string}` }>;

function foldStep(draft: Draft, event: StepEvent, at: At) {
  const { state } = draft;
  switch (event.type) {
    case "StepScheduled":
      return scheduled(draft, event, at);
    case "StepCheckpointed":
      return changeStep(draft, at, (step) => ({
        ...step,
        checkpoints: [
          ...step.checkpoints,
          { name: event.data.name, value: heldIn("value", event.data) ?? { json: null } },
        ],
      }));
    case "StepCompleted":
      noteWorker(draft, event.data);
      noteCompensation(draft, event, at);
      return end(draft, at, event.data, {
        status: "completed",
        port: event.data.port ?? defaultPort(at.node.definition),
        output: heldIn("output", event.data),
        error: null,
        carried: heldIn("carry", event.data),
      });
    case "StepAttemptFailed":
      noteWorker(draft, event.data);
      return changeStep(draft, at, (step) => ({
        ...withoutTask(step, event.data),
        status: "retrying",
        since: state.lastAt,
        error: event.data.error,
        wait: event.data.retryAt === null ? null : { kind: "retry", at: epochMs(event.data.retryAt) },
      }));
    case "StepPolled":
      noteWorker(draft, event.data);
      return changeStep(draft, at, (step) => ({
        ...withoutTask(step, event.data),
        status: "waiting",
        since: state.lastAt,
        error: null,
        wait: { kind: "poll", at: epochMs(event.data.nextAt) },
      }));
    case "StepFailed":
      noteCompensation(draft, event, at);
      return end(draft, at, event.data, {
        status: "failed",
        port: event.data.unrouted === true ? null : ERROR_PORT,
        error: event.data.error,
        carried: heldIn("carry", event.data),
      });
    case "StepSkipped":
      return end(draft, at, event.data, { status: "skipped" });
    case "StepCancelled":
      return end(draft, at, event.data, { status: "cancelled", why: event.data.why });
    case "LoopTaken": {
      const loop = at.node.loopEdges.find(({ port }) => port === event.data.port)?.loop;
      if (loop === undefined) throw new Error(`${at.node.path} has no loop edge on ${event.data.port}`);
      return resetLoop(draft, at, loop, event.data.turn, heldIn("value", event.data));
    }
    case "SleepStarted":
      noteWorker(draft, event.data);
      return waits(draft, at, event.data, {
        kind: "sleep",
        at: epochMs(event.data.resumeAt),
        directive: directiveOf(event.data),
      });
    case "ApprovalRequested": {
      const { approvalId, expiresAt, title, description, form, assignees } = event.data;
      noteWorker(draft, event.data);
      return waits(draft, at, event.data, {
        kind: "approval",
        approvalId,
        at: expiresAt === undefined ? null : epochMs(expiresAt),
        title: title ?? null,
        description: description ?? null,
        form: form ?? null,
        assignees: assignees ?? [],
        directive: directiveOf(event.data),
      });
    }
    case "SignalAwaited": {
      const { signal, expiresAt } = event.data;
      state.waiters = [...state.waiters, { signal, ref: refOf(at), iteration: event.data.iteration }];
      return waits(draft, at, event.data, {
        kind: "signal",
        signal,
        at: expiresAt === undefined ? null : epochMs(expiresAt),
      });
    }
    case "ChildStarted":
      return waits(draft, at, event.data, { kind: "child", executionId: event.data.executionId, at: null });
    case "SleepCompleted":
    case "ApprovalExpired":
      changeStep(draft, at, (step) => overWaiting(step, state.lastAt));
      return wantsAgain(draft, at);
    case "ApprovalDecided": {
      const { approvalId, decision, comment, decidedBy } = event.data;
      const decided = { approvalId, decision, data: heldIn("data", event.data), comment: comment ?? null, decidedBy };
      changeStep(draft, at, (step) => ({ ...overWaiting(step, state.lastAt), decided }));
      return wantsAgain(draft, at);
    }
    case "SignalConsumed":
      state.signals = state.signals.filter(({ sequence }) => sequence !== event.data.received);
      return;
    case "MapStarted":
      return mapStarted(draft, event, at);
    case "ResultRejected":
      return changeStep(draft, at, (step) => ({ ...step, rejected: [...step.rejected, event.data.lease] }));
    case "ChildClosed":
      return changeStep(draft, at, (step) => ({ ...step, wait: null }));
    case "ChoiceEvaluated":
    case "SignalExpired":
    case "MapCompleted":
      return; // They say why; the event after them changes the step.
  }
}

function started({ state, next }: Draft, { type, data }: EventOf<"ExecutionScheduled" | "ExecutionStarted">) {
  if (state.sequence === 1) {
    state.workflow = data.workflow;
    state.version = data.version;
    state.hash = data.hash;
    state.key = data.key ?? null;
    state.tags = data.tags ?? [];
    state.correlationId = data.correlationId ?? null;
    state.priority = data.priority ?? 0;
    state.parent = data.parent ?? null;
    state.input = heldIn("input", data) ?? { json: null };
    state.timeoutMs = data.timeoutMs ?? null;
    if (data.trace !== undefined) state.trace = data.trace;
  }
  if (type === "ExecutionScheduled") {
    state.startAt = epochMs(data.startAt);
    return;
  }
  state.startedAt = state.lastAt;
  state.timeoutAt = data.timeoutAt === undefined ? null : epochMs(data.timeoutAt);
  for (const node of state.graph.scopes[0]?.nodes ?? []) {
    if (node.ins.length === 0) next.push({ kind: "judge", ref: { ordinal: node.ordinal } });
  }
}

function scheduled(draft: Draft, { data }: EventOf<"StepScheduled">, at: At) {
  const { lastAt } = draft.state;
  changeStep(draft, at, (step) => ({
    ...step,
    status: "scheduled",
    attempt: data.attempt,
    round: data.round ?? 0,
    // What a round noted down is its own.
    checkpoints: (data.round ?? 0) === step.round ? step.checkpoints : [],
    resumed: (data.round ?? 0) === step.round ? step.resumed : null,
    taskId: data.taskId,
    forced: false,
    input: heldIn("input", data) ?? step.input,
    wait: null,
    startedAt: step.startedAt ?? lastAt,
    since: lastAt,
    scheduledAt: lastAt,
    totalTimeoutAt: data.totalTimeoutAt === undefined ? step.totalTimeoutAt : epochMs(data.totalTimeoutAt),
    pollTimeoutAt: data.pollTimeoutAt === undefined ? step.pollTimeoutAt : epochMs(data.pollTimeoutAt),
  }));
}

function waits(draft: Draft, at: At, data: Ended, wait: NonNullable<StepState["wait"]>) {
  const { lastAt } = draft.state;
  changeStep(draft, at, (step) => ({
    ...withoutTask(step, data),
    status: "waiting",
    forced: false,
    wait,
    startedAt: step.startedAt ?? lastAt,
    since: lastAt,
  }));
}

/** What a handler waited for is over: its step ends next, or is dispatched again as soon as that may be. */
function overWaiting(step: StepState, now: number): StepState {
  const directive = step.wait !== null && "directive" in step.wait ? step.wait.directive : null;
  if (directive?.then !== "resume") return { ...step, wait: null };
  return { ...step, wait: { kind: "resume", at: now }, resumed: directive.name };
}

function wantsAgain(draft: Draft, at: At) {
  const { wait, iteration } = stepIn(draft.state, at);
  if (wait?.kind === "resume") draft.next.push({ kind: "want", ref: refOf(at), iteration });
}

function directiveOf({ directive }: Pick<EventOf<"SleepStarted">["data"], "directive">): DirectiveState | null {
  if (directive === undefined) return null;
  return { then: directive.then, name: directive.name ?? null, data: heldIn("data", directive) };
}

function close({ state }: Draft, status: ExecutionState["status"]) {
  state.status = status;
  state.closedAt = state.lastAt;
  state.pausedAt = null;
  state.held = [];
  state.closing = null;
}

function noteWorker({ state }: Draft, { worker }: { worker?: string | undefined }) {
  if (worker !== undefined) state.lastWorker = worker;
}
