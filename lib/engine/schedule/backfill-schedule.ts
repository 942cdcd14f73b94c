/** Has a schedule make up for runs of the past, each once: one that was started already is not started again. */
import { addBackfill } from "@/db/stores/schedule-runs";
import { BACKFILL_MAX, type BackfillSchedule, type ScheduleTimes } from "@/lib/contract/schedules";
import { toInstant } from "@/lib/core/time";
import type { Caller } from "../caller";
import { done, type Outcome, type Refusal, refused } from "../outcome";
import type { Services } from "../services";
import { findSchedule } from "./schedule-ref";
import { storedTimetable, type Timetable } from "./timetable";

/** The runs are only written down; they start in the background, as the overlap policy says. */
export async function backfillSchedule(
  services: Pick<Services, "clock" | "db">,
  caller: Caller,
  ref: string,
  { from, to }: BackfillSchedule,
): Promise<Outcome<ScheduleTimes>> {
  const found = await findSchedule(services, caller, ref);
  if (!found.ok) return found;
  const times = timesBetween(storedTimetable(found.value), Date.parse(from), Date.parse(to), services.clock.now());
  if (!times.ok) return times;
  const runs = times.value.map((at) => new Date(at));
  const added = await addBackfill(services.db, caller.namespaceId, found.value.id, runs, BACKFILL_MAX);
  if (added === null) return refused("SCHEDULE_NOT_FOUND");
  if (added.waiting + runs.length > BACKFILL_MAX)
    return refused("TOO_MANY_REQUESTS", `${added.waiting} runs of earlier backfills have not started yet.`, {
      retryAfterMs: RETRY_AFTER_MS,
    });
  return done({ times: times.value.map(toInstant) });
}

const RETRY_AFTER_MS = 60_000;

function timesBetween(timetable: Timetable, from: number, to: number, now: number): Outcome<number[]> {
  if (to < from) return wrong("RANGE", "It must not lie before from.");
  if (to > now) return wrong("FUTURE", "It must not lie in the future: what is to come runs by itself.");
  const times = timetable.following(from - 1, BACKFILL_MAX + 1).filter((at) => at <= to);
  if (times.length > BACKFILL_MAX) return wrong("TOO_MANY", `No more than ${BACKFILL_MAX} runs may lie between.`);
  return done(times);
}

function wrong(code: string, message: string): Refusal {
  return refused("INVALID_REQUEST", "The range is not valid.", { errors: [{ path: "/to", code, message }] });
}
