"use client";
/** What the list of events shows and how: layout, type, one step alone, times; and all of it to be copied. */
import { Check, ChevronDown, Copy } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { texts } from "@/lib/client/texts";
import { eventListTexts } from "@/lib/client/texts/moment";
import type { HistoryEvent } from "@/lib/contract/history";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import type { EventList } from "./event-list";
import type { Snapshot } from "./execution-feed";
import { EVENT_LAYOUTS, type ViewState } from "./use-view";

const words = texts.events;
const LAYOUT_NAMES = { events: eventListTexts.asEvents, steps: eventListTexts.asSteps };

export function EventsToolbar({
  live,
  list,
  state,
  elapsed,
  onElapsed,
  onShow,
}: {
  live: Snapshot;
  list: EventList;
  state: ViewState;
  elapsed: boolean;
  onElapsed: (elapsed: boolean) => void;
  onShow: (change: Partial<ViewState>) => void;
}) {
  const { type, step, only, layout } = state;
  const types = useTypes(live.events, live.version);
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 overflow-x-auto border-b px-4 md:px-6">
      <fieldset aria-label={eventListTexts.layout} className="flex shrink-0 rounded-md border border-line-strong p-px">
        {EVENT_LAYOUTS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={layout === name}
            onClick={() => onShow({ layout: name })}
            className={classNames(
              "h-6 rounded-sm px-2 text-xs",
              layout === name ? "bg-active text-ink" : "text-ink-2 hover:text-ink",
            )}
          >
            {LAYOUT_NAMES[name]}
          </button>
        ))}
      </fieldset>
      <Combobox
        options={[{ value: "", label: words.allTypes }, ...types.map((name) => ({ value: name, label: name }))]}
        value={type ?? ""}
        onChange={(value) => onShow({ type: value === "" ? null : value })}
        placeholder={words.filter}
        empty={words.empty}
        trigger={
          <button
            type="button"
            className="inline-flex h-7 shrink-0 items-center gap-1.5 rounded-md border border-line-strong px-2 text-xs hover:bg-hover"
          >
            {type ?? words.allTypes}
            <ChevronDown aria-hidden size={12} className="text-ink-3" />
          </button>
        }
      />
      {step !== null && (
        <Button
          size="sm"
          variant={only ? "outline" : "ghost"}
          aria-pressed={only}
          onClick={() => onShow({ only: !only })}
          className={classNames("max-w-60", only && "border-accent bg-accent-tint")}
        >
          <span className="truncate">{eventListTexts.onlyStep(step)}</span>
        </Button>
      )}
      <Button variant="ghost" size="sm" aria-pressed={elapsed} onClick={() => onElapsed(!elapsed)}>
        {elapsed ? words.relative : words.absolute}
      </Button>
      <span className="ml-auto shrink-0 text-xs text-ink-3 tabular">{words.count(list.events.length)}</span>
      <CopyAll events={list.events} />
    </div>
  );
}

/** The text is made when it is asked for: of a hundred thousand events it is large. */
function CopyAll({ events }: { events: readonly HistoryEvent[] }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-label={copied ? texts.common.copied : eventListTexts.copyAll}
      title={eventListTexts.copyAll}
      className="px-1.5"
      onClick={() =>
        navigator.clipboard?.writeText(JSON.stringify(events, null, 2)).then(
          () => setCopied(true),
          () => setCopied(false),
        )
      }
    >
      <Icon aria-hidden size={13} />
    </Button>
  );
}

/** The types that occur, in the order in which they first did: those newer than this page too. */
function useTypes(events: readonly HistoryEvent[], version: number): string[] {
  const found = useRef<{ events: readonly HistoryEvent[]; upTo: number; types: Set<string> } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that grew in place
  return useMemo(() => {
    if (found.current?.events !== events) found.current = { events, upTo: 0, types: new Set() };
    const { current } = found;
    for (; current.upTo < events.length; current.upTo++) current.types.add(events[current.upTo]?.type ?? "");
    return [...current.types];
  }, [events, version]);
}
