"use client";
/** All events of one step in one line: how it stood at the shown moment, and the last that was said of it by then. */
import { ChevronRight } from "lucide-react";
import { sentenceOf } from "@/lib/client/event-sentences";
import { absoluteTime, count } from "@/lib/client/format";
import { eventListTexts as words } from "@/lib/client/texts/moment";
import type { HistoryEvent } from "@/lib/contract/history";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import type { EventGroup } from "./event-list";
import { timeOf } from "./event-row";
import type { Row } from "./timeline-model";

export function EventGroupRow({
  group,
  row,
  until,
  startedAt,
  isUnfolded,
  isSelected,
  onToggle,
}: {
  group: EventGroup & { key: string };
  /** Of the shown moment; absent where the step had not begun. */
  row: Row | undefined;
  /** The sequence of the shown moment. */
  until: number;
  startedAt: number | null;
  isUnfolded: boolean;
  isSelected: boolean;
  onToggle: (key: string) => void;
}) {
  const { key, events } = group;
  const first = events[0];
  const last = events.findLast(({ sequence }) => sequence <= until);
  if (!first) return null;
  return (
    <button
      type="button"
      aria-expanded={isUnfolded}
      aria-label={words.group(key, events.length)}
      onClick={() => onToggle(key)}
      className={classNames(
        "flex min-h-8 w-full items-center gap-3 border-b pr-3 pl-4 text-left focus-inset hover:bg-hover/60 md:pr-6 md:pl-6",
        isSelected && "bg-accent-tint/70",
      )}
    >
      <ChevronRight
        aria-hidden
        size={12}
        className={classNames("shrink-0 text-ink-3 transition-transform", isUnfolded && "rotate-90")}
      />
      <span className="hidden w-10 shrink-0 text-right font-mono text-2xs text-ink-3 tabular sm:inline">
        {first.sequence}
      </span>
      <time
        dateTime={first.at}
        title={absoluteTime(first.at)}
        className="w-[88px] shrink-0 font-mono text-2xs text-ink-3 tabular"
      >
        {timeOf(first, startedAt)}
      </time>
      <StatusIcon status={row?.status ?? "pending"} size={13} />
      <span className={classNames("max-w-60 shrink-0 truncate font-mono text-2xs font-medium", !last && "text-ink-3")}>
        {key}
      </span>
      <span className="min-w-0 flex-1 truncate text-xs text-ink-2">{last && saidOf(last)}</span>
      <span className="shrink-0 text-2xs text-ink-3 tabular">{count(events.length, "event")}</span>
    </button>
  );
}

/** What it says behind the name of its step, which stands before it. */
function saidOf(event: HistoryEvent): string {
  const [, ...said] = sentenceOf(event);
  return said
    .map((part) => (typeof part === "string" ? part : part.code))
    .join("")
    .trim();
}
