/**
 * What the timeline draws, folded from the events alone: a row for each step in the order in which they started, with
 * its time split into queued, running, backing off and sleeping, and the gaps in which nothing could run. Each event
 * costs the same, however long the history; rows are changed in place and count their changes in `version`.
 */
import type { StepStatus } from "@/lib/contract/executions";
import type { ErrorInfo, EventOf, HistoryEvent, ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";

/** A value as an event carries it: itself, or where it is kept because it is large. */
export type Carried = { json: JsonValue } | { ref: ValueRef } | null;

export type SpanKind = "queued" | "running" | "backoff" | "sleeping";

export interface Span {
  kind: SpanKind;
  /** Epoch milliseconds; `to` null: still open. */
  from: number;
  to: number | null;
  /** When an open back-off or sleep is due to end. */
  dueAt: number | null;
  /** How the attempt ended that this span is the running of. */
  outcome: "completed" | "failed" | "cancelled" | null;
  attempt: number;
}

export interface Attempt {
  number: number;
  taskId: string;
  task: string;
  queue: string;
  scheduledAt: number;
  endedAt: number | null;
  outcome: "completed" | "failed" | "cancelled" | null;
  error: ErrorInfo | null;
  retryAt: number | null;
  worker: string | null;
  queuedMs: number | null;
  ranMs: number | null;
}

export interface Row {
  /** Node, iteration and index: what a selection names. */
  key: string;
  node: string;
  iteration: number;
  index: readonly number[] | null;
  status: Exclude<StepStatus, "running">;
  startedAt: number;
  endedAt: number | null;
  attempts: Attempt[];
  spans: Span[];
  input: Carried;
  output: Carried;
  error: ErrorInfo | null;
  port: string | null;
  cancelledBecause: string | null;
  cases: EventOf<"ChoiceEvaluated">["data"]["cases"] | null;
  /** Results that came too late for this step. */
  rejected: number;
  /** Sequences of the first and the last event of this step. */
  firstSequence: number;
  lastSequence: number;
  version: number;
}

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

interface StepData {
  node: string;
  iteration: number;
  index?: number[];
}

/** `charge`, `charge#2` in its second iteration, `each/charge[3]` inside a map. */
export function stepKey({ node, iteration, index }: StepData): string {
  const turn = iteration > 1 ? `#${iteration}` : "";
  return index && index.length > 0 ? `${node}[${index.join(",")}]${turn}` : `${node}${turn}`;
}

/** Folds one event in. Events of types that this page does not know change nothing. */
export function foldTimeline(model: TimelineModel, event: HistoryEvent): void {
  const at = Date.parse(event.at);
  model.lastAt = at;
  switch (event.type) {
    case "ExecutionStarted":
      model.startedAt = at;
      model.input = carried(event.data.input, event.data.inputRef);
      model.gaps.push({ from: at, to: null });
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
      scheduled(model, row, event.data, at);
      return;
    case "StepAttemptFailed":
      attemptFailed(model, row, event.data, at);
      return;
    case "StepCompleted":
      endAttempt(model, row, at, "completed", event.data);
      row.output = carried(event.data.output, event.data.outputRef);
      row.port = event.data.port ?? "success";
      ended(row, "completed", at);
      return;
    case "StepFailed":
      endAttempt(model, row, at, "failed", {});
      row.error = event.data.error;
      row.port = "error";
      ended(row, "failed", at);
      return;
    case "StepSkipped":
      ended(row, "skipped", at);
      return;
    case "StepCancelled":
      endAttempt(model, row, at, "cancelled", {});
      row.cancelledBecause = event.data.why;
      ended(row, "cancelled", at);
      return;
    case "SleepStarted":
      row.status = "waiting";
      row.spans.push({ ...openSpan("sleeping", at, 0), dueAt: Date.parse(event.data.resumeAt) });
      return;
    case "SleepCompleted":
      closeSpans(row, at);
      return;
    case "ChoiceEvaluated":
      row.cases = event.data.cases;
      row.port = event.data.port;
      return;
    case "ResultRejected":
      row.rejected++;
      return;
    default:
      event satisfies never;
  }
}

function rowOf(model: TimelineModel, event: StepEvent, at: number): Row {
  const key = stepKey(event.data);
  const known = model.byKey.get(key);
  if (known) return known;
  const row: Row = {
    key,
    node: event.data.node,
    iteration: event.data.iteration,
    index: event.data.index ?? null,
    status: "pending",
    startedAt: at,
    endedAt: null,
    attempts: [],
    spans: [],
    input: null,
    output: null,
    error: null,
    port: null,
    cancelledBecause: null,
    cases: null,
    rejected: 0,
    firstSequence: event.sequence,
    lastSequence: event.sequence,
    version: 0,
  };
  model.byKey.set(key, row);
  model.rows.push(row);
  return row;
}

function scheduled(model: TimelineModel, row: Row, data: EventOf<"StepScheduled">["data"], at: number): void {
  closeSpans(row, at);
  if (data.input !== undefined || data.inputRef) row.input = carried(data.input, data.inputRef);
  row.status = "scheduled";
  row.attempts.push({
    number: data.attempt,
    taskId: data.taskId,
    task: data.task,
    queue: data.queue,
    scheduledAt: at,
    endedAt: null,
    outcome: null,
    error: null,
    retryAt: null,
    worker: null,
    queuedMs: null,
    ranMs: null,
  });
  row.spans.push(openSpan("queued", at, data.attempt));
  model.busy++;
  const gap = model.gaps.at(-1);
  if (gap && gap.to === null) gap.to = at;
}

interface Ran {
  worker?: string;
  queuedMs?: number;
  ranMs?: number;
}

function attemptFailed(model: TimelineModel, row: Row, data: EventOf<"StepAttemptFailed">["data"], at: number): void {
  const attempt = endAttempt(model, row, at, "failed", data);
  row.error = data.error;
  const retryAt = data.retryAt === null ? null : Date.parse(data.retryAt);
  if (attempt) {
    attempt.error = data.error;
    attempt.retryAt = retryAt;
  }
  if (retryAt === null) return;
  row.status = "retrying";
  row.spans.push({ ...openSpan("backoff", at, data.attempt), dueAt: retryAt });
}

/** Ends the open attempt, if there is one, and splits its span at the moment a worker took it. */
function endAttempt(
  model: TimelineModel,
  row: Row,
  at: number,
  outcome: "completed" | "failed" | "cancelled",
  ran: Ran,
): Attempt | null {
  const attempt = row.attempts.at(-1);
  if (!attempt || attempt.endedAt !== null) return null;
  attempt.endedAt = at;
  attempt.outcome = outcome;
  attempt.worker = ran.worker ?? null;
  attempt.queuedMs = ran.queuedMs ?? null;
  attempt.ranMs = ran.ranMs ?? null;
  const span = row.spans.at(-1);
  if (span && span.kind === "queued" && span.to === null) {
    const takenAt = ran.queuedMs === undefined ? at : Math.min(at, span.from + ran.queuedMs);
    span.to = takenAt;
    if (takenAt < at || ran.ranMs !== undefined)
      row.spans.push({ ...openSpan("running", takenAt, attempt.number), to: at, outcome });
    else span.outcome = outcome;
  }
  model.busy--;
  if (model.busy === 0 && model.closedAt === null) model.gaps.push({ from: at, to: null });
  return attempt;
}

function ended(row: Row, status: Row["status"], at: number): void {
  closeSpans(row, at);
  row.status = status;
  row.endedAt = at;
  if (status === "completed") row.error = null;
}

function closeSpans(row: Row, at: number): void {
  const span = row.spans.at(-1);
  if (span && span.to === null) span.to = at;
}

function close(model: TimelineModel, at: number): void {
  model.closedAt = at;
  const gap = model.gaps.at(-1);
  if (gap && gap.to === null) gap.to = at;
}

function openSpan(kind: SpanKind, from: number, attempt: number): Span {
  return { kind, from, to: null, dueAt: null, outcome: null, attempt };
}

function carried(json: JsonValue | undefined, ref: ValueRef | undefined): Carried {
  if (ref) return { ref };
  return json === undefined ? null : { json };
}
