"use client";
/** The overview: what needs attention, then how it ran. While nothing was ever done here, the first steps stand in its place. */
import { useGuide } from "@/lib/client/first-steps";
import { useOverview, useStats } from "@/lib/client/overview";
import { texts } from "@/lib/client/texts";
import { overviewTexts } from "@/lib/client/texts/overview";
import type { Overview } from "@/lib/contract/overview";
import { RoomHeader } from "../_shell/room-header";
import { Failure } from "../_ui/failure";
import { useIsDrawn } from "../_ui/is-drawn";
import { ScrollArea } from "../_ui/scroll-area";
import { Skeleton } from "../_ui/skeleton";
import { Attention } from "./attention";
import { FirstRun } from "./first-run";
import { FlowCharts, FlowSkeleton } from "./flow-charts";
import { NowStrip } from "./now-strip";
import { RangeBar } from "./range-bar";
import { useRange } from "./use-range";
import { WorstWorkflows } from "./worst-workflows";

const words = overviewTexts;

export function OverviewRoom({ initial }: { initial: Overview | null }) {
  const overview = useOverview(initial ?? undefined);
  const guide = useGuide();
  const isDrawn = useIsDrawn();
  const { data } = overview;
  if (data && isDrawn && guide !== "dismissed" && (!data.hasExecutions || guide === "begun"))
    return <FirstRun overview={data} />;
  return (
    <>
      <RoomHeader title={words.title} />
      <ScrollArea label={words.title} className="flex flex-col">
        {data && (isDrawn || data.hasExecutions) ? (
          <>
            <NowStrip counts={data.counts} />
            <h2 className="px-4 pt-2 pb-2 text-base font-semibold md:px-6">{words.attention}</h2>
            <Attention overview={data} />
          </>
        ) : overview.isError ? (
          <Failure error={overview.error} onRetry={() => overview.refetch()} />
        ) : (
          <AttentionSkeleton />
        )}
        <FlowSection />
      </ScrollArea>
    </>
  );
}

function FlowSection() {
  const [range, setRange] = useRange();
  const stats = useStats(range.window, range.workflow);
  return (
    <section aria-label={words.flow.title(range.window)} className="border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pb-3 md:px-6">
        <div>
          <h2 className="text-base font-semibold">{words.flow.title(range.window)}</h2>
          <p className="text-xs text-ink-3">
            {words.flow.compared(range.window)} {words.flow.hint}
          </p>
        </div>
        <RangeBar range={range} onChange={setRange} />
      </div>
      {stats.data ? (
        <FlowCharts stats={stats.data} workflow={range.workflow} />
      ) : stats.isError ? (
        <Failure error={stats.error} onRetry={() => stats.refetch()} />
      ) : (
        <FlowSkeleton />
      )}
      {(stats.data || stats.isPending) && <WorstWorkflows stats={stats.data} />}
    </section>
  );
}

function AttentionSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading} className="px-4 md:px-6">
      <div className="flex h-10 items-center">
        <Skeleton className="h-3.5 w-56" />
      </div>
      <div className="flex h-9 items-center">
        <Skeleton className="h-4 w-36" />
      </div>
      <div className="flex h-[68px] items-start gap-3">
        <Skeleton className="mt-0.5 size-5 rounded-full" />
        <div className="flex flex-col gap-2 pt-1">
          <Skeleton className="h-3.5 w-28" />
          <Skeleton className="h-3.5 w-72 max-w-full" />
        </div>
      </div>
    </div>
  );
}
