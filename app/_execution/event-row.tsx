"use client";
/** One event: sequence, time, what happened, by whom; unfolded, its raw JSON. What comes after the shown moment is dimmed. */
import { ChevronRight, History, Link2 } from "lucide-react";
import { memo } from "react";
import { actorParts, sentenceOf, toneOf } from "@/lib/client/event-sentences";
import { absoluteTime, clockTime, duration, shortId } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { momentTexts } from "@/lib/client/texts/moment";
import type { HistoryEvent } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { classNames } from "../_ui/class-names";
import { JsonView } from "../_ui/json-view";
import { stepOf } from "./event-list";

const words = texts.events;

interface RowProps {
  event: HistoryEvent;
  /** Times are shown from here; null: by the clock. */
  startedAt: number | null;
  unfolded: boolean;
  linked: boolean;
  /** Beside the shown moment: it had not happened, or was what had just happened. */
  place: "before" | "at" | "after";
  isInside: boolean;
  selectedStep: string | null;
  onToggle: (sequence: number) => void;
  onSelect: (key: string) => void;
  onLink: (sequence: number) => void;
  onMoment: (sequence: number) => void;
}

const ROW_BUTTON =
  "hidden size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-active hover:text-ink sm:inline-flex";

export const EventRow = memo(function EventRow(props: RowProps) {
  const { event, startedAt, unfolded, linked, place, isInside, selectedStep, onToggle, onSelect, onLink, onMoment } =
    props;
  const step = stepOf(event);
  const actor = actorParts(event.actor);
  return (
    <div
      aria-current={place === "at" ? "true" : undefined}
      title={place === "after" ? momentTexts.later : undefined}
      className={classNames(
        "group border-b",
        (linked || (step !== null && step === selectedStep)) && "bg-accent-tint/70",
        place === "at" && "border-b-accent shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <div
        className={classNames(
          "flex min-h-[31px] items-center gap-1 pr-3 hover:bg-hover/60 md:pr-6",
          isInside ? "pl-8 md:pl-10" : "pl-4 md:pl-6",
        )}
      >
        <button
          type="button"
          aria-expanded={unfolded}
          onClick={() => {
            onToggle(event.sequence);
            if (step) onSelect(step);
          }}
          className="flex min-w-0 flex-1 items-center gap-3 self-stretch text-left focus-inset"
        >
          <ChevronRight
            aria-hidden
            size={12}
            className={classNames("shrink-0 text-ink-3 transition-transform", unfolded && "rotate-90")}
          />
          <span className="hidden w-10 shrink-0 text-right font-mono text-2xs text-ink-3 tabular sm:inline">
            {event.sequence}
          </span>
          <time
            dateTime={event.at}
            title={absoluteTime(event.at)}
            className="w-[88px] shrink-0 font-mono text-2xs text-ink-3 tabular"
          >
            {timeOf(event, startedAt)}
          </time>
          <span data-status={toneOf(event)} className="flex min-w-0 flex-1 items-center gap-2">
            <span
              aria-hidden
              className={classNames(
                "size-1.5 shrink-0 rounded-full",
                place === "after" ? "border border-line-strong" : "bg-tone-fill",
              )}
            />
            <span className="hidden w-40 shrink-0 truncate text-xs text-ink-2 2xl:inline">{event.type}</span>
            <span className={classNames("min-w-0 truncate text-xs", place === "after" ? "text-ink-3" : "text-ink")}>
              <Sentence event={event} />
            </span>
          </span>
          <span title={event.actor} className="hidden w-28 shrink-0 truncate text-right text-2xs text-ink-3 md:inline">
            {actor.kind}
            {actor.id && <span className="font-mono"> {shortId(actor.id)}</span>}
          </span>
        </button>
        <button
          type="button"
          aria-label={`${momentTexts.goTo} ${event.sequence}`}
          title={momentTexts.goTo}
          onClick={() => onMoment(event.sequence)}
          className={ROW_BUTTON}
        >
          <History aria-hidden size={13} />
        </button>
        <button
          type="button"
          aria-label={`${words.link} ${event.sequence}`}
          title={words.link}
          onClick={() => {
            onLink(event.sequence);
            const url = new URL(window.location.href);
            url.searchParams.set("view", "events");
            url.searchParams.set("event", String(event.sequence));
            navigator.clipboard?.writeText(url.href);
          }}
          className={ROW_BUTTON}
        >
          <Link2 aria-hidden size={13} />
        </button>
      </div>
      {unfolded && (
        <div className="px-4 pb-3 md:pr-6 md:pl-[52px]">
          <JsonView value={event as unknown as JsonValue} title={words.raw} />
        </div>
      )}
    </div>
  );
});

/** By the clock, or since the start. */
export function timeOf({ at }: HistoryEvent, startedAt: number | null): string {
  return startedAt === null ? clockTime(at, { ms: true }) : `+${duration(Date.parse(at) - startedAt)}`;
}

function Sentence({ event }: { event: HistoryEvent }) {
  return sentenceOf(event).map((part, index) =>
    typeof part === "string" ? (
      part
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
      <span key={index} className="font-mono text-2xs font-medium">
        {part.code}
      </span>
    ),
  );
}
