/** Times, durations and inputs as people read and write them. */
import { describe, expect, it } from "vitest";
import { bytes, count, duration, relativeTime, roundDuration } from "@/lib/client/format";
import { expectedFields, inputTemplate, missingFields, parseInput } from "@/lib/client/input-check";

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [84, "84 ms"],
    [3200, "3.20 s"],
    [59_960, "59.9 s"],
    [60_000, "1 min"],
    [252_000, "4 min 12 s"],
    [7_500_000, "2 h 5 min"],
    [273_600_000, "3 d 4 h"],
    [-5, "0 ms"],
  ])("%d ms reads %s", (ms, text) => expect(duration(ms)).toBe(text));

  it("leaves out fractions where it ticks, and zeros on an axis", () => {
    expect(duration(3200, { whole: true })).toBe("3 s");
    expect(roundDuration(2000)).toBe("2 s");
    expect(roundDuration(1500)).toBe("1.5 s");
    expect(roundDuration(20_000)).toBe("20 s");
    expect(roundDuration(100)).toBe("100 ms");
  });
});

describe("relative times", () => {
  const now = Date.parse("2026-01-10T12:00:00Z");
  it.each([
    [now - 2000, "just now"],
    [now - 61_000, "1 min ago"],
    [now + 7_300_000, "in 2 h"],
    [now - 9 * 86_400_000, "1 Jan 2026"],
  ])("%d reads %s", (at, text) => expect(relativeTime(at, now)).toBe(text));
});

it("counts and sizes carry their unit", () => {
  expect(count(1, "step")).toBe("1 step");
  expect(count(1200, "step")).toBe("1,200 steps");
  expect(bytes(900)).toBe("900 B");
  expect(bytes(1_258_291)).toBe("1.2 MB");
});

describe("an input before it is sent", () => {
  const schema = {
    type: "object",
    required: ["user_id"],
    properties: { user_id: { type: "string" }, age: { type: "integer" } },
  };

  it("says what the schema expects and what is missing", () => {
    expect(expectedFields(schema)).toEqual(["user_id: string", "age?: integer"]);
    expect(missingFields(schema, { age: 3 })).toEqual(["user_id"]);
    expect(missingFields(schema, null)).toEqual(["user_id"]);
    expect(expectedFields(true)).toEqual([]);
  });

  it("begins as a template of the schema", () => {
    expect(JSON.parse(inputTemplate(schema))).toEqual({ user_id: "", age: 0 });
    expect(inputTemplate(undefined)).toBe("");
  });

  it("takes nothing as null and says where JSON is wrong", () => {
    expect(parseInput("  ")).toEqual({ ok: true, value: null });
    expect(parseInput("{")).toMatchObject({ ok: false });
  });
});
