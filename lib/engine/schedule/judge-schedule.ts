/** What is wrong with a schedule, said before it is saved; at each start its workflow and input are judged anew. */
import type { JsonValue } from "@/lib/contract/json";
import { parseDuration } from "@/lib/core/durations";
import type { Caller } from "../caller";
import { done, type Outcome, type Refusal, refused } from "../outcome";
import { prepareStart } from "../prepare-start";
import type { Services } from "../services";
import { openTimetable, type Timetable } from "./timetable";

export interface Times {
  cron: string;
  timezone: string;
  catchUpWindow: string | number;
}

/** When it runs, and how long a run is made up for. All findings come at once. */
export function judgeTimes({ cron, timezone, catchUpWindow }: Times, now: number): Outcome<Timetable> {
  const opened = openTimetable(cron, timezone);
  const errors: NonNullable<Refusal["errors"]> = [];
  if ("problems" in opened)
    errors.push(...opened.problems.map(({ field, code, message }) => ({ path: `/${field}`, code, message })));
  else if (opened.timetable.next(now) === null)
    errors.push({ path: "/cron", code: "NEVER_RUNS", message: "No day of the calendar is one that it names." });
  if (parseDuration(catchUpWindow) === null)
    errors.push({ path: "/catchUpWindow", code: "DURATION", message: "It must be a duration, such as 15m or 1d." });
  if ("problems" in opened || errors.length > 0)
    return refused("INVALID_REQUEST", "The schedule's times are not valid.", { errors });
  return done(opened.timetable);
}

export interface Target {
  workflow: string;
  version: number | null;
  input: JsonValue;
}

/** Why it could not be started now; null where it could. */
export async function judgeTarget(
  services: Pick<Services, "clock" | "graphs">,
  caller: Caller,
  { workflow, version, input }: Target,
): Promise<Refusal | null> {
  const prepared = await prepareStart(services, caller, { workflow, version: version ?? undefined, input }, null);
  return prepared.ok ? null : prepared;
}
