"use client";
/** What stands in each column of an execution. */
import { Key } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { number, shortId } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { CopyButton } from "../_ui/copy-button";
import { Status } from "../_ui/status";
import { Elapsed, RelativeTime } from "../_ui/time";
import type { ColumnName } from "./columns";

interface CellContext {
  onTag: (tag: string) => void;
  /** Only one row's parts can be reached by Tab: the one that J and K walk to. */
  tabIndex: 0 | -1;
  /** The version has a column of its own. */
  hasVersion: boolean;
}

const CELLS: Record<ColumnName, (execution: ExecutionSummary, context: CellContext) => ReactNode> = {
  status: ({ status }) => <Status status={status} />,
  execution: (execution, { tabIndex }) => (
    <span className="flex min-w-0 items-center gap-1">
      <ExecutionLink execution={execution} tabIndex={tabIndex} />
      <CopyButton
        value={execution.key ?? execution.id}
        label={execution.key ? texts.common.copyKey : texts.common.copyId}
        tabIndex={tabIndex}
        className="relative z-10 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      />
    </span>
  ),
  workflow: ({ workflow, version }, { hasVersion }) => (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <span className="truncate">{workflow}</span>
      {!hasVersion && <span className="shrink-0 font-mono text-2xs text-ink-3">v{version}</span>}
    </span>
  ),
  version: ({ version }) => <span className="font-mono text-2xs text-ink-2">v{version}</span>,
  error: ({ error }) => error && <ErrorText error={error} />,
  tags: ({ tags }, context) => (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      <Tags tags={tags} {...context} />
    </span>
  ),
  correlation: ({ correlationId }) =>
    correlationId && (
      <span title={correlationId} className="block truncate font-mono text-2xs text-ink-2">
        {correlationId}
      </span>
    ),
  started: (execution) => <Started execution={execution} />,
  closed: ({ closedAt }) => closedAt && <RelativeTime at={closedAt} />,
  duration: ({ startedAt, closedAt }) => startedAt && <Elapsed from={startedAt} to={closedAt} />,
  events: ({ sequence }) => number(sequence),
};

export function Cell({
  column,
  execution,
  context,
}: {
  column: ColumnName;
  execution: ExecutionSummary;
  context: CellContext;
}) {
  return CELLS[column](execution, context);
}

/** Its area is the whole row. */
export function ExecutionLink({
  execution,
  tabIndex,
  className,
}: {
  execution: ExecutionSummary;
  tabIndex: 0 | -1;
  className?: string;
}) {
  return (
    <Link
      prefetch={false}
      href={`/executions/${execution.id}`}
      tabIndex={tabIndex}
      data-open
      className={classNames(
        "min-w-0 truncate rounded-sm font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent",
        className,
      )}
    >
      <Name execution={execution} />
    </Link>
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

export function Started({ execution }: { execution: ExecutionSummary }) {
  return execution.startedAt ? <RelativeTime at={execution.startedAt} /> : texts.executions.notStarted;
}

/** The code, and the message as far as there is room: its first line, for the rest is a stack. */
function ErrorText({ error }: { error: NonNullable<ExecutionSummary["error"]> }) {
  const line = error.message.split("\n", 1)[0];
  return (
    <span
      title={`${error.node ? `${error.node}: ` : ""}${error.code}\n${error.message}`}
      className="flex min-w-0 items-baseline gap-1.5"
    >
      <span data-status="failed" className="max-w-full shrink-0 truncate font-mono text-2xs text-tone">
        {error.code}
      </span>
      <span className="min-w-0 truncate text-xs text-ink-2">{line}</span>
    </span>
  );
}

const TAGS_SHOWN = 2;

function Tags({ tags, onTag, tabIndex }: { tags: string[] } & CellContext) {
  return (
    <>
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <button
          key={tag}
          type="button"
          tabIndex={tabIndex}
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
