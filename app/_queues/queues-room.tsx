"use client";
/** What waits where, for how long, and whether anyone is there to take it. */
import { Layers, TriangleAlert } from "lucide-react";
import { useRef } from "react";
import { number } from "@/lib/client/format";
import { useQueues } from "@/lib/client/queries";
import { queueTexts as words } from "@/lib/client/texts/workers";
import type { Queue } from "@/lib/contract/workers";
import { Beside } from "../_rooms/beside";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { QueuePanel } from "./queue-panel";

const NAMES = ["queue"] as const;
const nothing = () => {};
const isUnserved = ({ workers, ready }: Queue) => workers === 0 && ready > 0;

const COLUMNS: EndlessColumn<Queue>[] = [
  { name: words.columns.name, width: "minmax(160px, 2fr)", cell: (queue) => <Name queue={queue} /> },
  { name: words.columns.ready, width: "minmax(64px, 1fr)", numeric: true, cell: ({ ready }) => number(ready) },
  { name: words.columns.oldest, width: "minmax(84px, 1fr)", numeric: true, cell: (queue) => <Oldest queue={queue} /> },
  { name: words.columns.running, width: "minmax(64px, 1fr)", numeric: true, cell: ({ running }) => number(running) },
  { name: words.columns.delayed, width: "minmax(64px, 1fr)", numeric: true, cell: ({ delayed }) => number(delayed) },
  { name: words.columns.workers, width: "minmax(64px, 1fr)", numeric: true, cell: ({ workers }) => number(workers) },
  {
    name: words.columns.rate,
    width: "minmax(84px, 1fr)",
    numeric: true,
    cell: ({ ratePerMinute }) => number(ratePerMinute),
  },
];

export function QueuesRoom() {
  const [{ queue: open }, change] = useAddress(NAMES);
  const queues = useQueues();
  const scroller = useRef<HTMLElement>(null);
  const items = queues.data?.items;
  const shown = items?.find(({ name }) => name === open);
  return (
    <>
      <RoomHeader title={words.title} />
      <Beside
        title={shown?.name ?? words.details}
        label={words.details}
        isOpen={open !== undefined && items !== undefined}
        onClose={() => change({ queue: undefined })}
        panel={
          shown ? (
            <QueuePanel key={shown.name} queue={shown} />
          ) : (
            <p className="px-4 py-4 text-xs text-ink-3">{words.noneHint}</p>
          )
        }
      >
        <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
          {queues.isError && items === undefined ? (
            <Failure error={queues.error} onRetry={() => queues.refetch()} />
          ) : items?.length === 0 ? (
            <Empty icon={Layers} title={words.noneTitle}>
              <p>{words.noneHint}</p>
            </Empty>
          ) : (
            <EndlessTable
              label={words.tableLabel}
              columns={COLUMNS}
              items={items}
              keyOf={({ name }) => name}
              narrow={(queue) => <Narrow queue={queue} />}
              scroller={scroller}
              onOpen={({ name }) => change({ queue: name })}
              current={open}
              onEnd={nothing}
              isComplete
              end={words.end(items?.length ?? 0)}
              rowHeight={{ wide: 48, narrow: 64 }}
            />
          )}
        </ScrollArea>
      </Beside>
    </>
  );
}

function Name({ queue }: { queue: Queue }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className="truncate font-mono text-xs font-medium">{queue.name}</span>
      {isUnserved(queue) && (
        <span className="inline-flex items-center gap-1 text-2xs text-warning">
          <TriangleAlert aria-hidden size={11} />
          {words.noWorker}
        </span>
      )}
    </span>
  );
}

function Oldest({ queue: { oldestReadyAt } }: { queue: Queue }) {
  if (oldestReadyAt === null) return <span className="text-ink-3">–</span>;
  return <RelativeTime at={oldestReadyAt} className="whitespace-nowrap text-ink-2" />;
}

function Narrow({ queue }: { queue: Queue }) {
  const { ready, running, workers } = queue;
  return (
    <span className="flex min-w-0 items-center gap-3">
      <span className="min-w-0 flex-1">
        <Name queue={queue} />
      </span>
      <span className="flex flex-col items-end text-xs text-ink-2 tabular">
        <span>
          {number(ready)} {words.columns.ready.toLowerCase()}, {number(running)} {words.columns.running.toLowerCase()}
        </span>
        <span className="text-ink-3">
          {number(workers)} {words.columns.workers.toLowerCase()}
        </span>
      </span>
    </span>
  );
}
