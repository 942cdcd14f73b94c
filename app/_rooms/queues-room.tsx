"use client";
/** What waits where, for how long, and whether anyone is there to take it. */
import { Layers, TriangleAlert } from "lucide-react";
import { number } from "@/lib/client/format";
import { useQueues } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { Queue } from "@/lib/contract/workers";
import { Empty } from "../_ui/empty";
import { RelativeTime } from "../_ui/time";
import { Room } from "./room";
import type { Column } from "./simple-table";

const words = texts.queues;

const COLUMNS: Column<Queue>[] = [
  {
    name: words.columns.name,
    cell: ({ name, workers, ready }) => (
      <span className="flex flex-col">
        <span className="font-mono text-xs font-medium">{name}</span>
        {workers === 0 && ready > 0 && (
          <span className="inline-flex items-center gap-1 text-2xs text-warning">
            <TriangleAlert aria-hidden size={11} />
            {words.noWorker}
          </span>
        )}
      </span>
    ),
  },
  { name: words.columns.ready, numeric: true, cell: ({ ready }) => number(ready) },
  { name: words.columns.running, numeric: true, cell: ({ running }) => number(running) },
  { name: words.columns.delayed, numeric: true, extra: true, cell: ({ delayed }) => number(delayed) },
  {
    name: words.columns.oldest,
    numeric: true,
    extra: true,
    cell: ({ oldestReadyAt }) => (oldestReadyAt ? <RelativeTime at={oldestReadyAt} className="text-ink-2" /> : "–"),
  },
  { name: words.columns.workers, numeric: true, cell: ({ workers }) => number(workers) },
  { name: words.columns.rate, numeric: true, extra: true, cell: ({ ratePerMinute }) => number(ratePerMinute) },
];

export function QueuesRoom() {
  return (
    <Room
      title={words.title}
      label={words.tableLabel}
      query={useQueues()}
      columns={COLUMNS}
      keyOf={({ name }) => name}
      empty={
        <Empty icon={Layers} title={words.noneTitle}>
          <p>{words.noneHint}</p>
        </Empty>
      }
    />
  );
}
