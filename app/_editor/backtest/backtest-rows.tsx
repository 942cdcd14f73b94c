"use client";
/** What came of each execution, in the group it fell into; each opens as a comparison. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { CircleCheck, CircleHelp, CircleX, GitFork, type LucideIcon, MinusCircle } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { backtestTexts as words } from "@/lib/client/texts/editor-backtest";
import { ScrollArea } from "../../_ui/scroll-area";
import { Segments } from "../../_ui/segments";
import { Status } from "../../_ui/status";
import { RelativeTime } from "../../_ui/time";
import type { BacktestRow, BacktestState } from "./backtest-run";
import { ReplayDialog } from "./replay-dialog";
import { GROUPS, type Group, groupOf, isFailing, sentenceOf } from "./row-sentence";

const ROW_HEIGHT = 44;
const MARKS: Record<Group, { icon: LucideIcon; status: string }> = {
  same: { icon: CircleCheck, status: "completed" },
  other: { icon: GitFork, status: "paused" },
  missing: { icon: CircleHelp, status: "waiting" },
  unplayable: { icon: MinusCircle, status: "skipped" },
};

export function BacktestRows({ state }: { state: BacktestState }) {
  const [asked, setAsked] = useState<Group | null>(null);
  const [opened, setOpened] = useState<BacktestRow | null>(null);
  const groups = useMemo(() => grouped(state.rows), [state.rows]);
  // What needs a look comes first, until one chooses.
  const shown = asked ?? (["other", "missing", "same"] as const).find((group) => groups[group].length > 0) ?? "same";
  const rows = groups[shown];
  return (
    <>
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b px-4 py-1.5 md:px-5">
        <Segments
          label={words.groupsLabel}
          options={GROUPS.filter((group) => group !== "unplayable" || groups.unplayable.length > 0).map((group) => ({
            value: group,
            name: words.groups[group],
            count: groups[group].length,
          }))}
          value={shown}
          onChange={setAsked}
        />
        <span className="hidden min-w-0 flex-1 truncate text-2xs text-ink-3 xl:block" title={words.limits}>
          {words.limits}
        </span>
      </div>
      <Rows key={shown} group={shown} rows={rows} isRunning={state.status === "running"} onOpen={setOpened} />
      {opened && state.definition && (
        <ReplayDialog row={opened} definition={state.definition} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

function grouped(rows: readonly BacktestRow[]): Record<Group, BacktestRow[]> {
  const groups: Record<Group, BacktestRow[]> = { same: [], other: [], missing: [], unplayable: [] };
  for (const row of rows) groups[groupOf(row.result)].push(row);
  // Of those that went another way, the ones that broke are what one looks for.
  groups.other.sort((a, b) => Number(isFailing(b.result)) - Number(isFailing(a.result)));
  return groups;
}

function Rows({
  group,
  rows,
  isRunning,
  onOpen,
}: {
  group: Group;
  rows: readonly BacktestRow[];
  isRunning: boolean;
  onOpen: (row: BacktestRow) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  return (
    <ScrollArea ref={scroller} label={words.groups[group]} className="min-h-0">
      {rows.length === 0 && !isRunning && <p className="px-4 py-4 text-sm text-ink-3 md:px-5">{words.none[group]}</p>}
      <ul aria-label={words.results} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <li
                key={row.execution.id}
                className="absolute inset-x-0 top-0 border-b"
                style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              >
                <Row row={row} onOpen={() => onOpen(row)} />
              </li>
            )
          );
        })}
      </ul>
    </ScrollArea>
  );
}

function Row({ row: { execution, result, recording }, onOpen }: { row: BacktestRow; onOpen: () => void }) {
  const group = groupOf(result);
  const { icon: Mark, status } = isFailing(result) ? { icon: CircleX, status: "failed" } : MARKS[group];
  const name = execution.key ?? execution.id;
  const sentence = sentenceOf(result);
  return (
    <button
      type="button"
      disabled={recording === null || !("group" in result)}
      aria-label={`${words.compareOf(name)}. ${sentence}`}
      onClick={onOpen}
      className="grid h-full w-full grid-cols-[16px_minmax(0,1fr)] items-center gap-x-3 px-4 text-left focus-inset enabled:hover:bg-hover md:grid-cols-[16px_minmax(120px,200px)_96px_88px_minmax(0,1fr)] md:px-5"
    >
      <Mark aria-hidden size={14} data-status={status} className="text-tone" />
      <span className={`truncate ${execution.key === null ? "font-mono text-xs" : "text-sm font-medium"}`}>{name}</span>
      <span className="hidden text-xs md:block">
        <Status status={execution.status} />
      </span>
      <span className="hidden truncate text-xs text-ink-3 md:block">
        <RelativeTime at={execution.startedAt ?? execution.createdAt} />
      </span>
      <span
        title={sentence}
        className="text-xs leading-4 text-ink-2 max-md:col-start-2 max-md:truncate md:line-clamp-2"
      >
        {sentence}
      </span>
    </button>
  );
}
