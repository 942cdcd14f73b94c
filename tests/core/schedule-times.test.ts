// When a schedule runs: over every change of the clock, at month ends, in leap years, to the second.
import { describe, expect, it } from "vitest";
import { openTimetable, type Timetable } from "@/lib/engine/schedule/timetable";

function timetable(cron: string, timezone: string): Timetable {
  const opened = openTimetable(cron, timezone);
  if (!("timetable" in opened)) throw new Error(JSON.stringify(opened.problems));
  return opened.timetable;
}

/** The runs after that instant, in UTC; none of them in the middle of a minute. */
function runs(cron: string, timezone: string, after: string, count: number): string[] {
  return timetable(cron, timezone)
    .following(Date.parse(after), count)
    .map((at) => new Date(at).toISOString().replace(/:00\.000Z$/, "Z"));
}

describe("a fixed hour", () => {
  it("that the clock skips runs at the first instant after the gap, and as usual before and after", () => {
    expect(runs("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T01:30Z",
      "2026-03-29T01:00Z",
      "2026-03-30T00:30Z",
    ]);
    expect(runs("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2)).toEqual([
      "2026-03-08T07:00Z",
      "2026-03-09T06:30Z",
    ]);
  });

  it("that occurs twice runs once, at the first", () => {
    expect(runs("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2)).toEqual([
      "2026-10-25T00:30Z",
      "2026-10-26T01:30Z",
    ]);
    expect(runs("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2)).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-02T06:30Z",
    ]);
  });

  it("is not run again by whoever asks while it is shown the second time", () => {
    expect(runs("*/15 2 * * *", "Europe/Berlin", "2026-10-25T01:20:00Z", 1)).toEqual(["2026-10-26T01:00Z"]);
  });

  it("with several minutes of which all are skipped runs once for them", () => {
    expect(runs("*/15 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-30T00:00Z",
    ]);
  });

  it("that is skipped does not run twice where the end of the gap is named too", () => {
    expect(runs("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-30T00:00Z",
    ]);
  });

  it("keeps the rules where the clock moves by half an hour", () => {
    expect(runs("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2)).toEqual([
      "2026-10-03T15:30Z",
      "2026-10-04T15:15Z",
    ]);
    expect(runs("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2)).toEqual([
      "2026-04-04T14:45Z",
      "2026-04-05T15:15Z",
    ]);
  });

  it("of a day that the calendar skips runs as the next day begins", () => {
    expect(runs("0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", 3)).toEqual([
      "2011-12-29T22:00Z",
      "2011-12-30T10:00Z",
      "2011-12-30T22:00Z",
    ]);
    expect(runs("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z", 1)).toEqual(["2011-12-30T10:00Z"]);
  });

  it("of every second hour is a fixed hour still", () => {
    expect(runs("0 */2 * * *", "Europe/Berlin", "2026-03-28T23:00:00Z", 3)).toEqual([
      "2026-03-29T01:00Z",
      "2026-03-29T02:00Z",
      "2026-03-29T04:00Z",
    ]);
  });
});

describe("every hour or more often", () => {
  it("goes by the time that passes: no run in a skipped hour, two in a doubled one", () => {
    expect(runs("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3)).toEqual([
      "2026-03-29T00:30Z",
      "2026-03-29T01:30Z",
      "2026-03-29T02:30Z",
    ]);
    expect(runs("30 * * * *", "America/New_York", "2026-11-01T04:45:00Z", 4)).toEqual([
      "2026-11-01T05:30Z",
      "2026-11-01T06:30Z",
      "2026-11-01T07:30Z",
      "2026-11-01T08:30Z",
    ]);
  });

  it("never leaves more or less than its interval between two runs", () => {
    for (const [cron, timezone, around] of [
      ["0 * * * *", "Europe/Berlin", "2026-03-28T20:00:00Z"],
      ["0 * * * *", "Europe/Berlin", "2026-10-24T20:00:00Z"],
      ["0 0-23 * * *", "America/New_York", "2026-11-01T00:00:00Z"],
      ["0 * * * *", "Pacific/Apia", "2011-12-30T00:00:00Z"],
    ] as const) {
      const times = timetable(cron, timezone).following(Date.parse(around), 24);
      expect(new Set(times.slice(1).map((at, i) => at - (times[i] ?? 0)))).toEqual(new Set([3_600_000]));
    }
    const halves = timetable("*/30 * * * *", "Australia/Lord_Howe").following(Date.parse("2026-04-04T10:00:00Z"), 24);
    expect(new Set(halves.slice(1).map((at, i) => at - (halves[i] ?? 0)))).toEqual(new Set([1_800_000]));
  });

  it("shows its minute on the clock, also where the clock has moved by half an hour", () => {
    expect(runs("0 * * * *", "Australia/Lord_Howe", "2026-10-03T14:00:00Z", 2)).toEqual([
      "2026-10-03T14:30Z",
      "2026-10-03T16:00Z",
    ]);
    expect(runs("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 3)).toEqual([
      "2026-04-04T14:45Z",
      "2026-04-04T15:15Z",
      "2026-04-04T16:15Z",
    ]);
  });

  it("of one day a year is found over the changes of the clock between", () => {
    expect(runs("0 * 1 1 *", "Europe/Berlin", "2026-06-01T00:00:00Z", 2)).toEqual([
      "2026-12-31T23:00Z",
      "2027-01-01T00:00Z",
    ]);
    expect(runs("0 * 1 7 *", "Europe/Berlin", "2026-01-01T00:00:00Z", 1)).toEqual(["2026-06-30T22:00Z"]);
    expect(runs("0 * 30 12 *", "Pacific/Apia", "2011-12-29T00:00:00Z", 1)).toEqual(["2012-12-29T10:00Z"]);
  });
});

describe("the calendar", () => {
  it("knows leap years, those of centuries too", () => {
    expect(runs("0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", 2)).toEqual(["2028-02-29T00:00Z", "2032-02-29T00:00Z"]);
    expect(runs("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1)).toEqual(["2104-02-29T00:00Z"]);
    expect(runs("0 12 28-29 2 *", "UTC", "2100-02-28T00:00:00Z", 2)).toEqual([
      "2100-02-28T12:00Z",
      "2101-02-28T12:00Z",
    ]);
  });

  it("leaves out months without the day, and knows the last one", () => {
    expect(runs("0 0 31 * *", "UTC", "2026-01-31T12:00:00Z", 3)).toEqual([
      "2026-03-31T00:00Z",
      "2026-05-31T00:00Z",
      "2026-07-31T00:00Z",
    ]);
    expect(runs("0 0 L * *", "UTC", "2027-12-31T12:00:00Z", 3)).toEqual([
      "2028-01-31T00:00Z",
      "2028-02-29T00:00Z",
      "2028-03-31T00:00Z",
    ]);
  });

  it("counts the days of the zone, not of UTC", () => {
    expect(runs("0 0 1 * *", "Asia/Tokyo", "2026-04-15T00:00:00Z", 1)).toEqual(["2026-04-30T15:00Z"]);
    expect(runs("30 17 * * MON", "America/New_York", "2026-11-24T00:00:00Z", 1)).toEqual(["2026-11-30T22:30Z"]);
  });

  it("takes either of a day of the month and a day of the week where both are named", () => {
    expect(runs("0 0 13 * FRI", "UTC", "2026-11-05T12:00:00Z", 3)).toEqual([
      "2026-11-06T00:00Z",
      "2026-11-13T00:00Z",
      "2026-11-20T00:00Z",
    ]);
  });

  it("knows the nearest weekday, the first and the last of one, and both conditions at once", () => {
    const after = "2026-11-24T00:00:00Z";
    expect(runs("0 0 15W * *", "UTC", "2026-08-01T00:00:00Z", 1)).toEqual(["2026-08-14T00:00Z"]);
    expect(runs("0 0 * * MON#1", "UTC", after, 2)).toEqual(["2026-12-07T00:00Z", "2027-01-04T00:00Z"]);
    expect(runs("0 0 * * FRIL", "UTC", after, 2)).toEqual(["2026-11-27T00:00Z", "2026-12-25T00:00Z"]);
    expect(runs("0 0 13 * +FRI", "UTC", after, 1)).toEqual(["2027-08-13T00:00Z"]);
  });

  it("takes lists, ranges and steps of a range", () => {
    expect(runs("0-30/15 9,17 1-2 * *", "UTC", "2026-12-01T09:10:00Z", 5)).toEqual([
      "2026-12-01T09:15Z",
      "2026-12-01T09:30Z",
      "2026-12-01T17:00Z",
      "2026-12-01T17:15Z",
      "2026-12-01T17:30Z",
    ]);
  });

  it("knows Sunday as 0 and as 7, and names in either case", () => {
    const after = "2026-11-24T00:00:00Z";
    for (const sunday of ["0", "7", "SUN", "sun"])
      expect(runs(`0 9 * * ${sunday}`, "UTC", after, 1)).toEqual(["2026-11-29T09:00Z"]);
    expect(runs("0 0 1 JAN,jul *", "UTC", after, 2)).toEqual(["2027-01-01T00:00Z", "2027-07-01T00:00Z"]);
  });
});

describe("six fields", () => {
  it("begin with the second", () => {
    const times = timetable("*/20 59 23 * * *", "UTC").following(Date.parse("2026-11-24T23:58:59.500Z"), 4);
    expect(times.map((at) => new Date(at).toISOString())).toEqual([
      "2026-11-24T23:59:00.000Z",
      "2026-11-24T23:59:20.000Z",
      "2026-11-24T23:59:40.000Z",
      "2026-11-25T23:59:00.000Z",
    ]);
  });

  it("run each second through both changes of the clock", () => {
    for (const change of ["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"]) {
      const from = Date.parse(change) - 5_000;
      const times = timetable("* * * * * *", "Europe/Berlin").following(from, 10);
      expect(times.map((at) => at - from)).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) * 1000));
    }
  });
});

describe("what can be no schedule", () => {
  const problems = (cron: string, timezone = "UTC") => {
    const opened = openTimetable(cron, timezone);
    return "problems" in opened ? opened.problems.map(({ field, message }) => `${field}: ${message}`) : [];
  };

  it.each([
    "",
    "* * * *",
    "* * * * * * *",
    "@daily",
    "2026-11-24T10:00:00Z",
    "60 * * * *",
    "0 24 * * *",
    "0 0 0 * *",
    "0 0 32 * *",
    "0 0 * 13 *",
    "0 0 * * 8",
    "0 22-2 * * *",
    "5/5 * * * *",
    "*/0 * * * *",
    "1,,2 * * * *",
    "H * * * *",
    "1.5 * * * *",
    "-1 * * * *",
    "0 0 * * MONDAY",
  ])("the expression %j is refused, with a reason", (cron) => {
    const [problem = ""] = problems(cron);
    expect(problem).toMatch(/^cron: [A-Z].+\.$/);
  });

  it.each(["Europe/Nowhere", "+02:00", "GMT+2", "", "Berlin", "\u0000"])("the zone %j is refused", (timezone) => {
    expect(problems("0 0 * * *", timezone)).toEqual(["timezone: There is no such time zone."]);
  });

  it("both are said at once", () => {
    expect(problems("nonsense", "nowhere")).toHaveLength(2);
  });

  it("a day that never comes never runs", () => {
    for (const cron of ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 * 30 2 *"])
      expect(timetable(cron, "Europe/Berlin").next(Date.parse("2026-11-24T00:00:00Z"))).toBeNull();
  });
});
