/** One row of the timeline: a step's dispatches and how its time splits into spans. Rows are changed in place. */
import type { StepStatus } from "@/lib/contract/executions";
import type { ErrorInfo, EventOf, ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";

/** A value as an event carries it: itself, or where it is kept because it is large. */
export type Carried = { json: JsonValue } | { ref: ValueRef } | null;

/** `waiting`: for a person, a signal, a child, the items of a map, or the next round of a poll. */
export type SpanKind = "queued" | "running" | "backoff" | "sleeping" | "waiting";

export type Outcome = "completed" | "failed" | "cancelled";

export interface Span {
  kind: SpanKind;
  /** Epoch milliseconds; `to` null: still open. */
  from: number;
  to: number | null;
  /** When an open back-off, sleep or wait is due to end, whatever happens. */
  dueAt: number | null;
  /** How the attempt ended that this span is the running of. */
  outcome: Outcome | null;
  attempt: number;
}

/** One dispatch to a worker. */
export interface Attempt {
  number: number;
  /** Where the step polls. */
  round: number | null;
  taskId: string;
  task: string;
  queue: string;
  scheduledAt: number;
  endedAt: number | null;
  outcome: Outcome | null;
  error: ErrorInfo | null;
  retryAt: number | null;
  worker: string | null;
  queuedMs: number | null;
  ranMs: number | null;
}

export interface Compensation {
  status: "scheduled" | "retrying" | "completed" | "failed";
  attempts: Attempt[];
  error: ErrorInfo | null;
}

export interface Row {
  /** Its place in the order in which steps began. */
  ordinal: number;
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
  /** Where it led back to, and the turn that began there. */
  loop: { to: string; turn: number } | null;
  /** How many items it has, where it is a map that has begun. */
  items: number | null;
  /** The undoing of the step, once the execution has failed. */
  compensation: Compensation | null;
  /** Results that came too late for this step. */
  rejected: number;
  /** Sequences of the first and the last event of this step. */
  firstSequence: number;
  lastSequence: number;
  version: number;
}

export interface StepData {
  node: string;
  iteration: number;
  index?: number[];
}

/** `charge`, `charge#2` in its second iteration, `each/charge[3]` inside a map. */
export function stepKey({ node, iteration, index }: StepData): string {
  const turn = iteration > 1 ? `#${iteration}` : "";
  return index && index.length > 0 ? `${node}[${index.join(",")}]${turn}` : `${node}${turn}`;
}

export function newRow(data: StepData, at: number, sequence: number, ordinal: number): Row {
  return {
    ordinal,
    key: stepKey(data),
    node: data.node,
    iteration: data.iteration,
    index: data.index ?? null,
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
    loop: null,
    items: null,
    compensation: null,
    rejected: 0,
    firstSequence: sequence,
    lastSequence: sequence,
    version: 0,
  };
}

/** Its lists, to be changed apart from those they are copied of: of attempts and spans only the last ones ever change. */
export function listsOf({ attempts, spans, compensation }: Row): Pick<Row, "attempts" | "spans" | "compensation"> {
  return {
    attempts: withLastCopied(attempts),
    spans: withLastCopied(spans),
    compensation: compensation && { ...compensation, attempts: withLastCopied(compensation.attempts) },
  };
}

function withLastCopied<T extends object>(list: readonly T[]): T[] {
  const copy = list.slice();
  const last = copy.pop();
  if (last !== undefined) copy.push({ ...last });
  return copy;
}

export interface Dispatch {
  attempt: number;
  round?: number | undefined;
  taskId: string;
  task: string;
  queue: string;
}

/** A task is out: one of the step itself, or of what undoes it. */
export function beginAttempt(row: Row, attempts: Attempt[], data: Dispatch, at: number): void {
  endSpan(row, at);
  attempts.push({
    number: data.attempt,
    round: data.round ?? null,
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
}

export interface Ran {
  worker?: string | undefined;
  queuedMs?: number | undefined;
  ranMs?: number | undefined;
}

/** Ends the open attempt, if there is one, and splits its span at the moment a worker took it. */
export function endAttempt(row: Row, attempts: Attempt[], at: number, outcome: Outcome, ran: Ran): Attempt | null {
  const attempt = attempts.at(-1);
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
  return attempt;
}

/** The attempt that just ended is tried again, or `retryAt` is null and it was the last. */
export function noteFailure(
  row: Row,
  attempt: Attempt | null,
  error: ErrorInfo,
  retryAt: string | null,
  at: number,
): void {
  const dueAt = retryAt === null ? null : Date.parse(retryAt);
  if (attempt) {
    attempt.error = error;
    attempt.retryAt = dueAt;
  }
  if (dueAt !== null) row.spans.push({ ...openSpan("backoff", at, attempt?.number ?? 0), dueAt });
}

/** Nothing is out; the step goes on when somebody or time says so. */
export function beginWait(row: Row, at: number, kind: "sleeping" | "waiting", dueAt?: string): void {
  openRow(row, "waiting");
  endSpan(row, at);
  row.spans.push({ ...openSpan(kind, at, 0), dueAt: dueAt === undefined ? null : Date.parse(dueAt) });
}

/** Where it had ended, a retry of the execution has opened it again. */
export function openRow(row: Row, status: Row["status"]): void {
  row.status = status;
  row.endedAt = null;
  row.cancelledBecause = null;
  row.port = null;
}

export function endRow(row: Row, status: Row["status"], at: number): void {
  endSpan(row, at);
  row.status = status;
  row.endedAt = at;
  if (status === "completed") row.error = null;
}

export function endSpan(row: Row, at: number): void {
  const span = row.spans.at(-1);
  if (span && span.to === null) span.to = at;
}

function openSpan(kind: SpanKind, from: number, attempt: number): Span {
  return { kind, from, to: null, dueAt: null, outcome: null, attempt };
}

export function carried(json: JsonValue | undefined, ref: ValueRef | undefined): Carried {
  if (ref) return { ref };
  return json === undefined ? null : { json };
}
