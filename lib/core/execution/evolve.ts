/** Folds events into state: computes nothing that could differ tomorrow, decides nothing. */
import type { EventOf, HistoryEvent } from "../../contract/history";
import { defaultPort, ERROR_PORT } from "../definition/graph";
import { epochMs } from "../time";
import { NEVER } from "./deadlines";
import { type At, atEvent, beginItems, changeStep, type Draft, endItem, openDraft, refOf, stepIn } from "./draft";
import { changeLoop, deliverEdges, resetLoop, scopeOf } from "./edges";
import { isClosingReason, isRouted } from "./failures";
import { heldIn } from "./held";
import { foldForked, foldRetried } from "./reopen";
import { remember } from "./requests";
import type { CompensationState, Consequence, DirectiveState, ExecutionState, StepState } from "./state";
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

function mapStarted(draft: Draft, { data }: EventOf<"MapStarted">, at: At) {
  const { state } = draft;
  const seen = Object.fromEntries(seenBy(draft, at).map((step) => [step.node, step]));
  changeStep(draft, at, (step) => ({
    ...step,
    status: "waiting",
    forced: false,
    startedAt: step.startedAt ?? state.lastAt,
    since: state.lastAt,
    map: {
      list: heldIn("items", data) ?? { json: [] },
      count: data.count,
      items: [],
      next: 0,
      active: 0,
      completed: 0,
      failed: 0,
      blocks: [],
      seen,
      due: NEVER.due,
      want: data.count > 0 ? 0 : null,
    },
  }));
  draft.next.push({ kind: "map", ref: refOf(at), iteration: data.iteration });
}

/** The steps around a map that its body reads, as they stand now; those further out as the map around it saw them. */
function seenBy({ state }: Draft, { node, index }: At): StepState[] {
  const { graph } = state;
  if (node.body === null) throw new Error(`${node.path} is no map`);
  const around = graph.nodes[graph.scopes[node.scope]?.map ?? -1];
  const further =
    around === undefined ? {} : (stepIn(state, { node: around, index: index.slice(0, -1) }).map?.seen ?? {});
  return graph.outerReads(node.body).flatMap((ordinal) => {
    const other = graph.nodes[ordinal];
    if (other === undefined) return [];
    const step = other.scope === node.scope ? stepIn(state, { node: other, index }) : further[other.path];
    return step === undefined ? [] : [step];
  });
}

function close({ state }: Draft, status: ExecutionState["status"]) {
  state.status = status;
  state.closedAt = state.lastAt;
  state.pausedAt = null;
  state.held = [];
  state.closing = null;
}

type Ending = Pick<StepState, "status"> & Partial<StepState>;
type Ended = { node: string; taskId?: string | undefined; lease?: string | undefined };

function end(draft: Draft, at: At, data: Ended, ending: Ending) {
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
function withoutTask(step: StepState, { lease }: Ended): StepState {
  if (step.taskId === null) return step;
  return { ...step, taskId: null, ended: [...step.ended, { taskId: step.taskId, lease: lease ?? null }] };
}

function noteWorker({ state }: Draft, { worker }: { worker?: string | undefined }) {
  if (worker !== undefined) state.lastWorker = worker;
}

function noteCompensation({ state }: Draft, { data }: EventOf<"StepCompleted" | "StepFailed">, at: At) {
  if (data.compensate === undefined) return;
  const compensation: CompensationState = {
    step: refOf(at),
    node: data.node,
    iteration: data.iteration,
    ...(at.index.length === 0 ? {} : { index: at.index }),
    input: heldIn("input", data.compensate),
    error: data.compensate.error ?? null,
    status: "pending",
    attempt: 0,
    taskId: null,
    retryAt: null,
    ended: [],
  };
  state.compensations = [...state.compensations, compensation];
}

function compensated(draft: Draft, event: EventOf<`Compensation${"Scheduled" | "Completed" | "Failed"}`>) {
  const { state } = draft;
  const { node, iteration, index } = event.data;
  const at = state.compensations.findLastIndex(
    (it) => it.node === node && it.iteration === iteration && (it.index ?? []).join() === (index ?? []).join(),
  );
  state.compensations = state.compensations.map((it, i) => (i === at ? afterCompensation(it, event) : it));
  if (event.type === "CompensationCompleted" || event.data.closing === undefined) return;
  const { status, code, message, error, reason, timeoutAt, ...place } = event.data.closing;
  state.closing = {
    status,
    error: code === undefined ? null : { ...(error ?? { code, message: message ?? code }), ...definedPlace(place) },
    reason: reason ?? null,
    timeoutAt: timeoutAt === undefined ? null : epochMs(timeoutAt),
  };
  // Only what closes an execution undoes its steps: a pause ends with that.
  Object.assign(state, { pausedAt: null, pauseReason: null, held: [] });
}

function definedPlace({ node, index }: { node?: string | undefined; index?: number[] | undefined }) {
  return { ...(node === undefined ? {} : { node }), ...(index === undefined ? {} : { index }) };
}

function afterCompensation(
  before: CompensationState,
  event: EventOf<`Compensation${"Scheduled" | "Completed" | "Failed"}`>,
): CompensationState {
  if (event.type === "CompensationScheduled") {
    const { attempt, taskId } = event.data;
    return { ...before, status: "scheduled", attempt, taskId, retryAt: null };
  }
  const { lease } = event.data;
  const ended =
    before.taskId === null ? before.ended : [...before.ended, { taskId: before.taskId, lease: lease ?? null }];
  if (event.type === "CompensationCompleted") return { ...before, status: "completed", taskId: null, ended };
  const { retryAt } = event.data;
  return {
    ...before,
    status: retryAt === null ? "failed" : "retrying",
    retryAt: retryAt === null ? null : epochMs(retryAt),
    taskId: null,
    ended,
  };
}
