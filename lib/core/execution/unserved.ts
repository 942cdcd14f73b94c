/** What is said of a task that no live worker runs. */
import { ago } from "./words";

/** Without its full stop. `lastSeenAt` and `now` in epoch milliseconds; null: no such worker is known. */
export function nobodyPolls(
  { task, queue, lastSeenAt }: { task: string; queue: string; lastSeenAt: number | null },
  now: number,
): string {
  return lastSeenAt === null
    ? `No worker that runs ${task} has ever polled queue ${queue}`
    : `No worker that runs ${task} has polled queue ${queue} for ${ago(now - lastSeenAt)}`;
}
