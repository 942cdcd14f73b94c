/** One run of a schedule: what is started for it, and how it is known again. */
import type { ScheduleRow } from "@/db/queries/schedules";
import type { StartExecution } from "@/lib/contract/executions";
import { encodeId } from "@/lib/contract/ids";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "../caller";

export interface ScheduleTarget {
  namespaceId: number;
  scheduleId: bigint;
}

/** @param runAt the instant that the run is for; left out where it is for none */
export function startRequest(schedule: ScheduleRow, runAt?: number): StartExecution {
  const tags = [`schedule:${schedule.name}`];
  // The only way for a workflow to learn which run it is: a backfill runs long after its time.
  if (runAt !== undefined) tags.push(`scheduledAt:${toInstant(runAt)}`);
  return {
    workflow: schedule.workflow,
    ...(schedule.version === null ? {} : { version: schedule.version }),
    input: JSON.parse(schedule.input),
    tags,
  };
}

/** On whose behalf a schedule starts and cancels. */
export function scheduleCaller({ namespaceId, scheduleId }: ScheduleTarget): Caller {
  return { namespaceId, actor: `schedule:${encodeId("schedule", scheduleId)}` };
}

/** However often a run is started, and by however many processes, there is one execution of it. */
export function runKey(scheduleId: bigint, runAt: number): string {
  return `schedule:${encodeId("schedule", scheduleId)}:${toInstant(runAt)}`;
}
