"use client";
/**
 * The executions list, live without jumping: pages are loaded once and then kept true in place. What is new goes to the
 * top by itself while the top is in view; otherwise it is counted, and waits until it is asked for.
 */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import type { ExecutionSummary } from "@/lib/contract/executions";
import { useIsFollowing } from "./changes";
import type { ExecutionFilters } from "./execution-filters";
import { arrivals, leavesGap, mergeHead, refreshRows } from "./merge-head";
import { fetchExecutions, keys, type Page } from "./queries";
import { follows } from "./refresher";

type Pages = InfiniteData<Page<ExecutionSummary>, string | null>;
/** Changes are followed; without them the list is asked as often as people look. */
const HEAD_REFRESH_MS = { following: 20_000, alone: 3_000 };
const VISIBLE_REFRESH_MS = 5000;

export interface VisibleRows {
  first: number;
  last: number;
}

export function useExecutionsList(filters: ExecutionFilters, visible: VisibleRows, initial?: Page<ExecutionSummary>) {
  const client = useQueryClient();
  const key = keys.executions(filters);
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => fetchExecutions(filters, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    initialData: initial ? { pages: [initial], pageParams: [null] } : undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    meta: follows("by-itself"),
  });
  const head = useQuery({
    queryKey: [...key, "head"],
    queryFn: ({ signal }) => fetchExecutions(filters, null, signal),
    enabled: list.isSuccess,
    refetchInterval: useIsFollowing() ? HEAD_REFRESH_MS.following : HEAD_REFRESH_MS.alone,
    meta: follows("at-once"),
  });
  const pages = list.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const update = useCallback(
    (change: (pages: Page<ExecutionSummary>[]) => Page<ExecutionSummary>[]) =>
      client.setQueryData<Pages>(keys.executions(filters), (data) => data && { ...data, pages: change(data.pages) }),
    [client, filters],
  );

  const atTop = visible.first === 0;
  useEffect(() => {
    if (!head.data) return;
    const fresh = head.data;
    const known = client.getQueryData<Pages>(keys.executions(filters))?.pages ?? [];
    if (!atTop) update((pages) => refreshRows(pages, fresh.items));
    else if (leavesGap(known, fresh))
      client.setQueryData<Pages>(keys.executions(filters), { pages: [fresh], pageParams: [null] });
    else update((pages) => mergeHead(pages, fresh));
  }, [head.data, atTop, client, filters, update]);

  useVisibleRefresh(filters, list.data, visible, update);
  const waiting = pages && head.data && !atTop ? arrivals(pages, head.data).length : 0;
  return { list, head, rows, waiting };
}

/** Open executions further down change too: the one page in view that has some is asked for again, in its place. */
function useVisibleRefresh(
  filters: ExecutionFilters,
  data: InfiniteData<Page<ExecutionSummary>> | undefined,
  visible: VisibleRows,
  update: (change: (pages: Page<ExecutionSummary>[]) => Page<ExecutionSummary>[]) => void,
) {
  const cursor = useMemo(() => openPageInView(data, visible), [data, visible]);
  const page = useQuery({
    queryKey: [...keys.executions(filters), "visible", cursor],
    queryFn: ({ signal }) => fetchExecutions(filters, cursor, signal),
    enabled: cursor !== null,
    refetchInterval: VISIBLE_REFRESH_MS,
    meta: follows("by-itself"),
    gcTime: 0,
  });
  useEffect(() => {
    if (page.data) update((pages) => refreshRows(pages, page.data.items));
  }, [page.data, update]);
}

function openPageInView(data: InfiniteData<Page<ExecutionSummary>> | undefined, visible: VisibleRows): string | null {
  let start = 0;
  for (const [index, page] of data?.pages.entries() ?? []) {
    const end = start + page.items.length;
    const inView = page.items.slice(Math.max(0, visible.first - start), Math.max(0, visible.last + 1 - start));
    if (index > 0 && start <= visible.last && end > visible.first && inView.some((item) => item.closedAt === null))
      return (data?.pageParams[index] as string | null | undefined) ?? null;
    start = end;
  }
  return null;
}
