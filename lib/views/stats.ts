/**
 * How the executions of a window went, and the window before it. Numbers and percentiles are exact up to 500 closes of a
 * status in a bucket; beyond that its newest 500 stand for all of them, and the answer says so: counts of all workflows
 * together stay exact up to 50,000 of a status in a bucket.
 */
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type ClosesRow, COUNTED_AT_MOST, closesInSpans, type Span, startsInSpans } from "@/db/queries/stats";
import type { Flow, Stats, StatsWindow } from "@/lib/contract/stats";
import { type Workflows, within } from "@/lib/views/reach";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WINDOWS: Record<StatsWindow, { windowMs: number; bucketMs: number }> = {
  "1h": { windowMs: HOUR, bucketMs: MINUTE },
  "24h": { windowMs: DAY, bucketMs: 30 * MINUTE },
  "7d": { windowMs: 7 * DAY, bucketMs: 3 * HOUR },
  "30d": { windowMs: 30 * DAY, bucketMs: 12 * HOUR },
};

const ENDINGS = {
  completed: ["completed"],
  failed: ["failed", "timed_out"],
  cancelled: ["cancelled", "terminated"],
} as const;

export interface StatsQuery {
  window: StatsWindow;
  workflow?: string;
}

/** Buckets begin at round times; the window before ends as long before now as this one began, so that both compare. */
export async function readStats(
  reads: Queryable,
  namespaceId: number,
  { window, workflow }: StatsQuery,
  now: number,
  limits?: Workflows,
): Promise<Stats> {
  const { windowMs, bucketMs } = WINDOWS[window];
  const to = Math.ceil(now / bucketMs) * bucketMs;
  const from = to - windowMs;
  const current = spansBetween(from, to, bucketMs, "current");
  const spans = [...current, ...spansBetween(from - windowMs, now - windowMs, bucketMs, "previous")];
  const asked = within({ workflow }, limits);
  const workflows = workflow === undefined ? (limits ?? null) : [workflow];
  const filter = { namespaceId, workflows: asked === null ? [] : workflows, spans };
  const [starts, closes] = await Promise.all([
    allRows(reads, startsInSpans(filter)),
    allRows(reads, closesInSpans(filter, ENDINGS)),
  ]);
  const startedIn = new Map(starts.map(({ n, started }) => [n, started]));
  const closedIn = new Map(closes.map((row) => [row.n, row]));
  const startedOf = (era: Span["era"]) =>
    spans.reduce((total, span, n) => total + (span.era === era ? (startedIn.get(n) ?? 0) : 0), 0);
  const closedOf = (era: Span["era"]) => closes.find((row) => row.era === era);
  return {
    window,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    bucketMs,
    buckets: current.map((span, n) => ({
      at: new Date(span.from).toISOString(),
      ...flowOf(startedIn.get(n) ?? 0, closedIn.get(n)),
    })),
    totals: flowOf(startedOf("current"), closedOf("current")),
    previous: flowOf(startedOf("previous"), closedOf("previous")),
    workflows: closes.flatMap(({ workflow: name, completed, failed, p95 }) =>
      name === null ? [] : [{ workflow: name, completed, failed, p95Ms: p95 }],
    ),
    estimated: closes.some((row) => row.estimated) || starts.some(({ started }) => started === COUNTED_AT_MOST),
  };
}

/** The last one is cut where they end. */
function spansBetween(from: number, to: number, bucketMs: number, era: Span["era"]): Span[] {
  const spans: Span[] = [];
  for (let at = from; at < to; at += bucketMs) spans.push({ from: at, to: Math.min(at + bucketMs, to), era });
  return spans;
}

function flowOf(started: number, closes: ClosesRow | undefined): Flow {
  const { completed = 0, failed = 0, cancelled = 0, p50 = null, p95 = null } = closes ?? {};
  return { started, completed, failed, cancelled, p50Ms: p50, p95Ms: p95 };
}

/** For how long an answer about a window is good enough: a part of a bucket, and never more than a minute. */
export function statsKeptMs(window: StatsWindow): number {
  return Math.min(MINUTE, Math.max(5_000, WINDOWS[window].bucketMs / 60));
}
