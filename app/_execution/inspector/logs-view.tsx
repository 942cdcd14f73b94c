"use client";
/**
 * What workers logged while they ran a step, or all steps: only the lines in view are in the document. Follows the end while
 * one is there and something may still be logged.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, Search } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { type LogFilter, useLogs } from "@/lib/client/controls";
import { absoluteTime, clockTime } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { LogItem } from "@/lib/contract/logs";
import { Button } from "../../_ui/button";
import { CopyButton } from "../../_ui/copy-button";
import { Failure } from "../../_ui/failure";
import { inputClass } from "../../_ui/field";
import { ScrollArea } from "../../_ui/scroll-area";
import { Skeleton } from "../../_ui/skeleton";
import { type Attempt, stepKey } from "../timeline-model";
import { chosenLines, copiedLine, LEVELS, type LogChoice } from "./log-lines";

const words = inspectorTexts.logs;
const LINE_HEIGHT = 22;
const AT_END_PX = 32;
const TONES: Record<LogItem["level"], string> = { debug: "skipped", info: "running", warn: "paused", error: "failed" };

export function LogsView({
  executionId,
  filter,
  place,
  attempts,
  attempt,
  onAttempt,
  onSelect,
  follows,
  until,
}: {
  executionId: string;
  filter: LogFilter;
  /** Of a node's lines those of one step; null: all that the filter lets through. */
  place: LogChoice["place"];
  /** To choose from; none where lines of several steps are shown. */
  attempts: readonly Attempt[];
  /** The task of the chosen one. */
  attempt: string | null;
  onAttempt: (taskId: string | null) => void;
  /** Where lines name the step they are of. */
  onSelect: ((step: string) => void) | null;
  follows: boolean;
  until: number | null;
}) {
  const logs = useLogs(executionId, filter, follows);
  const [level, setLevel] = useState<LogItem["level"]>("debug");
  const [text, setText] = useState("");
  const all = logs.data?.lines;
  const lines = useMemo(
    () => all && chosenLines(all, { level, words: text, taskId: attempt, place, until }),
    [all, level, text, attempt, place, until],
  );
  const isNarrowed = level !== "debug" || text.trim() !== "" || attempt !== null;
  return (
    <div className="flex max-h-[64dvh] min-h-0 flex-1 flex-col min-[1100px]:max-h-none">
      <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-b px-3 py-1.5">
        <label className="flex h-7 min-w-28 flex-1 items-center gap-1.5 rounded-md border border-line-strong px-2 focus-within:border-accent">
          <Search aria-hidden size={12} className="shrink-0 text-ink-3" />
          <input
            type="search"
            aria-label={words.search}
            placeholder={words.search}
            value={text}
            onChange={({ target }) => setText(target.value)}
            className="min-w-0 flex-1 bg-transparent text-xs focus-visible:outline-none"
          />
        </label>
        <select
          aria-label={words.level}
          value={level}
          onChange={({ target }) => setLevel(target.value as LogItem["level"])}
          className={`${inputClass} !h-7 !w-auto !px-1 text-xs`}
        >
          {LEVELS.map((each) => (
            <option key={each} value={each}>
              {each === "debug" ? words.allLevels : words.levels[each]}
            </option>
          ))}
        </select>
        {attempts.length > 1 && (
          <select
            aria-label={words.attempt}
            value={attempt ?? ""}
            onChange={({ target }) => onAttempt(target.value || null)}
            className={`${inputClass} !h-7 !w-auto !px-1 text-xs`}
          >
            <option value="">{words.allAttempts}</option>
            {attempts.map(({ taskId, number }) => (
              <option key={taskId} value={taskId}>
                {inspectorTexts.attempts.attempt(number)}
              </option>
            ))}
          </select>
        )}
        {lines && lines.length > 0 && (
          <CopyButton value={lines.map(copiedLine).join("\n")} label={words.copy} className="ml-auto" />
        )}
      </div>
      {logs.isError && !lines ? (
        <Failure error={logs.error} onRetry={() => logs.refetch()} />
      ) : lines === undefined ? (
        <div role="status" aria-label={words.label} className="flex flex-col gap-2 p-4">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="h-4 w-1/2" />
        </div>
      ) : lines.length === 0 ? (
        <p role="status" className="px-4 py-4 text-xs text-ink-3">
          {isNarrowed ? words.noMatch : follows ? words.noneYet : `${words.none} ${words.noneHint}`}
        </p>
      ) : (
        <Lines lines={lines} dropped={logs.data?.dropped ?? 0} onSelect={onSelect} follows={follows} />
      )}
    </div>
  );
}

function Lines({
  lines,
  dropped,
  onSelect,
  follows,
}: {
  lines: LogItem[];
  dropped: number;
  onSelect: ((step: string) => void) | null;
  follows: boolean;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(follows);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 16,
  });
  const last = lines.length - 1;
  useEffect(() => {
    if (follows && atEnd) virtual.scrollToIndex(last, { align: "end" });
  }, [virtual, follows, atEnd, last]);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {dropped > 0 && <p className="shrink-0 border-b px-4 py-1.5 text-2xs text-ink-3">{words.dropped(dropped)}</p>}
      <ScrollArea
        label={words.label}
        ref={scroller}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < AT_END_PX)
        }
        className="py-1"
      >
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const line = lines[index];
            return (
              line && (
                <li
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <Line line={line} onSelect={onSelect} />
                </li>
              )
            );
          })}
        </ol>
      </ScrollArea>
      {follows && !atEnd && (
        <div className="absolute right-4 bottom-9">
          <Button size="sm" onClick={() => virtual.scrollToIndex(last, { align: "end" })} className="shadow-float">
            <ArrowDown aria-hidden size={13} />
            {words.end}
          </Button>
        </div>
      )}
      <p role="status" className="shrink-0 border-t px-4 py-1 text-2xs text-ink-3 tabular">
        {words.lines(lines.length)}
      </p>
    </div>
  );
}

function Line({ line, onSelect }: { line: LogItem; onSelect: ((step: string) => void) | null }) {
  const step = stepKey(line);
  return (
    <div className="group/line relative flex items-start gap-2 px-4 py-0.5 font-mono text-2xs leading-[18px] hover:bg-hover">
      <time dateTime={line.at} title={absoluteTime(line.at)} className="shrink-0 text-ink-3">
        {clockTime(line.at, { ms: true })}
      </time>
      <span data-status={TONES[line.level]} className="w-9 shrink-0 text-tone">
        {words.levels[line.level]}
      </span>
      <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
        {onSelect && (
          <button
            type="button"
            onClick={() => onSelect(step)}
            className="mr-1.5 rounded-sm text-ink-2 hover:text-ink hover:underline"
          >
            {step}
          </button>
        )}
        {line.text}
        {line.fields && <span className="text-ink-3"> {JSON.stringify(line.fields)}</span>}
        {line.truncated && <span className="ml-1 text-warning">… {words.cut}</span>}
      </span>
      <CopyButton
        value={copiedLine(line)}
        label={words.copyLine}
        className="absolute top-0 right-1 !size-5 bg-raised opacity-0 group-hover/line:opacity-100 focus-visible:opacity-100"
      />
    </div>
  );
}
