"use client";
/** One execution of the list: a row of cells on wide screens, two lines on phones. The whole row is the link. */
import { memo } from "react";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { StatusIcon } from "../_ui/status";
import { TickBox } from "../_ui/tick-box";
import { Elapsed } from "../_ui/time";
import { Cell, ExecutionLink, Started } from "./cells";
import { type ColumnName, isNumeric } from "./columns";

interface RowProps {
  execution: ExecutionSummary;
  columns: readonly ColumnName[];
  wide: boolean;
  /** The grid of the row, as a class or, once scripts draw, as a style. */
  gridClass: string;
  gridStyle: string | undefined;
  hasArrived: boolean;
  isReachable: boolean;
  /** Null: rows cannot be ticked. */
  isTicked: boolean | null;
  onTick: (id: string, ticked: boolean, isRange: boolean) => void;
  onTag: (tag: string) => void;
}

export const ExecutionRow = memo(function ExecutionRow(props: RowProps) {
  const { execution, wide, gridClass, gridStyle, hasArrived, isTicked, onTick } = props;
  return (
    <div
      className={classNames(
        "group relative h-full border-b",
        wide ? `grid items-center gap-x-4 px-4 md:px-6 ${gridClass}` : "flex items-center gap-3 px-4",
        isTicked ? "bg-accent-tint/60" : "hover:bg-hover",
        hasArrived && "animate-arrived",
      )}
      style={wide && gridStyle ? { gridTemplateColumns: gridStyle } : undefined}
      role={wide ? "row" : undefined}
      onClickCapture={(event) => {
        // A browser would open a window: here, Shift means up to here.
        if (isTicked === null || !event.shiftKey || isBox(event.target)) return;
        event.preventDefault();
        event.stopPropagation();
        onTick(execution.id, true, true);
      }}
    >
      {isTicked !== null && <TickCell {...props} isTicked={isTicked} />}
      {wide ? <WideCells {...props} /> : <NarrowCells {...props} />}
    </div>
  );
});

const isBox = (target: EventTarget) => target instanceof Element && target.closest("[role=checkbox]") !== null;

function TickCell({ execution, wide, isTicked, isReachable, onTick }: RowProps & { isTicked: boolean }) {
  return (
    <span role={wide ? "cell" : undefined} className="flex">
      <TickBox
        ticked={isTicked}
        label={executionsTexts.selection.tick(execution.key ?? execution.id)}
        tabIndex={isReachable ? 0 : -1}
        onTick={(ticked, isRange) => onTick(execution.id, ticked, isRange)}
      />
    </span>
  );
}

function WideCells({ execution, columns, isReachable, onTag }: RowProps) {
  const context = { onTag, tabIndex: isReachable ? 0 : -1, hasVersion: columns.includes("version") } as const;
  return columns.map((column) => (
    <span
      key={column}
      role="cell"
      className={classNames("min-w-0", isNumeric(column) && "text-right whitespace-nowrap text-ink-2 tabular")}
    >
      <Cell column={column} execution={execution} context={context} />
    </span>
  ));
}

function NarrowCells({ execution, isReachable }: RowProps) {
  return (
    <span className="flex min-w-0 flex-1 flex-col gap-0.5">
      <span className="flex min-w-0 items-center gap-2">
        <StatusIcon status={execution.status} />
        <ExecutionLink execution={execution} tabIndex={isReachable ? 0 : -1} className="flex-1" />
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
          {execution.error ? (
            <span className="font-mono text-2xs">{execution.error.code}</span>
          ) : (
            <>
              {execution.workflow} <span className="font-mono text-2xs text-ink-3">v{execution.version}</span>
            </>
          )}
        </span>
        <span className="shrink-0 text-ink-3 tabular">
          {execution.startedAt && <Elapsed from={execution.startedAt} to={execution.closedAt} />}
        </span>
      </span>
    </span>
  );
}
