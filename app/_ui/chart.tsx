"use client";
/**
 * A chart that can be read without seeing it: a heading, its totals with their series, the drawing (which comes when the page
 * stands already), and the same numbers as a table whose cells lead to what they count.
 */
import Link from "next/link";
import { useRouter } from "next/navigation";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import { chartTexts as words } from "@/lib/client/texts/chart";
import { bucketTime, type ChartSeries, isEmpty } from "./chart-model";
import type { PlotProps } from "./chart-plot";
import { ChartSwatch } from "./chart-swatch";
import { classNames } from "./class-names";
import { useIsDrawn } from "./is-drawn";
import { Skeleton } from "./skeleton";

const Plot = lazy(() => import("./chart-plot"));

export interface ChartTotal {
  /** The series whose whole it is. */
  series: string;
  value: string;
  /** Against the time before, in words. */
  compared?: ReactNode;
}

interface ChartProps extends Omit<PlotProps, "label" | "onOpen"> {
  title: string;
  /** The whole in one sentence, for those who hear it. */
  summary: string;
  totals: readonly ChartTotal[];
  /** Stands over the axes while there is nothing to draw. */
  empty: string;
  className?: string;
}

export function Chart({ title, summary, totals, empty, className, ...plot }: ChartProps) {
  const id = useId();
  const router = useRouter();
  const isDrawn = useIsDrawn();
  const [isTable, setIsTable] = useState(false);
  const isNothing = isEmpty(plot.series);
  return (
    <figure aria-labelledby={id} className={classNames("flex min-w-0 flex-col", className)}>
      <div className="flex h-7 items-center justify-between gap-2">
        <h3 id={id} className="text-xs font-medium text-ink-2">
          {title}
        </h3>
        <button
          type="button"
          aria-expanded={isTable}
          aria-controls={`${id}-numbers`}
          onClick={() => setIsTable(!isTable)}
          className="rounded-sm px-1 text-2xs text-ink-3 hover:bg-hover hover:text-ink"
        >
          {isTable ? words.hideNumbers : words.showNumbers}
          <span className="sr-only"> {title}</span>
        </button>
      </div>
      <Totals series={plot.series} totals={totals} />
      <div className="relative mt-2 h-40">
        {isDrawn && (
          <Suspense fallback={<PlotSkeleton />}>
            <Plot {...plot} label={`${title}. ${summary}`} onOpen={(href) => router.push(href)} />
          </Suspense>
        )}
        {isNothing && (
          <p className="pointer-events-none absolute inset-x-0 top-14 pl-12 text-center text-xs text-ink-3">{empty}</p>
        )}
      </div>
      <div id={`${id}-numbers`}>{isTable && <Numbers {...plot} title={title} />}</div>
    </figure>
  );
}

function Totals({ series, totals }: { series: readonly ChartSeries[]; totals: readonly ChartTotal[] }) {
  return (
    <dl className="flex min-h-14 flex-wrap gap-x-6 gap-y-2">
      {totals.map(({ series: name, value, compared }) => {
        const own = series.find((each) => each.name === name);
        return (
          <div key={name} className="min-w-20">
            <dt className="flex items-center gap-1.5 text-2xs text-ink-3">
              {own && <ChartSwatch series={own} />}
              {name}
            </dt>
            <dd className="text-lg leading-6 font-semibold tabular">{value}</dd>
            {compared && <dd className="text-2xs text-ink-3 tabular">{compared}</dd>}
          </div>
        );
      })}
    </dl>
  );
}

function Numbers({ title, at, bucketMs, series, format }: Omit<PlotProps, "label" | "onOpen"> & { title: string }) {
  return (
    <section
      aria-label={words.numbersOf(title)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
      tabIndex={0}
      className="mt-2 max-h-64 overflow-auto border-y focus-inset"
    >
      <table className="w-full text-xs tabular">
        <caption className="sr-only">{words.numbersOf(title)}</caption>
        <thead className="sticky top-0 bg-canvas text-ink-3">
          <tr className="h-7 border-b">
            <th scope="col" className="px-2 text-left font-normal">
              {words.time}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="px-2 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {at.map((from, bucket) => (
            <tr key={from} className="h-7 border-b last:border-b-0">
              <th scope="row" className="px-2 text-left font-normal whitespace-nowrap text-ink-2">
                {bucketTime(from, bucketMs)}
              </th>
              {series.map((each) => (
                <td key={each.name} className="px-2 text-right">
                  <NumberCell series={each} bucket={bucket} format={format} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NumberCell({
  series: { values, href },
  bucket,
  format,
}: {
  series: ChartSeries;
  bucket: number;
  format: (value: number) => string;
}) {
  const value = values[bucket];
  if (typeof value !== "number") return <span className="text-ink-3">–</span>;
  if (value === 0 || !href) return <span className={value === 0 ? "text-ink-3" : undefined}>{format(value)}</span>;
  return (
    <Link
      prefetch={false}
      href={href(bucket)}
      className="rounded-sm underline decoration-line-strong hover:text-accent"
    >
      {format(value)}
    </Link>
  );
}

function PlotSkeleton() {
  return (
    <div aria-hidden className="flex h-40 flex-col justify-between pt-2 pb-6 pl-12">
      {[0, 1, 2, 3].map((line) => (
        <span key={line} className="block border-t" />
      ))}
    </div>
  );
}

/** In the geometry of a chart whose numbers have not come. */
export function ChartSkeleton({ title, className }: { title: string; className?: string }) {
  return (
    <div className={classNames("flex min-w-0 flex-col", className)}>
      <h3 className="flex h-7 items-center text-xs font-medium text-ink-2">{title}</h3>
      <div className="flex min-h-14 gap-6">
        <Skeleton className="h-10 w-20" />
        <Skeleton className="h-10 w-20" />
      </div>
      <div className="mt-2">
        <PlotSkeleton />
      </div>
    </div>
  );
}
