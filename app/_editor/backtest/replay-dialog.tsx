"use client";
/** One execution as it was recorded and as the draft replays it, step beside step. */
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo, useState } from "react";
import { compareTexts } from "@/lib/client/texts/compare";
import { backtestTexts as words } from "@/lib/client/texts/editor-backtest";
import type { Definition } from "@/lib/contract/definition";
import type { HistoryEvent } from "@/lib/contract/history";
import { compareTimelines, type StepPair } from "../../_compare/compare-model";
import { PairDetail } from "../../_compare/pair-detail";
import { ViewSkeleton } from "../../_execution/skeletons";
import { emptyTimeline, foldTimeline, type Row, type TimelineModel } from "../../_execution/timeline-model";
import { classNames } from "../../_ui/class-names";
import { Dialog } from "../../_ui/dialog";
import { Failure } from "../../_ui/failure";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { Status } from "../../_ui/status";
import type { BacktestRow } from "./backtest-run";
import { Replayer } from "./replayer";
import { sentenceOf } from "./row-sentence";

const NAMES = {
  here: words.recorded,
  there: words.replayed,
  removed: words.onlyRecorded,
  added: words.onlyReplayed,
};

export function ReplayDialog({
  row,
  definition,
  onClose,
}: {
  row: BacktestRow;
  definition: Definition;
  onClose: () => void;
}) {
  const { execution, recording, result } = row;
  const replayed = useQuery({
    queryKey: ["editor", "replay", execution.id, definition],
    queryFn: () => replayOnce(definition, recording),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={execution.key ?? execution.id}
      description={sentenceOf(result)}
      wide="widest"
    >
      <p className="px-5 pt-1 pb-3 text-xs text-ink-3">
        {words.comparison}.{" "}
        <Link
          prefetch={false}
          target="_blank"
          href={`/executions/${execution.id}`}
          className="rounded-sm text-accent hover:underline"
        >
          {words.openExecution}
        </Link>
      </p>
      <div className="flex h-[min(620px,68dvh)] min-h-0 flex-col border-t">
        {replayed.error ? (
          <Failure error={replayed.error} onRetry={() => replayed.refetch()} />
        ) : replayed.data && recording ? (
          <Sides recorded={recording.history} replayed={replayed.data} />
        ) : (
          <ViewSkeleton />
        )}
      </div>
    </Dialog>
  );
}

async function replayOnce(
  definition: Definition,
  recording: BacktestRow["recording"],
): Promise<readonly HistoryEvent[]> {
  if (recording === null) return [];
  const replayer = new Replayer();
  return replayer
    .replay(definition, recording)
    .then(({ history }) => history)
    .finally(() => replayer.close());
}

function timelineOf(history: readonly HistoryEvent[]): TimelineModel {
  const timeline = emptyTimeline();
  for (const event of history) foldTimeline(timeline, event);
  return timeline;
}

type Shown = "all" | "different";
/** Whoever wants to see more opens the execution itself. */
const MOST_ROWS = 400;

function Sides({ recorded, replayed }: { recorded: readonly HistoryEvent[]; replayed: readonly HistoryEvent[] }) {
  const [left, right] = useMemo(() => [timelineOf(recorded), timelineOf(replayed)], [recorded, replayed]);
  const comparison = useMemo(() => compareTimelines(left, right), [left, right]);
  const different = comparison.pairs.filter(isDifferent);
  const [shown, setShown] = useState<Shown>(different.length > 0 ? "different" : "all");
  const [picked, setPicked] = useState(different[0]?.key ?? null);
  const pairs = shown === "all" ? comparison.pairs : different;
  const pair = pairs.find(({ key }) => key === picked) ?? null;
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex min-h-11 shrink-0 items-center border-b px-5">
          <Segments
            label={words.which}
            options={[
              { value: "different", name: words.differing, count: different.length },
              { value: "all", name: words.allSteps, count: comparison.pairs.length },
            ]}
            value={shown}
            onChange={setShown}
          />
        </div>
        <ScrollArea label={words.steps} className="min-h-0">
          <table className="w-full text-xs">
            <thead>
              <tr className="h-8 border-b text-left text-2xs text-ink-3">
                <th scope="col" className="px-5 font-normal">
                  {words.step}
                </th>
                <th scope="col" className="px-2 font-normal">
                  {words.recorded}
                </th>
                <th scope="col" className="px-2 font-normal">
                  {words.replayed}
                </th>
                <th scope="col" className="px-2 pr-5 font-normal">
                  {words.differs}
                </th>
              </tr>
            </thead>
            <tbody>
              {pairs.slice(0, MOST_ROWS).map((each) => (
                <PairLine
                  key={each.key}
                  pair={each}
                  isPicked={each.key === picked}
                  onPick={() => setPicked(each.key)}
                />
              ))}
            </tbody>
          </table>
          {pairs.length === 0 && <p className="px-5 py-4 text-ink-3">{words.noDifference}</p>}
          {pairs.length > MOST_ROWS && (
            <p className="px-5 py-2 text-2xs text-ink-3">{words.more(pairs.length - MOST_ROWS)}</p>
          )}
        </ScrollArea>
      </div>
      <ScrollArea
        label={compareTexts.detail.label}
        className="max-h-[45%] shrink-0 border-t lg:max-h-none lg:w-[380px] lg:border-t-0 lg:border-l"
      >
        <PairDetail pair={pair} left={left} right={right} names={NAMES} />
      </ScrollArea>
    </div>
  );
}

/** How often it was tried is the retry policy's, and how long it took the queue's: neither is another way. */
function isDifferent({ differences }: StepPair): boolean {
  return differences.some((difference) => difference !== "attempts");
}

function PairLine({ pair, isPicked, onPick }: { pair: StepPair; isPicked: boolean; onPick: () => void }) {
  return (
    <tr className={classNames("relative h-9 border-b", isPicked ? "bg-accent-tint" : "hover:bg-hover")}>
      <td className="max-w-[240px] truncate px-5">
        <button
          type="button"
          aria-current={isPicked || undefined}
          onClick={onPick}
          className="max-w-full truncate rounded-sm font-mono after:absolute after:inset-0"
        >
          {pair.key}
        </button>
      </td>
      <Ending row={pair.left} />
      <Ending row={pair.right} />
      <td data-status="retrying" className="px-2 pr-5 text-2xs text-tone">
        {pair.differences.map((name) => compareTexts.difference[name]).join(", ")}
      </td>
    </tr>
  );
}

function Ending({ row }: { row: Row | null }) {
  return (
    <td className="px-2 whitespace-nowrap">
      {row === null ? (
        <span className="text-ink-3">{words.notThere}</span>
      ) : (
        <span className="inline-flex items-center gap-2">
          <Status status={row.status} />
          {row.port !== null && row.port !== "success" && (
            <span className="font-mono text-2xs text-ink-3">{row.port}</span>
          )}
        </span>
      )}
    </td>
  );
}
