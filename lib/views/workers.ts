/** Workers and queues, as the API shows them. */

import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type QueueRow, queuesPage } from "@/db/queries/queues";
import { type WorkerListRow, workersPage } from "@/db/queries/workers";
import { encodeId, keyTime } from "@/lib/contract/ids";
import { OFFLINE_AFTER_MS } from "@/lib/contract/limits";
import type { Queue, Worker } from "@/lib/contract/workers";
import { keyCursor, nameCursor, type Page, pageOf } from "@/lib/views/page";

export async function listWorkers(
  reads: Queryable,
  namespaceId: number,
  now: number,
  page: { before: bigint | null; limit: number },
): Promise<Page<Worker>> {
  const rows = await allRows(reads, workersPage(namespaceId, page.before, page.limit + 1));
  return pageOf(
    rows,
    page.limit,
    (row) => workerItem(row, now),
    (last) => keyCursor(last.id),
  );
}

export async function listQueues(
  reads: Queryable,
  namespaceId: number,
  now: number,
  page: { after: string; limit: number },
): Promise<Page<Queue>> {
  const aliveSince = new Date(now - OFFLINE_AFTER_MS);
  const rows = await allRows(reads, queuesPage(namespaceId, aliveSince, new Date(now), page.after, page.limit + 1));
  return pageOf(
    rows,
    page.limit,
    (row) => queueItem(row, now),
    (last) => nameCursor(last.name),
  );
}

function workerItem(row: WorkerListRow, now: number): Worker {
  const alive = row.last_seen_at.getTime() >= now - OFFLINE_AFTER_MS;
  return {
    workerId: encodeId("worker", row.id),
    name: row.name,
    queues: row.queues,
    tasks: row.tasks,
    language: row.language,
    sdkVersion: row.sdk_version,
    capacity: row.capacity,
    running: row.running,
    state: alive ? (row.draining ? "draining" : "online") : "offline",
    lastSeenAt: row.last_seen_at.toISOString(),
    registeredAt: row.registered_at.toISOString(),
    metadata: JSON.parse(row.metadata),
  };
}

function queueItem(row: QueueRow, now: number): Queue {
  return {
    name: row.name,
    ready: row.ready,
    running: row.running,
    delayed: row.delayed,
    oldestReadyAt: row.oldest_ready === null ? null : new Date(keyTime(row.oldest_ready)).toISOString(),
    workers: row.workers,
    ratePerMinute: lastMinute(row, now),
  };
}

/** Of the minute before this one, the part that lies within the last sixty seconds, as if it had been even. */
function lastMinute({ ended_this_minute, ended_last_minute }: QueueRow, now: number): number {
  const passed = (now % 60_000) / 60_000;
  return Math.round(ended_this_minute + ended_last_minute * (1 - passed));
}
