/** Limits what a queue gives out; workers that wait for it hear of it at once. */
import { writeQueueLimits } from "@/db/stores/queue-limits";
import type { QueueLimits } from "@/lib/contract/queues";
import type { Caller } from "./caller";
import { done, type Outcome } from "./outcome";
import type { Services } from "./services";

export async function setQueueLimits(
  { db, clock, waiters }: Pick<Services, "db" | "clock" | "waiters">,
  { namespaceId }: Pick<Caller, "namespaceId">,
  queue: string,
  limits: QueueLimits,
): Promise<Outcome<QueueLimits>> {
  await writeQueueLimits(db, namespaceId, queue, limits, new Date(clock.now()));
  waiters.wake(namespaceId, queue);
  return done(limits);
}
