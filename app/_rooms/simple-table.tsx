/** A plain table for short lists: hairlines, numbers to the right, columns that phones leave out. */
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import { classNames } from "../_ui/class-names";
import { Skeleton } from "../_ui/skeleton";

export interface Column<T> {
  name: string;
  cell: (item: T) => ReactNode;
  numeric?: boolean;
  /** Its name is for those who hear the table; to the others its buttons say enough. */
  isNameHidden?: boolean;
  /** Left out on phones. */
  extra?: boolean;
}

export function SimpleTable<T>({
  label,
  columns,
  items,
  keyOf,
}: {
  label: string;
  columns: Column<T>[];
  /** Undefined while they load. */
  items: T[] | undefined;
  keyOf: (item: T) => string;
}) {
  const cellClass = ({ numeric, extra }: Column<T>) =>
    classNames(
      "px-2 first:pl-4 last:pr-4 md:first:pl-6 md:last:pr-6",
      numeric ? "text-right tabular" : "text-left",
      extra && "hidden md:table-cell",
    );
  return (
    <table className="w-full border-collapse" aria-busy={items === undefined}>
      <caption className="sr-only">{items === undefined ? texts.common.loading : label}</caption>
      <thead>
        <tr className="h-8 border-b text-xs text-ink-3">
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              className={classNames("font-normal whitespace-nowrap", cellClass(column))}
            >
              {column.isNameHidden ? <span className="sr-only">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items === undefined
          ? [0, 1, 2, 3].map((row) => (
              <tr key={row} className="h-11 border-b">
                {columns.map((column) => (
                  <td key={column.name} className={cellClass(column)}>
                    <Skeleton className="inline-block h-3.5 w-20" />
                  </td>
                ))}
              </tr>
            ))
          : items.map((item) => (
              <tr key={keyOf(item)} className="h-11 border-b hover:bg-hover">
                {columns.map((column) => (
                  <td key={column.name} className={cellClass(column)}>
                    {column.cell(item)}
                  </td>
                ))}
              </tr>
            ))}
      </tbody>
    </table>
  );
}
