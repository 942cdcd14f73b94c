/** The text of an event over which hash chains run. */
import type { HistoryEvent } from "../../contract/history";
import { canonicalJson } from "../../contract/json";

/** RFC 8785 of exactly the event's own members; a large value counts by its hash, for only the reference is in the event. */
export function canonicalEvent({ sequence, type, at, actor, command, data }: HistoryEvent): string {
  return canonicalJson({ sequence, type, at, actor, command, data });
}
