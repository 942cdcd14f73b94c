/**
 * Assertions on histories, for any test runner. A node is named by its id, inside maps by its path (`each/charge`), one
 * item of it by its index (`each/charge[3]`).
 */
import { AssertionError } from "node:assert";
import type { ExecutionStatus } from "../types/executions";
import type { HistoryEvent } from "../types/history";

/** A history, or whatever has one: a test run, an ExecutionFailedError. */
export type WithHistory = readonly HistoryEvent[] | { readonly history: readonly HistoryEvent[] };

type StepEvent = HistoryEvent & { data: { node: string; iteration: number; index?: readonly number[] } };

const ENDINGS: { [type: string]: string } = {
  StepCompleted: "completed",
  StepFailed: "failed",
  StepSkipped: "skipped",
  StepCancelled: "cancelled",
};
const CLOSINGS: { [type: string]: ExecutionStatus } = {
  ExecutionCompleted: "completed",
  ExecutionFailed: "failed",
  ExecutionCancelled: "cancelled",
  ExecutionTerminated: "terminated",
  ExecutionTimedOut: "timed_out",
};

export function assertStatus(of: WithHistory, status: ExecutionStatus): void {
  const events = eventsOf(of);
  const closed = CLOSINGS[events.at(-1)?.type ?? ""] ?? "open";
  if (closed !== status) fail(`The execution should be ${status}, and is ${closed}.`, closed, status, events);
}

/** Each of them completed: its latest iteration, in maps every item of it. */
export function assertCompleted(of: WithHistory, ...nodes: string[]): void {
  for (const node of nodes) assertEnding(of, node, "completed");
}

export function assertSkipped(of: WithHistory, ...nodes: string[]): void {
  for (const node of nodes) assertEnding(of, node, "skipped");
}

export function assertCancelled(of: WithHistory, ...nodes: string[]): void {
  for (const node of nodes) assertEnding(of, node, "cancelled");
}

/** It failed for good, with that code if one is named. */
export function assertFailed(of: WithHistory, node: string, code?: string): void {
  assertEnding(of, node, "failed");
  const events = eventsOf(of);
  const failed = stepEvents(events, node).findLast((event) => event.type === "StepFailed");
  const actual = failed?.type === "StepFailed" ? failed.data.error.code : undefined;
  if (code !== undefined && actual !== code)
    fail(`${node} should have failed with ${code}, and did with ${actual}.`, actual, code, events);
}

/** Nothing of them was ever begun. */
export function assertNotRun(of: WithHistory, ...nodes: string[]): void {
  const events = eventsOf(of);
  for (const node of nodes) {
    const begun = stepEvents(events, node).find(({ type }) => type !== "StepSkipped");
    if (begun !== undefined)
      fail(`${node} should not have run, and did at event ${begun.sequence}.`, begun.type, undefined, events);
  }
}

/** Each of them had ended before the next one began. */
export function assertOrder(of: WithHistory, ...nodes: string[]): void {
  const events = eventsOf(of);
  for (const node of nodes) assertRan(events, node);
  for (const [i, node] of nodes.slice(0, -1).entries()) {
    const next = nodes[i + 1] ?? "";
    const ended = stepEvents(events, node).findLast(({ type }) => type in ENDINGS)?.sequence;
    const began = stepEvents(events, next)[0]?.sequence ?? 0;
    if (ended === undefined || ended > began)
      fail(`${node} should have ended before ${next} began at event ${began}.`, ended, began, events);
  }
}

/** How many attempts there were in all: of each iteration, item and round. What goes on after a wait is the same attempt. */
export function assertAttempts(of: WithHistory, node: string, attempts: number): void {
  const events = eventsOf(of);
  const dispatches = stepEvents(events, node).filter(
    (event) => event.type === "StepScheduled" && event.data.resumed !== true,
  );
  if (dispatches.length !== attempts)
    fail(
      `${node} should have had ${attempts} attempts, and had ${dispatches.length}.`,
      dispatches.length,
      attempts,
      events,
    );
}

function assertEnding(of: WithHistory, node: string, ending: string): void {
  const events = eventsOf(of);
  const places = statusByPlace(stepEvents(events, node));
  if (places.size === 0) fail(`${node} should have ${been(ending)}, and was never reached.`, undefined, ending, events);
  for (const [place, status] of places)
    if (status !== ending) fail(`${place} should have ${been(ending)}, and ${was(status)}.`, status, ending, events);
}

function assertRan(events: readonly HistoryEvent[], node: string): void {
  if (stepEvents(events, node).length === 0)
    fail(`${node} should have run, and was never reached.`, undefined, node, events);
}

function eventsOf(of: WithHistory): readonly HistoryEvent[] {
  return "history" in of ? of.history : of;
}

function isOfStep(event: HistoryEvent): event is StepEvent {
  return "node" in event.data && "iteration" in event.data;
}

function stepEvents(events: readonly HistoryEvent[], node: string): StepEvent[] {
  return events.filter(isOfStep).filter((event) => event.data.node === node || placeOf(event) === node);
}

function placeOf({ data: { node, index } }: StepEvent): string {
  return index === undefined ? node : `${node}[${index.join(",")}]`;
}

/** By place, how its latest iteration ended, or `open`. What comes after its end, such as undoing it, does not count. */
function statusByPlace(events: readonly StepEvent[]): Map<string, string> {
  const places = new Map<string, { iteration: number; status: string }>();
  for (const event of events) {
    const place = placeOf(event);
    const { iteration } = event.data;
    const known = places.get(place);
    const ending = ENDINGS[event.type];
    if (ending !== undefined) places.set(place, { iteration, status: ending });
    else if (known === undefined || known.iteration < iteration) places.set(place, { iteration, status: "open" });
  }
  return new Map([...places].map(([place, { status }]) => [place, status]));
}

function been(ending: string): string {
  return ending === "completed" || ending === "failed" ? ending : `been ${ending}`;
}

function was(status: string): string {
  return status === "open" ? "has not ended" : status === "completed" || status === "failed" ? status : `was ${status}`;
}

/** With what became of each step, because that is what one looks for next. */
function fail(message: string, actual: unknown, expected: unknown, events: readonly HistoryEvent[]): never {
  const lines = [...statusByPlace(events.filter(isOfStep))].map(([place, status]) => `  ${place}: ${status}`);
  throw new AssertionError({ message: [message, ...lines].join("\n"), actual, expected, operator: "history" });
}
