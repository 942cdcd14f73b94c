/** One short sentence for each event: what happened, to which step, with what numbers. */
import type { ExecutionStatus, StepStatus } from "@/lib/contract/executions";
import type { EventType, HistoryEvent } from "@/lib/contract/history";
import { clockTime, duration } from "./format";

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

/** An event of a type that this page does not know yet says its type alone. */
export function sentenceOf(event: HistoryEvent): Sentence {
  switch (event.type) {
    case "ExecutionStarted":
      return ["Started ", code(event.data.workflow), ` v${event.data.version}`];
    case "ExecutionCompleted":
      return ["Completed"];
    case "ExecutionFailed":
      return ["Failed", ...(event.data.node ? [" in ", code(event.data.node)] : []), ": ", event.data.message];
    case "ExecutionTimedOut":
      return [`Timed out at ${clockTime(event.data.timeoutAt)}`];
    case "ExecutionCancelRequested":
      return ["Cancel requested", ...(event.data.reason ? [`: ${event.data.reason}`] : [])];
    case "ExecutionCancelled":
      return ["Cancelled", ...(event.data.reason ? [`: ${event.data.reason}`] : [])];
    case "StepScheduled":
      return [
        stepName(event.data),
        event.data.attempt > 1 ? ` scheduled again, attempt ${event.data.attempt}, on ` : " scheduled on ",
        code(event.data.queue),
      ];
    case "StepCompleted":
      return [
        stepName(event.data),
        " completed",
        ...(event.data.port ? [" on ", code(event.data.port)] : []),
        ran(event.data),
      ];
    case "StepAttemptFailed": {
      const { retryAt } = event.data;
      const next =
        retryAt === null
          ? "; no attempt left"
          : `; next attempt in ${duration(Date.parse(retryAt) - Date.parse(event.at))}`;
      return [stepName(event.data), ` attempt ${event.data.attempt} failed: ${event.data.error.message}${next}`];
    }
    case "StepFailed":
      return [stepName(event.data), ` failed: ${event.data.error.message}`];
    case "StepSkipped":
      return [stepName(event.data), " skipped"];
    case "StepCancelled":
      return [stepName(event.data), ` cancelled: ${event.data.why}`];
    case "ChoiceEvaluated":
      return [stepName(event.data), " chose ", code(event.data.port)];
    case "SleepStarted":
      return [stepName(event.data), ` sleeps for ${duration(Date.parse(event.data.resumeAt) - Date.parse(event.at))}`];
    case "SleepCompleted":
      return [stepName(event.data), " woke"];
    case "ResultRejected":
      return [stepName(event.data), ` got a result that no longer counts: ${event.data.why}`];
    default:
      return [(event satisfies never as HistoryEvent).type];
  }
}

/** How an event is told apart in a list, by the tone of a status. */
const TONES: Record<EventType, ExecutionStatus | StepStatus> = {
  ExecutionStarted: "scheduled",
  ExecutionCompleted: "completed",
  ExecutionFailed: "failed",
  ExecutionTimedOut: "timed_out",
  ExecutionCancelRequested: "cancelled",
  ExecutionCancelled: "cancelled",
  StepScheduled: "scheduled",
  StepCompleted: "completed",
  StepAttemptFailed: "retrying",
  StepFailed: "failed",
  StepSkipped: "skipped",
  StepCancelled: "cancelled",
  ChoiceEvaluated: "scheduled",
  SleepStarted: "waiting",
  SleepCompleted: "waiting",
  ResultRejected: "quarantined",
};

export function isKnownType(type: string): boolean {
  return type in TONES;
}

export function toneOf(event: HistoryEvent): ExecutionStatus | StepStatus {
  if (event.type === "StepAttemptFailed" && event.data.retryAt === null) return "failed";
  return TONES[event.type] ?? "scheduled";
}

/** `worker …4K7Q2M`, `engine`: the actor's kind, and its id apart so that it can be shortened. */
export function actorParts(actor: string): { kind: string; id: string | null } {
  const colon = actor.indexOf(":");
  return colon === -1 ? { kind: actor, id: null } : { kind: actor.slice(0, colon), id: actor.slice(colon + 1) };
}
