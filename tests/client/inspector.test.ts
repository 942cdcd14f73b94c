// What the inspector computes: which lines of a log it shows, and which place a selection names.
import { describe, expect, it } from "vitest";
import { chosenLines, copiedLine, type LogChoice } from "@/app/_execution/inspector/log-lines";
import { placeOf } from "@/app/_execution/inspector/place-of";
import { stepKey } from "@/app/_execution/step-row";
import { mergeLogs } from "@/lib/client/controls";
import type { LogItem } from "@/lib/contract/logs";

const line = (text: string, more: Partial<LogItem> = {}): LogItem => ({
  at: "2030-01-01T00:00:01.000Z",
  level: "info",
  text,
  node: "charge",
  iteration: 1,
  attempt: 1,
  taskId: "tsk_1",
  ...more,
});
const ALL: LogChoice = { level: "debug", words: "", taskId: null, place: null, until: null };
const texts = (lines: LogItem[], choice: Partial<LogChoice>) =>
  chosenLines(lines, { ...ALL, ...choice }).map(({ text }) => text);

describe("the lines of a log", () => {
  const lines = [
    line("asked", { level: "debug" }),
    line("slow", { level: "warn", fields: { bank: "ABC" } }),
    line("declined", { level: "error", attempt: 2, taskId: "tsk_2", at: "2030-01-01T00:00:09.000Z" }),
    line("again", { iteration: 2 }),
    line("item", { index: [3] }),
  ];

  it("are those of a level and above, of an attempt, with the words in text or fields", () => {
    expect(texts(lines, { level: "warn" })).toEqual(["slow", "declined"]);
    expect(texts(lines, { taskId: "tsk_2" })).toEqual(["declined"]);
    expect(texts(lines, { words: " abc " })).toEqual(["slow"]);
  });

  it("are those of one iteration and item", () => {
    expect(texts(lines, { place: { iteration: 1, index: null } })).toEqual(["asked", "slow", "declined"]);
    expect(texts(lines, { place: { iteration: 2, index: null } })).toEqual(["again"]);
    expect(texts(lines, { place: { iteration: 1, index: [3] } })).toEqual(["item"]);
  });

  it("end with the moment that is shown", () => {
    expect(texts(lines, { until: Date.UTC(2030, 0, 1, 0, 0, 5) })).not.toContain("declined");
  });

  it("are copied whole", () => {
    expect(copiedLine(lines[1] as LogItem)).toBe('2030-01-01T00:00:01.000Z WARN  charge#1 slow {"bank":"ABC"}');
  });

  it("stay the same array while nothing came, and grow behind the last page", () => {
    const known = lines.slice(0, 3);
    expect(mergeLogs(known, 2, lines.slice(2, 3))).toBe(known);
    expect(mergeLogs(known, 2, lines.slice(2))).toEqual(lines);
  });
});

describe("a selection", () => {
  it.each([
    { node: "charge", iteration: 1 },
    { node: "charge", iteration: 3 },
    { node: "each/charge.now", iteration: 2, index: [4, 10] },
  ])("names the place %j, and can be read back", (place) => {
    expect(placeOf(stepKey(place))).toEqual(place);
  });

  it.each(["", "a[", "a[x]", "a#", "[3]"])("that is no place, as %j, is told", (text) => {
    expect(placeOf(text)).toBeNull();
  });
});
