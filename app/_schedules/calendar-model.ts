/** What runs on which day: runs of many schedules laid on the days of one calendar, and the days when a clock changes. Pure. */
import type { Schedule } from "@/lib/contract/schedules";

export interface Runs {
  schedule: Pick<Schedule, "id" | "name" | "timezone" | "paused">;
  /** RFC 3339, in order. */
  times: readonly string[];
}

export interface DayEntry {
  scheduleId: string;
  name: string;
  /** Epoch milliseconds of its runs that day, in order, as far as they are known. */
  at: number[];
  /** It runs so often that not all of its runs are known: it goes on. */
  goesOn: boolean;
}

export interface Day {
  /** Epoch milliseconds of its midnight, by the clock of whoever looks. */
  from: number;
  to: number;
  entries: DayEntry[];
  changes: { zone: string; byMinutes: number }[];
}

/** @returns epoch milliseconds of `count` midnights and of the one after them, over changes of the looker's own clock */
export function midnights(first: number, count: number): number[] {
  const start = new Date(first);
  return Array.from({ length: count + 1 }, (_, day) =>
    new Date(start.getFullYear(), start.getMonth(), start.getDate() + day).getTime(),
  );
}

/** @param known how many runs were asked for: who has that many goes on after the last */
export function layOut(runs: readonly Runs[], bounds: readonly number[], known: number): Day[] {
  const active = runs.filter(({ schedule }) => !schedule.paused);
  const zones = [...new Set(active.map(({ schedule }) => schedule.timezone))];
  return bounds.slice(0, -1).map((from, index) => {
    const to = bounds[index + 1] ?? from;
    const entries = active.flatMap((each) => entryOf(each, from, to, known));
    return { from, to, entries: entries.sort(byFirstRun), changes: changesIn(zones, from, to) };
  });
}

function entryOf({ schedule: { id, name }, times }: Runs, from: number, to: number, known: number): DayEntry[] {
  const at = times.map((time) => Date.parse(time)).filter((time) => time >= from && time < to);
  const last = times.length < known ? null : Date.parse(times[times.length - 1] ?? "");
  const goesOn = last !== null && last < to;
  return at.length > 0 || goesOn ? [{ scheduleId: id, name, at, goesOn }] : [];
}

/** Those that go on come last: when, is not known. */
function byFirstRun(one: DayEntry, other: DayEntry): number {
  return (
    (one.at[0] ?? Number.POSITIVE_INFINITY) - (other.at[0] ?? Number.POSITIVE_INFINITY) ||
    (one.name < other.name ? -1 : 1)
  );
}

function changesIn(zones: readonly string[], from: number, to: number): Day["changes"] {
  return zones.flatMap((zone) => {
    const byMinutes = offsetMinutes(zone, to) - offsetMinutes(zone, from);
    return byMinutes === 0 ? [] : [{ zone, byMinutes }];
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a zone's clock shows minus UTC, in minutes; 0 for a zone that the browser does not know. */
export function offsetMinutes(zone: string, at: number): number {
  try {
    const format = formats.get(zone) ?? new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    formats.set(zone, format);
    const said = format.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ?? "";
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(said) ?? [];
    return hours === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return 0;
  }
}

/** The shortest time between two runs, and how long runs usually take; null where they do not meet. */
export function meeting(
  times: readonly string[],
  executions: readonly { startedAt: string | null; closedAt: string | null }[],
): { everyMs: number; tookMs: number } | null {
  const at = times.map((time) => Date.parse(time));
  const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  const took = executions
    .flatMap(({ startedAt, closedAt }) => (startedAt && closedAt ? [Date.parse(closedAt) - Date.parse(startedAt)] : []))
    .sort((a, b) => a - b);
  const everyMs = Math.min(...gaps);
  const tookMs = took[Math.floor(took.length / 2)];
  return tookMs !== undefined && gaps.length > 0 && tookMs > everyMs ? { everyMs, tookMs } : null;
}
