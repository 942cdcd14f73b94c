/**
 * What the timeline draws, folded from the events alone: a row for each step in the order in which they started, with
 * its time split into queued, running, backing off, sleeping and waiting, and the gaps in which nothing could run. Each
 * event costs the same, however long the history, but for the few that end what is open elsewhere; rows are changed in place and count their changes in `version`.
 * The rows of the newest moment stay the same objects; those of a moment that has passed are shared with its neighbours and
 * changed in copies, see `timeline-checkpoints`.
 */
import type { ExecutionStatus } from "@/lib/contract/executions";
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
  listsOf,
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

/** What it says of the execution itself. */
export interface TimelineFacts {
  /** As far as the events tell by themselves: whether an open one runs or waits, only the core knows. */
  status: ExecutionStatus;
  startedAt: number | null;
  /** When it itself began: a copy, with the event behind those of the one it is a copy of. */
  ownStartAt: number | null;
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

export interface TimelineModel extends TimelineFacts {
  rows: Row[];
  byKey: { get(key: string): Row | undefined };
  gaps: Gap[];
  /** Where in `rows` a key is; shared by all moments of one history, so that it may know later keys too. */
  ordinals: Map<string, number>;
  /** Rows that were made or changed since the model began or was last kept, by ordinal. */
  changed: Set<number>;
  /** Of a moment that has passed: the model of the newest. Without one the rows are its own, and are the same objects for ever; else the first change of each is made to a copy. */
  newest: TimelineModel | null;
}

export const NOTHING_YET: TimelineFacts = {
  status: "scheduled",
  startedAt: null,
  ownStartAt: null,
  closedAt: null,
  lastAt: 0,
  input: null,
  output: null,
  error: null,
  cancelReason: null,
  busy: 0,
};

/** Of the newest moment: its rows stay the same objects. */
export function emptyTimeline(): TimelineModel {
  return { ...NOTHING_YET, ...listsBy([], new Map()), gaps: [], newest: null };
}

/** Of a moment that has passed, to be gone on from. @param rows and `gaps`: lists of its own, of rows that are not */
export function timelineOf(facts: TimelineFacts, rows: Row[], gaps: Gap[], newest: TimelineModel): TimelineModel {
  return { ...facts, ...listsBy(rows, newest.ordinals), gaps, newest };
}

function listsBy(rows: Row[], ordinals: Map<string, number>) {
  const byKey = { get: (key: string) => rows[ordinals.get(key) ?? -1] };
  return { rows, ordinals, byKey, changed: new Set<number>() };
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
      model.status = "running";
      model.startedAt = at;
      model.ownStartAt = at;
      model.input = carried(event.data.input, event.data.inputRef) ?? model.input;
      model.gaps.push({ from: at, to: null });
      return;
    case "ExecutionRetried":
      reopen(model, at, event.data);
      return;
    case "ExecutionForked":
      model.rows.forEach((row, ordinal) => {
        leaveBehind(model, row, ordinal, at, event.data.overrides?.[row.node]);
      });
      model.ownStartAt = at;
      reopen(model, at, event.data);
      return;
    case "ExecutionCancelRequested":
      model.cancelReason = event.data.reason ?? null;
      return;
    case "ExecutionPaused":
      model.status = "paused";
      return;
    case "ExecutionResumed":
      model.status = "running";
      return;
    case "ExecutionCompleted":
      model.output = carried(event.data.output, event.data.outputRef);
      close(model, "completed", at);
      return;
    case "ExecutionFailed": {
      const { error, code, message, node } = event.data;
      model.error = { ...(error ?? { code, message }), node };
      close(model, "failed", at);
      return;
    }
    case "ExecutionTimedOut":
      model.error = { code: "EXECUTION_TIMEOUT", message: `Not finished by ${event.data.timeoutAt}` };
      close(model, "timed_out", at);
      return;
    case "ExecutionTerminated":
      if (event.data.taskId !== undefined)
        model.rows.forEach((_, ordinal) => {
          abandonUndoing(model, ordinal, at);
        });
      model.cancelReason = event.data.reason ?? model.cancelReason;
      close(model, "terminated", at);
      return;
    case "ExecutionCancelled":
      model.cancelReason = event.data.reason ?? model.cancelReason;
      close(model, "cancelled", at);
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
  const { rows, ordinals, changed } = model;
  const key = stepKey(event.data);
  const ordinal = ordinals.get(key) ?? rows.length;
  if (ordinal < rows.length) return ownRow(model, ordinal);
  const row = newRow(event.data, at, event.sequence, rows.length);
  ordinals.set(key, ordinal);
  changed.add(ordinal);
  rows.push(row);
  return row;
}

/** The row, to be changed. */
function ownRow({ rows, changed, newest }: TimelineModel, ordinal: number): Row {
  const row = rows[ordinal];
  if (row === undefined) throw new Error(`no row ${ordinal}`);
  if (changed.has(ordinal)) return row;
  changed.add(ordinal);
  if (newest === null) return Object.assign(row, listsOf(row));
  const copy = { ...row, ...listsOf(row) };
  rows[ordinal] = copy;
  return copy;
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

function close(model: TimelineModel, status: ExecutionStatus, at: number): void {
  model.status = status;
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
  model.status = "running";
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

/** What was open waits no longer; where the fork comes to it anew, it is opened again, or has the output that was given instead. */
function leaveBehind(
  model: TimelineModel,
  { index, endedAt }: Row,
  ordinal: number,
  at: number,
  override: Given | undefined,
): void {
  const given = index === null ? override : undefined;
  if (given === undefined && endedAt !== null) return;
  const row = ownRow(model, ordinal);
  if (given !== undefined) row.output = carried(given.output, given.outputRef);
  if (endedAt !== null) return;
  end(model, row, row.attempts, at, "cancelled", {});
  endRow(row, "pending", at);
  row.version++;
}

function abandonUndoing(model: TimelineModel, ordinal: number, at: number): void {
  if (model.rows[ordinal]?.compensation?.attempts.at(-1)?.endedAt !== null) return;
  const row = ownRow(model, ordinal);
  if (row.compensation === null) return;
  if (end(model, row, row.compensation.attempts, at, "cancelled", {}) !== null) row.version++;
}
