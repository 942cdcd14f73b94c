"use client";
/** The list itself: only rows in view are in the document, further pages load as they come near. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type Ref, type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import type { VisibleRows } from "@/lib/client/executions-list";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { useIsDrawn } from "../_ui/is-drawn";
import { useMedia, WIDE } from "../_ui/media";
import { Skeleton } from "../_ui/skeleton";
import { TickBox } from "../_ui/tick-box";
import { type ColumnName, DEFAULT_GRID, gridOf, isNumeric, leastWidth } from "./columns";
import { ExecutionRow } from "./execution-row";
import { isTicked, type Selection } from "./selection";
import { rowsWith } from "./virtual-rows";

const words = executionsTexts;
/** What the server draws, so that rows are read before any script ran. */
const FIRST_VIEW = { width: 1200, height: 800 };
const ROW_HEIGHT = { wide: 40, narrow: 60 };
const OVERSCAN = 10;
const NEAR_END = 20;

interface Ticks {
  selection: Selection;
  onTick: (id: string, ticked: boolean, isRange: boolean) => void;
  onTickLoaded: (ticked: boolean) => void;
}

/** What the keys of the room ask of the list. */
export interface TableHandle {
  /** To the row after or before the one with the focus; to the first one in view where none has it. */
  walk: (by: 1 | -1) => void;
  /** The row with the focus. */
  focused: () => ExecutionSummary | null;
}

interface TableProps {
  rows: ExecutionSummary[];
  columns: readonly ColumnName[];
  /** Null: rows cannot be ticked. */
  ticks: Ticks | null;
  scroller: RefObject<HTMLDivElement | null>;
  handle: Ref<TableHandle>;
  onVisible: (visible: VisibleRows) => void;
  onTag: (tag: string) => void;
  /** The last row is near: more are wanted. */
  onEnd: () => void;
  isLoadingMore: boolean;
  isComplete: boolean;
}

export function ExecutionsTable(props: TableProps) {
  const { rows, columns, ticks, scroller, onVisible, onEnd, onTag, isLoadingMore, isComplete } = props;
  const wide = useMedia(WIDE, true);
  const isDrawn = useIsDrawn();
  /** The row that Tab reaches, by its id: rows above it may come and go. */
  const [active, setActive] = useState<string | null>(null);
  const found = rows.findIndex(({ id }) => id === active);
  const reachable = Math.max(0, found);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (wide ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: OVERSCAN,
    // The row with the focus stays in the document when it is scrolled away, or the focus would be lost.
    rangeExtractor: (range) => rowsWith(range, found),
    initialRect: FIRST_VIEW,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on the width alone
  useEffect(() => virtual.measure(), [wide]);
  const first = virtual.range?.startIndex ?? 0;
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => onVisible({ first, last }), [first, last, onVisible]);
  useEffect(() => {
    if (last >= rows.length - NEAR_END) onEnd();
  }, [last, rows.length, onEnd]);
  const seen = useArrivals(rows);

  const walkTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (row === undefined) return;
    setActive(row.id);
    virtual.scrollToIndex(rows.indexOf(row));
    const focus = () => scroller.current?.querySelector<HTMLElement>(`[data-row="${row.id}"] [data-open]`)?.focus();
    requestAnimationFrame(focus);
  };
  const focusedId = () => document.activeElement?.closest("[data-row]")?.getAttribute("data-row");
  useImperativeHandle(props.handle, () => ({
    walk: (by) => {
      const at = rows.findIndex(({ id }) => id === focusedId());
      walkTo(at === -1 ? (found === -1 ? first : found) : at + by);
    },
    focused: () => rows.find(({ id }) => id === focusedId()) ?? null,
  }));

  const gridClass = isDrawn ? "" : DEFAULT_GRID[ticks ? "ticks" : "plain"];
  const gridStyle = isDrawn ? gridOf(columns, ticks !== null) : undefined;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is a table where there is room for one */}
      <div
        // The server draws the wide form; a phone shows nothing of it, so that nothing jumps once it draws its own.
        className={wide ? "max-md:invisible" : undefined}
        style={isDrawn && wide ? { minWidth: leastWidth(columns, ticks !== null) } : undefined}
        onFocus={() => setActive(focusedId() ?? null)}
        onKeyDown={(event) => {
          const at = rows.findIndex(({ id }) => id === focusedId());
          const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
          if (at === -1 || to === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
          event.preventDefault();
          walkTo(to);
        }}
        {...(wide && {
          role: "table",
          "aria-label": words.tableLabel,
          "aria-rowcount": isComplete ? rows.length + 1 : -1,
        })}
      >
        {wide && <TableHead {...props} gridClass={gridClass} gridStyle={gridStyle} />}
        <div
          role={wide ? "rowgroup" : undefined}
          className="relative"
          style={isDrawn ? { height: virtual.getTotalSize() } : undefined}
        >
          {virtual.getVirtualItems().map((item) => {
            const execution = rows[item.index];
            return (
              execution && (
                <div
                  key={item.key}
                  role="presentation"
                  data-row={execution.id}
                  // The server sends no inline styles: there, rows lie below each other by themselves.
                  className={isDrawn ? "absolute inset-x-0 top-0" : wide ? "h-10" : "h-15"}
                  style={isDrawn ? { height: item.size, transform: `translateY(${item.start}px)` } : undefined}
                >
                  <ExecutionRow
                    execution={execution}
                    columns={columns}
                    wide={wide}
                    gridClass={gridClass}
                    gridStyle={gridStyle}
                    hasArrived={!seen.has(execution.id)}
                    isReachable={item.index === reachable}
                    isTicked={ticks && isTicked(ticks.selection, execution.id)}
                    onTick={ticks?.onTick ?? nothing}
                    onTag={onTag}
                  />
                </div>
              )
            );
          })}
        </div>
      </div>
      <p
        className={classNames(
          "sticky left-0 flex h-12 items-center justify-center text-xs text-ink-3",
          wide && "max-md:invisible",
        )}
        role="status"
      >
        {isLoadingMore ? words.loadingMore : isComplete ? words.end(rows.length) : null}
      </p>
    </>
  );
}

const nothing = () => {};

/** The ids that were there before the newest change: a row that is not among them has just arrived. */
function useArrivals(rows: ExecutionSummary[]): Set<string> {
  const before = useRef<Set<string>>(new Set(rows.map((row) => row.id)));
  const now = before.current;
  useEffect(() => {
    const timer = setTimeout(() => {
      before.current = new Set(rows.map((row) => row.id));
    }, 1600);
    return () => clearTimeout(timer);
  }, [rows]);
  return now;
}

function TableHead({
  rows,
  columns,
  ticks,
  gridClass,
  gridStyle,
}: TableProps & { gridClass: string; gridStyle: string | undefined }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-canvas">
      <div
        role="row"
        className={`grid h-8 items-center gap-x-4 border-b px-4 text-xs text-ink-3 md:px-6 ${gridClass}`}
        style={gridStyle ? { gridTemplateColumns: gridStyle } : undefined}
      >
        {ticks && (
          <span role="columnheader" className="flex">
            <TickBox
              ticked={tickedOf(ticks.selection, rows.length)}
              label={words.selection.tickAll}
              onTick={ticks.onTickLoaded}
            />
          </span>
        )}
        {columns.map((column) => (
          <span key={column} role="columnheader" className={classNames("truncate", isNumeric(column) && "text-right")}>
            {words.columns.names[column]}
          </span>
        ))}
      </div>
    </div>
  );
}

function tickedOf({ isAll, ticked }: Selection, loaded: number): boolean | "mixed" {
  if (isAll || (ticked.size > 0 && ticked.size >= loaded)) return true;
  return ticked.size > 0 ? "mixed" : false;
}

const SKELETON_ROWS = Array.from({ length: 14 }, (_, index) => index);

/** The list's geometry before its rows are known. */
export function TableSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading}>
      <div className="hidden md:block" aria-hidden>
        <div className="h-8 border-b" />
        {SKELETON_ROWS.map((index) => (
          <div key={index} className={`grid h-10 items-center gap-x-4 border-b px-6 ${DEFAULT_GRID.plain}`}>
            <Skeleton className="h-3.5 w-20" />
            <Skeleton className="h-3.5 w-3/5" />
            <Skeleton className="h-3.5 w-2/3" />
            <Skeleton className="h-3.5 w-1/2" />
            <Skeleton className="h-3.5 w-1/3" />
            <Skeleton className="ml-auto h-3.5 w-14" />
            <Skeleton className="ml-auto h-3.5 w-12" />
          </div>
        ))}
      </div>
      <div className="md:hidden" aria-hidden>
        {SKELETON_ROWS.map((index) => (
          <div key={index} className="flex h-15 flex-col justify-center gap-2 border-b px-4">
            <Skeleton className="h-3.5 w-2/3" />
            <Skeleton className="h-3 w-2/5" />
          </div>
        ))}
      </div>
    </div>
  );
}
