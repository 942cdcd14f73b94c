"use client";
/** One schedule: when it runs next, what it started, how its runs meet, and what can be done about it. */
import { CalendarRange, Pause, Pencil, Play, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { absoluteTime, duration } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { usePauseSchedule, useRunsAhead, useScheduleExecutions, useTriggerSchedule } from "@/lib/client/schedules";
import { texts } from "@/lib/client/texts";
import { scheduleTexts as words } from "@/lib/client/texts/schedules";
import type { Schedule } from "@/lib/contract/schedules";
import { Fact, Facts } from "../_rooms/facts";
import { Actor } from "../_ui/actor";
import { Button } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { JsonView } from "../_ui/json-view";
import { Menu } from "../_ui/menu";
import { Skeleton } from "../_ui/skeleton";
import { Status } from "../_ui/status";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { meeting } from "./calendar-model";
import { cronWords } from "./cron-words";
import { BackfillDialog, DeleteDialog, PauseDialog } from "./schedule-dialogs";
import { ScheduleState } from "./schedule-state";

const ScheduleForm = dynamic(() => import("./schedule-form").then((module) => module.ScheduleForm), { ssr: false });

type Dialog = "pause" | "edit" | "backfill" | "delete";
const RUNS_SHOWN = 10;

export function SchedulePanel({ schedule, onGone }: { schedule: Schedule; onGone: () => void }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  return (
    <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-5">
      {useMay("publish") && <Actions schedule={schedule} onDialog={setDialog} />}
      {schedule.paused && <p className="text-xs text-warning">{words.pausedBecause(schedule.pauseReason)}</p>}
      {schedule.lastError && (
        <p data-status="failed" className="rounded-md bg-tone-tint px-3 py-2 text-xs break-words text-tone">
          {words.lastError(schedule.lastError.code, schedule.lastError.message)}
        </p>
      )}
      <About schedule={schedule} />
      <Runs schedule={schedule} />
      <Started schedule={schedule} />
      {schedule.input !== null && <JsonView value={schedule.input} title={words.input} />}
      {dialog === "pause" && <PauseDialog schedule={schedule} onClose={close} />}
      {dialog === "backfill" && <BackfillDialog schedule={schedule} onClose={close} />}
      {dialog === "delete" && <DeleteDialog schedule={schedule} onClose={close} onDone={onGone} />}
      {dialog === "edit" && <ScheduleForm schedule={schedule} onClose={close} />}
    </div>
  );
}

function Actions({ schedule, onDialog }: { schedule: Schedule; onDialog: (dialog: Dialog) => void }) {
  const router = useRouter();
  const trigger = useTriggerSchedule(schedule.id);
  const pause = usePauseSchedule(schedule.id);
  const failed = (error: Error) => toast.failed(texts.errors.sentence(error));
  const run = () =>
    trigger.mutate(crypto.randomUUID(), {
      onSuccess: ({ executionId }) => {
        toast.done(words.triggered);
        router.push(`/executions/${executionId}`);
      },
      onError: failed,
    });
  const resume = () =>
    pause.mutate({ paused: false, pauseReason: null }, { onSuccess: () => toast.done(words.resumed), onError: failed });
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" variant="solid" busy={trigger.isPending} onClick={run}>
        <Play aria-hidden size={12} fill="currentColor" />
        {words.trigger}
      </Button>
      <Button size="sm" busy={pause.isPending} onClick={schedule.paused ? resume : () => onDialog("pause")}>
        {schedule.paused ? <Play aria-hidden size={12} /> : <Pause aria-hidden size={12} />}
        {schedule.paused ? words.resume : words.pause}
      </Button>
      <Menu
        align="start"
        trigger={<Button size="sm">{texts.nav.more}</Button>}
        groups={[
          [
            { name: words.edit, icon: Pencil, onSelect: () => onDialog("edit") },
            { name: words.backfill, icon: CalendarRange, onSelect: () => onDialog("backfill") },
          ],
          [{ name: words.delete, icon: Trash2, danger: true, onSelect: () => onDialog("delete") }],
        ]}
      />
    </div>
  );
}

function About({ schedule }: { schedule: Schedule }) {
  const { id, workflow, version, cron, timezone, overlap, catchUpWindow, createdBy, skipped, missed, waiting } =
    schedule;
  return (
    <Facts>
      <Fact name={words.columns.state}>
        <ScheduleState schedule={schedule} />
      </Fact>
      <Fact name={words.workflow}>
        <Link
          prefetch={false}
          href={`/workflows/${encodeURIComponent(workflow)}`}
          className="rounded-sm font-medium hover:underline"
        >
          {workflow}
        </Link>
      </Fact>
      <Fact name={words.version}>{version === null ? words.latest : `v${version}`}</Fact>
      <Fact name={words.columns.when}>
        {cronWords(cron)}, {words.wordsFor.timezone(timezone)}
      </Fact>
      <Fact name={words.expression}>
        <span className="inline-flex items-center gap-1 font-mono">
          {cron}
          <CopyButton value={cron} label={texts.common.copyCommand} className="-my-1" />
        </span>
      </Fact>
      <Fact name={words.overlap}>{words.overlaps[overlap]}</Fact>
      <Fact name={words.catchUp}>{String(catchUpWindow)}</Fact>
      <Fact name={words.counts}>{words.countsOf(skipped, missed, waiting)}</Fact>
      <Fact name={words.createdBy}>
        <Actor actor={createdBy} />
      </Fact>
      <Fact name="ID">
        <span className="inline-flex items-center gap-1 font-mono">
          {id}
          <CopyButton value={id} label={texts.common.copyId} className="-my-1" />
        </span>
      </Fact>
    </Facts>
  );
}

function Runs({ schedule }: { schedule: Schedule }) {
  const runs = useRunsAhead(schedule, RUNS_SHOWN);
  const executions = useScheduleExecutions(schedule.name);
  const meets = meeting(runs.data ?? [], executions.data?.items ?? []);
  return (
    <section aria-label={words.nextRuns} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{schedule.paused ? words.wouldRun : words.nextRuns}</h3>
      {meets && (
        <p className="text-xs text-warning">
          {words.overlapping(duration(meets.tookMs), duration(meets.everyMs), schedule.overlap)}
        </p>
      )}
      {runs.data ? (
        <ol className="flex flex-col divide-y divide-line rounded-md border text-xs">
          {runs.data.map((at) => (
            <li key={at} className="flex justify-between gap-3 px-2.5 py-1.5 tabular">
              <span>{absoluteTime(at)}</span>
              <RelativeTime at={at} className="text-ink-3" />
            </li>
          ))}
        </ol>
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
    </section>
  );
}

function Started({ schedule: { name } }: { schedule: Schedule }) {
  const executions = useScheduleExecutions(name);
  return (
    <section aria-label={words.recent} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{words.recent}</h3>
      {executions.data?.items.length === 0 && <p className="text-xs text-ink-3">{words.noneStarted}</p>}
      <ol className="flex flex-col">
        {executions.data?.items.map(({ id, status, startedAt, createdAt }) => (
          <li key={id} className="flex h-7 items-center gap-2 text-xs">
            <Status status={status} />
            <Link
              prefetch={false}
              href={`/executions/${id}`}
              className="min-w-0 flex-1 truncate rounded-sm font-mono text-2xs text-ink-2 hover:underline"
            >
              {id}
            </Link>
            <RelativeTime at={startedAt ?? createdAt} className="text-ink-3" />
          </li>
        ))}
      </ol>
      <Link
        prefetch={false}
        href={`/executions?tag=${encodeURIComponent(`schedule:${name}`)}`}
        className="self-start rounded-sm text-xs text-accent hover:underline"
      >
        {words.allStarted}
      </Link>
    </section>
  );
}
