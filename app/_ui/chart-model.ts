/** What a chart draws, computed from its series: bars stand on each other, axes begin at zero and have round steps. Pure. */
import { clockTime } from "@/lib/client/format";

export interface ChartSeries {
  name: string;
  /** Gives the tone, as everywhere. */
  status: string;
  /** Bars stand on each other in their order; a hatched one and a dashed line are told apart without colour. */
  kind: "bars" | "hatched" | "line" | "dashed";
  /** One a bucket; null: there is nothing to say. */
  values: readonly (number | null)[];
  /** Where what a bucket counts is listed. */
  href?: (bucket: number) => string;
}

export const isBar = ({ kind }: Pick<ChartSeries, "kind">): boolean => kind === "bars" || kind === "hatched";

/** In the order of drawing: each bar reaches from zero to its top, so the topmost comes first and the lower ones cover it. */
export function drawnSeries(series: readonly ChartSeries[]): ChartSeries[] {
  const bars: ChartSeries[] = [];
  for (const each of series.filter(isBar)) {
    const below = bars.at(-1)?.values;
    bars.push({ ...each, values: each.values.map((value, index) => (value ?? 0) + (below?.[index] ?? 0)) });
  }
  return [...bars.reverse(), ...series.filter((each) => !isBar(each))];
}

/** The series whose bar is at this height of a bucket; above all of them, the first that leads anywhere. */
export function seriesAt(series: readonly ChartSeries[], bucket: number, height: number): ChartSeries | undefined {
  let top = 0;
  for (const each of series.filter(isBar)) {
    top += each.values[bucket] ?? 0;
    if (height <= top && (each.values[bucket] ?? 0) > 0) return each;
  }
  return series.find(({ href }) => href !== undefined);
}

export function isEmpty(series: readonly ChartSeries[]): boolean {
  return series.every(({ values }) => values.every((value) => !value));
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TENS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000];

/** Steps of an axis that people count in. */
export const STEPS = {
  count: [...TENS, ...TENS.map((step) => step * 100_000)],
  duration: [...TENS.slice(0, 12), 10_000, 15_000, 30_000]
    .concat([1, 2, 5, 10, 15, 30].map((step) => step * MINUTE))
    .concat([1, 2, 3, 6, 12].map((step) => step * HOUR))
    .concat([1, 2, 5, 10, 20, 50, 100].map((step) => step * DAY)),
  percent: [1, 2, 5, 10, 20, 25, 50],
};

const dayAndMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** `14:05`; at midnight, and where buckets are days, `27 Nov`. */
export function tickTime(at: number): string {
  const time = clockTime(at).slice(0, 5);
  return time === "00:00" ? dayAndMonth.format(at) : time;
}

/** `27 Nov 14:00 to 15:00`; a day or longer `27 Nov to 28 Nov`, a single day `27 Nov`. */
export function bucketTime(from: number, bucketMs: number): string {
  const to = from + bucketMs;
  const day = dayAndMonth.format(from);
  const time = (at: number) => clockTime(at).slice(0, 5);
  const isMidnight = (at: number) => time(at) === "00:00";
  if (bucketMs === DAY && isMidnight(from)) return day;
  if (dayAndMonth.format(to) === day || isMidnight(to)) return `${day} ${time(from)} to ${time(to)}`;
  return `${day} ${time(from)} to ${dayAndMonth.format(to)} ${time(to)}`;
}
