/** The limits of a queue, as the API shows them. */
import type { Queryable } from "@/db/client";
import { allRows } from "@/db/queries/query";
import { queueLimits } from "@/db/queries/queue-limits";
import type { QueueLimits } from "@/lib/contract/queues";

export async function readQueueLimits(reads: Queryable, namespaceId: number, queue: string): Promise<QueueLimits> {
  const [row] = await allRows(reads, queueLimits(namespaceId, queue));
  return {
    paused: row?.paused ?? false,
    rate: rateOf(row?.rate_limit, row?.rate_per_ms),
    keyRate: rateOf(row?.key_rate_limit, row?.key_rate_per_ms),
  };
}

function rateOf(limit: number | null | undefined, perMs: number | null | undefined): QueueLimits["rate"] {
  return limit == null || perMs == null ? null : { limit, perMs };
}
