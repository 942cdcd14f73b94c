"use client";
/**
 * A long list: only the rows in view are in the document, further pages load as they come near. A table on wide screens, two
 * lines an item on phones. J and K or the arrows walk the rows, Enter opens, X or Space ticks where rows can be ticked.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useState } from "react";
import { texts } from "@/lib/client/texts";
import { Checkbox } from "../_ui/checkbox";
import { classNames } from "../_ui/class-names";
import { useIsDrawn } from "../_ui/is-drawn";
import { useMedia, WIDE } from "../_ui/media";
import { Skeleton } from "../_ui/skeleton";

export interface EndlessColumn<T> {
  name: string;
  /** Of the grid: `120px`, `minmax(160px, 1fr)`. */
  width: string;
  cell: (item: T) => ReactNode;
  numeric?: boolean;
  isNameHidden?: boolean;
}

export interface Ticks {
  ticked: ReadonlySet<string>;
  /** `range`: everything between the last one ticked and this one too. */
  onTick: (key: string, ticked: boolean, range: boolean) => void;
  onTickAll: (ticked: boolean) => void;
  labelOf: (key: string) => string;
  labelOfAll: string;
}

interface EndlessTableProps<T> {
  label: string;
  columns: EndlessColumn<T>[];
  /** Undefined while the first page loads. */
  items: readonly T[] | undefined;
  keyOf: (item: T) => string;
  /** The same item where there is no room for columns. */
  narrow: (item: T) => ReactNode;
  /** The ScrollArea around it. */
  scroller: RefObject<HTMLElement | null>;
  /** Opens an item: by Enter, and by a click beside its links and buttons. */
  onOpen?: (item: T) => void;
  /** The row that a panel beside the list shows. */
  current?: string | null;
  onEnd: () => void;
  isComplete: boolean;
  /** What stands below the last row; default nothing. */
  end?: ReactNode;
  ticks?: Ticks;
  rowHeight?: { wide: number; narrow: number };
}

const ROW_HEIGHT = { wide: 44, narrow: 60 };
const NEAR_END = 20;
const INTERACTIVE = "a, button, input, label, [role=checkbox]";

export function EndlessTable<T>(props: EndlessTableProps<T>) {
  const { items, keyOf, scroller, onEnd, isComplete, ticks, rowHeight = ROW_HEIGHT } = props;
  const wide = useMedia(WIDE, true);
  const isDrawn = useIsDrawn();
  const [active, setActive] = useState(-1);
  const count = items?.length ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => (wide ? rowHeight.wide : rowHeight.narrow),
    getItemKey: (index) => {
      const item = items?.[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 10,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes depend on the width alone
  useEffect(() => virtual.measure(), [wide]);
  const last = virtual.range?.endIndex ?? 0;
  useEffect(() => {
    if (items !== undefined && !isComplete && last >= items.length - NEAR_END) onEnd();
  }, [last, items, isComplete, onEnd]);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest("[data-row]");
    if (row === null) return;
    const at = Number(row.getAttribute("data-row"));
    const to = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: count - 1 }[event.key];
    const item = items?.[at];
    if (to !== undefined) focusRow(Math.min(count - 1, Math.max(0, to)));
    else if (event.target !== row || item === undefined) return;
    else if (event.key === "Enter" && props.onOpen) props.onOpen(item);
    else if (ticks && (event.key === "x" || event.key === " "))
      ticks.onTick(keyOf(item), !ticks.ticked.has(keyOf(item)), event.shiftKey);
    else return;
    event.preventDefault();
  }

  function focusRow(index: number) {
    setActive(index);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  }

  if (items === undefined) return <EndlessSkeleton rowHeight={wide ? rowHeight.wide : rowHeight.narrow} />;
  const widths = [ticks ? "16px" : "", ...props.columns.map(({ width }) => width)].join(" ");
  const grid = isDrawn ? { gridTemplateColumns: widths } : undefined;
  const reachable = active < count && active >= 0 ? active : 0;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it has a table's role where it is one; its rows take the keys */}
      <div
        onKeyDown={onKeyDown}
        {...(wide && { role: "table", "aria-label": props.label, "aria-rowcount": isComplete ? count + 1 : -1 })}
      >
        {wide && <Head {...props} grid={grid} />}
        <div
          role={wide ? "rowgroup" : "list"}
          {...(!wide && { "aria-label": props.label })}
          className="relative"
          style={isDrawn ? { height: virtual.getTotalSize() } : undefined}
        >
          {virtual.getVirtualItems().map(({ index, key, size, start }) => {
            const item = items[index];
            if (item === undefined) return null;
            const id = keyOf(item);
            const isTicked = ticks?.ticked.has(id);
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: it is a row or an item of a list
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the table
              <div
                key={key}
                {...(wide ? { role: "row", "aria-rowindex": index + 2 } : { role: "listitem" })}
                aria-current={props.current === id || undefined}
                data-row={index}
                tabIndex={index === reachable ? 0 : -1}
                onFocus={(event) => event.target === event.currentTarget && setActive(index)}
                onClick={(event) => {
                  if (!(event.target as HTMLElement).closest(INTERACTIVE)) props.onOpen?.(item);
                }}
                style={
                  isDrawn ? { height: size, transform: `translateY(${start}px)`, ...(wide ? grid : null) } : undefined
                }
                className={classNames(
                  "absolute inset-x-0 top-0 items-center border-b px-4 focus-inset hover:bg-hover md:px-6",
                  wide ? "grid gap-x-4" : "flex gap-3",
                  (isTicked || props.current === id) && "bg-accent-tint hover:bg-accent-tint",
                  props.onOpen && "cursor-default",
                )}
              >
                {ticks && (
                  <span role={wide ? "cell" : undefined} className="flex">
                    <Checkbox
                      checked={isTicked === true}
                      label={ticks.labelOf(id)}
                      onChange={(ticked, range) => ticks.onTick(id, ticked, range)}
                    />
                  </span>
                )}
                {wide ? (
                  props.columns.map((column) => (
                    <span
                      key={column.name}
                      role="cell"
                      className={classNames("min-w-0", column.numeric && "text-right tabular")}
                    >
                      {column.cell(item)}
                    </span>
                  ))
                ) : (
                  <div className="min-w-0 flex-1">{props.narrow(item)}</div>
                )}
              </div>
            );
          })}
        </div>
      </div>
      <p className="flex h-12 items-center justify-center text-xs text-ink-3" role="status">
        {isComplete ? props.end : texts.common.loading}
      </p>
    </>
  );
}

function Head<T>({
  columns,
  items,
  ticks,
  grid,
}: EndlessTableProps<T> & { grid: { gridTemplateColumns: string } | undefined }) {
  const ticked = ticks?.ticked.size ?? 0;
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-canvas">
      <div role="row" className="grid h-8 items-center gap-x-4 border-b px-4 text-xs text-ink-3 md:px-6" style={grid}>
        {ticks && (
          <span role="columnheader" className="flex">
            <Checkbox
              checked={ticked === 0 ? false : ticked >= (items?.length ?? 0) ? true : "mixed"}
              label={ticks.labelOfAll}
              onChange={ticks.onTickAll}
            />
          </span>
        )}
        {columns.map(({ name, numeric, isNameHidden }) => (
          <span key={name} role="columnheader" className={classNames("truncate", numeric && "text-right")}>
            {isNameHidden ? <span className="sr-only">{name}</span> : name}
          </span>
        ))}
      </div>
    </div>
  );
}

const SKELETON_ROWS = Array.from({ length: 12 }, (_, index) => index);

function EndlessSkeleton({ rowHeight }: { rowHeight: number }) {
  const isDrawn = useIsDrawn();
  return (
    <div role="status" aria-label={texts.common.loading}>
      <div aria-hidden className="hidden h-8 border-b md:block" />
      {SKELETON_ROWS.map((index) => (
        <div
          key={index}
          aria-hidden
          className="flex h-11 items-center gap-8 border-b px-4 md:px-6"
          style={isDrawn ? { height: rowHeight } : undefined}
        >
          <Skeleton className="h-3.5 w-24" />
          <Skeleton className="h-3.5 w-1/3" />
          <Skeleton className="ml-auto h-3.5 w-16" />
        </div>
      ))}
    </div>
  );
}
