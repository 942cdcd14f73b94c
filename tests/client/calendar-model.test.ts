/** The calendar of schedules: runs on the days of whoever looks, changes of the clock, and runs that meet. */
import { describe, expect, it } from "vitest";
import { layOut, meeting, midnights, offsetMinutes } from "@/app/_schedules/calendar-model";

const schedule = (name: string, timezone = "UTC", paused = false) => ({ id: `sch_${name}`, name, timezone, paused });
const hourly = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => new Date(from + index * 3_600_000).toISOString());

describe("days", () => {
  it("are as long as the looker's clock makes them", () => {
    const first = new Date(2026, 2, 1).getTime();
    const bounds = midnights(first, 40);
    expect(bounds).toHaveLength(41);
    for (const at of bounds) expect(new Date(at).getHours()).toBe(0);
    expect(new Date(bounds[40] ?? 0)).toEqual(new Date(2026, 2, 41));
  });

  it("hold the runs that lie in them, the earliest first, without those of paused schedules", () => {
    const bounds = midnights(new Date(2026, 4, 4).getTime(), 2);
    const [monday = 0, tuesday = 0] = bounds;
    const runs = [
      { schedule: schedule("late"), times: [new Date(monday + 7_200_000).toISOString()] },
      { schedule: schedule("early"), times: hourly(monday, 1).concat(hourly(tuesday, 1)) },
      { schedule: schedule("still", "UTC", true), times: hourly(monday, 3) },
    ];
    const days = layOut(runs, bounds, 100);
    expect(days.map(({ entries }) => entries.map(({ name, at }) => [name, at.length]))).toEqual([
      [
        ["early", 1],
        ["late", 1],
      ],
      [["early", 1]],
    ]);
  });

  it("say of a schedule whose runs are not all known that it goes on", () => {
    const bounds = midnights(new Date(2026, 4, 4).getTime(), 3);
    const times = hourly(bounds[0] ?? 0, 30);
    const days = layOut([{ schedule: schedule("hourly"), times }], bounds, 30);
    expect(days.map(({ entries }) => entries[0])).toMatchObject([
      { goesOn: false },
      { goesOn: true },
      { goesOn: true, at: [] },
    ]);
    expect(days[0]?.entries[0]?.at).toHaveLength(24);
  });

  it("tell when the clock of a schedule's zone changes", () => {
    const march = midnights(new Date(2026, 2, 28).getTime(), 3);
    const runs = [{ schedule: schedule("there", "Europe/Berlin"), times: hourly(march[0] ?? 0, 1) }];
    const changes = layOut(runs, march, 100).flatMap((day) => day.changes);
    expect(changes).toEqual([{ zone: "Europe/Berlin", byMinutes: 60 }]);
  });
});

describe("an offset", () => {
  it("is that of the zone at the instant, also where it is no whole hour", () => {
    expect(offsetMinutes("Asia/Kolkata", Date.UTC(2026, 0, 1))).toBe(330);
    expect(offsetMinutes("America/New_York", Date.UTC(2026, 6, 1))).toBe(-240);
    expect(offsetMinutes("UTC", 0)).toBe(0);
    expect(offsetMinutes("Nowhere/Land", 0)).toBe(0);
  });
});

describe("runs", () => {
  const took = (ms: number) => ({ startedAt: new Date(0).toISOString(), closedAt: new Date(ms).toISOString() });

  it("meet where they take longer than the time to the next one", () => {
    expect(meeting(hourly(0, 3), [took(4_000_000), took(5_000_000)])).toEqual({
      everyMs: 3_600_000,
      tookMs: 5_000_000,
    });
    expect(meeting(hourly(0, 3), [took(1000)])).toBeNull();
  });

  it("are not said to meet while nothing is known of them", () => {
    expect(meeting(hourly(0, 1), [took(1)])).toBeNull();
    expect(meeting(hourly(0, 3), [{ startedAt: null, closedAt: null }])).toBeNull();
  });
});
