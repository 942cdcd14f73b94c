"use client";
/**
 * The timeline: the tree of steps on one axis of time, only the lines in view in the document. Up and down walk the lines,
 * left and right fold them, plus and minus zoom; a drag over the axis, or with Shift over the lines, zooms to what it spans.
 */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { timelineTexts as words } from "@/lib/client/texts/timeline";
import type { Execution } from "@/lib/contract/executions";
import { useKeys } from "../_shell/keys";
import { useMedia, WIDE } from "../_ui/media";
import type { Snapshot } from "./execution-feed";
import { ViewSkeleton } from "./skeletons";
import type { Overlay } from "./step-overlay";
import { type Item, nextFailed, tellingRow } from "./step-tree";
import type { Stretch, TimeScale } from "./time-scale";
import { TimelineAxis, TimelineGrid } from "./timeline-axis";
import { TimelineCard } from "./timeline-card";
import { numberIn, TimelineItems, useItems } from "./timeline-items";
import { TimelineLegend } from "./timeline-legend";
import type { Line } from "./timeline-lines";
import { Drawn, TimelineOverview } from "./timeline-overview";
import { PathLines, usePathLines } from "./timeline-path";
import { TimelineRow } from "./timeline-row";
import { TimelineToolbar } from "./timeline-toolbar";
import { useCursor } from "./use-cursor";
import { useDrag } from "./use-drag";
import { useCriticalPath, useDefinition, useLines, useReach, useScales } from "./use-timeline-model";
import { useTimelineSettings } from "./use-timeline-settings";
import { moveBy, windowBetween, writeWindow, zoomBy } from "./zoom-window";

const ROW_HEIGHT = 28;
/** Overview and axis stay on top of the lines, which the virtual list does not know. */
const HEAD_HEIGHT = 52;
/** Of what is in view, with one key. */
const MOVE = 0.2;
const NEARER = 0.6;

export interface TimelineProps {
  execution: Execution;
  snapshot: Snapshot;
  overlay: Overlay;
  selected: string | null;
  onSelect: (key: string | null) => void;
  /** It has less room than its window would say. */
  isNarrow?: boolean;
}

export function TimelineView({ execution, snapshot, overlay, selected, onSelect, isNarrow = false }: TimelineProps) {
  const { timeline, version, backlog, newest } = snapshot;
  const whole = timeline.newest ?? timeline;
  const moment = snapshot.at === null ? null : timeline.lastAt;
  const wide = useMedia(WIDE) && !isNarrow;
  const reach = useReach(execution, snapshot);
  const { until, end, open } = reach;
  const definition = useDefinition(execution);
  const [settings, change] = useTimelineSettings();
  const [exceptions, toggleException, clearExceptions] = useToggled<number>();
  const { gaps, allShort, whole: wholeScale, window, scale } = useScales(snapshot, reach, settings, exceptions);
  const path = useCriticalPath(snapshot, definition, overlay, reach, settings.path);
  // What is searched for stands unfolded by itself: what was unfolded before says nothing of it.
  const folds = useToggled<string>();
  const foldsOfFound = useToggled<string>();
  const [toggled, toggle] = settings.errors || settings.find.trim() !== "" ? foldsOfFound : folds;
  const { tree, takesFailure, lines } = useLines(snapshot, definition, settings, toggled, selected);
  const pathLines = usePathLines(path, tree);
  const setWindow = useCallback(
    (next: Stretch | null) => change({ zoom: writeWindow(next, reach.from) }),
    [change, reach.from],
  );

  const scroller = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 12,
    scrollPaddingEnd: HEAD_HEIGHT,
  });
  const { at, walk, select } = useCursor(lines, tree, selected, onSelect, toggle, virtual.scrollToIndex);
  const zoom = (factor: number | null, around?: number) =>
    setWindow(factor === null ? null : zoomBy(wholeScale, window, factor, around));
  useWheel(scroller, plot, zoom, (by) => setWindow(moveBy(wholeScale, window, by)), window !== null);
  const [brush, beginBrush] = useDrag({
    over: plot,
    onEnd: ({ from, to }) =>
      setWindow(windowBetween(wholeScale, inWhole(wholeScale, scale, from), inWhole(wholeScale, scale, to))),
  });
  const items = useItems(tree, version, selected);
  const toItem = (item: Item) => {
    const row = tellingRow(item);
    if (row) onSelect(row.key);
  };
  const selectedRow = selected === null ? undefined : tree.byKey.get(selected);
  const itemAt = items && selectedRow ? numberIn(items, selectedRow) : -1;
  useKeys(words.keys, KEYS);

  function onKeyDown(event: KeyboardEvent) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      ArrowDown: () => walk(at + 1),
      ArrowUp: () => walk(at === -1 ? lines.length - 1 : at - 1),
      Home: () => walk(0),
      End: () => walk(lines.length - 1),
      PageDown: () => walk(at + 15),
      PageUp: () => walk(at - 15),
      ArrowRight: () => (event.shiftKey ? setWindow(moveBy(wholeScale, window, MOVE)) : into(lines, at, toggle, walk)),
      ArrowLeft: () => (event.shiftKey ? setWindow(moveBy(wholeScale, window, -MOVE)) : outOf(lines, at, toggle, walk)),
      Enter: () => lines[at] && select(lines[at]),
      Escape: () => onSelect(null),
      "+": () => zoom(NEARER),
      "=": () => zoom(NEARER),
      "-": () => zoom(1 / NEARER),
      "0": () => zoom(null),
      n: () => {
        const item = items && nextFailed(items, itemAt, takesFailure);
        if (item) toItem(item);
      },
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  if (timeline.rows.length === 0 && (backlog > 0 || snapshot.events.length < execution.sequence))
    return <ViewSkeleton />;
  const names = wide ? "minmax(200px, 280px)" : "148px";
  const columns = `${names} minmax(0, 1fr) ${wide ? "84px" : "64px"}`;
  const nested = lines.some(({ unfolded }) => unfolded !== null);
  const look = { scale, wide, clock: settings.clock };
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <TimelineToolbar
        settings={settings}
        onChange={change}
        short={gaps.length === 0 ? null : allShort}
        onShort={(short) => {
          clearExceptions();
          change({ idle: short ? "short" : "full" });
        }}
        zoomed={window !== null}
        onZoom={zoom}
      />
      {path && (
        <p className="shrink-0 border-b px-4 py-1.5 text-xs text-accent md:px-6" role="status">
          <span className="font-medium">{words.path}</span>, {words.pathSummary({ ...path, steps: path.steps.length })}
        </p>
      )}
      {items && (
        <TimelineItems key={items.map.key} items={items} takesFailure={takesFailure} at={itemAt} onItem={toItem} />
      )}
      <div
        ref={scroller}
        className="relative min-h-0 flex-1 overflow-y-auto outline-accent has-[>[role=tree]:focus-visible]:outline-2 has-[>[role=tree]:focus-visible]:-outline-offset-2"
      >
        <div className="sticky top-0 z-20 grid border-b bg-canvas" style={{ gridTemplateColumns: columns }}>
          <span className="row-span-2 flex items-end border-r pb-1.5 pl-4 text-2xs text-ink-3 tabular md:pl-6">
            {words.steps(timeline.rows.length)}
          </span>
          <div className="h-6 border-b" data-zoomable>
            <TimelineOverview
              rows={whole.rows}
              version={newest}
              moment={moment}
              scale={wholeScale}
              window={window}
              onWindow={setWindow}
            />
          </div>
          <span className="row-span-2 border-l" />
          <div className="h-7" data-zoomable>
            <TimelineAxis
              {...look}
              gaps={gaps}
              onGap={({ from }) => toggleException(from)}
              plot={plot}
              onBrush={({ from, to }) =>
                setWindow(windowBetween(wholeScale, inWhole(wholeScale, scale, from), inWhole(wholeScale, scale, to)))
              }
              onReset={() => setWindow(null)}
            />
          </div>
        </div>
        {lines.length === 0 ? (
          <p className="px-4 py-6 text-ink-3 md:px-6">
            {settings.find ? words.noMatch : settings.errors ? words.noErrors : words.empty}
          </p>
        ) : (
          <div
            role="tree"
            aria-label={words.label}
            aria-activedescendant={lines[at] ? `step-${lines[at].id}` : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerDown={(event) => event.shiftKey && beginBrush(event)}
            onDoubleClick={() => window && setWindow(null)}
            className="relative min-h-[calc(100%-3.25rem)] focus-visible:outline-none"
            style={{ height: virtual.getTotalSize() }}
          >
            <div
              aria-hidden
              className="pointer-events-none absolute inset-0 grid"
              style={{ gridTemplateColumns: columns }}
            >
              <span className="border-r" />
              <span className="relative">
                <TimelineGrid {...look} open={open && (window === null || window.to >= end)} moment={moment} />
                {brush && <Drawn {...brush} />}
              </span>
              <span className="border-l" />
            </div>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index];
              return (
                line && (
                  <div
                    key={item.key}
                    role="presentation"
                    data-line={item.index}
                    className="absolute inset-x-0 top-0"
                    style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
                  >
                    <TimelineRow
                      line={line}
                      tree={tree}
                      version={version}
                      scale={scale}
                      until={until}
                      end={end}
                      newest={newest}
                      moment={moment}
                      overlay={overlay}
                      selected={item.index === at}
                      onPath={pathLines?.has(line.id) ?? null}
                      onSelect={select}
                      onFold={toggle}
                      onTurn={onSelect}
                      columns={columns}
                      nested={nested}
                    />
                  </div>
                )
              );
            })}
            {path && (
              <PathLines
                path={path}
                lines={lines}
                tree={tree}
                scale={scale}
                columns={columns}
                rowHeight={ROW_HEIGHT}
                shown={virtual.range}
              />
            )}
          </div>
        )}
      </div>
      <TimelineCard
        scroller={scroller}
        plot={plot}
        lineAt={(index) => lines[index]}
        tree={tree}
        scale={scale}
        until={until}
        overlay={overlay}
        path={path}
      />
      <TimelineLegend rows={whole.rows} version={newest} />
    </div>
  );
}

const KEYS = [
  { keys: "↑ ↓", name: words.key.walk },
  { keys: "← →", name: words.key.fold },
  { keys: "+ - 0", name: words.key.zoom },
  { keys: "Shift+← Shift+→", name: words.key.move },
  { keys: "N", name: words.key.failed },
];

/** A place in view as one of the whole. */
function inWhole(whole: TimeScale, scale: TimeScale, share: number): number {
  return whole.x(scale.at(share));
}

function into(lines: readonly Line[], at: number, toggle: (id: string) => void, walk: (index: number) => void): void {
  const line = lines[at];
  if (line?.unfolded === false) {
    // What is unfolded may stand for the same step: the keyboard stays where it is.
    walk(at);
    toggle(line.id);
  } else if (line?.unfolded) walk(at + 1);
}

function outOf(lines: readonly Line[], at: number, toggle: (id: string) => void, walk: (index: number) => void): void {
  const line = lines[at];
  if (line?.unfolded) toggle(line.id);
  else if (line) walk(lines.findIndex(({ id }) => id === line.parent));
}

function flipped<T>(values: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(values);
  if (!next.delete(value)) next.add(value);
  return next;
}

function useToggled<T>(): [ReadonlySet<T>, (value: T) => void, () => void] {
  const [values, setValues] = useState<ReadonlySet<T>>(new Set());
  const toggle = useCallback((value: T) => setValues((known) => flipped(known, value)), []);
  const clear = useCallback(() => setValues(new Set()), []);
  return [values, toggle, clear];
}

/** Over the axis the wheel zooms; over the lines it does with Ctrl or a pinch, and sideways it moves what is shown. */
function useWheel(
  scroller: RefObject<HTMLDivElement | null>,
  plot: RefObject<HTMLDivElement | null>,
  zoom: (factor: number, around: number) => void,
  move: (by: number) => void,
  isZoomed: boolean,
) {
  const latest = useRef({ zoom, move, isZoomed });
  useEffect(() => {
    latest.current = { zoom, move, isZoomed };
  });
  useEffect(() => {
    const region = scroller.current;
    if (!region) return;
    const onWheel = (event: WheelEvent) => {
      const box = plot.current?.getBoundingClientRect();
      if (!box) return;
      const overAxis = event.target instanceof Element && event.target.closest("[data-zoomable]") !== null;
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways && !latest.current.isZoomed) return;
      if (sideways) latest.current.move((event.deltaX || event.deltaY) / box.width);
      else if (overAxis || event.ctrlKey || event.metaKey)
        latest.current.zoom(1.0015 ** event.deltaY, (event.clientX - box.left) / box.width);
      else return;
      event.preventDefault();
    };
    region.addEventListener("wheel", onWheel, { passive: false });
    return () => region.removeEventListener("wheel", onWheel);
  }, [scroller, plot]);
}
