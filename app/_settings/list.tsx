"use client";
/** One list of the settings below its bar: loading, failed, empty, or the table. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "@/lib/client/queries";
import { type Column, SimpleTable } from "../_rooms/simple-table";
import { Failure } from "../_ui/failure";

export function List<T>({
  label,
  query,
  columns,
  keyOf,
  empty = null,
  only = () => true,
}: {
  label: string;
  query: UseQueryResult<Page<T>>;
  columns: Column<T>[];
  keyOf: (item: T) => string;
  empty?: ReactNode;
  only?: (item: T) => boolean;
}) {
  if (query.isError && query.data === undefined) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  const items = query.data?.items.filter(only);
  if (items?.length === 0) return empty;
  return <SimpleTable label={label} columns={columns} items={items} keyOf={keyOf} />;
}

/** What can be done in a room of the settings. */
export function Bar({ hint, children }: { hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex h-12 shrink-0 items-center justify-between gap-3 px-4 md:px-6">
      <p className="min-w-0 truncate text-xs text-ink-3">{hint}</p>
      <div className="flex items-center gap-2">{children}</div>
    </div>
  );
}
