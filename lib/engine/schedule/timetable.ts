/** A schedule's cron expression in its time zone: when it runs. */
import { nextRun, nextRuns } from "@/lib/core/schedule/next-run";
import { parseCron } from "./cron";
import { openTimeZone } from "./time-zone";

export interface Timetable {
  /** The first run after that instant, in epoch milliseconds; null where none ever comes. */
  next(after: number): number | null;
  /** The next runs after that instant, in order. */
  following(after: number, count: number): number[];
}

export interface TimetableProblem {
  field: "cron" | "timezone";
  code: string;
  message: string;
}

export type OpenedTimetable = { timetable: Timetable } | { problems: TimetableProblem[] };

export function openTimetable(cron: string, timezone: string): OpenedTimetable {
  const parsed = parseCron(cron);
  const offsetAt = openTimeZone(timezone);
  const problems: TimetableProblem[] = [];
  if ("problem" in parsed) problems.push({ field: "cron", code: "CRON", message: parsed.problem });
  if (offsetAt === null) problems.push({ field: "timezone", code: "TIMEZONE", message: "There is no such time zone." });
  if ("problem" in parsed || offsetAt === null) return { problems };
  const { calendar } = parsed;
  return {
    timetable: {
      next: (after) => nextRun(calendar, offsetAt, after),
      following: (after, count) => nextRuns(calendar, offsetAt, after, count),
    },
  };
}

/** Of a stored schedule, which was checked when it was saved. */
export function storedTimetable({ cron, timezone }: { cron: string; timezone: string }): Timetable {
  const opened = openTimetable(cron, timezone);
  if ("timetable" in opened) return opened.timetable;
  throw new Error(opened.problems.map(({ message }) => message).join(" "));
}
