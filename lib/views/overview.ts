/** What needs attention in a namespace, in six small statements at most: every open dashboard asks for it again and again. */
import type { Queryable } from "@/db/client";
import {
  failingSchedules,
  type OverviewReach,
  overviewCounts,
  type StuckRow,
  stuckExecutions,
  type TroubledSortRow,
  troubledSorts,
} from "@/db/queries/overview";
import { allRows, firstRow } from "@/db/queries/query";
import { encodeId } from "@/lib/contract/ids";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import { OVERVIEW_ITEMS, type Overview, type StuckExecution, type TroubledQueue } from "@/lib/contract/overview";
import { HTTP_QUEUE } from "@/lib/core/definition/graph";
import { UNFOLDABLE } from "@/lib/core/execution/explain";
import { nobodyPolls } from "@/lib/core/execution/unserved";
import { listDueApprovals } from "@/lib/views/approvals";
import { listDeadLetterGroups } from "@/lib/views/dead-letters";
import type { Workflows } from "@/lib/views/reach";

/** A task that has been ready for so long without a worker that takes such tasks is stuck. */
const STUCK_AFTER_MS = 5 * 60_000;
const DUE_SOON_MS = 86_400_000;
const QUEUES_LISTED = 20;

/** Queues have no workflow: whoever is limited to some workflows hears of none. */
export async function readOverview(
  reads: Queryable,
  namespaceId: number,
  now: number,
  limits?: Workflows,
): Promise<Overview> {
  const reach = { namespaceId, workflows: limits ?? null };
  const [counts, groups, approvals, sorts, schedules] = await Promise.all([
    firstRow(reads, overviewCounts(reach, new Date(now + DUE_SOON_MS))),
    listDeadLetterGroups(reads, namespaceId, { before: null, limit: OVERVIEW_ITEMS }, limits),
    listDueApprovals(reads, namespaceId, OVERVIEW_ITEMS, limits),
    allRows(reads, troubledSorts(namespaceId, new Date(now - OFFLINE_AFTER_MS), HTTP_QUEUE)),
    allRows(reads, failingSchedules(reach)),
  ]);
  if (counts === null) throw new Error("a statement of one row had none");
  return {
    failures: { open: counts.open_dead_letters, groups: groups.items },
    stuck: await readStuck(reads, reach, sorts, { quarantined: counts.counts.quarantined ?? 0, now }),
    approvals: { pending: counts.pending_approvals, overdueSoon: counts.due_approvals, items: approvals },
    queues: limits == null ? queuesOf(sorts).slice(0, QUEUES_LISTED) : [],
    schedules: schedules.map(({ id, name, last_error }) => ({
      id: encodeId("schedule", id),
      name,
      lastError: JSON.parse(last_error),
    })),
    counts: counts.counts,
    hasWorkflows: counts.has_workflows,
    hasWorkers: counts.has_workers,
    hasExecutions: Object.keys(counts.counts).length > 0,
  };
}

async function readStuck(
  reads: Queryable,
  reach: OverviewReach,
  sorts: readonly TroubledSortRow[],
  { quarantined, now }: { quarantined: number; now: number },
): Promise<Overview["stuck"]> {
  const readyBefore = new Date(now - STUCK_AFTER_MS);
  const stuck = sorts.flatMap(({ queue, task, oldest_ready_at: oldest }) =>
    task === null || oldest === null || oldest >= readyBefore ? [] : [{ queue, task }],
  );
  // As a rule nothing is.
  if (stuck.length === 0 && quarantined === 0) return { total: 0, items: [] };
  const rows = await allRows(reads, stuckExecutions(reach, stuck, readyBefore));
  return { total: rows[0]?.total ?? 0, items: rows.map((row) => stuckItem(row, sorts, now)) };
}

function stuckItem(row: StuckRow, sorts: readonly TroubledSortRow[], now: number): StuckExecution {
  return {
    executionId: encodeId("execution", row.id),
    key: row.key,
    workflow: row.workflow,
    status: row.status,
    since: row.since.toISOString(),
    sentence: sentenceOf(row, sorts, now),
  };
}

function sentenceOf({ queue, task }: StuckRow, sorts: readonly TroubledSortRow[], now: number): string {
  if (queue === null || task === null) return UNFOLDABLE.sentence;
  const sort = sorts.find((one) => one.queue === queue && one.task === task);
  return `${nobodyPolls({ queue, task, lastSeenAt: sort?.last_seen_at?.getTime() ?? null }, now)}.`;
}

/** The paused ones first, then those whose tasks have waited longest. */
function queuesOf(sorts: readonly TroubledSortRow[]): TroubledQueue[] {
  const queues = new Map<string, TroubledQueue>();
  // Of a paused queue its one row tells of all its tasks.
  for (const row of [...sorts].sort((a, b) => Number(b.paused) - Number(a.paused) || waited(a) - waited(b))) {
    const known = queues.get(row.queue);
    if (known === undefined)
      queues.set(row.queue, {
        name: row.queue,
        ready: row.ready,
        oldestReadyAt: row.oldest_ready_at?.toISOString() ?? null,
        workers: row.workers,
        paused: row.paused,
      });
    else if (!known.paused) known.ready += row.ready;
  }
  return [...queues.values()];
}

function waited({ oldest_ready_at: at }: TroubledSortRow): number {
  return at?.getTime() ?? Number.POSITIVE_INFINITY;
}
