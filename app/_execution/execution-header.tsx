"use client";
/**
 * What one must know at a glance: which execution, in what state, what started it, since when, how far, what it waits for; and
 * what one can do to it.
 */
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { shortId } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Execution } from "@/lib/contract/executions";
import { Actor } from "../_ui/actor";
import { CopyButton } from "../_ui/copy-button";
import { ProgressBar } from "../_ui/progress-bar";
import { Status } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";
import { ActionBar } from "./actions/action-bar";
import type { Snapshot } from "./execution-feed";
import { stepKey } from "./timeline-model";
import { useView } from "./use-view";
import { WaitSentence } from "./wait-sentence";

const words = texts.execution;
const more = actionTexts.header;

export function ExecutionHeader({ execution, snapshot }: { execution: Execution; snapshot: Snapshot }) {
  const { step, show } = useView();
  return (
    <header className="shrink-0 border-b">
      <div className="flex h-12 items-center gap-2 px-4 md:h-[52px] md:px-6">
        <nav aria-label={words.back} className="hidden items-center gap-1.5 text-base text-ink-3 lg:flex">
          <Link prefetch={false} href="/executions" className="rounded-sm hover:text-ink">
            {words.back}
          </Link>
          <ChevronRight aria-hidden size={14} />
        </nav>
        <h1
          title={execution.key ?? execution.id}
          className={`min-w-0 truncate ${execution.key ? "text-base font-semibold" : "font-mono text-sm font-medium"}`}
        >
          {execution.key ?? execution.id}
        </h1>
        <CopyButton
          value={execution.key ?? execution.id}
          label={execution.key ? texts.common.copyKey : texts.common.copyId}
          className="max-sm:hidden"
        />
        <Status status={execution.status} badge />
        <ActionBar execution={execution} snapshot={snapshot} step={step} />
      </div>
      <Facts execution={execution} snapshot={snapshot} />
      <WaitSentence execution={execution} snapshot={snapshot} onSelect={(selected) => show({ step: selected })} />
    </header>
  );
}

function Facts({ execution, snapshot }: { execution: Execution; snapshot: Snapshot }) {
  const { workflow, version } = execution;
  return (
    <section
      aria-label={more.facts}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
      tabIndex={0}
      className="overflow-x-auto focus-inset"
    >
      <dl className="flex w-max gap-x-6 px-4 pb-3 md:gap-x-8 md:px-6">
        <Fact name={words.workflow}>
          <Link
            prefetch={false}
            href={`/executions?workflow=${encodeURIComponent(workflow)}`}
            className="rounded-sm font-medium hover:underline"
          >
            {workflow}
          </Link>
          <Link
            prefetch={false}
            href={`/workflows/${encodeURIComponent(workflow)}/versions/${version}`}
            className="rounded-sm font-mono text-2xs text-ink-3 hover:text-ink hover:underline"
          >
            v{version}
          </Link>
        </Fact>
        <Fact name={more.trigger}>
          <Trigger execution={execution} snapshot={snapshot} />
        </Fact>
        <Fact name={execution.startedAt === null && execution.startAt !== null ? more.startsAt : words.started}>
          <Started execution={execution} />
        </Fact>
        <Fact name={words.duration}>
          <span className="tabular">
            <Duration execution={execution} snapshot={snapshot} />
          </span>
        </Fact>
        <Fact name={words.progress}>
          <span className="w-6 md:w-16">
            <ProgressBar
              label={words.progress}
              done={execution.progress.completed}
              total={execution.progress.total}
              status={execution.status}
            />
          </span>
          <span className="ml-1 tabular">
            {words.progressOf(execution.progress.completed, execution.progress.total)}
          </span>
        </Fact>
        {execution.children !== null && (
          <Fact name={more.children}>
            <Link
              prefetch={false}
              href={`/executions?parent=${execution.id}`}
              className="rounded-sm text-accent hover:underline"
            >
              {more.showChildren}
            </Link>
          </Fact>
        )}
        {execution.key && (
          <Fact name={words.id}>
            <span className="font-mono text-xs">{execution.id}</span>
            <CopyButton value={execution.id} label={texts.common.copyId} className="-my-1" />
          </Fact>
        )}
        {execution.correlationId && <Fact name={words.correlation}>{execution.correlationId}</Fact>}
        {execution.tags.length > 0 && (
          <Fact name={words.tags}>
            {execution.tags.map((tag) => (
              <Link
                prefetch={false}
                key={tag}
                href={`/executions?tag=${encodeURIComponent(tag)}`}
                className="h-5 rounded-sm bg-active px-1.5 text-2xs leading-5 text-ink-2 hover:text-ink"
              >
                {tag}
              </Link>
            ))}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-col gap-0.5">
      <dt className="text-2xs text-ink-3">{name}</dt>
      <dd className="flex h-5 items-center gap-1 text-sm whitespace-nowrap">{children}</dd>
    </div>
  );
}

function Started({ execution: { startedAt, startAt } }: { execution: Execution }) {
  if (startedAt !== null) return <RelativeTime at={startedAt} />;
  return startAt === null ? texts.executions.notStarted : <RelativeTime at={startAt} />;
}

/** At a moment in the past: up to it. */
function Duration({ execution: { startedAt, closedAt }, snapshot }: { execution: Execution; snapshot: Snapshot }) {
  if (startedAt === null) return "–";
  const until = snapshot.at === null ? closedAt : new Date(snapshot.timeline.lastAt).toISOString();
  return <Elapsed from={startedAt} to={until} />;
}

const SCHEDULE_TAG = "schedule:";

/** What started it: another execution it is a copy of, a step, a schedule, or whoever asked. */
function Trigger({ execution, snapshot }: { execution: Execution; snapshot: Snapshot }) {
  const { parent, forkedFrom, tags } = execution;
  if (forkedFrom !== null)
    return (
      <>
        {more.forkOf} <ExecutionLink id={forkedFrom} />
      </>
    );
  if (parent !== null)
    return (
      <>
        {more.parentStep(stepKey(parent))}
        <ExecutionLink id={parent.executionId} step={stepKey(parent)} />
      </>
    );
  const schedule = tags.find((tag) => tag.startsWith(SCHEDULE_TAG))?.slice(SCHEDULE_TAG.length);
  if (schedule !== undefined)
    return (
      <Link
        prefetch={false}
        href={`/schedules?q=${encodeURIComponent(schedule)}`}
        className="rounded-sm hover:underline"
      >
        {more.schedule(schedule)}
      </Link>
    );
  const actor = snapshot.events[0]?.actor;
  return actor === undefined ? "–" : <Actor actor={actor} />;
}

function ExecutionLink({ id, step }: { id: string; step?: string }) {
  return (
    <Link
      prefetch={false}
      href={`/executions/${id}${step === undefined ? "" : `?step=${encodeURIComponent(step)}`}`}
      title={id}
      className="rounded-sm font-mono text-xs text-accent hover:underline"
    >
      {shortId(id)}
    </Link>
  );
}
