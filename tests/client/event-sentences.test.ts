/** Each type of event has a sentence of its own that says what happened, and to what, in words. */
import { describe, expect, it } from "vitest";
import { isKnownType, sentenceOf, toneOf } from "@/lib/client/event-sentences";
import { EVENT_TYPES, type EventData, type EventType, type HistoryEvent } from "@/lib/contract/history";

const AT = "2026-01-01T00:00:00.000Z";
const LATER = "2026-01-01T00:01:30.000Z";
const step = { node: "each/charge", index: [3], iteration: 2 };
const start = { workflow: "order", version: 3, hash: "h" };
const error = { code: "DECLINED", message: "the card was declined" };
const task = { taskId: "tsk_1", task: "undo", queue: "payments" };

type Example = { [T in EventType]: [type: T, data: EventData<T>, sentence: string, tone: string] }[EventType];

const EXAMPLES: readonly Example[] = [
  ["ExecutionScheduled", { ...start, startAt: LATER }, "order v3 scheduled to start in 1 min 30 s", "scheduled"],
  ["ExecutionStarted", start, "Started order v3", "scheduled"],
  ["ExecutionCompleted", {}, "Completed", "completed"],
  ["ExecutionFailed", { code: "X", message: "it broke", node: "a" }, "Failed in a: it broke", "failed"],
  [
    "ExecutionTimedOut",
    { timeoutAt: LATER },
    `Timed out at ${new Date(LATER).toTimeString().slice(0, 8)}`,
    "timed_out",
  ],
  ["ExecutionCancelRequested", { reason: "a typo" }, "Cancel requested: a typo", "cancelled"],
  ["ExecutionCancelRequested", { compensate: true }, "Cancel with compensation requested", "cancelled"],
  ["ExecutionCancelled", {}, "Cancelled", "cancelled"],
  ["ExecutionTerminated", { reason: "stuck" }, "Terminated: stuck", "terminated"],
  ["ExecutionPaused", { reason: "an audit" }, "Paused: an audit", "paused"],
  ["ExecutionResumed", { pausedMs: 90_000 }, "Resumed after 1 min 30 s", "scheduled"],
  ["ExecutionRetried", {}, "Retried", "retrying"],
  ["ExecutionRetried", { fromNode: "charge", reason: "fixed" }, "Retried from charge: fixed", "retrying"],
  [
    "ExecutionForked",
    { source: "exe_1", at: 12, version: 4, hash: "h" },
    "Forked from exe_1 at event 12, on v4",
    "scheduled",
  ],
  ["StepScheduled", { ...step, attempt: 1, ...task }, "each/charge[3] #2 scheduled on payments", "scheduled"],
  [
    "StepScheduled",
    { ...step, attempt: 2, ...task },
    "each/charge[3] #2 scheduled again, attempt 2, on payments",
    "scheduled",
  ],
  [
    "StepScheduled",
    { ...step, attempt: 1, round: 5, ...task },
    "each/charge[3] #2 scheduled for round 5 on payments",
    "scheduled",
  ],
  [
    "StepScheduled",
    { ...step, attempt: 2, resumed: true, ...task },
    "each/charge[3] #2 goes on after its wait, on payments",
    "scheduled",
  ],
  ["StepCheckpointed", { ...step, name: "paid" }, "each/charge[3] #2 noted paid", "scheduled"],
  ["StepCompleted", { ...step, port: "big", ranMs: 80 }, "each/charge[3] #2 completed on big in 80 ms", "completed"],
  [
    "StepAttemptFailed",
    { ...step, attempt: 1, error, retryAt: LATER },
    "each/charge[3] #2 attempt 1 failed: the card was declined; next attempt in 1 min 30 s",
    "retrying",
  ],
  [
    "StepAttemptFailed",
    { ...step, attempt: 3, error, retryAt: null },
    "each/charge[3] #2 attempt 3 failed: the card was declined; no attempt left",
    "failed",
  ],
  [
    "StepPolled",
    { ...step, round: 4, nextAt: LATER },
    "each/charge[3] #2 is not there after round 4; next in 1 min 30 s",
    "waiting",
  ],
  ["StepFailed", { ...step, error }, "each/charge[3] #2 failed: the card was declined", "failed"],
  ["StepSkipped", step, "each/charge[3] #2 skipped", "skipped"],
  ["StepCancelled", { ...step, why: "JOIN_WON" }, "each/charge[3] #2 cancelled: JOIN_WON", "cancelled"],
  ["ChoiceEvaluated", { ...step, port: "adult", cases: [] }, "each/charge[3] #2 chose adult", "scheduled"],
  [
    "LoopTaken",
    { ...step, port: "again", to: "each/fetch", turn: 3 },
    "each/charge[3] #2 leads back to each/fetch, turn 3",
    "retrying",
  ],
  ["SleepStarted", { ...step, resumeAt: LATER }, "each/charge[3] #2 sleeps for 1 min 30 s", "waiting"],
  ["SleepCompleted", step, "each/charge[3] #2 woke", "waiting"],
  [
    "ApprovalRequested",
    { ...step, approvalId: "apr_1", title: "Pay 300 €?", expiresAt: LATER },
    "each/charge[3] #2 asks for approval: Pay 300 €?, at most 1 min 30 s",
    "waiting",
  ],
  ["ApprovalRequested", { ...step, approvalId: "apr_1" }, "each/charge[3] #2 asks for approval", "waiting"],
  [
    "ApprovalDecided",
    { ...step, approvalId: "apr_1", decision: "rejected", decidedBy: "user:ann", comment: "too much" },
    "each/charge[3] #2 rejected by user:ann: too much",
    "failed",
  ],
  [
    "ApprovalDecided",
    { ...step, approvalId: "apr_1", decision: "approved", decidedBy: "key:k" },
    "each/charge[3] #2 approved by key:k",
    "completed",
  ],
  [
    "ApprovalExpired",
    { ...step, approvalId: "apr_1" },
    "each/charge[3] #2 expired: nobody decided in time",
    "timed_out",
  ],
  [
    "SignalAwaited",
    { ...step, signal: "paid", expiresAt: LATER },
    "each/charge[3] #2 waits for the signal paid, at most 1 min 30 s",
    "waiting",
  ],
  ["SignalReceived", { signal: "paid" }, "Signal paid received", "scheduled"],
  [
    "SignalConsumed",
    { ...step, signal: "paid", received: 7 },
    "each/charge[3] #2 took the signal paid of event 7",
    "completed",
  ],
  ["SignalExpired", { ...step, signal: "paid" }, "each/charge[3] #2 expired: no signal paid came in time", "timed_out"],
  ["MapStarted", { ...step, count: 1200 }, "each/charge[3] #2 begins 1,200 items", "scheduled"],
  [
    "MapCompleted",
    { ...step, completed: 9, failed: 1 },
    "each/charge[3] #2 is through its items: 9 completed, 1 failed",
    "scheduled",
  ],
  [
    "ChildStarted",
    { ...step, executionId: "exe_2", workflow: "ship", version: 1, hash: "h", wait: true },
    "each/charge[3] #2 started ship v1 as exe_2",
    "scheduled",
  ],
  [
    "ChildClosed",
    { ...step, executionId: "exe_2", status: "timed_out", error },
    "each/charge[3] #2 heard that its child ended timed out: the card was declined",
    "failed",
  ],
  [
    "ChildClosed",
    { ...step, executionId: "exe_2", status: "completed" },
    "each/charge[3] #2 heard that its child ended completed",
    "completed",
  ],
  [
    "CompensationScheduled",
    { ...step, attempt: 1, ...task },
    "each/charge[3] #2 is to be undone by undo on payments",
    "compensating",
  ],
  [
    "CompensationScheduled",
    { ...step, attempt: 2, ...task },
    "each/charge[3] #2 is to be undone by undo on payments, attempt 2",
    "compensating",
  ],
  ["CompensationCompleted", { ...step, attempt: 1, ranMs: 5 }, "each/charge[3] #2 undone in 5 ms", "compensating"],
  [
    "CompensationFailed",
    { ...step, attempt: 1, error, retryAt: LATER },
    "each/charge[3] #2 not undone: the card was declined; next attempt in 1 min 30 s",
    "compensating",
  ],
  [
    "CompensationFailed",
    { ...step, attempt: 3, error, retryAt: null },
    "each/charge[3] #2 not undone: the card was declined; no attempt left",
    "failed",
  ],
  [
    "ResultRejected",
    { ...step, taskId: "tsk_1", lease: "l", why: "its lease ran out" },
    "each/charge[3] #2 got a result that no longer counts: its lease ran out",
    "quarantined",
  ],
];

const event = (type: string, data: object) =>
  ({ sequence: 2, type, at: AT, actor: "engine", command: 2, data }) as unknown as HistoryEvent;
const text = (it: HistoryEvent) =>
  sentenceOf(it)
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("");

describe("an event", () => {
  it.each(EXAMPLES)("of type %s is told of %j as %s", (type, data, sentence, tone) => {
    expect(text(event(type, data))).toBe(sentence);
    expect(toneOf(event(type, data))).toBe(tone);
  });

  it("of every type is among the examples, and known", () => {
    expect(new Set(EXAMPLES.map(([type]) => type))).toEqual(new Set(EVENT_TYPES));
    expect(EVENT_TYPES.every(isKnownType)).toBe(true);
  });

  it("of a newer type says its type alone", () => {
    expect(text(event("StepTeleported", step))).toBe("StepTeleported");
    expect(text(event("ExecutionBlessed", {}))).toBe("ExecutionBlessed");
    expect(text(event("SomethingElse", {}))).toBe("SomethingElse");
    expect(isKnownType("StepTeleported")).toBe(false);
  });
});
