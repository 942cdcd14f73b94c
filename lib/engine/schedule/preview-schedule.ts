/** When a schedule will run next, or would if it were not paused. */
import type { ScheduleTimes } from "@/lib/contract/schedules";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "../caller";
import { done, type Outcome } from "../outcome";
import type { Services } from "../services";
import { findSchedule } from "./schedule-ref";
import { storedTimetable } from "./timetable";

export async function previewSchedule(
  services: Pick<Services, "clock" | "db">,
  caller: Caller,
  ref: string,
  count: number,
): Promise<Outcome<ScheduleTimes>> {
  const found = await findSchedule(services, caller, ref);
  if (!found.ok) return found;
  const times = storedTimetable(found.value).following(services.clock.now(), count);
  return done({ times: times.map(toInstant) });
}
