"use client";
/** What needs somebody, the most urgent first: failures, what is stuck, decisions, queues nobody serves, schedules. Or: all is well. */
import {
  CalendarClock,
  CircleCheck,
  CircleX,
  Hourglass,
  Layers,
  type LucideIcon,
  RotateCw,
  UserRoundCheck,
} from "lucide-react";
import Link from "next/link";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { shortId } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { overviewTexts } from "@/lib/client/texts/overview";
import { workerCommand } from "@/lib/client/worker-command";
import type { Overview } from "@/lib/contract/overview";
import type { Settled } from "../_dead-letters/settle-dialog";
import { Button } from "../_ui/button";
import { classNames } from "../_ui/class-names";
import { CommandLine } from "../_ui/command-line";
import { useOrigin } from "../_ui/example-command";
import { StatusIcon } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";

const words = overviewTexts;

const SettleDialog = lazy(async () => ({ default: (await import("../_dead-letters/settle-dialog")).SettleDialog }));

export function Attention({ overview }: { overview: Overview }) {
  const { failures, stuck, approvals, queues, schedules } = overview;
  const isWell = failures.open + stuck.total + approvals.pending + queues.length + schedules.length === 0;
  if (isWell) return <Well />;
  return (
    <div className="grid items-start gap-x-10 gap-y-6 px-4 pb-6 md:px-6 xl:grid-cols-2">
      {failures.open > 0 && <Failures {...failures} />}
      {stuck.total > 0 && <Stuck {...stuck} />}
      {approvals.pending > 0 && <Approvals {...approvals} />}
      {queues.length > 0 && <Queues queues={queues} />}
      {schedules.length > 0 && <Schedules schedules={schedules} />}
    </div>
  );
}

function Well() {
  return (
    <div className="flex items-start gap-3 px-4 pb-6 md:px-6">
      <CircleCheck
        aria-hidden
        size={20}
        strokeWidth={1.75}
        data-status="completed"
        className="mt-0.5 shrink-0 text-tone"
      />
      <div>
        <p className="text-base font-medium">{words.well}</p>
        <p className="text-ink-2">{words.wellHint}</p>
      </div>
    </div>
  );
}

/** One kind of trouble: how much of it, the first few, and the way to all. */
function Trouble({
  icon: Icon,
  status,
  title,
  hint,
  list,
  all,
  wide,
  children,
}: {
  icon: LucideIcon;
  status: string;
  title: string;
  hint?: ReactNode;
  /** What the list below it is called. */
  list: string;
  all: { href: string; name: string };
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <section aria-label={list} className={classNames("min-w-0", wide && "xl:col-span-2")}>
      <div className="flex h-9 items-center gap-2 border-b">
        <Icon aria-hidden size={15} strokeWidth={2} data-status={status} className="shrink-0 text-tone" />
        <h3 className="font-semibold whitespace-nowrap tabular">{title}</h3>
        {hint && <p className="hidden min-w-0 truncate text-xs text-ink-3 sm:block">{hint}</p>}
        <Link
          prefetch={false}
          href={all.href}
          className="ml-auto shrink-0 rounded-sm px-1 text-xs text-ink-2 hover:bg-hover hover:text-ink"
        >
          {all.name}
          <span className="sr-only"> {list}</span>
        </Link>
      </div>
      <ul aria-label={list}>{children}</ul>
    </section>
  );
}

const rowClass = "relative flex min-h-11 items-center gap-3 border-b py-1.5 hover:bg-hover";
/** The whole row leads where its name does; buttons stand above. */
const nameClass = "min-w-0 truncate font-medium after:absolute after:inset-0 focus-inset";

function Failures({ open, groups }: Overview["failures"]) {
  const mayRetry = useMay("execute");
  const [retried, setRetried] = useState<Settled | null>(null);
  return (
    <Trouble
      wide
      icon={CircleX}
      status="failed"
      title={words.failures.title(open)}
      hint={words.failures.hint}
      list={words.failures.list}
      all={{ href: "/dead-letters", name: words.more(groups.length, groups.length) }}
    >
      {groups.map(({ fingerprint, code, message, workflows, count, lastSeenAt }) => {
        const href = `/dead-letters?fingerprint=${encodeURIComponent(fingerprint)}`;
        return (
          <li key={fingerprint} className={rowClass}>
            <span className="flex min-w-0 flex-1 flex-col md:flex-row md:items-baseline md:gap-3">
              <Link prefetch={false} href={href} className={classNames(nameClass, "font-mono text-xs md:max-w-72")}>
                {code}
              </Link>
              <span title={message} className="min-w-0 truncate text-ink-2 md:flex-1">
                {message}
              </span>
              <span className="text-2xs text-ink-3 md:hidden">
                {words.failures.count(count)}, {words.failures.last} <RelativeTime at={lastSeenAt} />
              </span>
            </span>
            <span className="hidden w-44 truncate font-mono text-xs text-ink-3 md:block">
              {words.failures.in(workflows)}
            </span>
            <span className="hidden w-20 text-right tabular md:block">{words.failures.count(count)}</span>
            <span className="hidden w-28 text-right text-ink-3 tabular md:block">
              <RelativeTime at={lastSeenAt} />
            </span>
            {mayRetry && (
              <Button
                size="sm"
                className="z-10 md:w-28"
                aria-label={`${words.failures.retry(count)}: ${code}`}
                onClick={() => setRetried({ action: "retry", which: { filter: { fingerprint } }, count })}
              >
                <RotateCw aria-hidden size={12} />
                {words.failures.retry(count)}
              </Button>
            )}
          </li>
        );
      })}
      {retried && (
        <Suspense>
          <SettleDialog settled={retried} onClose={() => setRetried(null)} />
        </Suspense>
      )}
    </Trouble>
  );
}

function Stuck({ total, items }: Overview["stuck"]) {
  return (
    <Trouble
      icon={Hourglass}
      status="paused"
      title={words.stuck.title(total)}
      list={words.stuck.list}
      all={{ href: "/executions?status=running,waiting,paused,quarantined", name: words.more(items.length, total) }}
    >
      {items.map(({ executionId, key, workflow, status, since, sentence }) => (
        <li key={executionId} className={rowClass}>
          <StatusIcon status={status} />
          <span className="flex min-w-0 flex-1 flex-col">
            <span className="flex min-w-0 items-baseline gap-2">
              <Link prefetch={false} href={`/executions/${executionId}`} className={nameClass}>
                {workflow}
              </Link>
              <span className="truncate font-mono text-2xs text-ink-3">{key ?? shortId(executionId)}</span>
            </span>
            <span title={sentence} className="truncate text-xs text-ink-2">
              {sentence}
            </span>
          </span>
          <span className="shrink-0 text-xs text-ink-3 tabular">
            {words.stuck.lasting} <Elapsed from={since} to={null} />
          </span>
        </li>
      ))}
    </Trouble>
  );
}

function Approvals({ pending, overdueSoon, items }: Overview["approvals"]) {
  return (
    <Trouble
      icon={UserRoundCheck}
      status="waiting"
      title={words.approvals.title(pending)}
      hint={overdueSoon > 0 && words.approvals.soon(overdueSoon)}
      list={words.approvals.list}
      all={{ href: "/approvals", name: words.more(items.length, pending) }}
    >
      {items.map(({ id, title, node, workflow, assignees, expiresAt }) => (
        <li key={id} className={rowClass}>
          <span className="flex min-w-0 flex-1 flex-col">
            <Link prefetch={false} href={`/approvals?approval=${id}`} className={nameClass}>
              {title ?? node}
            </Link>
            <span className="truncate text-xs text-ink-2">
              <span className="font-mono">{workflow}</span> · {words.approvals.who(assignees)}
            </span>
          </span>
          <span className="shrink-0 text-xs text-ink-3 tabular">
            {expiresAt === null ? (
              words.approvals.noDeadline
            ) : (
              <>
                {words.approvals.due} <RelativeTime at={expiresAt} />
              </>
            )}
          </span>
        </li>
      ))}
    </Trouble>
  );
}

function Queues({ queues }: Pick<Overview, "queues">) {
  const origin = useOrigin();
  const unserved = queues.find(({ workers, paused }) => workers === 0 && !paused);
  return (
    <Trouble
      icon={Layers}
      status="retrying"
      title={words.queues.title(queues.length)}
      list={words.queues.list}
      all={{ href: "/queues", name: words.more(queues.length, queues.length) }}
    >
      {queues.map(({ name, ready, oldestReadyAt, paused }) => (
        <li key={name} className={rowClass}>
          <span className="flex min-w-0 flex-1 flex-col">
            <Link
              prefetch={false}
              href={`/queues?queue=${encodeURIComponent(name)}`}
              className={classNames(nameClass, "font-mono text-xs")}
            >
              {name}
            </Link>
            <span className="truncate text-xs text-ink-2">{paused ? words.queues.paused : words.queues.noWorker}</span>
          </span>
          <span className="shrink-0 text-right text-xs text-ink-3 tabular">
            {words.queues.ready(ready)}
            {oldestReadyAt !== null && (
              <>
                , {words.queues.oldest} <RelativeTime at={oldestReadyAt} />
              </>
            )}
          </span>
        </li>
      ))}
      {unserved && (
        <li className="flex flex-col gap-1.5 pt-2.5">
          <span className="text-xs text-ink-2">{words.queues.how}</span>
          <CommandLine command={workerCommand({ origin, queue: unserved.name })} />
        </li>
      )}
    </Trouble>
  );
}

function Schedules({ schedules }: Pick<Overview, "schedules">) {
  return (
    <Trouble
      icon={CalendarClock}
      status="timed_out"
      title={words.schedules.title(schedules.length)}
      list={words.schedules.list}
      all={{ href: "/schedules", name: words.more(schedules.length, schedules.length) }}
    >
      {schedules.map(({ id, name, lastError }) => {
        const why = lastError?.message ?? words.schedules.unknown;
        return (
          <li key={id} className={rowClass}>
            <span className="flex min-w-0 flex-1 flex-col">
              <Link prefetch={false} href={`/schedules?schedule=${id}`} className={nameClass}>
                {name}
              </Link>
              <span title={why} className="truncate text-xs text-ink-2">
                {why}
              </span>
            </span>
          </li>
        );
      })}
    </Trouble>
  );
}
