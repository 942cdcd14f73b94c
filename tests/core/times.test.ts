/** Durations and instants as definitions write them. */
import { describe, expect, it } from "vitest";
import { parseDuration } from "@/lib/core/durations";
import { fromInstant, toInstant } from "@/lib/core/time";

describe("a duration", () => {
  it.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5s", 1500],
    ["15m", 900_000],
    ["36h", 129_600_000],
    ["7d", 604_800_000],
    ["PT15M", 900_000],
    ["P1DT2H3M4.5S", 93_784_500],
    ["P2W", 1_209_600_000],
    [0, 0],
    [1234, 1234],
  ])("%s is %d ms", (duration, ms) => {
    expect(parseDuration(duration)).toBe(ms);
  });

  it.each([
    "",
    "5",
    "5 s",
    "-5s",
    "P",
    "PT",
    "P1M",
    "P1Y",
    "1h30m",
    "∞",
    "1e9d",
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("%s is none", (duration) => {
    expect(parseDuration(duration)).toBeNull();
  });
});

describe("an instant", () => {
  it.each([
    ["2030-01-31T08:00:00Z", "2030-01-31T08:00:00.000Z"],
    ["2030-01-31T08:00:00.1234+02:00", "2030-01-31T06:00:00.123Z"],
    ["2028-02-29t00:00:00z", "2028-02-29T00:00:00.000Z"],
  ])("%s is read as %s", (text, expected) => {
    expect(toInstant(fromInstant(text) ?? 0)).toBe(expected);
  });

  it.each([
    "2030-01-31",
    "2030-01-31T08:00:00",
    "2030-02-29T00:00:00Z",
    "2030-13-01T00:00:00Z",
    "2030-01-01T25:00:00Z",
    "now",
  ])("%s is none", (text) => {
    expect(fromInstant(text)).toBeNull();
  });
});
