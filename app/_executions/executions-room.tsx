"use client";
/** The executions room: views, filters and columns in the URL, the live list, and what can be done with what is selected. */
import { ArrowUp, Ellipsis, FolderOpen, Link2, ListFilter, Play, Rows3 } from "lucide-react";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { useExecutionCounts } from "@/lib/client/execution-counts";
import { type ExecutionFilters, listed } from "@/lib/client/execution-filters";
import { useExecutionsList, type VisibleRows } from "@/lib/client/executions-list";
import { useWatched } from "@/lib/client/operations";
import { useMay } from "@/lib/client/permissions";
import type { Page } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { ExecutionStatus, ExecutionSummary } from "@/lib/contract/executions";
import { useKeys } from "../_shell/keys";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { Failure } from "../_ui/failure";
import { Menu } from "../_ui/menu";
import { ScrollArea } from "../_ui/scroll-area";
import { toast } from "../_ui/toast";
import { ColumnsButton } from "./columns-button";
import { ExecutionsTable, type TableHandle, TableSkeleton } from "./executions-table";
import { FilterBar } from "./filter-bar";
import { Freshness } from "./freshness";
import { addressOf } from "./list-view";
import { isTicked, type Tally, tallyOf } from "./selection";
import { StatusCounts } from "./status-counts";
import { useLatest } from "./use-latest";
import { useListView } from "./use-list-view";
import { useSelection } from "./use-selection";
import { ViewTabs } from "./view-tabs";

const words = executionsTexts;
const BulkBar = lazy(() => import("./bulk-bar"));
const OperationsPanel = lazy(() => import("./operations-panel"));
const loadStart = () => import("./start-dialog").then(({ StartDialog }) => ({ default: StartDialog }));
const StartDialog = lazy(loadStart);

/** The first page that came with the document, and the filters it answers. */
export interface InitialExecutions {
  filters: ExecutionFilters;
  page: Page<ExecutionSummary>;
}

const sameFilters = (a: ExecutionFilters, b: ExecutionFilters) => JSON.stringify(a) === JSON.stringify(b);

export function ExecutionsRoom({ initial }: { initial: InitialExecutions | null }) {
  const { view, columns, open, setFilters, setColumns } = useListView();
  const { filters } = view;
  const mayExecute = useMay("execute");
  const [isStarting, setStarting] = useState(false);
  const [visible, setVisible] = useState<VisibleRows>({ first: 0, last: 0 });
  const given = initial && sameFilters(initial.filters, filters) ? initial.page : undefined;
  const { list, head, rows, waiting } = useExecutionsList(filters, visible, given);
  const scroller = useRef<HTMLDivElement>(null);
  const table = useRef<TableHandle>(null);
  const filtersKey = JSON.stringify(filters);
  useKeptScroll(scroller, filtersKey, rows.length > 0);
  const selection = useSelection(rows, filtersKey);
  const onTick = useLatest(selection.onTick);
  const onTag = useLatest((tag: string) => setFilters({ ...filters, tag }));
  const hasFilters = Object.keys(filters).length > 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  useListKeys(table, mayExecute ? selection : null, rows.length > 0);

  return (
    <>
      <RoomHeader title={texts.executions.title}>
        <RoomMenu address={addressOf({ ...view, columns })} />
        {mayExecute && (
          <Button variant="solid" size="sm" onPointerEnter={loadStart} onClick={() => setStarting(true)}>
            <Play aria-hidden size={13} fill="currentColor" />
            {words.start}
          </Button>
        )}
      </RoomHeader>
      <ViewTabs view={view} columns={columns} onOpen={open} />
      <FilterBar filters={filters} onChange={setFilters}>
        {list.isSuccess && <Freshness updatedAt={head.dataUpdatedAt} failing={head.isError || head.failureCount > 0} />}
        <ColumnsButton columns={columns} onChange={setColumns} />
      </FilterBar>
      <StatusCounts filters={filters} onChange={setFilters} />
      <div className="relative flex min-h-0 flex-1 flex-col">
        {waiting > 0 && (
          <button
            type="button"
            onClick={() => scroller.current?.scrollTo({ top: 0 })}
            className="absolute top-10 left-1/2 z-30 inline-flex h-7 -translate-x-1/2 animate-fade items-center gap-1.5 rounded-full bg-solid px-3 text-xs font-medium text-on-solid shadow-float"
          >
            <ArrowUp aria-hidden size={13} />
            {words.newRows(waiting)}
          </button>
        )}
        <p role="status" className="sr-only">
          {waiting > 0 ? words.newRows(waiting) : ""}
        </p>
        <ScrollArea ref={scroller} label={texts.executions.title} className="flex flex-col overflow-x-auto">
          {list.isPending ? (
            <TableSkeleton />
          ) : list.isError && rows.length === 0 ? (
            <Failure error={list.error} onRetry={() => list.refetch()} />
          ) : rows.length === 0 ? (
            hasFilters ? (
              <NoMatch onClear={() => setFilters({})} />
            ) : (
              <NoneYet onStart={mayExecute ? () => setStarting(true) : null} />
            )
          ) : (
            <ExecutionsTable
              rows={rows}
              columns={columns}
              ticks={
                mayExecute ? { selection: selection.selection, onTick, onTickLoaded: selection.onTickLoaded } : null
              }
              scroller={scroller}
              handle={table}
              onVisible={setVisible}
              onTag={onTag}
              onEnd={onEnd}
              isLoadingMore={isFetchingNextPage}
              isComplete={!hasNextPage}
            />
          )}
        </ScrollArea>
        <Operations />
      </div>
      {mayExecute && !selection.isEmpty && <Bulk filters={filters} {...selection} />}
      {isStarting && (
        <Suspense>
          <StartDialog open onOpenChange={setStarting} workflow={filters.workflow} />
        </Suspense>
      )}
    </>
  );
}

function RoomMenu({ address }: { address: string }) {
  const router = useRouter();
  function copy() {
    const link = `${window.location.origin}/executions${address ? `?${address}` : ""}`;
    navigator.clipboard?.writeText(link).then(
      () => toast.done(words.linkCopied),
      () => toast.failed(link),
    );
  }
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="sm" aria-label={words.menu} className="w-7">
          <Ellipsis aria-hidden size={15} />
        </Button>
      }
      groups={[
        [
          { name: words.copyLink, icon: Link2, onSelect: copy },
          { name: words.openFile, icon: FolderOpen, onSelect: () => router.push("/executions/open") },
        ],
      ]}
    />
  );
}

/** Loaded only where an operation is watched. */
function Operations() {
  return useWatched().length === 0 ? null : (
    <Suspense>
      <OperationsPanel />
    </Suspense>
  );
}

function Bulk({
  filters,
  selection,
  onSelectAll,
  onClear,
}: ReturnType<typeof useSelection> & { filters: ExecutionFilters }) {
  const { data } = useExecutionCounts(filters);
  const matching = matchingTally(data, filters);
  const tally = selection.isAll ? matching : tallyOf(selection.ticked);
  return (
    <Suspense fallback={<div className="h-12 shrink-0 border-t bg-raised" />}>
      <BulkBar {...{ selection, tally, matching, filters, onSelectAll, onClear }} />
    </Suspense>
  );
}

/** Of all statuses the counts tell; the filters may want some. */
function matchingTally(
  data: { counts: Tally["counts"]; capped: boolean } | undefined,
  filters: ExecutionFilters,
): Tally {
  const asked = listed(filters.status);
  const counts = Object.entries(data?.counts ?? {}) as [ExecutionStatus, number][];
  const wanted = counts.filter(([status]) => asked.length === 0 || asked.includes(status));
  return { counts: Object.fromEntries(wanted), capped: data?.capped ?? false };
}

function useListKeys(
  table: React.RefObject<TableHandle | null>,
  selection: ReturnType<typeof useSelection> | null,
  hasRows: boolean,
) {
  const { keys } = words;
  const tickFocused = (isRange: boolean) => {
    const row = table.current?.focused();
    if (row && selection) selection.onTick(row.id, isRange || !isTicked(selection.selection, row.id), isRange);
  };
  const walking = [
    { keys: "j", name: keys.next, run: () => table.current?.walk(1) },
    { keys: "k", name: keys.previous, run: () => table.current?.walk(-1) },
    { keys: "Enter", name: keys.open },
  ];
  const ticking = selection
    ? [
        { keys: "x", name: keys.tick, run: () => tickFocused(false) },
        { keys: "X", name: keys.tickRange, run: () => tickFocused(true) },
        { keys: "a", name: keys.tickAll, run: () => selection.onTickLoaded(true) },
      ]
    : [];
  const clearing =
    selection && !selection.isEmpty ? [{ keys: "Escape", name: keys.clear, run: selection.onClear }] : [];
  useKeys(keys.group, hasRows ? [...walking, ...ticking, ...clearing] : clearing);
}

function NoneYet({ onStart }: { onStart: (() => void) | null }) {
  return (
    <Empty icon={Rows3} title={words.noneTitle}>
      <p>{words.noneHint}</p>
      <ExampleCommand />
      {onStart && (
        <>
          <p className="text-xs text-ink-3">{words.noneStart}</p>
          <Button onClick={onStart}>{words.start}</Button>
        </>
      )}
    </Empty>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Empty icon={ListFilter} title={words.noMatchTitle}>
      <p>{words.noMatchHint}</p>
      <Button onClick={onClear}>{words.filters.clear}</Button>
    </Empty>
  );
}

const offsets = new Map<string, number>();

/** Coming back from an execution finds the list where it was left. */
function useKeptScroll(scroller: React.RefObject<HTMLDivElement | null>, view: string, ready: boolean) {
  useEffect(() => {
    const element = scroller.current;
    if (!element || !ready) return;
    element.scrollTop = offsets.get(view) ?? 0;
    const keep = () => offsets.set(view, element.scrollTop);
    element.addEventListener("scroll", keep, { passive: true });
    return () => element.removeEventListener("scroll", keep);
  }, [scroller, view, ready]);
}
