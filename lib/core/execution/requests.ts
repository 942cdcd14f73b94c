/** Calls with an idempotency key, as far back as they are remembered: one that comes again is known, and changes nothing. */
import type { EventType, HistoryEvent, RequestKey } from "../../contract/history";
import type { Command } from "./commands";

/** Older ones are forgotten, so that a state stays small however long its execution lives. */
const REMEMBERED = 1000;

export function requestOf(command: Command): RequestKey | null {
  return "request" in command ? (command.request ?? null) : null;
}

/** What to reply to a command that repeats an earlier one, before anything else is judged; null: it is a new one. */
export function repeatOf(
  known: readonly RequestKey[],
  request: RequestKey | null,
): "duplicate" | "key-conflict" | null {
  const earlier = request && known.find(({ key }) => key === request.key);
  if (earlier == null) return null;
  return earlier.hash === request?.hash ? "duplicate" : "key-conflict";
}

/** Each command with a key writes one of these, if it changes anything. */
export function saysWhatWasAsked(type: EventType): boolean {
  return ASKED.has(type);
}

const ASKED: ReadonlySet<EventType> = new Set([
  "ExecutionCancelRequested",
  "ExecutionTerminated",
  "ExecutionPaused",
  "ExecutionResumed",
  "ExecutionRetried",
  "SignalReceived",
]);

/** What is known after an event. */
export function remember(known: readonly RequestKey[], { data }: HistoryEvent): readonly RequestKey[] {
  const request = "request" in data ? data.request : undefined;
  return request === undefined ? known : [...known.slice(1 - REMEMBERED), request];
}
