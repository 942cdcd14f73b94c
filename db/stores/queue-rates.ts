/** How many tasks ended, by queue and minute. */
import type { Queryable } from "../client";

export interface EndedTasks {
  namespaceId: number;
  queue: string;
  minute: Date;
  ended: number;
}

/** Adds counts, and forgets those of the same queues that are older than an hour. */
export async function addQueueRates(db: Queryable, counts: readonly EndedTasks[], now: Date): Promise<void> {
  await db.query({
    name: "add-queue-rates",
    text: `with counts as (
             select * from unnest($1::int[], $2::text[], $3::timestamptz[], $4::int[]) as c(namespace_id, queue, minute, ended)
           ), old as (
             delete from queue_rates r using counts c
             where r.namespace_id = c.namespace_id and r.queue = c.queue and r.minute < $5::timestamptz - interval '1 hour'
           )
           insert into queue_rates (namespace_id, queue, minute, ended) select * from counts`,
    values: [
      counts.map((count) => count.namespaceId),
      counts.map((count) => count.queue),
      counts.map((count) => count.minute),
      counts.map((count) => count.ended),
      now,
    ],
  });
}
