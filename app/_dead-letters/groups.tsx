"use client";
/** Open failures by what they have in common, the latest first; all of one cause are dealt with at once. */
import { MailX, RotateCcw } from "lucide-react";
import { useMemo, useRef } from "react";
import { useDeadLetterGroups } from "@/lib/client/dead-letters";
import { number } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { deadLetterTexts as words } from "@/lib/client/texts/dead-letters";
import type { DeadLetterAction, DeadLetterGroup } from "@/lib/contract/dead-letters";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import type { Settled } from "./settle-dialog";

export function Groups({
  onOpen,
  onSettle,
}: {
  onOpen: (fingerprint: string) => void;
  onSettle: (settled: Settled) => void;
}) {
  const groups = useDeadLetterGroups(true);
  const maySettle = useMay("execute");
  const scroller = useRef<HTMLElement>(null);
  const items = useMemo(() => groups.data?.pages.flatMap((page) => page.items), [groups.data]);
  const settle = (group: DeadLetterGroup, action: DeadLetterAction) =>
    onSettle({ action, which: { filter: { fingerprint: group.fingerprint } }, count: group.count });
  const columns = maySettle ? [...GROUP_COLUMNS, actionsColumn(settle)] : GROUP_COLUMNS;
  return (
    <ScrollArea ref={scroller} label={words.groupsLabel} className="flex flex-col">
      {groups.isError && items === undefined ? (
        <Failure error={groups.error} onRetry={() => groups.refetch()} />
      ) : items?.length === 0 ? (
        <Empty icon={MailX} title={words.noneTitle}>
          <p>{words.noneHint}</p>
        </Empty>
      ) : (
        <EndlessTable
          label={words.groupsLabel}
          columns={columns}
          items={items}
          keyOf={({ fingerprint }) => fingerprint}
          narrow={(group) => <NarrowGroup group={group} />}
          scroller={scroller}
          onOpen={({ fingerprint }) => onOpen(fingerprint)}
          onEnd={() => void (groups.hasNextPage && !groups.isFetching && groups.fetchNextPage())}
          isComplete={!groups.hasNextPage}
          end={words.endOfGroups(items?.length ?? 0)}
          rowHeight={{ wide: 52, narrow: 64 }}
        />
      )}
    </ScrollArea>
  );
}

const GROUP_COLUMNS: EndlessColumn<DeadLetterGroup>[] = [
  {
    name: words.columns.error,
    width: "minmax(220px, 2fr)",
    cell: ({ code, message }) => (
      <span className="flex min-w-0 flex-col">
        <span data-status="failed" className="truncate font-mono text-xs font-medium text-tone">
          {code}
        </span>
        <span title={message} className="truncate text-xs text-ink-2">
          {message}
        </span>
      </span>
    ),
  },
  {
    name: words.columns.workflows,
    width: "minmax(110px, 1fr)",
    cell: ({ workflows }) => (
      <span title={workflows.join(", ")} className="block truncate text-ink-2">
        {workflows.join(", ")}
      </span>
    ),
  },
  { name: words.columns.count, width: "64px", numeric: true, cell: ({ count }) => number(count) },
  {
    name: words.columns.first,
    width: "84px",
    numeric: true,
    cell: ({ firstSeenAt }) => <RelativeTime at={firstSeenAt} className="whitespace-nowrap text-ink-2" />,
  },
  {
    name: words.columns.last,
    width: "84px",
    numeric: true,
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} className="whitespace-nowrap text-ink-2" />,
  },
];

function actionsColumn(
  settle: (group: DeadLetterGroup, action: DeadLetterAction) => void,
): EndlessColumn<DeadLetterGroup> {
  return {
    name: words.columns.actions,
    width: "176px",
    numeric: true,
    isNameHidden: true,
    cell: (group) => (
      <span className="flex justify-end gap-1.5">
        <Button size="sm" onClick={() => settle(group, "retry")}>
          <RotateCcw aria-hidden size={12} />
          {words.retryAll}
        </Button>
        <Button size="sm" variant="ghost" onClick={() => settle(group, "resolve")}>
          {words.resolveAll}
        </Button>
      </span>
    ),
  };
}

function NarrowGroup({ group: { code, message, count, lastSeenAt } }: { group: DeadLetterGroup }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <span data-status="failed" className="min-w-0 flex-1 truncate font-mono text-xs font-medium text-tone">
          {code}
        </span>
        <span className="text-xs text-ink-3">{words.openOnes(count)}</span>
      </span>
      <span className="flex items-center gap-2 text-xs text-ink-2">
        <span className="min-w-0 flex-1 truncate">{message}</span>
        <RelativeTime at={lastSeenAt} className="text-ink-3" />
      </span>
    </span>
  );
}
