"use client";
/** The list itself: only rows in view are in the document, further pages load as they come near. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";
import type { VisibleRows } from "@/lib/client/executions-list";
import { texts } from "@/lib/client/texts";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { useIsDrawn } from "../_ui/is-drawn";
import { useMedia, WIDE } from "../_ui/media";
import { Skeleton } from "../_ui/skeleton";
import { COLUMNS, ExecutionRow } from "./execution-row";

const words = texts.executions;
/** What the server draws, so that rows are read before any script ran. */
const FIRST_VIEW = { width: 1200, height: 800 };
const ROW_HEIGHT = { wide: 40, narrow: 60 };

export function ExecutionsTable({
  rows,
  scroller,
  onVisible,
  onTag,
  onEnd,
  loadingMore,
  complete,
}: {
  rows: ExecutionSummary[];
  scroller: RefObject<HTMLDivElement | null>;
  onVisible: (visible: VisibleRows) => void;
  onTag: (tag: string) => void;
  /** The last row is near: more are wanted. */
  onEnd: () => void;
  loadingMore: boolean;
  complete: boolean;
}) {
  const wide = useMedia(WIDE, true);
  const isDrawn = useIsDrawn();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (wide ? ROW_HEIGHT.wide : ROW_HEIGHT.narrow),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 10,
    initialRect: FIRST_VIEW,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on the width alone
  useEffect(() => virtual.measure(), [wide]);
  const first = virtual.range?.startIndex ?? 0;
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => onVisible({ first, last }), [first, last, onVisible]);
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);
  const seen = useArrivals(rows);

  return (
    <>
      <div
        // The server draws the wide form; a phone shows nothing of it, so that nothing jumps once it draws its own.
        className={wide ? "max-md:invisible" : undefined}
        {...(wide && {
          role: "table",
          "aria-label": words.tableLabel,
          "aria-rowcount": complete ? rows.length + 1 : -1,
        })}
      >
        {wide && <TableHead />}
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
                  // The server sends no inline styles: there, rows lie below each other by themselves.
                  className={isDrawn ? "absolute inset-x-0 top-0" : wide ? "h-10" : "h-15"}
                  style={isDrawn ? { height: item.size, transform: `translateY(${item.start}px)` } : undefined}
                >
                  <ExecutionRow execution={execution} wide={wide} arrived={!seen.has(execution.id)} onTag={onTag} />
                </div>
              )
            );
          })}
        </div>
      </div>
      <p
        className={classNames("flex h-12 items-center justify-center text-xs text-ink-3", wide && "max-md:invisible")}
        role="status"
      >
        {loadingMore ? words.loadingMore : complete ? words.end(rows.length) : null}
      </p>
    </>
  );
}

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

export function TableHead() {
  const { columns } = words;
  const cells = [columns.status, columns.execution, columns.workflow, columns.tags, columns.started, columns.duration];
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-canvas">
      <div role="row" className={classNames("grid h-8 items-center border-b text-xs text-ink-3", COLUMNS)}>
        {cells.map((name, index) => (
          <span key={name} role="columnheader" className={index > 3 ? "text-right" : undefined}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

const SKELETON_ROWS = Array.from({ length: 14 }, (_, index) => index);

/** The list's geometry before its rows are known. */
export function TableSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading}>
      <div className="hidden md:block" aria-hidden>
        <div className="grid h-8 border-b" />
        {SKELETON_ROWS.map((index) => (
          <div key={index} className={classNames("grid h-10 items-center border-b", COLUMNS)}>
            <Skeleton className="h-3.5 w-20" />
            <Skeleton className="h-3.5 w-3/5" />
            <Skeleton className="h-3.5 w-2/3" />
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
