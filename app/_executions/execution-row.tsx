"use client";
/** One execution of the list: a row of cells on wide screens, two lines on phones. The whole row is the link. */
import { Key } from "lucide-react";
import Link from "next/link";
import { memo } from "react";
import { shortId } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { CopyButton } from "../_ui/copy-button";
import { Status, StatusIcon } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";

export const COLUMNS =
  "grid-cols-[124px_minmax(180px,1.3fr)_minmax(150px,1fr)_minmax(0,0.9fr)_104px_92px] gap-x-4 px-4 md:px-6";

const linkClass =
  "rounded-sm after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent";

interface RowProps {
  execution: ExecutionSummary;
  wide: boolean;
  arrived: boolean;
  onTag: (tag: string) => void;
}

export const ExecutionRow = memo(function ExecutionRow({ execution, wide, arrived, onTag }: RowProps) {
  return (
    <div
      className={classNames(
        "group relative h-full border-b border-line hover:bg-hover",
        wide ? `grid items-center ${COLUMNS}` : "flex flex-col justify-center gap-0.5 px-4",
        arrived && "animate-arrived",
      )}
      role={wide ? "row" : undefined}
    >
      {wide ? <WideCells execution={execution} onTag={onTag} /> : <NarrowCells execution={execution} />}
    </div>
  );
});

function WideCells({ execution, onTag }: { execution: ExecutionSummary; onTag: (tag: string) => void }) {
  return (
    <>
      <span role="cell">
        <Status status={execution.status} />
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-1">
        <Link
          prefetch={false}
          href={`/executions/${execution.id}`}
          className={classNames("min-w-0 truncate font-medium", linkClass)}
        >
          <Name execution={execution} />
        </Link>
        <CopyButton
          value={execution.key ?? execution.id}
          label={execution.key ? texts.common.copyKey : texts.common.copyId}
          className="relative z-10 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
        />
      </span>
      <span role="cell" className="flex min-w-0 items-baseline gap-1.5">
        <span className="truncate">{execution.workflow}</span>
        <span className="shrink-0 font-mono text-2xs text-ink-3">v{execution.version}</span>
      </span>
      <span role="cell" className="flex min-w-0 gap-1 overflow-hidden">
        <Tags tags={execution.tags} onTag={onTag} />
      </span>
      <span role="cell" className="text-right whitespace-nowrap text-ink-2 tabular">
        <Started execution={execution} />
      </span>
      <span role="cell" className="text-right whitespace-nowrap text-ink-2 tabular">
        {execution.startedAt && <Elapsed from={execution.startedAt} to={execution.closedAt} />}
      </span>
    </>
  );
}

function NarrowCells({ execution }: { execution: ExecutionSummary }) {
  return (
    <>
      <span className="flex min-w-0 items-center gap-2">
        <StatusIcon status={execution.status} />
        <Link
          prefetch={false}
          href={`/executions/${execution.id}`}
          className={classNames("min-w-0 flex-1 truncate font-medium", linkClass)}
        >
          <Name execution={execution} />
        </Link>
        <span className="shrink-0 text-xs text-ink-3 tabular">
          <Started execution={execution} />
        </span>
      </span>
      <span className="flex min-w-0 items-baseline gap-1.5 pl-[22px] text-xs text-ink-2">
        <span data-status={execution.status} className="shrink-0 text-tone">
          {texts.status[execution.status]}
        </span>
        <span aria-hidden className="text-ink-3">
          ·
        </span>
        <span className="min-w-0 flex-1 truncate">
          {execution.workflow} <span className="font-mono text-2xs text-ink-3">v{execution.version}</span>
        </span>
        <span className="shrink-0 text-ink-3 tabular">
          {execution.startedAt && <Elapsed from={execution.startedAt} to={execution.closedAt} />}
        </span>
      </span>
    </>
  );
}

function Name({ execution }: { execution: ExecutionSummary }) {
  if (!execution.key) return <span className="font-mono text-xs font-normal">{execution.id}</span>;
  return (
    <>
      <Key aria-hidden size={11} className="mr-1 inline text-ink-3" />
      {execution.key}
      <span className="ml-2 font-mono text-2xs font-normal text-ink-3">{shortId(execution.id)}</span>
    </>
  );
}

function Started({ execution }: { execution: ExecutionSummary }) {
  return execution.startedAt ? <RelativeTime at={execution.startedAt} /> : texts.executions.notStarted;
}

const TAGS_SHOWN = 2;

function Tags({ tags, onTag }: { tags: string[]; onTag: (tag: string) => void }) {
  return (
    <>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <button
          key={tag}
          type="button"
          onClick={() => onTag(tag)}
          className="relative z-10 h-5 max-w-32 min-w-0 truncate rounded-sm bg-active px-1.5 text-2xs text-ink-2 hover:text-ink"
        >
          {tag}
        </button>
      ))}
      {tags.length > TAGS_SHOWN && (
        <span
          title={tags.slice(TAGS_SHOWN).join(", ")}
          className="relative z-10 shrink-0 text-2xs leading-5 text-ink-3"
        >
          {texts.common.more(tags.length - TAGS_SHOWN)}
        </span>
      )}
    </>
  );
}
