/** When a schedule will run next, or would if it were not paused, or once it is saved. */
import type { ScheduleTimes } from "@/lib/contract/schedules";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "../caller";
import { done, type Outcome } from "../outcome";
import type { Services } from "../services";
import { judgeTimes } from "./judge-schedule";
import { findSchedule } from "./schedule-ref";
import { storedTimetable, type Timetable } from "./timetable";

interface Asked {
  /** RFC 3339; absent: now. */
  from?: string | undefined;
  count: number;
}

export async function previewSchedule(
  services: Pick<Services, "clock" | "db">,
  caller: Caller,
  ref: string,
  asked: Asked,
): Promise<Outcome<ScheduleTimes>> {
  const found = await findSchedule(services, caller, ref);
  return found.ok ? done(timesOf(services, storedTimetable(found.value), asked)) : found;
}

/** What is wrong with the times is refused as it would be when the schedule is saved. */
export function previewTimes(
  services: Pick<Services, "clock">,
  { cron, timezone = "UTC", ...asked }: { cron: string; timezone?: string | undefined } & Asked,
): Outcome<ScheduleTimes> {
  const judged = judgeTimes({ cron, timezone, catchUpWindow: "1d" }, services.clock.now());
  return judged.ok ? done(timesOf(services, judged.value, asked)) : judged;
}

function timesOf({ clock }: Pick<Services, "clock">, timetable: Timetable, { from, count }: Asked): ScheduleTimes {
  const after = from === undefined ? clock.now() : Date.parse(from);
  return { times: timetable.following(after, count).map(toInstant) };
}
