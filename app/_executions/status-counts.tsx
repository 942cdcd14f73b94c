"use client";
/**
 * How many executions are in each status, over the other filters; a click narrows the list to one, a second click on it widens
 * it again, and with Ctrl or Cmd it adds one. What has once been there stays, so that nothing moves while numbers change.
 */
import { type MouseEvent, useState } from "react";
import { useExecutionCounts } from "@/lib/client/execution-counts";
import { type ExecutionFilters, listed } from "@/lib/client/execution-filters";
import { number } from "@/lib/client/format";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";

const words = executionsTexts.counts;

/** Those that a namespace in use has any day; others come behind them when there are some. */
const ALWAYS: readonly ExecutionStatus[] = ["running", "waiting", "completed", "failed", "timed_out", "cancelled"];

export function StatusCounts({
  filters,
  onChange,
}: {
  filters: ExecutionFilters;
  onChange: (filters: ExecutionFilters) => void;
}) {
  const { data } = useExecutionCounts(filters);
  const chosen = listed(filters.status);
  const shown = useShown((status) => (data?.counts[status] ?? 0) > 0 || chosen.includes(status));
  const shownNumber = (n: number) => (data?.capped ? words.atLeast(n) : number(n));

  function choose(status: ExecutionStatus, event: MouseEvent) {
    const adds = event.ctrlKey || event.metaKey;
    const isChosen = chosen.includes(status);
    const next = adds
      ? EXECUTION_STATUSES.filter((each) => chosen.includes(each) !== (each === status))
      : isChosen && chosen.length === 1
        ? []
        : [status];
    onChange({ ...filters, status: next.join(",") });
  }

  return (
    <div className="shrink-0 border-b">
      <div role="group" aria-label={words.label} className="flex h-9 items-center gap-0.5 overflow-x-auto px-2 md:px-4">
        <Count
          name={words.all}
          count={data && shownNumber(data.total)}
          isChosen={chosen.length === 0}
          onClick={() => onChange({ ...filters, status: undefined })}
        />
        {shown.map((status) => {
          const n = data && (data.counts[status] ?? 0);
          return (
            <Count
              key={status}
              name={texts.status[status]}
              status={status}
              count={n === undefined ? undefined : n === 0 ? "0" : shownNumber(n)}
              isChosen={chosen.includes(status)}
              onClick={(event) => choose(status, event)}
            />
          );
        })}
      </div>
    </div>
  );
}

function Count({
  name,
  status,
  count,
  isChosen,
  onClick,
}: {
  name: string;
  status?: ExecutionStatus;
  /** Undefined while it is unknown: its place is kept. */
  count: string | undefined;
  isChosen: boolean;
  onClick: (event: MouseEvent) => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onClick}
      className={classNames(
        "inline-flex h-6 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs focus-inset",
        isChosen ? "bg-active text-ink" : "text-ink-2 hover:bg-hover hover:text-ink",
      )}
    >
      {status && (
        <StatusIcon status={status} size={13} className={count === "0" ? "animate-none opacity-50" : undefined} />
      )}
      {name}
      <span className={classNames("min-w-6 text-left tabular", count === "0" ? "text-ink-3" : "font-medium")}>
        {count}
      </span>
    </button>
  );
}

/** Those that are always there, then the others in the order in which they first occurred. */
function useShown(occurs: (status: ExecutionStatus) => boolean): readonly ExecutionStatus[] {
  const [shown, setShown] = useState(ALWAYS);
  const fresh = EXECUTION_STATUSES.filter((status) => !shown.includes(status) && occurs(status));
  if (fresh.length > 0) setShown([...shown, ...fresh]);
  return shown;
}
