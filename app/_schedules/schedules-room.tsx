"use client";
/** What starts by the clock: a list with the next and the last run of each, or a calendar of what will run. */
import { CalendarClock, Plus } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { useSchedules } from "@/lib/client/schedules";
import { scheduleTexts as words } from "@/lib/client/texts/schedules";
import type { Schedule } from "@/lib/contract/schedules";
import { Beside } from "../_rooms/beside";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { Segments } from "../_ui/segments";
import { RelativeTime } from "../_ui/time";
import { cronWords } from "./cron-words";
import { SchedulePanel } from "./schedule-panel";
import { ScheduleState } from "./schedule-state";

const ScheduleForm = dynamic(() => import("./schedule-form").then((module) => module.ScheduleForm), { ssr: false });
const CalendarView = dynamic(() => import("./calendar-view").then((module) => module.CalendarView), { ssr: false });

const NAMES = ["view", "schedule"] as const;
const CALENDAR = "calendar";
const nothing = () => {};

const COLUMNS: EndlessColumn<Schedule>[] = [
  {
    name: words.columns.name,
    width: "minmax(160px, 1.2fr)",
    cell: ({ name, workflow }) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-medium">{name}</span>
        <span className="truncate text-xs text-ink-3">{workflow}</span>
      </span>
    ),
  },
  {
    name: words.columns.when,
    width: "minmax(180px, 1.4fr)",
    cell: ({ cron, timezone }) => (
      <span className="flex min-w-0 flex-col">
        <span title={cron} className="truncate">
          {cronWords(cron)}
        </span>
        <span className="truncate text-xs text-ink-3">
          <span className="font-mono text-2xs">{cron}</span> {words.wordsFor.timezone(timezone)}
        </span>
      </span>
    ),
  },
  {
    name: words.columns.state,
    width: "minmax(96px, 0.8fr)",
    cell: (schedule) => <ScheduleState schedule={schedule} />,
  },
  { name: words.columns.last, width: "92px", numeric: true, cell: ({ lastRunAt }) => <At at={lastRunAt} /> },
  { name: words.columns.next, width: "92px", numeric: true, cell: ({ nextRunAt }) => <At at={nextRunAt} /> },
];

export function SchedulesRoom() {
  const [address, change] = useAddress(NAMES);
  const schedules = useSchedules();
  const mayPublish = useMay("publish");
  const [making, setMaking] = useState(false);
  const isCalendar = address.view === CALENDAR;
  const shown = schedules.data?.find(({ id, name }) => id === address.schedule || name === address.schedule);
  return (
    <>
      <RoomHeader title={words.title}>
        {mayPublish && (
          <Button variant="solid" size="sm" onClick={() => setMaking(true)}>
            <Plus aria-hidden size={14} />
            {words.create}
          </Button>
        )}
      </RoomHeader>
      <div className="flex h-11 shrink-0 items-center border-b px-4 md:px-6">
        <Segments
          label={words.viewLabel}
          options={[
            { value: "list", name: words.views.list },
            { value: CALENDAR, name: words.views.calendar },
          ]}
          value={isCalendar ? CALENDAR : "list"}
          onChange={(view) => change({ view: view === CALENDAR ? view : undefined })}
        />
      </div>
      <Beside
        title={shown?.name ?? words.details}
        label={words.details}
        isOpen={address.schedule !== undefined && schedules.data !== undefined}
        onClose={() => change({ schedule: undefined })}
        panel={
          shown ? (
            <SchedulePanel key={shown.id} schedule={shown} onGone={() => change({ schedule: undefined })} />
          ) : (
            <p className="px-4 py-4 text-xs text-ink-3">{words.gone}</p>
          )
        }
      >
        {schedules.isError && schedules.data === undefined ? (
          <Failure error={schedules.error} onRetry={() => schedules.refetch()} />
        ) : schedules.data?.length === 0 ? (
          <None onMake={mayPublish ? () => setMaking(true) : null} />
        ) : isCalendar && schedules.data ? (
          <CalendarView schedules={schedules.data} onOpen={(schedule) => change({ schedule })} />
        ) : (
          <List schedules={schedules.data} current={address.schedule} onOpen={(schedule) => change({ schedule })} />
        )}
      </Beside>
      {making && <ScheduleForm schedule={null} onClose={() => setMaking(false)} />}
    </>
  );
}

function List({
  schedules,
  current,
  onOpen,
}: {
  schedules: Schedule[] | undefined;
  current: string | undefined;
  onOpen: (id: string) => void;
}) {
  const scroller = useRef<HTMLElement>(null);
  return (
    <ScrollArea ref={scroller} label={words.tableLabel} className="flex flex-col">
      <EndlessTable
        label={words.tableLabel}
        columns={COLUMNS}
        items={schedules}
        keyOf={({ id }) => id}
        narrow={(schedule) => <Narrow schedule={schedule} />}
        scroller={scroller}
        onOpen={({ id }) => onOpen(id)}
        current={current}
        onEnd={nothing}
        isComplete
        end={words.end(schedules?.length ?? 0)}
        rowHeight={{ wide: 52, narrow: 64 }}
      />
    </ScrollArea>
  );
}

function At({ at }: { at: string | null }) {
  if (at === null) return <span className="text-ink-3">–</span>;
  return <RelativeTime at={at} className="whitespace-nowrap text-ink-2" />;
}

function Narrow({ schedule }: { schedule: Schedule }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{schedule.name}</span>
        <span className="text-xs">
          <At at={schedule.nextRunAt} />
        </span>
      </span>
      <span className="flex items-center gap-2 text-xs text-ink-2">
        <ScheduleState schedule={schedule} />
        <span className="min-w-0 truncate text-ink-3">{cronWords(schedule.cron)}</span>
      </span>
    </span>
  );
}

function None({ onMake }: { onMake: (() => void) | null }) {
  return (
    <Empty icon={CalendarClock} title={words.noneTitle}>
      <p>{words.noneHint}</p>
      {onMake && <Button onClick={onMake}>{words.create}</Button>}
    </Empty>
  );
}
