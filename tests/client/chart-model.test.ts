/** What charts draw: bars that stand on each other, a click that finds the bar it hit, times that name their bucket. */
import { describe, expect, it } from "vitest";
import { bucketTime, type ChartSeries, drawnSeries, isEmpty, seriesAt, tickTime } from "@/app/_ui/chart-model";

const series = (name: string, kind: ChartSeries["kind"], values: (number | null)[], leads = true): ChartSeries => ({
  name,
  kind,
  status: "running",
  values,
  ...(leads && { href: (bucket: number) => `/${name}/${bucket}` }),
});
const CHART = [series("started", "line", [9, 1]), series("done", "bars", [4, 0]), series("failed", "hatched", [2, 0])];

describe("bars", () => {
  it("stand on each other and are drawn from the topmost down; lines come last and stay as they are", () => {
    expect(drawnSeries(CHART).map(({ name, values }) => [name, values])).toEqual([
      ["failed", [6, 0]],
      ["done", [4, 0]],
      ["started", [9, 1]],
    ]);
  });

  it("are found by the height of a click; beside them the first series that leads anywhere is meant", () => {
    const hit = (bucket: number, height: number) => seriesAt(CHART, bucket, height)?.name;
    expect([hit(0, 1), hit(0, 5), hit(0, 8), hit(1, 0)]).toEqual(["done", "failed", "started", "started"]);
    expect(seriesAt([series("p50", "line", [3], false)], 0, 1)).toBeUndefined();
  });
});

it("a chart of zeros and gaps has nothing to draw", () => {
  expect(isEmpty([series("a", "bars", [0, 0]), series("b", "line", [null, null])])).toBe(true);
  expect(isEmpty(CHART)).toBe(false);
});

describe("times", () => {
  const at = (text: string) => new Date(text).getTime();

  it("name a bucket by its begin and end, the day once where it is one day", () => {
    expect(bucketTime(at("2026-11-27T14:00:00"), 3_600_000)).toBe("27 Nov 14:00 to 15:00");
    expect(bucketTime(at("2026-11-27T23:00:00"), 3_600_000)).toBe("27 Nov 23:00 to 00:00");
    expect(bucketTime(at("2026-11-27T22:00:00"), 6 * 3_600_000)).toBe("27 Nov 22:00 to 28 Nov 04:00");
    expect(bucketTime(at("2026-11-27T00:00:00"), 86_400_000)).toBe("27 Nov");
  });

  it("name an axis by hours, and by the day where it begins", () => {
    expect(tickTime(at("2026-11-27T14:05:00"))).toBe("14:05");
    expect(tickTime(at("2026-11-27T00:00:00"))).toBe("27 Nov");
  });
});
