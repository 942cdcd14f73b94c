/** The limits of a queue, as the API shows them. */
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { type QueueLimitsRow, queueLimits } from "@/db/queries/queue-limits";
import type { QueueLimits } from "@/lib/contract/queues";

export async function readQueueLimits(reads: Queryable, namespaceId: number, queue: string): Promise<QueueLimits> {
  const [row] = await allRows(reads, queueLimits(namespaceId, queue));
  return row === undefined ? { paused: false, rate: null, keyRate: null } : queueLimitsOf(row);
}

export function queueLimitsOf(row: QueueLimitsRow): QueueLimits {
  return {
    paused: row.paused,
    rate: rateOf(row.rate_limit, row.rate_per_ms),
    keyRate: rateOf(row.key_rate_limit, row.key_rate_per_ms),
  };
}

function rateOf(limit: number | null, perMs: number | null): QueueLimits["rate"] {
  return limit === null || perMs === null ? null : { limit, perMs };
}
