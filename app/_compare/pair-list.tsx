"use client";
/** The steps of both, side by side on one scale; only the rows in view are in the document. Arrows walk them, Escape unselects. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useMemo, useRef } from "react";
import { compareTexts } from "@/lib/client/texts/compare";
import type { TimelineModel } from "../_execution/timeline-model";
import { useMedia, WIDE } from "../_ui/media";
import { Segments } from "../_ui/segments";
import type { Comparison, StepPair } from "./compare-model";
import { PAIR_COLUMNS, PairRow, type PairScale } from "./pair-row";
import { type CompareFilter, FILTERS, useCompareView } from "./use-compare-view";

const words = compareTexts;
const HEIGHT = { wide: 40, narrow: 64 };

export function PairList({
  comparison,
  left,
  right,
  selected,
  onSelect,
}: {
  comparison: Comparison;
  left: TimelineModel;
  right: TimelineModel;
  selected: string | null;
  onSelect: (key: string | null) => void;
}) {
  const wide = useMedia(WIDE);
  const { filter, q, show } = useCompareView();
  const wanted = useDeferredValue(q.trim().toLowerCase());
  const pairs = useMemo(
    () => comparison.pairs.filter((pair) => fits(pair, filter) && pair.key.toLowerCase().includes(wanted)),
    [comparison, filter, wanted],
  );
  const scale = useMemo(() => scaleOf(left, right), [left, right]);
  const scroller = useRef<HTMLDivElement>(null);
  const height = wide ? HEIGHT.wide : HEIGHT.narrow;
  const virtual = useVirtualizer({
    count: pairs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => `${height}${pairs[index]?.key ?? index}`,
    overscan: 12,
  });

  function onKeyDown(event: KeyboardEvent) {
    const at = pairs.findIndex(({ key }) => key === selected);
    const end = pairs.length - 1;
    const next = { ArrowDown: at + 1, ArrowUp: at === -1 ? end : at - 1, Home: 0, End: end }[event.key];
    if (event.key === "Escape") onSelect(null);
    else if (next === undefined) return;
    else {
      const index = Math.min(end, Math.max(0, next));
      const pair = pairs[index];
      if (pair) onSelect(pair.key);
      virtual.scrollToIndex(index);
    }
    event.preventDefault();
  }

  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1 md:px-6">
        <Segments
          label={words.filters.label}
          options={FILTERS.map((value) => ({
            value,
            name: words.filters[value],
            count: { all: comparison.pairs.length, different: comparison.different, slower: comparison.slower.left }[
              value
            ],
          }))}
          value={filter}
          onChange={(value) => show({ filter: value })}
        />
        <span className="relative flex min-w-32 flex-1 items-center">
          <Search aria-hidden size={12} className="pointer-events-none absolute left-2 text-ink-3" />
          <input
            type="search"
            aria-label={words.filters.find}
            placeholder={words.filters.find}
            value={q}
            onChange={(event) => show({ q: event.target.value })}
            className="h-7 w-full rounded-md bg-transparent pr-2 pl-7 text-xs"
          />
        </span>
      </div>
      {wide && (
        <div aria-hidden className={`h-8 shrink-0 border-b px-4 text-xs text-ink-3 md:px-6 ${PAIR_COLUMNS}`}>
          <span>{words.list.step}</span>
          <span>{words.list.here}</span>
          <span>{words.list.there}</span>
          <span className="text-right">{words.list.delta}</span>
          <span className="truncate">{words.list.time}</span>
        </div>
      )}
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto">
        {pairs.length === 0 ? (
          <p className="px-4 py-6 text-ink-3 md:px-6">{emptySentence(filter, wanted)}</p>
        ) : (
          <div
            role="listbox"
            aria-label={words.list.label}
            aria-activedescendant={selected === null ? undefined : `pair-${selected}`}
            tabIndex={0}
            onKeyDown={onKeyDown}
            className="relative focus-inset"
            style={{ height: virtual.getTotalSize() }}
          >
            {virtual.getVirtualItems().map(({ index, key, start, size }) => {
              const pair = pairs[index];
              return (
                pair && (
                  <div
                    key={key}
                    role="presentation"
                    className="absolute inset-x-0 top-0"
                    style={{ height: size, transform: `translateY(${start}px)` }}
                  >
                    <PairRow
                      pair={pair}
                      scale={scale}
                      wide={wide}
                      isSelected={pair.key === selected}
                      position={index + 1}
                      count={pairs.length}
                      onSelect={onSelect}
                    />
                  </div>
                )
              );
            })}
          </div>
        )}
      </div>
    </div>
  );
}

function fits(pair: StepPair, filter: CompareFilter): boolean {
  if (filter === "different") return pair.differences.length > 0;
  return filter === "all" || pair.slower === "left";
}

function emptySentence(filter: CompareFilter, wanted: string): string {
  if (wanted !== "" || filter === "all") return words.filters.noMatch;
  return filter === "different" ? words.filters.noDifference : words.filters.noSlower;
}

/** Both begin at 0 and end where the longer one does. */
function scaleOf(left: TimelineModel, right: TimelineModel): PairScale {
  const from = (model: TimelineModel) => model.startedAt ?? model.rows[0]?.startedAt ?? model.lastAt;
  const tookMs = (model: TimelineModel) => (model.closedAt ?? model.lastAt) - from(model);
  return { left: from(left), right: from(right), lengthMs: Math.max(1, tookMs(left), tookMs(right)) };
}
