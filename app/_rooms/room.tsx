"use client";
/** A room that is one short list: loading, failed, empty, or the table. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page } from "@/lib/client/queries";
import { RoomHeader } from "../_shell/room-header";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { type Column, SimpleTable } from "./simple-table";

export function Room<T>({
  title,
  label,
  query,
  columns,
  keyOf,
  empty,
}: {
  title: string;
  label: string;
  query: UseQueryResult<Page<T>>;
  columns: Column<T>[];
  keyOf: (item: T) => string;
  empty: ReactNode;
}) {
  const items = query.data?.items;
  return (
    <>
      <RoomHeader title={title} />
      <ScrollArea label={title} className="flex flex-col overflow-x-auto">
        {query.isError && items === undefined ? (
          <Failure error={query.error} onRetry={() => query.refetch()} />
        ) : items?.length === 0 ? (
          empty
        ) : (
          <SimpleTable label={label} columns={columns} items={items} keyOf={keyOf} />
        )}
      </ScrollArea>
    </>
  );
}
