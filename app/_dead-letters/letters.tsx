"use client";
/** Failures one by one, those of one cause or all; ticked ones are dealt with together, the chosen one stands beside. */
import { MailX } from "lucide-react";
import { useMemo, useRef } from "react";
import { type DeadLetterFilters, useDeadLetters } from "@/lib/client/dead-letters";
import { number } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { deadLetterTexts as words } from "@/lib/client/texts/dead-letters";
import type { DeadLetter, DeadLetterAction, DeadLetterStatus } from "@/lib/contract/dead-letters";
import { Beside } from "../_rooms/beside";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { LetterPanel } from "./letter-panel";
import { LetterStatus } from "./letter-status";
import type { Settled } from "./settle-dialog";
import { useTicks } from "./use-ticks";

const LETTER_COLUMNS: EndlessColumn<DeadLetter>[] = [
  {
    name: words.columns.error,
    width: "minmax(200px, 1.6fr)",
    cell: ({ error }) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-mono text-xs font-medium">{error.code}</span>
        <span title={error.message} className="truncate text-xs text-ink-2">
          {error.message}
        </span>
      </span>
    ),
  },
  {
    name: words.columns.step,
    width: "minmax(120px, 1fr)",
    cell: ({ workflow, node }) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-mono text-xs">{node}</span>
        <span className="truncate text-xs text-ink-3">{workflow}</span>
      </span>
    ),
  },
  { name: words.columns.status, width: "92px", cell: ({ status }) => <LetterStatus status={status} /> },
  { name: words.columns.attempts, width: "64px", numeric: true, cell: ({ attempts }) => number(attempts) },
  {
    name: words.columns.failed,
    width: "84px",
    numeric: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} className="whitespace-nowrap text-ink-2" />,
  },
];

export function Letters({
  filters,
  open,
  onOpen,
  onSettle,
}: {
  filters: DeadLetterFilters;
  open: string | undefined;
  onOpen: (id: string | undefined) => void;
  onSettle: (settled: Settled) => void;
}) {
  const letters = useDeadLetters(filters, true);
  const scroller = useRef<HTMLElement>(null);
  const items = useMemo(() => letters.data?.pages.flatMap((page) => page.items), [letters.data]);
  const keys = useMemo(() => items?.map(({ id }) => id) ?? [], [items]);
  const { ticked, onTick, onTickAll, clear } = useTicks(keys);
  // What was dealt with has left the list, and is not meant any more.
  const chosen = keys.filter((key) => ticked.has(key));
  const maySettle = useMay("execute") && filters.status === "open";
  return (
    <Beside
      title={words.details}
      label={words.details}
      isOpen={open !== undefined}
      onClose={() => onOpen(undefined)}
      panel={open && <LetterPanel key={open} id={open} onSettled={() => onOpen(undefined)} />}
    >
      <ScrollArea ref={scroller} label={words.lettersLabel} className="flex flex-col">
        {letters.isError && items === undefined ? (
          <Failure error={letters.error} onRetry={() => letters.refetch()} />
        ) : items?.length === 0 ? (
          <NoLetters status={filters.status} />
        ) : (
          <EndlessTable
            label={words.lettersLabel}
            columns={LETTER_COLUMNS}
            items={items}
            keyOf={({ id }) => id}
            narrow={(letter) => <NarrowLetter letter={letter} />}
            scroller={scroller}
            onOpen={({ id }) => onOpen(id)}
            current={open}
            onEnd={() => void (letters.hasNextPage && !letters.isFetching && letters.fetchNextPage())}
            isComplete={!letters.hasNextPage}
            end={words.endOfLetters(items?.length ?? 0)}
            rowHeight={{ wide: 52, narrow: 64 }}
            {...(maySettle && {
              ticks: { ticked, onTick, onTickAll, labelOf: words.tickOne, labelOfAll: words.tickAll },
            })}
          />
        )}
      </ScrollArea>
      {chosen.length > 0 && (
        <TickedBar
          count={chosen.length}
          onClear={clear}
          onSettle={(action) => onSettle({ action, which: { ids: chosen }, count: chosen.length })}
        />
      )}
    </Beside>
  );
}

function TickedBar({
  count,
  onClear,
  onSettle,
}: {
  count: number;
  onClear: () => void;
  onSettle: (action: DeadLetterAction) => void;
}) {
  return (
    <div className="flex h-12 shrink-0 animate-fade items-center gap-2 border-t bg-raised px-4 md:px-6">
      <p role="status" className="text-xs font-medium tabular">
        {words.ticked(count)}
      </p>
      <Button size="sm" variant="ghost" onClick={onClear}>
        {words.untick}
      </Button>
      <span className="ml-auto flex gap-2">
        <Button size="sm" variant="solid" onClick={() => onSettle("retry")}>
          {words.retry}
        </Button>
        <Button size="sm" onClick={() => onSettle("resolve")}>
          {words.resolve}
        </Button>
      </span>
    </div>
  );
}

function NarrowLetter({ letter: { error, node, workflow, createdAt } }: { letter: DeadLetter }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-xs font-medium">{error.code}</span>
        <RelativeTime at={createdAt} className="text-xs text-ink-3" />
      </span>
      <span className="truncate text-xs text-ink-2">
        {workflow} · {node}
      </span>
    </span>
  );
}

function NoLetters({ status = "open" }: { status: DeadLetterStatus | undefined }) {
  return (
    <Empty icon={MailX} title={status === "open" ? words.noneTitle : words.noneOfTitle(words.status[status])}>
      <p>{status === "open" ? words.noneHint : words.noneOfHint}</p>
    </Empty>
  );
}
