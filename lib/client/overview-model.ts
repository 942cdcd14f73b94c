/** What is told of a window of time, computed from its numbers: shares, comparisons, the workflows that need a look. Pure. */
import type { Flow, Stats, StatsWindow } from "@/lib/contract/stats";

/** Checked to be all there are by its type; taken from the schema it would bring zod to the browser. */
const WINDOWS: Record<StatsWindow, true> = { "1h": true, "24h": true, "7d": true, "30d": true };
export const STATS_WINDOWS = Object.keys(WINDOWS) as StatsWindow[];
export const DEFAULT_WINDOW: StatsWindow = "24h";

/** What the URL names, or the default. */
export function readWindow(text: string | null): StatsWindow {
  return STATS_WINDOWS.find((known) => known === text) ?? DEFAULT_WINDOW;
}

/** Of those that completed or failed, in percent; null where none did. Who cancels decides, and that is no failure. */
export function failureRate({ completed, failed }: Pick<Flow, "completed" | "failed">): number | null {
  const judged = completed + failed;
  return judged === 0 ? null : (failed / judged) * 100;
}

export type Comparison =
  | { kind: "same" }
  | { kind: "none-before" }
  | { kind: "none-now" }
  | { kind: "more" | "less"; percent: number }
  /** From three times on: a percentage of hundreds says less. */
  | { kind: "times"; times: number };

export function compare(now: number | null, before: number | null): Comparison | null {
  if (now === null) return null;
  if (before === null || (before === 0 && now > 0)) return { kind: "none-before" };
  if (now === before) return { kind: "same" };
  if (now === 0) return { kind: "none-now" };
  if (now >= before * 3) return { kind: "times", times: Math.round(now / before) };
  const percent = Math.round((Math.abs(now - before) / before) * 100);
  if (percent === 0) return { kind: "same" };
  return { kind: now > before ? "more" : "less", percent };
}

export type WorkflowRow = Stats["workflows"][number] & { rate: number };

/** The most failures first, then the highest share of them, then the slowest. */
export function worstFirst(workflows: Stats["workflows"]): WorkflowRow[] {
  return workflows
    .map((each) => ({ ...each, rate: failureRate(each) ?? 0 }))
    .sort((a, b) => b.failed - a.failed || b.rate - a.rate || (b.p95Ms ?? 0) - (a.p95Ms ?? 0));
}

export interface Listed {
  status?: string;
  workflow?: string | null;
  startedAfter?: string;
  startedBefore?: string;
  closedAfter?: string;
  closedBefore?: string;
}

/** The list of executions with these filters. */
export function listedAt(filters: Listed): string {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length > 0 ? `/executions?${new URLSearchParams(given)}` : "/executions";
}

/** As `failed` is counted: what ran out of time, too. */
export const FAILED = "failed,timed_out";
export const CANCELLED = "cancelled,terminated";

/** From the begin of a bucket to that of the next one. */
export function boundsOf({ buckets, bucketMs }: Stats, index: number): { after: string; before: string } {
  const begin = Date.parse(buckets[index]?.at ?? "");
  return { after: new Date(begin).toISOString(), before: new Date(begin + bucketMs).toISOString() };
}
