"use client";
/** Every event in order: a sentence each, the raw JSON on demand. Follows the end while one is at the end. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ChevronDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { texts } from "@/lib/client/texts";
import type { HistoryEvent } from "@/lib/contract/history";
import { Button } from "../_ui/button";
import { Combobox } from "../_ui/combobox";
import { ScrollArea } from "../_ui/scroll-area";
import { EventRow } from "./event-row";
import type { Snapshot } from "./execution-feed";
import { ViewSkeleton } from "./skeletons";

const words = texts.events;
const ROW_HEIGHT = 32;
const AT_END_PX = 48;

export function EventsView({
  snapshot,
  selectedStep,
  linked,
  onSelect,
  onLink,
}: {
  snapshot: Snapshot;
  selectedStep: string | null;
  /** The sequence that the URL names. */
  linked: number | null;
  onSelect: (key: string) => void;
  onLink: (sequence: number | null) => void;
}) {
  const { events, version } = snapshot;
  const [type, setType] = useState<string | null>(null);
  const [elapsed, setElapsed] = useState(false);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const open = linked !== null && !unfolded.has(linked) ? new Set([...unfolded, linked]) : unfolded;
  const types = useTypes(events, version);
  const shown = useFiltered(events, type, version);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => shown[index]?.sequence ?? index,
    overscan: 16,
  });
  const [atEnd, setAtEnd] = useState(false);
  useFollow(atEnd, shown.length, () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight }));
  const linkedIndex = linked === null || type !== null ? -1 : linked - 1;
  const revealed = useRef<number | null>(null);
  useEffect(() => {
    if (linkedIndex < 0 || linkedIndex >= shown.length || revealed.current === linkedIndex) return;
    revealed.current = linkedIndex;
    virtual.scrollToIndex(linkedIndex, { align: "center" });
  }, [linkedIndex, shown.length, virtual]);

  if (events.length === 0) return <ViewSkeleton />;
  const startedAt = Date.parse(events[0]?.at ?? "");
  function toggle(sequence: number) {
    const next = new Set(open);
    if (!next.delete(sequence)) next.add(sequence);
    setUnfolded(next);
    if (sequence === linked) onLink(null);
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-b px-4 md:px-6">
        <Combobox
          options={[{ value: "", label: words.allTypes }, ...types.map((name) => ({ value: name, label: name }))]}
          value={type ?? ""}
          onChange={(value) => setType(value === "" ? null : value)}
          placeholder={words.filter}
          empty={words.empty}
          trigger={
            <button
              type="button"
              className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong px-2 text-xs hover:bg-hover"
            >
              {type ?? words.allTypes}
              <ChevronDown aria-hidden size={12} className="text-ink-3" />
            </button>
          }
        />
        <Button variant="ghost" size="sm" aria-pressed={elapsed} onClick={() => setElapsed(!elapsed)}>
          {elapsed ? words.relative : words.absolute}
        </Button>
        <span className="ml-auto text-xs text-ink-3 tabular">{words.count(shown.length)}</span>
      </div>
      <ScrollArea
        ref={scroller}
        label={words.label}
        onScroll={({ currentTarget: at }) => setAtEnd(at.scrollHeight - at.scrollTop - at.clientHeight < AT_END_PX)}
      >
        {shown.length === 0 && <p className="px-4 py-6 text-ink-3 md:px-6">{words.empty}</p>}
        <div role="list" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const event = shown[item.index];
            return (
              event && (
                <div
                  key={item.key}
                  role="listitem"
                  data-index={item.index}
                  ref={virtual.measureElement}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <EventRow
                    event={event}
                    startedAt={elapsed ? startedAt : null}
                    unfolded={open.has(event.sequence)}
                    linked={event.sequence === linked}
                    selectedStep={selectedStep}
                    onToggle={toggle}
                    onSelect={onSelect}
                    onLink={onLink}
                  />
                </div>
              )
            );
          })}
        </div>
      </ScrollArea>
      {!atEnd && shown.length > 50 && (
        <Button
          size="sm"
          className="absolute right-6 bottom-4 shadow-float"
          onClick={() => virtual.scrollToIndex(shown.length - 1, { align: "end" })}
        >
          <ArrowDown aria-hidden size={13} />
          {words.jumpToEnd}
        </Button>
      )}
    </div>
  );
}

/** The types that occur, in the order in which they first did: those newer than this page too. */
function useTypes(events: readonly HistoryEvent[], version: number): string[] {
  const found = useRef<{ upTo: number; types: Set<string> }>({ upTo: 0, types: new Set() });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that grew in place
  return useMemo(() => {
    const { current } = found;
    for (; current.upTo < events.length; current.upTo++) current.types.add(events[current.upTo]?.type ?? "");
    return [...current.types];
  }, [events, version]);
}

/** Filtered once for what is new, not for the whole history at each event. */
function useFiltered(events: readonly HistoryEvent[], type: string | null, version: number): readonly HistoryEvent[] {
  const cache = useRef<{
    type: string | null;
    events: readonly HistoryEvent[];
    upTo: number;
    found: HistoryEvent[];
  } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that grew in place
  return useMemo(() => {
    if (type === null) return events.slice();
    const known = cache.current;
    const start = known && known.type === type && known.events === events ? known.upTo : 0;
    const fresh = events.slice(start).filter((event) => event.type === type);
    const found = start === 0 ? fresh : [...(known?.found ?? []), ...fresh];
    cache.current = { type, events, upTo: events.length, found };
    return found;
  }, [events, type, version]);
}

function useFollow(following: boolean, count: number, toEnd: () => void) {
  const before = useRef(count);
  useEffect(() => {
    if (following && count > before.current) toEnd();
    before.current = count;
  });
}
