"use client";
/** What a bucket under the cursor holds; it stays inside the chart, and beside the cursor. */
import { bucketTime, type ChartSeries } from "./chart-model";
import { ChartSwatch } from "./chart-swatch";
import { classNames } from "./class-names";

export function ChartTooltip({
  at,
  bucketMs,
  series,
  format,
  bucket,
  left,
  width,
}: {
  at: readonly number[];
  bucketMs: number;
  series: readonly ChartSeries[];
  format: (value: number) => string;
  bucket: number;
  /** Of the cursor, from the chart's left edge. */
  left: number;
  width: number;
}) {
  const isRight = left > width * 0.6;
  return (
    <div
      aria-hidden
      style={{ left }}
      className={classNames(
        "pointer-events-none absolute top-1 z-10 min-w-36 rounded-md bg-raised px-2.5 py-1.5 text-xs shadow-float",
        isRight ? "-translate-x-[calc(100%+10px)]" : "translate-x-[10px]",
      )}
    >
      <p className="mb-1 text-2xs whitespace-nowrap text-ink-3 tabular">{bucketTime(at[bucket] ?? 0, bucketMs)}</p>
      {series.map((each) => {
        const value = each.values[bucket];
        return (
          <p key={each.name} className="flex items-center gap-1.5 leading-5">
            <ChartSwatch series={each} />
            <span className="flex-1 text-ink-2">{each.name}</span>
            <span className="pl-3 font-medium tabular">{typeof value === "number" ? format(value) : "–"}</span>
          </p>
        );
      })}
    </div>
  );
}
