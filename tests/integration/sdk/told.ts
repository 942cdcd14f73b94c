/** A history as it must be wherever it was made: without ids, times, and who ran what. */
import type { HistoryEvent } from "@/worker-sdk/src/index";

const OF_THE_HOST = new Set([
  "taskId",
  "lease",
  "worker",
  "queuedMs",
  "ranMs",
  "approvalId",
  "executionId",
  "source",
  "decidedBy",
  "stack",
  "pausedMs",
  "received",
  "request",
  "hash",
  "version",
]);
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const ID = /\b(?:exe|apr|tsk)_[\w-]+|\bkey:key_\w+|\buser:local/g;

export function told(history: readonly HistoryEvent[]): unknown[] {
  return history.map(({ type, data }) => [type, plain(data)]);
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return INSTANT.test(value) ? "an instant" : value.replace(ID, "id");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name, member]) => !OF_THE_HOST.has(name) && member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
