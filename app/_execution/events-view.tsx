"use client";
/**
 * Every event in order, or step by step: a sentence each, the raw JSON on demand. Follows the end while one is at the end; in
 * the past it follows the shown moment, and dims what came after it.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { texts } from "@/lib/client/texts";
import { eventListTexts } from "@/lib/client/texts/moment";
import type { HistoryEvent } from "@/lib/contract/history";
import { Button } from "../_ui/button";
import { ScrollArea } from "../_ui/scroll-area";
import { EventGroupRow } from "./event-group-row";
import { EventList, itemsOf } from "./event-list";
import { EventRow } from "./event-row";
import { EventsToolbar } from "./events-toolbar";
import type { Snapshot } from "./execution-feed";
import { ViewSkeleton } from "./skeletons";
import type { ViewState } from "./use-view";

const words = texts.events;
const ROW_HEIGHT = 32;
const AT_END_PX = 48;

export function EventsView({
  live,
  shown,
  state,
  onSelect,
  onShow,
  onMoment,
}: {
  /** All that has arrived. */
  live: Snapshot;
  /** The same, or of a moment that has passed. */
  shown: Snapshot;
  state: ViewState;
  onSelect: (key: string) => void;
  onShow: (change: Partial<ViewState>) => void;
  onMoment: (sequence: number) => void;
}) {
  const { events, version } = live;
  const { event: linked, step: selectedStep } = state;
  const until = shown.at ?? Number.POSITIVE_INFINITY;
  const [elapsed, setElapsed] = useState(false);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const [openGroups, setOpenGroups] = useState<ReadonlySet<string>>(new Set());
  const open = linked !== null && !unfolded.has(linked) ? new Set([...unfolded, linked]) : unfolded;
  const onlyStep = state.only ? selectedStep : null;
  const list = useEventList(events, version, state.type, onlyStep);
  const isByStep = state.layout === "steps";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that arrived
  const items = useMemo(
    () => (isByStep ? itemsOf(list.groups, openGroups) : null),
    [isByStep, list, openGroups, version],
  );
  const total = items ? items.length : list.events.length;
  const scroller = useRef<HTMLDivElement>(null);
  const itemAt = (index: number) => {
    const event = list.events[index];
    return items ? items[index] : event && { kind: "event" as const, event, isInside: false };
  };
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => {
      const item = itemAt(index);
      return item?.kind === "group" ? item.group.key : (item?.event.sequence ?? index);
    },
    overscan: 16,
  });
  const [atEnd, setAtEnd] = useState(false);
  useFollow(atEnd && shown.at === null, total, () =>
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight }),
  );
  const revealed = linked ?? shown.at;
  useReveal(revealed === null || items ? null : list.indexOf(revealed), total, virtual.scrollToIndex);

  if (events.length === 0) return <ViewSkeleton />;
  const startedAt = elapsed ? Date.parse(events[0]?.at ?? "") : null;
  function toggle(sequence: number) {
    const next = new Set(open);
    if (!next.delete(sequence)) next.add(sequence);
    setUnfolded(next);
    if (sequence === linked) onShow({ event: null });
  }
  function toggleGroup(key: string) {
    const next = new Set(openGroups);
    if (!next.delete(key)) next.add(key);
    setOpenGroups(next);
    onSelect(key);
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <EventsToolbar live={live} list={list} state={state} elapsed={elapsed} onElapsed={setElapsed} onShow={onShow} />
      <ScrollArea
        ref={scroller}
        label={words.label}
        onScroll={({ currentTarget: at }) => setAtEnd(at.scrollHeight - at.scrollTop - at.clientHeight < AT_END_PX)}
      >
        {total === 0 && (
          <p className="px-4 py-6 text-ink-3 md:px-6">{onlyStep === null ? words.empty : eventListTexts.noneOfStep}</p>
        )}
        <div role="list" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((virtualItem) => {
            const item = itemAt(virtualItem.index);
            return (
              item && (
                <div
                  key={virtualItem.key}
                  role="listitem"
                  data-index={virtualItem.index}
                  ref={virtual.measureElement}
                  className="absolute inset-x-0 top-0"
                  style={{ transform: `translateY(${virtualItem.start}px)` }}
                >
                  {item.kind === "group" ? (
                    <EventGroupRow
                      group={item.group}
                      row={shown.timeline.byKey.get(item.group.key)}
                      until={until}
                      startedAt={startedAt}
                      isUnfolded={item.isUnfolded}
                      isSelected={item.group.key === selectedStep}
                      onToggle={toggleGroup}
                    />
                  ) : (
                    <EventRow
                      event={item.event}
                      startedAt={startedAt}
                      unfolded={open.has(item.event.sequence)}
                      linked={item.event.sequence === linked}
                      place={item.event.sequence > until ? "after" : item.event.sequence === until ? "at" : "before"}
                      isInside={item.isInside}
                      selectedStep={selectedStep}
                      onToggle={toggle}
                      onSelect={onSelect}
                      onLink={(event) => onShow({ event })}
                      onMoment={onMoment}
                    />
                  )}
                </div>
              )
            );
          })}
        </div>
      </ScrollArea>
      {!atEnd && total > 50 && (
        <Button
          size="sm"
          className="absolute right-6 bottom-4 shadow-float"
          onClick={() => virtual.scrollToIndex(total - 1, { align: "end" })}
        >
          <ArrowDown aria-hidden size={13} />
          {words.jumpToEnd}
        </Button>
      )}
    </div>
  );
}

/** Filtered once for what is new, not for the whole history at each event. */
function useEventList(
  events: readonly HistoryEvent[],
  version: number,
  type: string | null,
  step: string | null,
): EventList {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another history is another list
  const list = useMemo(() => new EventList({ type, step }), [events, type, step]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that arrived
  return useMemo(() => {
    list.grow(events);
    return list;
  }, [list, events, version]);
}

function useFollow(following: boolean, count: number, toEnd: () => void) {
  const before = useRef(count);
  useEffect(() => {
    if (following && count > before.current) toEnd();
    before.current = count;
  });
}

/** Brings what the URL names, or the shown moment, into view whenever it becomes another one. */
function useReveal(
  index: number | null,
  total: number,
  scrollToIndex: (index: number, options: { align: "center" | "auto" }) => void,
) {
  const revealed = useRef<number | null>(null);
  useEffect(() => {
    if (index === null || index >= total || revealed.current === index) return;
    const isFirst = revealed.current === null;
    revealed.current = index;
    scrollToIndex(index, { align: isFirst ? "center" : "auto" });
  }, [index, total, scrollToIndex]);
}
