/** The limits of queues, as people set them. */
import type { QueueLimits } from "@/lib/contract/queues";
import type { Queryable } from "../client";

/** The bucket of a rate is made with it, so that leasing never has to. */
export async function writeQueueLimits(
  db: Queryable,
  namespaceId: number,
  queue: string,
  { paused, rate, keyRate }: QueueLimits,
  now: Date,
): Promise<void> {
  await db.query({
    name: "write-queue-limits",
    text: `with bucket as (
             insert into rate_buckets (namespace_id, queue, key, tokens, at) select $1::int, $2, '', $4::int, $8::timestamptz
             where $4::int is not null
             on conflict (namespace_id, queue, key) do update set tokens = least(rate_buckets.tokens, $4::int)
           )
           insert into queue_limits (namespace_id, queue, paused, rate_limit, rate_per_ms, key_rate_limit, key_rate_per_ms)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (namespace_id, queue) do update set paused = $3, rate_limit = $4, rate_per_ms = $5,
             key_rate_limit = $6, key_rate_per_ms = $7`,
    values: [
      namespaceId,
      queue,
      paused,
      rate?.limit ?? null,
      rate?.perMs ?? null,
      keyRate?.limit ?? null,
      keyRate?.perMs ?? null,
      now,
    ],
  });
}
