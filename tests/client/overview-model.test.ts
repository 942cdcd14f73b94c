/** What the overview tells of numbers: shares without a division by zero, comparisons that are true, links that count the same. */
import { describe, expect, it } from "vitest";
import { boundsOf, compare, failureRate, listedAt, readWindow, worstFirst } from "@/lib/client/overview-model";
import { overviewTexts } from "@/lib/client/texts/overview";
import type { Stats } from "@/lib/contract/stats";

describe("a comparison", () => {
  it.each([
    [112, 100, "12 % more"],
    [88, 100, "12 % fewer"],
    [100, 100, "as many"],
    [1001, 1000, "as many"],
    [450, 100, "5 times as many"],
    [7, 0, "none before"],
    [0, 7, "some before"],
    [0, 0, "as many"],
  ])("of %i with %i says %s", (now, before, said) => {
    expect(overviewTexts.flow.amount(compare(now, before))).toBe(said);
  });

  it("of durations says faster and slower, and nothing where nothing closed", () => {
    expect(overviewTexts.flow.speed(compare(900, 1000))).toBe("10 % faster");
    expect(overviewTexts.flow.speed(compare(1200, 1000))).toBe("20 % slower");
    expect(overviewTexts.flow.speed(compare(null, 1000))).toBe("");
    expect(overviewTexts.flow.speed(compare(900, null))).toBe("none before");
  });
});

describe("the failure rate", () => {
  it("is a share of what completed or failed", () => {
    expect(failureRate({ completed: 3, failed: 1 })).toBe(25);
    expect(failureRate({ completed: 0, failed: 0 })).toBeNull();
  });

  it("keeps a digit where a digit says something", () => {
    expect([0, 0.04, 1.26, 12.6].map(overviewTexts.flow.percent)).toEqual(["0 %", "0 %", "1.3 %", "13 %"]);
  });
});

it("workflows with the most failures come first, then the slowest", () => {
  const of = (workflow: string, completed: number, failed: number, p95Ms: number) => ({
    workflow,
    completed,
    failed,
    p95Ms,
  });
  const rows = worstFirst([of("fine", 90, 0, 10), of("slow", 5, 0, 900), of("rare", 1, 2, 10), of("busy", 500, 2, 10)]);
  expect(rows.map(({ workflow }) => workflow)).toEqual(["rare", "busy", "slow", "fine"]);
});

it("a link names the time of its bucket, and nothing that is not given", () => {
  const stats = { buckets: [{ at: "2026-11-28T10:00:00.000Z" }], bucketMs: 3_600_000 } as Stats;
  const { after, before } = boundsOf(stats, 0);
  expect(listedAt({ status: "failed", workflow: null, closedAfter: after, closedBefore: before })).toBe(
    "/executions?status=failed&closedAfter=2026-11-28T10%3A00%3A00.000Z&closedBefore=2026-11-28T11%3A00%3A00.000Z",
  );
  expect(listedAt({})).toBe("/executions");
});

it("an unknown window in the URL is the default", () => {
  expect([readWindow("7d"), readWindow("3y"), readWindow(null)]).toEqual(["7d", "24h", "24h"]);
});
