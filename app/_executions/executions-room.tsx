"use client";
/** The executions room: filters in the URL, the live list, and what stands there when there is nothing to list. */
import { ArrowUp, ListFilter, Play, Rows3 } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { useExecutionsList, type VisibleRows } from "@/lib/client/executions-list";
import { useMay } from "@/lib/client/permissions";
import type { Page } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { ExecutionsTable, TableSkeleton } from "./executions-table";
import { FilterBar } from "./filter-bar";
import { Freshness } from "./freshness";
import { StartDialog } from "./start-dialog";
import { useFilters } from "./use-filters";

const words = texts.executions;

/** The first page that came with the document, and the filters it answers. */
export interface InitialExecutions {
  filters: ExecutionFilters;
  page: Page<ExecutionSummary>;
}

const sameFilters = (a: ExecutionFilters, b: ExecutionFilters) => JSON.stringify(a) === JSON.stringify(b);

export function ExecutionsRoom({ initial }: { initial: InitialExecutions | null }) {
  const { filters, setFilters, filtered } = useFilters();
  const mayExecute = useMay("execute");
  const [starting, setStarting] = useState(false);
  const [visible, setVisible] = useState<VisibleRows>({ first: 0, last: 0 });
  const given = initial && sameFilters(initial.filters, filters) ? initial.page : undefined;
  const { list, head, rows, waiting } = useExecutionsList(filters, visible, given);
  const scroller = useRef<HTMLDivElement>(null);
  useKeptScroll(scroller, JSON.stringify(filters), rows.length > 0);
  const onTag = useCallback((tag: string) => setFilters({ ...filters, tag }), [filters, setFilters]);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError) fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);

  return (
    <>
      <RoomHeader title={words.title}>
        {mayExecute && (
          <Button variant="solid" size="sm" onClick={() => setStarting(true)}>
            <Play aria-hidden size={13} fill="currentColor" />
            {words.start}
          </Button>
        )}
      </RoomHeader>
      <FilterBar filters={filters} onChange={setFilters}>
        {list.isSuccess && <Freshness updatedAt={head.dataUpdatedAt} failing={head.isError || head.failureCount > 0} />}
      </FilterBar>
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
        <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
          {list.isPending ? (
            <TableSkeleton />
          ) : list.isError && rows.length === 0 ? (
            <Failure error={list.error} onRetry={() => list.refetch()} />
          ) : rows.length === 0 ? (
            filtered ? (
              <NoMatch onClear={() => setFilters({})} />
            ) : (
              <NoneYet onStart={mayExecute ? () => setStarting(true) : null} />
            )
          ) : (
            <ExecutionsTable
              rows={rows}
              scroller={scroller}
              onVisible={setVisible}
              onTag={onTag}
              onEnd={onEnd}
              loadingMore={isFetchingNextPage}
              complete={!hasNextPage}
            />
          )}
        </ScrollArea>
      </div>
      <StartDialog open={starting} onOpenChange={setStarting} workflow={filters.workflow} />
    </>
  );
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
      <Button onClick={onClear}>{words.clearFilters}</Button>
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
