"use client";
/** The timeline: one row a step, one axis, only the rows in view in the document. Arrow keys walk the steps. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { FoldHorizontal, Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useNow } from "@/lib/client/clock";
import { texts } from "@/lib/client/texts";
import type { Execution } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { useMedia, WIDE } from "../_ui/media";
import type { Snapshot } from "./execution-feed";
import { ViewSkeleton } from "./skeletons";
import type { Overlay } from "./step-overlay";
import { timeScale } from "./time-scale";
import { TimelineAxis, TimelineGrid } from "./timeline-axis";
import { TimelineLegend } from "./timeline-legend";
import { TimelineRow } from "./timeline-row";

const words = texts.timeline;
const ROW_HEIGHT = 28;
/** A young execution grows visibly: its bars move four times a second, an older one's once. */
const YOUNG_MS = 60_000;

export interface TimelineProps {
  execution: Execution;
  snapshot: Snapshot;
  overlay: Overlay;
  selected: string | null;
  onSelect: (key: string | null) => void;
}

export function TimelineView({ execution, snapshot, overlay, selected, onSelect }: TimelineProps) {
  const { timeline, version, backlog } = snapshot;
  const wide = useMedia(WIDE);
  const from = timeline.startedAt ?? Date.parse(execution.createdAt);
  const open = timeline.closedAt === null && execution.closedAt === null;
  const now = useNow(open ? (timeline.lastAt - from < YOUNG_MS ? 250 : 1000) : null);
  const until = open ? Math.max(now, timeline.lastAt) : (timeline.closedAt ?? timeline.lastAt);
  const [shorten, setShorten] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for gaps that grew in place
  const scale = useMemo(() => timeScale(from, until, timeline.gaps, shorten), [from, until, shorten, version]);

  const [find, setFind] = useState("");
  const wanted = useDeferredValue(find.trim().toLowerCase());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for rows that grew in place
  const rows = useMemo(
    () => (wanted ? timeline.rows.filter((row) => row.key.toLowerCase().includes(wanted)) : timeline.rows),
    [wanted, version, timeline],
  );
  const rowCount = rows.length;

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  useRevealSelected(
    selected,
    rows.findIndex((row) => row.key === selected),
    virtual.scrollToIndex,
  );

  function onKeyDown(event: KeyboardEvent) {
    const at = rows.findIndex((row) => row.key === selected);
    const next = { ArrowDown: at + 1, ArrowUp: at === -1 ? rowCount - 1 : at - 1, Home: 0, End: rowCount - 1 }[
      event.key
    ];
    if (event.key === "Escape") onSelect(null);
    else if (next !== undefined) {
      const row = rows[Math.min(rowCount - 1, Math.max(0, next))];
      if (row) onSelect(row.key);
    } else return;
    event.preventDefault();
  }

  if (timeline.rows.length === 0 && (backlog > 0 || snapshot.events.length < execution.sequence))
    return <ViewSkeleton />;
  const names = wide ? "minmax(160px, 240px)" : "132px";
  const columns = `${names} minmax(0, 1fr) ${wide ? "84px" : "64px"}`;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        className="relative min-h-0 flex-1 overflow-y-auto outline-accent has-[>[role=listbox]:focus-visible]:outline-2 has-[>[role=listbox]:focus-visible]:-outline-offset-2"
      >
        <div
          className="sticky top-0 z-20 grid h-8 items-center border-b bg-canvas"
          style={{ gridTemplateColumns: columns }}
        >
          <FindStep value={find} onChange={setFind} />
          <TimelineAxis scale={scale} wide={wide} />
          <ShortenToggle
            on={shorten}
            onChange={setShorten}
            usable={scale.pieces.some((piece) => piece.short) || !shorten}
          />
        </div>
        <div
          {...(rowCount > 0 && {
            role: "listbox",
            "aria-label": words.label,
            "aria-activedescendant": selected ? `step-${selected}` : undefined,
            tabIndex: 0,
            onKeyDown,
          })}
          className="relative min-h-[calc(100%-2rem)] focus-visible:outline-none"
          style={{ height: virtual.getTotalSize() }}
        >
          <div
            aria-hidden
            className="pointer-events-none absolute inset-0 grid"
            style={{ gridTemplateColumns: columns }}
          >
            <span className="border-r" />
            <TimelineGrid scale={scale} wide={wide} open={open} />
            <span className="border-l" />
          </div>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <div
                  key={item.key}
                  role="presentation"
                  className="absolute inset-x-0 top-0"
                  style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
                >
                  <TimelineRow
                    row={row}
                    version={row.version}
                    scale={scale}
                    now={row.endedAt === null ? until : null}
                    running={overlay.get(row.key)}
                    selected={row.key === selected}
                    onSelect={onSelect}
                    columns={columns}
                    position={item.index + 1}
                    count={rowCount}
                  />
                </div>
              )
            );
          })}
        </div>
        {rowCount === 0 && (
          <p className="absolute top-8 px-4 py-6 text-ink-3 md:px-6">{wanted ? words.noMatch : words.empty}</p>
        )}
      </div>
      <TimelineLegend steps={timeline.rows.length} />
    </div>
  );
}

/** Brings the selected step into view when the selection changes, wherever it was changed. */
function useRevealSelected(key: string | null, index: number, scrollToIndex: (index: number) => void) {
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (key === null || index === -1 || revealed.current === key) return;
    revealed.current = key;
    scrollToIndex(index);
  }, [key, index, scrollToIndex]);
}

function FindStep({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <span className="relative flex h-full items-center border-r">
      <Search aria-hidden size={12} className="pointer-events-none absolute left-4 text-ink-3 md:left-6" />
      <input
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => event.stopPropagation()}
        className="h-full w-full min-w-0 bg-transparent pr-2 pl-9 text-xs focus-inset md:pl-11"
      />
    </span>
  );
}

function ShortenToggle({ on, onChange, usable }: { on: boolean; onChange: (on: boolean) => void; usable: boolean }) {
  return (
    <span className="flex h-full items-center justify-end border-l pr-2 md:pr-4">
      {usable && (
        <button
          type="button"
          aria-pressed={on}
          aria-label={words.fold}
          title={words.fold}
          onClick={() => onChange(!on)}
          className={classNames(
            "inline-flex size-6 items-center justify-center rounded-sm hover:bg-hover",
            on ? "bg-active text-ink" : "text-ink-3",
          )}
        >
          <FoldHorizontal aria-hidden size={13} />
        </button>
      )}
    </span>
  );
}
