"use client";
/** What one must know at a glance: which execution, in what state, since when, how far, what it waits for. */
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import type { Execution } from "@/lib/contract/executions";
import { Button } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { Status } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";
import { CancelDialog } from "./cancel-dialog";
import type { Snapshot } from "./execution-feed";
import type { Overlay } from "./step-overlay";
import type { TimelineModel } from "./timeline-model";
import { WaitSentence } from "./wait-sentence";

const words = texts.execution;

export function ExecutionHeader({
  execution,
  overlay,
  timeline,
}: {
  execution: Execution;
  overlay: Overlay;
  timeline: TimelineModel;
  snapshot: Snapshot;
}) {
  const [cancelling, setCancelling] = useState(false);
  const isCancellable = useMay("execute") && execution.closedAt === null;
  return (
    <header className="shrink-0 border-b">
      <div className="flex h-12 items-center gap-2 px-4 md:h-[52px] md:px-6">
        <nav aria-label={words.back} className="hidden items-center gap-1.5 text-base text-ink-3 sm:flex">
          <Link prefetch={false} href="/executions" className="rounded-sm hover:text-ink">
            {words.back}
          </Link>
          <ChevronRight aria-hidden size={14} />
        </nav>
        <h1
          className={`min-w-0 truncate ${execution.key ? "text-base font-semibold" : "font-mono text-sm font-medium"}`}
        >
          {execution.key ?? execution.id}
        </h1>
        <CopyButton
          value={execution.key ?? execution.id}
          label={execution.key ? texts.common.copyKey : texts.common.copyId}
        />
        <Status status={execution.status} badge />
        <div className="ml-auto flex items-center gap-2">
          {isCancellable && (
            <Button size="sm" onClick={() => setCancelling(true)}>
              {texts.cancel.action}
            </Button>
          )}
        </div>
      </div>
      <dl className="flex gap-x-6 gap-y-2 overflow-x-auto px-4 pb-3 md:gap-x-8 md:px-6">
        <Fact name={words.workflow}>
          <Link
            prefetch={false}
            href={`/executions?workflow=${encodeURIComponent(execution.workflow)}`}
            className="rounded-sm font-medium hover:underline"
          >
            {execution.workflow}
          </Link>{" "}
          <span className="font-mono text-2xs text-ink-3">v{execution.version}</span>
        </Fact>
        <Fact name={words.started}>
          {execution.startedAt ? <RelativeTime at={execution.startedAt} /> : texts.executions.notStarted}
        </Fact>
        <Fact name={words.duration}>
          <span className="tabular">
            {execution.startedAt ? <Elapsed from={execution.startedAt} to={execution.closedAt} /> : "–"}
          </span>
        </Fact>
        <Fact name={words.progress}>
          <Progress {...execution.progress} status={execution.status} />
        </Fact>
        {execution.key && (
          <Fact name={words.id}>
            <span className="inline-flex items-center gap-1 font-mono text-xs">
              {execution.id}
              <CopyButton value={execution.id} label={texts.common.copyId} className="-my-1" />
            </span>
          </Fact>
        )}
        {execution.correlationId && <Fact name={words.correlation}>{execution.correlationId}</Fact>}
        {execution.tags.length > 0 && (
          <Fact name={words.tags}>
            <span className="flex gap-1">
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
            </span>
          </Fact>
        )}
      </dl>
      <WaitSentence execution={execution} overlay={overlay} timeline={timeline} />
      <CancelDialog execution={execution} open={cancelling} onOpenChange={setCancelling} />
    </header>
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

function Progress({ completed, total, status }: { completed: number; total: number; status: string }) {
  return (
    <span className="flex items-center gap-2">
      <span
        role="progressbar"
        aria-label={words.progress}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={completed}
        data-status={status}
        className="h-1 w-6 overflow-hidden rounded-full bg-active md:w-16"
      >
        <span
          className="block h-full rounded-full bg-tone-fill transition-[width] duration-200"
          style={{ width: `${total > 0 ? (completed / total) * 100 : 0}%` }}
        />
      </span>
      <span className="tabular">{words.progressOf(completed, total)}</span>
    </span>
  );
}
