/** Calls with an idempotency key, as far back as they are remembered: one that comes again is known, and changes nothing. */
import type { HistoryEvent, RequestKey } from "../../contract/history";
import type { Command } from "./commands";

/** Older ones are forgotten, so that a state stays small however long its execution lives. */
const REMEMBERED = 1000;

/** What to reply to a command that repeats an earlier one, before anything else is judged; null: it is a new one. */
export function repeatOf(known: readonly RequestKey[], command: Command): "duplicate" | "key-conflict" | null {
  const request = "request" in command ? command.request : undefined;
  if (request === undefined) return null;
  const earlier = known.find(({ key }) => key === request.key);
  if (earlier === undefined) return null;
  return earlier.hash === request.hash ? "duplicate" : "key-conflict";
}

/** What is known after an event. */
export function remember(known: readonly RequestKey[], { data }: HistoryEvent): readonly RequestKey[] {
  const request = "request" in data ? data.request : undefined;
  return request === undefined ? known : [...known.slice(1 - REMEMBERED), request];
}
