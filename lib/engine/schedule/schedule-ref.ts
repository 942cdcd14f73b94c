/** A schedule by its public id, within the caller's namespace. */
import { type ScheduleRow, scheduleRow } from "@/db/queries/schedules";
import { decodeId } from "@/lib/contract/ids";
import type { Caller } from "../caller";
import { done, type Outcome, refused } from "../outcome";
import type { Services } from "../services";

export async function findSchedule(
  { db }: Pick<Services, "db">,
  { namespaceId }: Caller,
  ref: string,
): Promise<Outcome<ScheduleRow>> {
  const id = decodeId("schedule", ref);
  const row = id === null ? null : await scheduleRow(db, namespaceId, id);
  return row === null ? refused("SCHEDULE_NOT_FOUND") : done(row);
}
