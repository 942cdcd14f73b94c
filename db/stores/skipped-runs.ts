/** Runs of schedules that were not started for want of room. */
import type { Queryable } from "../client";

/** Beside what says why: lost with a process that dies between the two, it is a count of one too few. */
export async function countSkippedRun(db: Queryable, namespaceId: number, scheduleId: bigint): Promise<void> {
  await db.query({
    name: "count-skipped-run",
    text: "update schedules set skipped = skipped + 1 where id = $2 and namespace_id = $1",
    values: [namespaceId, scheduleId],
  });
}
