"use client";
/** Throughput, latency and failure rate of a window of time, side by side, with one cursor. */
import { useMemo } from "react";
import { number } from "@/lib/client/format";
import { boundsOf, CANCELLED, compare, FAILED, failureRate, listedAt } from "@/lib/client/overview-model";
import { overviewTexts } from "@/lib/client/texts/overview";
import type { Stats } from "@/lib/contract/stats";
import { Chart, ChartSkeleton } from "../_ui/chart";
import type { ChartSeries } from "../_ui/chart-model";

const words = overviewTexts.flow;
const LAYOUT = "grid gap-x-8 gap-y-8 px-4 md:grid-cols-2 md:px-6 xl:grid-cols-[5fr_3fr_3fr]";
const WIDE = "md:col-span-2 xl:col-span-1";

export function FlowCharts({ stats, workflow }: { stats: Stats; workflow: string | null }) {
  const { window, bucketMs, totals, previous } = stats;
  const series = useMemo(() => seriesOf(stats, workflow), [stats, workflow]);
  const at = useMemo(() => stats.buckets.map((bucket) => Date.parse(bucket.at)), [stats]);
  const rate = failureRate(totals);
  const amount = (name: "started" | "completed" | "failed") => ({
    series: words[name],
    value: number(totals[name]),
    compared: words.amount(compare(totals[name], previous[name])),
  });
  const latency = (name: "p50" | "p95") => {
    const now = totals[`${name}Ms`];
    return {
      series: words[name],
      value: now === null ? words.none : words.ms(now),
      compared: words.speed(compare(now, previous[`${name}Ms`])),
    };
  };
  const shared = { at, bucketMs, sync: "overview" };
  const summary = (title: string, found: { series: string; value: string; compared: string }[]) =>
    words.summary(
      title,
      found.map(({ series: name, value, compared }) => `${name} ${value}${compared && ` (${compared})`}`),
      window,
    );
  const amounts = [amount("started"), amount("completed"), amount("failed")];
  const latencies = [latency("p50"), latency("p95")];
  const rates = [
    {
      series: words.failedShare,
      value: rate === null ? words.none : words.percent(rate),
      compared: words.share(rate, failureRate(previous)),
    },
  ];
  return (
    <div className={LAYOUT}>
      <Chart
        {...shared}
        className={WIDE}
        title={words.throughput}
        summary={summary(words.throughput, amounts)}
        series={series.throughput}
        totals={amounts}
        unit="count"
        format={number}
        empty={words.nothing}
      />
      <Chart
        {...shared}
        title={words.latency}
        summary={summary(words.latency, latencies)}
        series={series.latency}
        totals={latencies}
        unit="duration"
        format={words.ms}
        empty={words.nothingClosed}
      />
      <Chart
        {...shared}
        title={words.rate}
        summary={summary(words.rate, rates)}
        series={series.rate}
        totals={rates}
        unit="percent"
        format={words.percent}
        empty={words.nothingClosed}
      />
    </div>
  );
}

/** Each leads to what its bucket counts. */
function seriesOf(stats: Stats, workflow: string | null): Record<"throughput" | "latency" | "rate", ChartSeries[]> {
  const { buckets, totals } = stats;
  const closed = (status: string) => (bucket: number) => {
    const { after, before } = boundsOf(stats, bucket);
    return listedAt({ status, workflow, closedAfter: after, closedBefore: before });
  };
  const started = (bucket: number) => {
    const { after, before } = boundsOf(stats, bucket);
    return listedAt({ workflow, startedAfter: after, startedBefore: before });
  };
  const allClosed = closed(["completed", FAILED, CANCELLED].join());
  const values = <Name extends keyof Stats["totals"]>(name: Name) => buckets.map((bucket) => bucket[name]);
  return {
    throughput: [
      { name: words.started, status: "running", kind: "line", values: values("started"), href: started },
      {
        name: words.completed,
        status: "completed",
        kind: "bars",
        values: values("completed"),
        href: closed("completed"),
      },
      { name: words.failed, status: "failed", kind: "hatched", values: values("failed"), href: closed(FAILED) },
      ...(totals.cancelled > 0
        ? [
            {
              name: words.cancelled,
              status: "cancelled",
              kind: "bars" as const,
              values: values("cancelled"),
              href: closed(CANCELLED),
            },
          ]
        : []),
    ],
    latency: [
      { name: words.p50, status: "running", kind: "line", values: values("p50Ms"), href: allClosed },
      { name: words.p95, status: "waiting", kind: "dashed", values: values("p95Ms"), href: allClosed },
    ],
    rate: [
      {
        name: words.failedShare,
        status: "failed",
        kind: "hatched",
        values: buckets.map(failureRate),
        href: closed(FAILED),
      },
    ],
  };
}

export function FlowSkeleton() {
  return (
    <div className={LAYOUT}>
      <ChartSkeleton className={WIDE} title={words.throughput} />
      <ChartSkeleton title={words.latency} />
      <ChartSkeleton title={words.rate} />
    </div>
  );
}
