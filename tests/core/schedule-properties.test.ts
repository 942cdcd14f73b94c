// Laws of the times of a schedule, held against a clock that is read minute by minute and knows no shortcut.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTimetable, type Timetable } from "@/lib/engine/schedule/timetable";

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

/** Changes of the clock, forwards and back, by an hour, by half of one and by a day; and a zone without any. */
const CHANGES = [
  ["Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["America/New_York", "2026-03-08T07:00:00Z"],
  ["America/New_York", "2026-11-01T06:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
  ["Africa/Casablanca", "2026-02-15T02:00:00Z"],
  ["UTC", "2028-02-29T00:00:00Z"],
] as const;

interface Shown {
  at: number;
  /** What the clock shows, as if it were UTC. */
  wall: number;
}

/** The clock of a zone minute by minute, two days and a half around a change. */
const CLOCKS = CHANGES.map(([timezone, change]) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  const from = Date.parse(change) - 2.5 * DAY_MS;
  const shown: Shown[] = Array.from({ length: 5 * 1440 }, (_, i) => {
    const at = from + i * MINUTE_MS;
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year ?? 0, (part.month ?? 0) - 1, part.day, part.hour, part.minute);
    return { at, wall };
  });
  return { timezone, from, shown };
});

interface Fields {
  minutes: readonly number[];
  hours: readonly number[] | "every";
  weekdays: readonly number[] | "every";
}

const some = (max: number) => fc.uniqueArray(fc.integer({ min: 0, max }), { minLength: 1, maxLength: 4 });
const FIELDS: fc.Arbitrary<Fields> = fc.record({
  minutes: fc.oneof(some(59), fc.constantFrom([0], [30], [0, 15, 30, 45])),
  hours: fc.oneof(fc.constant("every" as const), some(23), fc.constantFrom([0, 1, 2, 3], [1, 2])),
  weekdays: fc.oneof(fc.constant("every" as const), some(6)),
});
const CLOCK = fc.constantFrom(...CLOCKS);

const text = (values: readonly number[] | "every") => (values === "every" ? "*" : values.join(","));
const cronOf = ({ minutes, hours, weekdays }: Fields) => `${text(minutes)} ${text(hours)} * * ${text(weekdays)}`;

function timetable(fields: Fields, timezone: string): Timetable {
  const opened = openTimetable(cronOf(fields), timezone);
  if (!("timetable" in opened)) throw new Error(JSON.stringify(opened.problems));
  return opened.timetable;
}

function names({ minutes, hours, weekdays }: Fields, wall: number): boolean {
  const time = new Date(wall);
  return (
    minutes.includes(time.getUTCMinutes()) &&
    (hours === "every" || hours.includes(time.getUTCHours())) &&
    (weekdays === "every" || weekdays.includes(time.getUTCDay()))
  );
}

/** All runs in the middle day and a half around the change, by the rules as they are written for people. */
function expected(fields: Fields, { shown, from }: (typeof CLOCKS)[number]): number[] {
  const until = from + 4 * DAY_MS;
  const within = (at: number) => at >= from + DAY_MS && at < until;
  if (fields.hours === "every" || new Set(fields.hours).size === 24)
    return shown.filter(({ at, wall }) => within(at) && names(fields, wall)).map(({ at }) => at);
  const runs = new Set<number>();
  const first = shown[0]?.wall ?? 0;
  const last = Math.max(...shown.map(({ wall }) => wall));
  for (let wall = first; wall <= last; wall += MINUTE_MS) {
    if (!names(fields, wall)) continue;
    const shownAt = shown.find((minute) => minute.wall === wall);
    const gapEnd = shown.find((minute, i) => minute.wall > wall && (shown[i - 1]?.wall ?? wall) < wall);
    const at = shownAt?.at ?? gapEnd?.at;
    if (at !== undefined && within(at)) runs.add(at);
  }
  return [...runs].sort((a, b) => a - b);
}

function runsBetween(table: Timetable, from: number, until: number): number[] {
  const runs: number[] = [];
  for (let at = table.next(from - 1); at !== null && at < until; at = table.next(at)) runs.push(at);
  return runs;
}

describe("the runs around a change of the clock", () => {
  it("are those that the rules name, no other, none twice, in order", () => {
    fc.assert(
      fc.property(FIELDS, CLOCK, (fields, clock) => {
        const runs = runsBetween(timetable(fields, clock.timezone), clock.from + DAY_MS, clock.from + 4 * DAY_MS);
        expect(runs, `${cronOf(fields)} ${clock.timezone}`).toEqual(expected(fields, clock));
      }),
      { numRuns: 400 },
    );
  });

  it("are found from whatever instant one asks", () => {
    const minute = fc.integer({ min: 0, max: 3 * DAY_MS });
    fc.assert(
      fc.property(FIELDS, CLOCK, minute, (fields, clock, offset) => {
        const after = clock.from + DAY_MS + offset;
        const next = timetable(fields, clock.timezone).next(after);
        const named = expected(fields, clock).find((at) => at > after);
        if (named === undefined)
          expect(next ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(clock.from + 4 * DAY_MS);
        else expect(next).toBe(named);
      }),
      { numRuns: 400 },
    );
  });
});

describe("any schedule", () => {
  const instant = fc.integer({ min: Date.parse("2000-01-01T00:00:00Z"), max: Date.parse("2060-01-01T00:00:00Z") });

  it("runs next strictly later, and never later from an earlier instant", () => {
    fc.assert(
      fc.property(FIELDS, CLOCK, instant, fc.integer({ min: 0, max: 3 * DAY_MS }), (fields, clock, after, more) => {
        const table = timetable(fields, clock.timezone);
        const [one, other] = [table.next(after), table.next(after + more)];
        if (one === null || other === null) throw new Error("each of these runs every week");
        expect(one).toBeGreaterThan(after);
        expect(one).toBeLessThanOrEqual(other);
        // Nothing lies between an instant and the run after it.
        expect(table.next(one - 1)).toBe(one);
      }),
      { numRuns: 500 },
    );
  });

  it("shows in a preview what asking one by one would", () => {
    fc.assert(
      fc.property(FIELDS, CLOCK, instant, (fields, clock, after) => {
        const table = timetable(fields, clock.timezone);
        const preview = table.following(after, 25);
        expect(preview).toHaveLength(25);
        let at = after;
        for (const run of preview) {
          expect(table.next(at)).toBe(run);
          at = run;
        }
      }),
      { numRuns: 200 },
    );
  });
});
