/** A recorded execution as far as it can be replayed: what it began with, what came from outside, and what it came to. */
import type { HistoryEvent } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { pathOf, type TrialOutcome } from "../../contract/trial-path";
import { heldIn } from "../../core/execution/held";
import { epochMs } from "../../core/time";
import { durationText } from "../trial/duration-text";
import type { TrialStart } from "../trial/trial-run";

export interface Recording {
  readonly id: string;
  /** Whole, from sequence 1. */
  readonly history: readonly HistoryEvent[];
  /** Large values, by the hash that the history names them with. */
  readonly values: ReadonlyMap<string, JsonValue>;
}

/** `forked`: it began as another one. `terminated`: it was stopped in the middle. `values`: one of them is not here. */
export type Unplayable = "open" | "forked" | "terminated" | "values";

export interface Playable {
  readonly history: readonly HistoryEvent[];
  readonly start: TrialStart;
  readonly outcome: TrialOutcome;
  /** It was retried by hand later: what is compared is how it went until then. */
  readonly isCut: boolean;
}

export function playable({ history: whole, values }: Recording): Playable | { readonly unplayable: Unplayable } {
  if (whole.some(({ type }) => type === "ExecutionForked")) return { unplayable: "forked" };
  const retriedAt = whole.findIndex(({ type }) => type === "ExecutionRetried");
  const history = retriedAt === -1 ? whole : whole.slice(0, retriedAt);
  if (largeValues(history).some((hash) => !values.has(hash))) return { unplayable: "values" };
  const outcome = outcomeOf(history, values);
  if (outcome.status === "open" || outcome.status === "terminated")
    return { unplayable: outcome.status === "open" ? "open" : "terminated" };
  return { history, start: startOf(history, values), outcome, isCut: retriedAt !== -1 };
}

/** Hashes of the values that lie beside the history. */
export function largeValues(history: readonly HistoryEvent[]): string[] {
  const found = new Set<string>();
  for (const { data } of history) collect(data, found);
  return [...found];
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    // What is beside a reference is the workflow's own data: a member of that name there is none of ours.
    if (name.endsWith("Ref") && isRef(member)) found.add(member.hash);
    else if (name === "directive" || name === "compensate") collect(member, found);
  }
}

function isRef(value: unknown): value is { hash: string } {
  return typeof value === "object" && value !== null && "hash" in value && typeof value.hash === "string";
}

function outcomeOf(history: readonly HistoryEvent[], values: Recording["values"]): TrialOutcome {
  const path = pathOf(history);
  const open: TrialOutcome = { status: "open", output: null, error: null, path };
  const last = history.findLast(({ type }) => CLOSING.has(type));
  switch (last?.type) {
    case "ExecutionCompleted":
      return { ...open, status: "completed", output: valueIn("output", last.data, values) };
    case "ExecutionFailed":
      return { ...open, status: "failed", error: last.data.code };
    case "ExecutionTimedOut":
      return { ...open, status: "timed_out" };
    case "ExecutionCancelled":
      return { ...open, status: "cancelled" };
    case "ExecutionTerminated":
      return { ...open, status: "terminated" };
    default:
      return open;
  }
}

const CLOSING: ReadonlySet<string> = new Set([
  "ExecutionCompleted",
  "ExecutionFailed",
  "ExecutionTimedOut",
  "ExecutionCancelled",
  "ExecutionTerminated",
]);

/** What happened in the same millisecond as a cancel happened before it. */
const AFTER_ALL_MS = 1;

function startOf(history: readonly HistoryEvent[], values: Recording["values"]): TrialStart {
  const [first] = history;
  const begun = history.find(({ type }) => type === "ExecutionStarted") ?? first;
  const startAt = begun?.at;
  const startedAt = epochMs(startAt ?? "1970-01-01T00:00:00.000Z");
  const after = (at: string, lateMs = 0) => ({ after: durationText(Math.max(0, epochMs(at) - startedAt + lateMs)) });
  const signals = history.flatMap((event) => {
    if (event.type !== "SignalReceived") return [];
    const payload = valueIn("payload", event.data, values);
    return [{ signal: event.data.signal, payload, ...after(event.at) }];
  });
  const cancelled = history.find((event) => event.type === "ExecutionCancelRequested");
  const given = first?.type === "ExecutionScheduled" || first?.type === "ExecutionStarted" ? first.data : null;
  const { key, tags, correlationId } = given ?? {};
  return {
    ...(startAt === undefined ? {} : { startAt }),
    ...(given === null ? {} : { input: valueIn("input", given, values) }),
    ...(key === undefined ? {} : { key }),
    ...(tags === undefined ? {} : { tags }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(signals.length === 0 ? {} : { signals }),
    ...(cancelled === undefined ? {} : { cancel: { ...cancelOf(cancelled), ...after(cancelled.at, AFTER_ALL_MS) } }),
  };
}

function cancelOf({ data: { reason, compensate } }: Extract<HistoryEvent, { type: "ExecutionCancelRequested" }>) {
  return { ...(reason === undefined ? {} : { reason }), ...(compensate === undefined ? {} : { compensate }) };
}

export function valueIn<F extends "input" | "output" | "payload">(
  field: F,
  data: Parameters<typeof heldIn<F>>[1],
  values: Recording["values"],
): JsonValue {
  const held = heldIn(field, data);
  if (held === null) return null;
  return "json" in held ? held.json : (values.get(held.ref.hash) ?? null);
}
