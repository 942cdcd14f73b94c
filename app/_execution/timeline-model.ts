/**
 * What the timeline draws, folded from the events alone: a row for each step in the order in which they started, with
 * its time split into queued, running, backing off, sleeping and waiting, and the gaps in which nothing could run. Each
 * event costs the same, however long the history, but for the few that end what is open elsewhere; rows are changed in place and count their changes in `version`.
 */
import type { ErrorInfo, EventOf, HistoryEvent, ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import {
  type Attempt,
  beginAttempt,
  beginWait,
  type Carried,
  carried,
  type Dispatch,
  endAttempt,
  endRow,
  endSpan,
  newRow,
  noteFailure,
  type Outcome,
  openRow,
  type Ran,
  type Row,
  type StepData,
  stepKey,
} from "./step-row";

export type { Attempt, Carried, Row, Span, SpanKind } from "./step-row";
export { stepKey } from "./step-row";

/** A stretch in which no task was queued or running: only timers, or nothing at all. `to` null: it lasts. */
export interface Gap {
  from: number;
  to: number | null;
}

export interface TimelineModel {
  rows: Row[];
  byKey: Map<string, Row>;
  gaps: Gap[];
  startedAt: number | null;
  closedAt: number | null;
  /** Of the last event folded. */
  lastAt: number;
  input: Carried;
  output: Carried;
  error: (ErrorInfo & { node?: string }) | null;
  cancelReason: string | null;
  /** Tasks that are queued or running. */
  busy: number;
}

export function emptyTimeline(): TimelineModel {
  return {
    rows: [],
    byKey: new Map(),
    gaps: [],
    startedAt: null,
    closedAt: null,
    lastAt: 0,
    input: null,
    output: null,
    error: null,
    cancelReason: null,
    busy: 0,
  };
}

/** Folds one event in. Events of types that this page does not know change nothing. */
export function foldTimeline(model: TimelineModel, event: HistoryEvent): void {
  const at = Date.parse(event.at);
  model.lastAt = at;
  switch (event.type) {
    case "ExecutionScheduled":
      model.input = carried(event.data.input, event.data.inputRef);
      return;
    case "ExecutionStarted":
      model.startedAt = at;
      model.input = carried(event.data.input, event.data.inputRef) ?? model.input;
      model.gaps.push({ from: at, to: null });
      return;
    case "ExecutionRetried":
      reopen(model, at, event.data);
      return;
    case "ExecutionForked":
      for (const row of model.rows) leaveBehind(model, row, at, event.data.overrides?.[row.node]);
      reopen(model, at, event.data);
      return;
    case "ExecutionCancelRequested":
      model.cancelReason = event.data.reason ?? null;
      return;
    case "ExecutionCompleted":
      model.output = carried(event.data.output, event.data.outputRef);
      close(model, at);
      return;
    case "ExecutionFailed": {
      const { error, code, message, node } = event.data;
      model.error = { ...(error ?? { code, message }), node };
      close(model, at);
      return;
    }
    case "ExecutionTimedOut":
      model.error = { code: "EXECUTION_TIMEOUT", message: `Not finished by ${event.data.timeoutAt}` };
      close(model, at);
      return;
    case "ExecutionTerminated":
      if (event.data.taskId !== undefined) for (const row of model.rows) abandonUndoing(model, row, at);
      model.cancelReason = event.data.reason ?? model.cancelReason;
      close(model, at);
      return;
    case "ExecutionCancelled":
      model.cancelReason = event.data.reason ?? model.cancelReason;
      close(model, at);
      return;
    default:
      if ("data" in event && typeof event.data === "object" && "node" in event.data)
        foldStep(model, event as StepEvent, at);
  }
}

type StepEvent = Extract<HistoryEvent, { data: StepData }>;

function foldStep(model: TimelineModel, event: StepEvent, at: number): void {
  const row = rowOf(model, event, at);
  row.version++;
  row.lastSequence = event.sequence;
  switch (event.type) {
    case "StepScheduled":
      openRow(row, "scheduled");
      if (event.data.input !== undefined || event.data.inputRef)
        row.input = carried(event.data.input, event.data.inputRef);
      begin(model, row, row.attempts, event.data, at);
      return;
    case "StepAttemptFailed":
      attemptFailed(model, row, event.data, at);
      return;
    case "StepPolled":
      end(model, row, row.attempts, at, "completed", event.data);
      beginWait(row, at, "waiting", event.data.nextAt);
      return;
    case "StepCompleted":
      end(model, row, row.attempts, at, "completed", event.data);
      row.output = carried(event.data.output, event.data.outputRef);
      row.port = event.data.port ?? "success";
      endRow(row, "completed", at);
      return;
    case "StepFailed":
      end(model, row, row.attempts, at, "failed", event.data);
      row.error = event.data.error;
      row.port = "error";
      endRow(row, "failed", at);
      return;
    case "StepSkipped":
      endRow(row, "skipped", at);
      return;
    case "StepCancelled":
      end(model, row, row.attempts, at, "cancelled", {});
      row.cancelledBecause = event.data.why;
      endRow(row, "cancelled", at);
      return;
    case "ChoiceEvaluated":
      row.cases = event.data.cases;
      row.port = event.data.port;
      return;
    case "LoopTaken":
      row.loop = { to: event.data.to, turn: event.data.turn };
      return;
    case "StepCheckpointed":
    case "MapCompleted":
      return;
    case "ResultRejected":
      row.rejected++;
      return;
    default:
      foldWait(model, row, event, at);
  }
}

type WaitEvent = Exclude<
  StepEvent,
  { type: `Step${string}` | "ChoiceEvaluated" | "LoopTaken" | "MapCompleted" | "ResultRejected" }
>;

function foldWait(model: TimelineModel, row: Row, event: WaitEvent, at: number): void {
  switch (event.type) {
    case "SleepStarted":
      end(model, row, row.attempts, at, "completed", event.data);
      beginWait(row, at, "sleeping", event.data.resumeAt);
      return;
    case "ApprovalRequested":
      end(model, row, row.attempts, at, "completed", event.data);
      beginWait(row, at, "waiting", event.data.expiresAt);
      return;
    case "SignalAwaited":
      beginWait(row, at, "waiting", event.data.expiresAt);
      return;
    case "MapStarted":
      row.items = event.data.count;
      beginWait(row, at, "waiting");
      return;
    case "ChildStarted":
      beginWait(row, at, "waiting");
      return;
    case "SleepCompleted":
    case "ApprovalDecided":
    case "ApprovalExpired":
    case "SignalConsumed":
    case "SignalExpired":
    case "ChildClosed":
      endSpan(row, at);
      return;
    case "CompensationScheduled":
    case "CompensationCompleted":
    case "CompensationFailed":
      foldCompensation(model, row, event, at);
      return;
    default:
      event satisfies never;
  }
}

/** A step that has ended is undone: its spans go on, its status does not change. */
function foldCompensation(
  model: TimelineModel,
  row: Row,
  event: EventOf<"CompensationScheduled" | "CompensationCompleted" | "CompensationFailed">,
  at: number,
): void {
  row.compensation ??= { status: "scheduled", attempts: [], error: null };
  const { compensation } = row;
  switch (event.type) {
    case "CompensationScheduled":
      compensation.status = "scheduled";
      begin(model, row, compensation.attempts, event.data, at);
      return;
    case "CompensationCompleted":
      end(model, row, compensation.attempts, at, "completed", event.data);
      Object.assign(compensation, { status: "completed", error: null });
      return;
    case "CompensationFailed": {
      const { error, retryAt } = event.data;
      const attempt = end(model, row, compensation.attempts, at, "failed", event.data);
      Object.assign(compensation, { status: retryAt === null ? "failed" : "retrying", error });
      noteFailure(row, attempt, error, retryAt, at);
    }
  }
}

function rowOf(model: TimelineModel, event: StepEvent, at: number): Row {
  const known = model.byKey.get(stepKey(event.data));
  if (known) return known;
  const row = newRow(event.data, at, event.sequence);
  model.byKey.set(row.key, row);
  model.rows.push(row);
  return row;
}

function begin(model: TimelineModel, row: Row, attempts: Attempt[], data: Dispatch, at: number): void {
  beginAttempt(row, attempts, data, at);
  model.busy++;
  const gap = model.gaps.at(-1);
  if (gap && gap.to === null) gap.to = at;
}

function end(
  model: TimelineModel,
  row: Row,
  attempts: Attempt[],
  at: number,
  outcome: Outcome,
  ran: Ran,
): Attempt | null {
  const attempt = endAttempt(row, attempts, at, outcome, ran);
  if (attempt === null) return null;
  model.busy--;
  if (model.busy === 0 && model.closedAt === null) model.gaps.push({ from: at, to: null });
  return attempt;
}

function attemptFailed(model: TimelineModel, row: Row, data: EventOf<"StepAttemptFailed">["data"], at: number): void {
  const attempt = end(model, row, row.attempts, at, "failed", data);
  row.error = data.error;
  if (data.retryAt !== null) row.status = "retrying";
  noteFailure(row, attempt, data.error, data.retryAt, at);
}

function close(model: TimelineModel, at: number): void {
  model.closedAt = at;
  const gap = model.gaps.at(-1);
  if (gap && gap.to === null) gap.to = at;
}

/** The execution goes on after its end, or after that of the one it is a copy of. */
function reopen(
  model: TimelineModel,
  at: number,
  { input, inputRef }: { input?: JsonValue; inputRef?: ValueRef },
): void {
  model.closedAt = null;
  model.error = null;
  model.output = null;
  model.cancelReason = null;
  model.input = carried(input, inputRef) ?? model.input;
  if (model.gaps.at(-1)?.to !== null) model.gaps.push({ from: at, to: null });
}

interface Given {
  output?: JsonValue;
  outputRef?: ValueRef;
}

/** What was open in another execution goes on there; here it begins anew, or with the output that was given instead. */
/** What was open waits no longer; where the fork comes to it anew, it is opened again. */
function leaveBehind(model: TimelineModel, row: Row, at: number, override: Given | undefined): void {
  if (override !== undefined && row.index === null) row.output = carried(override.output, override.outputRef);
  if (row.endedAt !== null) return;
  end(model, row, row.attempts, at, "cancelled", {});
  endRow(row, "pending", at);
  row.version++;
}

function abandonUndoing(model: TimelineModel, row: Row, at: number): void {
  if (row.compensation === null) return;
  if (end(model, row, row.compensation.attempts, at, "cancelled", {}) !== null) row.version++;
}
