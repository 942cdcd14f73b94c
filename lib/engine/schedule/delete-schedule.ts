/** Removes a schedule with its runs that wait; the executions it started go on. */
import { deleteSchedule as removeSchedule } from "@/db/stores/schedules";
import { decodeId } from "@/lib/contract/ids";
import type { Caller } from "../caller";
import { done, type Outcome, refused } from "../outcome";
import type { Services } from "../services";

export async function deleteSchedule(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<null>> {
  const id = decodeId("schedule", ref);
  const deleted = id !== null && (await removeSchedule(db, namespaceId, id));
  return deleted ? done(null) : refused("SCHEDULE_NOT_FOUND");
}
