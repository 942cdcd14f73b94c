/** One short sentence for each event: what happened, to which step, with what numbers. */
import type { ExecutionStatus, StepStatus } from "@/lib/contract/executions";
import type { EventType, HistoryEvent } from "@/lib/contract/history";
import { clockTime, count, duration } from "./format";

type StepData = { node: string; iteration: number; index?: number[] };

/** Text and code, in turn: names of things are set in code by whoever shows it. */
export type Sentence = (string | { code: string })[];

const code = (text: string) => ({ code: text });

function stepName({ node, iteration, index }: StepData) {
  const item = index && index.length > 0 ? `[${index.join(", ")}]` : "";
  return code(`${node}${item}${iteration > 1 ? ` #${iteration}` : ""}`);
}

function ran({ queuedMs, ranMs }: { queuedMs?: number; ranMs?: number }): string {
  const parts = [
    ...(ranMs === undefined ? [] : [`in ${duration(ranMs)}`]),
    ...(queuedMs === undefined ? [] : [`after ${duration(queuedMs)} in the queue`]),
  ];
  return parts.length > 0 ? ` ${parts.join(" ")}` : "";
}

/** `: because of the audit`, where somebody said why. */
function reasonOf({ reason }: { reason?: string }): string[] {
  return reason ? [`: ${reason}`] : [];
}

/** From the event on: `1 h 30 min`. */
function until(event: HistoryEvent, instant: string): string {
  return duration(Date.parse(instant) - Date.parse(event.at));
}

/** `; next attempt in 2 s`, or that there is none. */
function nextAttempt(event: HistoryEvent, retryAt: string | null): string {
  return retryAt === null ? "; no attempt left" : `; next attempt in ${until(event, retryAt)}`;
}

/** An event of a type that this page does not know yet says its type alone. */
export function sentenceOf(event: HistoryEvent): Sentence {
  if (event.type.startsWith("Execution") || event.type === "SignalReceived")
    return executionSentence(event as ExecutionEvent);
  return "node" in event.data ? stepSentence(event as StepEvent) : [event.type];
}

/** The same in plain text. */
export function sentenceText(event: HistoryEvent): string {
  return sentenceOf(event)
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("");
}

type StepEvent = Extract<HistoryEvent, { data: StepData }>;
type ExecutionEvent = Exclude<HistoryEvent, StepEvent>;

function executionSentence(event: ExecutionEvent): Sentence {
  switch (event.type) {
    case "ExecutionScheduled":
      return [
        code(event.data.workflow),
        ` v${event.data.version} scheduled to start in ${until(event, event.data.startAt)}`,
      ];
    case "ExecutionStarted":
      return ["Started ", code(event.data.workflow), ` v${event.data.version}`];
    case "ExecutionCompleted":
      return ["Completed"];
    case "ExecutionFailed":
      return ["Failed", ...(event.data.node ? [" in ", code(event.data.node)] : []), ": ", event.data.message];
    case "ExecutionTimedOut":
      return [`Timed out at ${clockTime(event.data.timeoutAt)}`];
    case "ExecutionCancelRequested":
      return [
        event.data.compensate ? "Cancel with compensation requested" : "Cancel requested",
        ...reasonOf(event.data),
      ];
    case "ExecutionCancelled":
      return ["Cancelled", ...reasonOf(event.data)];
    case "ExecutionTerminated":
      return ["Terminated", ...reasonOf(event.data)];
    case "ExecutionPaused":
      return ["Paused", ...reasonOf(event.data)];
    case "ExecutionResumed":
      return [`Resumed after ${duration(event.data.pausedMs)}`, ...reasonOf(event.data)];
    case "ExecutionRetried": {
      const { fromNode } = event.data;
      return [...(fromNode ? ["Retried from ", code(fromNode)] : ["Retried"]), ...reasonOf(event.data)];
    }
    case "ExecutionForked":
      return [
        "Forked from ",
        code(event.data.source),
        ` at event ${event.data.at}, on v${event.data.version}`,
        ...reasonOf(event.data),
      ];
    case "SignalReceived":
      return ["Signal ", code(event.data.signal), " received"];
    default:
      return [(event satisfies never as HistoryEvent).type];
  }
}

function stepSentence(event: StepEvent): Sentence {
  const step = stepName(event.data);
  switch (event.type) {
    case "StepScheduled":
      return [step, dispatched(event.data), code(event.data.queue)];
    case "StepCheckpointed":
      return [step, " noted ", code(event.data.name)];
    case "StepCompleted":
      return [step, " completed", ...(event.data.port ? [" on ", code(event.data.port)] : []), ran(event.data)];
    case "StepAttemptFailed": {
      const { attempt, error, retryAt } = event.data;
      return [step, ` attempt ${attempt} failed: ${error.message}${nextAttempt(event, retryAt)}`];
    }
    case "StepPolled":
      return [step, ` is not there after round ${event.data.round}; next in ${until(event, event.data.nextAt)}`];
    case "StepFailed":
      return [step, ` failed: ${event.data.error.message}`];
    case "StepSkipped":
      return [step, " skipped"];
    case "StepCancelled":
      return [step, ` cancelled: ${event.data.why}`];
    case "ChoiceEvaluated":
      return [step, " chose ", code(event.data.port)];
    case "LoopTaken":
      return [step, " leads back to ", code(event.data.to), `, turn ${event.data.turn}`];
    case "SleepStarted":
      return [step, ` sleeps for ${until(event, event.data.resumeAt)}`];
    case "SleepCompleted":
      return [step, " woke"];
    case "ResultRejected":
      return [step, ` got a result that no longer counts: ${event.data.why}`];
    default:
      return waitSentence(event, step);
  }
}

type WaitEvent = Exclude<
  StepEvent,
  { type: `Step${string}` | `Sleep${string}` | "ChoiceEvaluated" | "LoopTaken" | "ResultRejected" }
>;

function waitSentence(event: WaitEvent, step: { code: string }): Sentence {
  switch (event.type) {
    case "ApprovalRequested":
      return [step, ` asks for approval${event.data.title ? `: ${event.data.title}` : ""}`, ...expiry(event)];
    case "ApprovalDecided": {
      const { decision, decidedBy, comment } = event.data;
      return [step, ` ${decision} by `, code(decidedBy), ...(comment ? [`: ${comment}`] : [])];
    }
    case "ApprovalExpired":
      return [step, " expired: nobody decided in time"];
    case "SignalAwaited":
      return [step, " waits for the signal ", code(event.data.signal), ...expiry(event)];
    case "SignalConsumed":
      return [step, " took the signal ", code(event.data.signal), ` of event ${event.data.received}`];
    case "SignalExpired":
      return [step, " expired: no signal ", code(event.data.signal), " came in time"];
    case "MapStarted":
      return [step, ` begins ${count(event.data.count, "item")}`];
    case "MapCompleted":
      return [step, ` is through its items: ${event.data.completed} completed, ${event.data.failed} failed`];
    case "ChildStarted":
      return [
        step,
        " started ",
        code(event.data.workflow),
        ` v${event.data.version} as `,
        code(event.data.executionId),
      ];
    case "ChildClosed":
      return [step, ` heard that its child ended ${event.data.status.replaceAll("_", " ")}`, ...errorOf(event.data)];
    case "CompensationScheduled":
      return [step, " is to be undone by ", code(event.data.task), " on ", code(event.data.queue), again(event.data)];
    case "CompensationCompleted":
      return [step, " undone", ran(event.data)];
    case "CompensationFailed":
      return [step, ` not undone: ${event.data.error.message}${nextAttempt(event, event.data.retryAt)}`];
    default:
      return [(event satisfies never as HistoryEvent).type];
  }
}

function dispatched({ attempt, round, resumed }: { attempt: number; round?: number; resumed?: boolean }): string {
  if (resumed) return " goes on after its wait, on ";
  if (attempt > 1) return ` scheduled again, attempt ${attempt}, on `;
  return round !== undefined && round > 1 ? ` scheduled for round ${round} on ` : " scheduled on ";
}

function again({ attempt }: { attempt: number }): string {
  return attempt > 1 ? `, attempt ${attempt}` : "";
}

function expiry(event: Extract<HistoryEvent, { data: { expiresAt?: string } }>): string[] {
  const { expiresAt } = event.data;
  return expiresAt === undefined ? [] : [`, at most ${until(event, expiresAt)}`];
}

function errorOf({ error }: { error?: { message: string } }): string[] {
  return error === undefined ? [] : [`: ${error.message}`];
}

/** How an event is told apart in a list, by the tone of a status. */
const TONES: Record<EventType, ExecutionStatus | StepStatus> = {
  ExecutionScheduled: "scheduled",
  ExecutionStarted: "scheduled",
  ExecutionCompleted: "completed",
  ExecutionFailed: "failed",
  ExecutionTimedOut: "timed_out",
  ExecutionCancelRequested: "cancelled",
  ExecutionCancelled: "cancelled",
  ExecutionTerminated: "terminated",
  ExecutionPaused: "paused",
  ExecutionResumed: "scheduled",
  ExecutionRetried: "retrying",
  ExecutionForked: "scheduled",
  StepScheduled: "scheduled",
  StepCheckpointed: "scheduled",
  StepCompleted: "completed",
  StepAttemptFailed: "retrying",
  StepPolled: "waiting",
  StepFailed: "failed",
  StepSkipped: "skipped",
  StepCancelled: "cancelled",
  ChoiceEvaluated: "scheduled",
  LoopTaken: "retrying",
  SleepStarted: "waiting",
  SleepCompleted: "waiting",
  ApprovalRequested: "waiting",
  ApprovalDecided: "completed",
  ApprovalExpired: "timed_out",
  SignalAwaited: "waiting",
  SignalReceived: "scheduled",
  SignalConsumed: "completed",
  SignalExpired: "timed_out",
  MapStarted: "scheduled",
  MapCompleted: "scheduled",
  ChildStarted: "scheduled",
  ChildClosed: "scheduled",
  CompensationScheduled: "compensating",
  CompensationCompleted: "compensating",
  CompensationFailed: "failed",
  ResultRejected: "quarantined",
};

export function isKnownType(type: string): boolean {
  return type in TONES;
}

export function toneOf(event: HistoryEvent): ExecutionStatus | StepStatus {
  switch (event.type) {
    case "StepAttemptFailed":
      return event.data.retryAt === null ? "failed" : "retrying";
    case "CompensationFailed":
      return event.data.retryAt === null ? "failed" : "compensating";
    case "ApprovalDecided":
      return event.data.decision === "approved" ? "completed" : "failed";
    case "ChildClosed":
      return event.data.status === "completed" ? "completed" : "failed";
    default:
      return TONES[event.type] ?? "scheduled";
  }
}

/** `worker …4K7Q2M`, `engine`: the actor's kind, and its id apart so that it can be shortened. */
export function actorParts(actor: string): { kind: string; id: string | null } {
  const colon = actor.indexOf(":");
  return colon === -1 ? { kind: actor, id: null } : { kind: actor.slice(0, colon), id: actor.slice(colon + 1) };
}
