"use client";
/** Two weeks of what will run, by the looker's own clock; days when a schedule's clock changes are marked. */
import { ChevronLeft, ChevronRight, Clock } from "lucide-react";
import { useMemo, useState } from "react";
import { clockTime } from "@/lib/client/format";
import { RUNS_AHEAD, useCalendarRuns } from "@/lib/client/schedules";
import { scheduleTexts } from "@/lib/client/texts/schedules";
import type { Schedule } from "@/lib/contract/schedules";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { ScrollArea } from "../_ui/scroll-area";
import { Skeleton } from "../_ui/skeleton";
import { type Day, type DayEntry, layOut, midnights } from "./calendar-model";

const words = scheduleTexts.calendar;
const DAYS = 14;
const ENTRIES_SHOWN = 6;
/** More runs a day than these are told by their number. */
const TIMES_SHOWN = 3;

export function CalendarView({ schedules, onOpen }: { schedules: Schedule[]; onOpen: (id: string) => void }) {
  const [page, setPage] = useState(0);
  const today = new Date().setHours(0, 0, 0, 0);
  const bounds = useMemo(() => {
    const first = new Date(today);
    return midnights(first.setDate(first.getDate() + page * DAYS), DAYS);
  }, [today, page]);
  const active = useMemo(() => schedules.filter(({ paused }) => !paused), [schedules]);
  // Of runs after that instant: those at midnight count.
  const { runs, isPending } = useCalendarRuns(active, new Date((bounds[0] ?? today) - 1).toISOString());
  const days = useMemo(() => layOut(runs, bounds, RUNS_AHEAD), [runs, bounds]);
  return (
    <ScrollArea label={words.label} className="px-4 py-4 md:px-6">
      <div className="mb-3 flex items-center gap-2">
        <Button size="sm" onClick={() => setPage(page - 1)} disabled={page === 0} aria-label={words.earlier}>
          <ChevronLeft aria-hidden size={14} />
        </Button>
        <Button size="sm" onClick={() => setPage(page + 1)} aria-label={words.later}>
          <ChevronRight aria-hidden size={14} />
        </Button>
        {page !== 0 && (
          <Button size="sm" variant="ghost" onClick={() => setPage(0)}>
            {words.today}
          </Button>
        )}
        <h2 className="ml-1 text-sm font-medium">{spanOf(bounds)}</h2>
        <p className="ml-auto hidden text-xs text-ink-3 sm:block">{words.paused}</p>
      </div>
      <ol className="grid gap-px overflow-hidden rounded-md border bg-line md:grid-cols-7">
        {days.map((day) => (
          <DayCell key={day.from} day={day} isToday={day.from === today} isPending={isPending} onOpen={onOpen} />
        ))}
      </ol>
    </ScrollArea>
  );
}

const dayName = new Intl.DateTimeFormat("en", { weekday: "short", day: "numeric", month: "short" });

function spanOf(bounds: readonly number[]): string {
  return dayName.formatRange(bounds[0] ?? 0, (bounds.at(-1) ?? 1) - 1);
}

function DayCell({
  day,
  isToday,
  isPending,
  onOpen,
}: {
  day: Day;
  isToday: boolean;
  isPending: boolean;
  onOpen: (id: string) => void;
}) {
  const [all, setAll] = useState(false);
  const shown = all ? day.entries : day.entries.slice(0, ENTRIES_SHOWN);
  return (
    <li className="flex min-h-9 flex-col gap-1 bg-canvas p-2 md:min-h-36">
      <p className={classNames("text-2xs", isToday ? "font-semibold text-accent" : "text-ink-3")}>
        <time dateTime={new Date(day.from).toISOString()}>{dayName.format(day.from)}</time>
      </p>
      {day.changes.map(({ zone, byMinutes }) => (
        <p key={zone} className="flex items-start gap-1 text-2xs text-warning">
          <Clock aria-hidden size={11} className="mt-0.5 shrink-0" />
          {words.clockChanges(zone, `${byMinutes > 0 ? "+" : "−"}${Math.abs(byMinutes) / 60} h`)}
        </p>
      ))}
      {isPending ? (
        <Skeleton className="h-3.5 w-2/3" />
      ) : (
        day.entries.length === 0 && <p className="text-2xs text-ink-3 md:sr-only">{words.nothing}</p>
      )}
      <ul className="flex flex-col gap-0.5">
        {shown.map((entry) => (
          <li key={entry.scheduleId}>
            <Entry entry={entry} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {day.entries.length > shown.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="self-start rounded-sm px-1 text-2xs text-accent hover:bg-hover"
        >
          {words.more(day.entries.length - shown.length)}
        </button>
      )}
    </li>
  );
}

function Entry({ entry: { scheduleId, name, at, goesOn }, onOpen }: { entry: DayEntry; onOpen: (id: string) => void }) {
  const times = at.map((time) => clockTime(time).slice(0, 5));
  const few = !goesOn && times.length <= TIMES_SHOWN;
  return (
    <button
      type="button"
      onClick={() => onOpen(scheduleId)}
      title={goesOn ? words.goesOnHint : times.join(", ")}
      className="flex w-full min-w-0 items-baseline gap-1.5 rounded-sm px-1 py-0.5 text-left text-xs focus-inset hover:bg-hover"
    >
      {few && <span className="shrink-0 text-2xs text-ink-3 tabular">{times.join(" ")}</span>}
      <span className="min-w-0 truncate">
        {few ? name : goesOn ? words.goesOn(name) : words.times(times.length, name)}
      </span>
    </button>
  );
}
