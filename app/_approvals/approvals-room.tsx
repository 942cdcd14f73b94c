"use client";
/** The inbox: what waits for a person, the newest first, and what was decided; the chosen one beside the list. */
import { UserRoundCheck } from "lucide-react";
import { useMemo, useRef } from "react";
import { type ApprovalFilters, useApprovals } from "@/lib/client/approvals";
import { approvalTexts as words } from "@/lib/client/texts/approvals";
import type { Approval, ApprovalStatus } from "@/lib/contract/approvals";
import { Beside } from "../_rooms/beside";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Checkbox } from "../_ui/checkbox";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { ScrollArea } from "../_ui/scroll-area";
import { Segments } from "../_ui/segments";
import { RelativeTime } from "../_ui/time";
import { ApprovalPanel } from "./approval-panel";
import { ApprovalStatusWord } from "./approval-status";

const NAMES = ["status", "assignee", "approval"] as const;
const STATUSES = Object.keys(words.status) as ApprovalStatus[];
const ALL = "all";

const COLUMNS: EndlessColumn<Approval>[] = [
  { name: words.columns.title, width: "minmax(140px, 1.6fr)", cell: (approval) => <Title approval={approval} /> },
  {
    name: words.columns.workflow,
    width: "minmax(88px, 1fr)",
    cell: ({ workflow }) => <span className="block truncate text-ink-2">{workflow}</span>,
  },
  {
    name: words.columns.assignees,
    width: "minmax(88px, 1fr)",
    cell: ({ assignees }) => (
      <span title={assignees.join(", ")} className="block truncate text-ink-2">
        {assignees.length === 0 ? words.anyone : assignees.join(", ")}
      </span>
    ),
  },
  { name: words.columns.status, width: "104px", cell: ({ status }) => <ApprovalStatusWord status={status} /> },
  {
    name: words.columns.requested,
    width: "84px",
    numeric: true,
    cell: ({ requestedAt }) => <RelativeTime at={requestedAt} className="whitespace-nowrap text-ink-2" />,
  },
  {
    name: words.columns.due,
    width: "84px",
    numeric: true,
    cell: (approval) => <Due approval={approval} />,
  },
];

export function ApprovalsRoom() {
  const [address, change] = useAddress(NAMES);
  const filters = useMemo(() => filtersOf(address), [address]);
  const approvals = useApprovals(filters);
  const scroller = useRef<HTMLElement>(null);
  const items = useMemo(() => approvals.data?.pages.flatMap((page) => page.items), [approvals.data]);
  return (
    <>
      <RoomHeader title={words.title} />
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b px-4 py-2 md:px-6">
        <Segments
          label={words.filterLabel}
          options={[
            ...STATUSES.map((value) => ({ value, name: words.status[value] })),
            { value: ALL, name: words.all },
          ]}
          value={address.status === ALL ? ALL : (filters.status ?? "pending")}
          onChange={(status) => change({ status: status === "pending" ? undefined : status, approval: undefined })}
        />
        <span className="flex items-center gap-2 text-xs">
          <Checkbox
            id="only-mine"
            checked={filters.assignee === "me"}
            onChange={(mine) => change({ assignee: mine ? "me" : undefined })}
          />
          <label htmlFor="only-mine">{words.mine}</label>
        </span>
      </div>
      <Beside
        title={words.details}
        label={words.details}
        isOpen={address.approval !== undefined}
        onClose={() => change({ approval: undefined })}
        panel={address.approval && <ApprovalPanel id={address.approval} />}
      >
        <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
          {approvals.isError && items === undefined ? (
            <Failure error={approvals.error} onRetry={() => approvals.refetch()} />
          ) : items?.length === 0 ? (
            <None status={filters.status} />
          ) : (
            <EndlessTable
              label={words.tableLabel}
              columns={COLUMNS}
              items={items}
              keyOf={({ id }) => id}
              narrow={(approval) => <Narrow approval={approval} />}
              scroller={scroller}
              onOpen={({ id }) => change({ approval: id })}
              current={address.approval}
              onEnd={() => void (approvals.hasNextPage && !approvals.isFetching && approvals.fetchNextPage())}
              isComplete={!approvals.hasNextPage}
              end={words.end(items?.length ?? 0)}
            />
          )}
        </ScrollArea>
      </Beside>
    </>
  );
}

function filtersOf({ status, assignee }: { status?: string; assignee?: string }): ApprovalFilters {
  return { status: status === ALL ? undefined : (STATUSES.find((known) => known === status) ?? "pending"), assignee };
}

function Title({ approval: { title, node, executionId } }: { approval: Approval }) {
  return (
    <span className="flex min-w-0 flex-col">
      <span className="truncate font-medium">{title ?? words.untitled(node)}</span>
      <span className="truncate font-mono text-2xs text-ink-3">
        {node} · {executionId}
      </span>
    </span>
  );
}

function Due({ approval: { status, expiresAt, decidedAt } }: { approval: Approval }) {
  const at = status === "pending" ? expiresAt : decidedAt;
  if (at === null) return <span className="text-ink-3">–</span>;
  return <RelativeTime at={at} className="whitespace-nowrap text-ink-2" />;
}

function Narrow({ approval }: { approval: Approval }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{approval.title ?? words.untitled(approval.node)}</span>
        <span className="text-xs text-ink-3">
          <Due approval={approval} />
        </span>
      </span>
      <span className="flex items-center gap-2 text-xs text-ink-2">
        <ApprovalStatusWord status={approval.status} />
        <span className="min-w-0 truncate">{approval.workflow}</span>
      </span>
    </span>
  );
}

const EXAMPLE = `{ "id": "approve", "type": "approval", "title": "Ship it?",\n  "assignees": ["admin"], "timeout": "2d" }`;

function None({ status }: { status: ApprovalStatus | undefined }) {
  if (status !== "pending")
    return (
      <Empty icon={UserRoundCheck} title={words.noneOfTitle(status ? words.status[status] : words.all)}>
        <p>{words.noneOfHint}</p>
      </Empty>
    );
  return (
    <Empty icon={UserRoundCheck} title={words.noneTitle}>
      <p>{words.noneHint}</p>
      <figure className="flex w-full flex-col gap-1 text-left">
        <figcaption className="text-2xs text-ink-3">{words.example}</figcaption>
        <pre className="overflow-x-auto rounded-md border bg-sunken px-3 py-2 font-mono text-xs text-ink-2">
          {EXAMPLE}
        </pre>
      </figure>
    </Empty>
  );
}
