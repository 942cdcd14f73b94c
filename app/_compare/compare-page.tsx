"use client";
/** One execution beside another: a sentence that says where they part, their steps side by side, and one step's differences. */
import { ArrowLeftRight, GitCompareArrows } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useCounterpart } from "@/lib/client/compare";
import { useExecution } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { compareTexts } from "@/lib/client/texts/compare";
import type { Execution } from "@/lib/contract/executions";
import { feedOf, type Snapshot } from "../_execution/execution-feed";
import { ViewSkeleton } from "../_execution/skeletons";
import { useGoOn } from "../_execution/use-shown-execution";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Dialog } from "../_ui/dialog";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { useMedia } from "../_ui/media";
import { ScrollArea } from "../_ui/scroll-area";
import { compareTimelines } from "./compare-model";
import { CompareSummary } from "./compare-summary";
import { PairDetail } from "./pair-detail";
import { PairList } from "./pair-list";
import { Picker } from "./picker";
import { useCompareView } from "./use-compare-view";

const words = compareTexts;
const DETAIL_BESIDE = "(min-width: 1100px)";

export function ComparePage({ id }: { id: string }) {
  const router = useRouter();
  const view = useCompareView();
  const [isPicking, setPicking] = useState(false);
  const left = useExecution(id, false);
  const canonical = left.data?.id ?? id;
  useEffect(() => {
    if (canonical !== id) router.replace(`/executions/${canonical}/compare${window.location.search}`);
  }, [canonical, id, router]);
  const counterpart = useCounterpart(left.data, view.with === null);
  const otherId = view.with ?? counterpart.data?.execution.id ?? null;
  const right = useExecution(otherId ?? id, false);
  const why = view.with === null ? counterpart.data?.why : undefined;
  const error = left.error ?? counterpart.error ?? (otherId === null ? null : right.error);

  const trail = [
    { href: "/executions", name: texts.executions.title },
    { href: `/executions/${canonical}`, name: left.data?.key ?? canonical },
  ];
  return (
    <>
      <RoomHeader title={words.title} trail={trail}>
        {otherId !== null && (
          <Button
            size="sm"
            aria-label={words.swap}
            title={words.swap}
            onClick={() => router.push(`/executions/${otherId}/compare?with=${canonical}`)}
          >
            <ArrowLeftRight aria-hidden size={14} />
          </Button>
        )}
        <Button size="sm" disabled={!left.data} onClick={() => setPicking(true)}>
          {words.choose}
        </Button>
      </RoomHeader>
      {error ? (
        <Failure error={error} onRetry={() => (left.error ? left.refetch() : right.refetch())} />
      ) : counterpart.data === null && view.with === null ? (
        <Empty icon={GitCompareArrows} title={words.none}>
          <p>{words.noneLead}</p>
          <Button onClick={() => setPicking(true)}>{words.choose}</Button>
        </Empty>
      ) : left.data && otherId !== null && right.data ? (
        <Compared key={right.data.id} left={left.data} right={right.data} why={why} />
      ) : (
        <ViewSkeleton />
      )}
      {left.data && (
        <Picker
          execution={left.data}
          open={isPicking}
          onOpenChange={setPicking}
          onPick={(chosen) => {
            setPicking(false);
            view.show({ with: chosen, step: null });
          }}
        />
      )}
    </>
  );
}

/** Compares once both are here: until then each batch of events would be compared with all others. */
function Compared({ left, right, why }: { left: Execution; right: Execution; why: "before" | "newest" | undefined }) {
  const here = useHistory(left);
  const there = useHistory(right);
  const loaded = here.events.length + there.events.length;
  const isWhole = here.events.length >= left.sequence && there.events.length >= right.sequence;
  if (isWhole) return <Sides left={left} right={right} why={why} here={here} there={there} />;
  return (
    <>
      <p role="status" className="px-4 pt-4 text-xs text-ink-3 tabular md:px-6">
        {words.loading(loaded, left.sequence + right.sequence)}
      </p>
      <ViewSkeleton />
    </>
  );
}

interface SidesProps {
  left: Execution;
  right: Execution;
  why: "before" | "newest" | undefined;
  here: Snapshot;
  there: Snapshot;
}

function Sides({ left, right, why, here, there }: SidesProps) {
  const { step, show } = useCompareView();
  const beside = useMedia(DETAIL_BESIDE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions stand for timelines that grow in place
  const comparison = useMemo(
    () => compareTimelines(here.timeline, there.timeline),
    [here.timeline, there.timeline, here.version, there.version],
  );
  const pair = step === null ? null : (comparison.pairs.find(({ key }) => key === step) ?? null);
  const detail = <PairDetail pair={pair} left={here.timeline} right={there.timeline} />;
  const onStep = (key: string | null) => show({ step: key });
  return (
    <>
      <CompareSummary
        left={left}
        right={right}
        why={why}
        comparison={comparison}
        timelines={{ left: here.timeline, right: there.timeline }}
        onStep={onStep}
      />
      <div className="flex min-h-0 flex-1">
        <PairList
          comparison={comparison}
          left={here.timeline}
          right={there.timeline}
          selected={step}
          onSelect={onStep}
        />
        {beside && (
          <ScrollArea label={words.detail.label} className="w-[420px] flex-none border-l">
            {detail}
          </ScrollArea>
        )}
      </div>
      {!beside && (
        <Dialog open={pair !== null} onOpenChange={(open) => !open && onStep(null)} title={step ?? ""} wide>
          <div className="min-h-0 overflow-y-auto pb-4">{detail}</div>
        </Dialog>
      )}
    </>
  );
}

function useHistory({ id, sequence }: Execution): Snapshot {
  const feed = feedOf(id);
  const live = useSyncExternalStore(feed.subscribe, feed.getSnapshot, feed.getSnapshot);
  useGoOn(feed, live, sequence);
  return live;
}
