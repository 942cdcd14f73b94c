"use client";
/** Which workflows are published or drawn, how their executions stand, and buttons to begin and to start one. */
import { Play, Search, Workflow as WorkflowIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useRef, useState } from "react";
import { useDrafts } from "@/lib/client/drafts";
import { useMay } from "@/lib/client/permissions";
import { useWorkflows } from "@/lib/client/queries";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import { StartDialog } from "../_executions/start-dialog";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Actor } from "../_ui/actor";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { Failure } from "../_ui/failure";
import { FindField } from "../_ui/find-field";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";
import { DraftTag } from "./draft-tag";
import { type ListedWorkflow, listedOf } from "./listed-workflows";
import { NewWorkflow } from "./new-workflow";
import { StatusCounts } from "./status-counts";

const NAMES = ["q"] as const;
const nothing = () => {};

const COLUMNS: EndlessColumn<ListedWorkflow>[] = [
  { name: words.columns.name, width: "minmax(200px, 1.9fr)", cell: (item) => <Name item={item} /> },
  {
    name: words.columns.version,
    width: "64px",
    cell: ({ published }) =>
      published && <span className="font-mono text-xs text-ink-2">{words.version(published.version)}</span>,
  },
  {
    name: words.columns.executions,
    width: "minmax(160px, 1.4fr)",
    cell: ({ published }) => published && <StatusCounts name={published.name} counts={published.counts} />,
  },
  {
    name: words.publishedBy,
    width: "minmax(110px, 0.8fr)",
    cell: ({ published }) =>
      published ? (
        <Actor actor={published.publishedBy} className="max-w-full text-xs text-ink-2" />
      ) : (
        <span className="text-xs text-ink-3">{words.unpublished}</span>
      ),
  },
  {
    name: words.columns.published,
    width: "88px",
    numeric: true,
    cell: ({ published }) =>
      published && <RelativeTime at={published.publishedAt} className="whitespace-nowrap text-ink-2" />,
  },
];

export function WorkflowsRoom() {
  const [{ q = "" }, change] = useAddress(NAMES);
  const router = useRouter();
  const workflows = useWorkflows();
  const drafts = useDrafts().data?.items;
  const scroller = useRef<HTMLElement>(null);
  const [starting, setStarting] = useState<string | null>(null);
  const mayStart = useMay("execute");
  const all = useMemo(() => workflows.data && listedOf(workflows.data.items, drafts ?? []), [workflows.data, drafts]);
  const items = useMemo(() => all?.filter(matching(q)), [all, q]);
  const columns = mayStart ? [...COLUMNS, startColumn(setStarting)] : COLUMNS;
  return (
    <>
      <RoomHeader title={words.title}>
        <NewWorkflow size="sm" />
      </RoomHeader>
      <search className="flex h-11 shrink-0 items-center border-b px-4 md:px-6">
        <FindField label={words.find} value={q} onChange={(next) => change({ q: next })} className="w-full max-w-72" />
      </search>
      <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
        {workflows.isError && items === undefined ? (
          <Failure error={workflows.error} onRetry={() => workflows.refetch()} />
        ) : items?.length === 0 ? (
          <None isFiltered={all?.length !== 0} onClear={() => change({ q: undefined })} />
        ) : (
          <EndlessTable
            label={words.tableLabel}
            columns={columns}
            items={items}
            keyOf={({ name }) => name}
            narrow={(item) => <Narrow item={item} />}
            scroller={scroller}
            onOpen={(item) => router.push(hrefOf(item))}
            onEnd={nothing}
            isComplete
            end={words.end(items?.length ?? 0)}
            rowHeight={{ wide: 52, narrow: 72 }}
          />
        )}
      </ScrollArea>
      <StartDialog
        key={starting}
        open={starting !== null}
        onOpenChange={(open) => !open && setStarting(null)}
        workflow={starting ?? undefined}
      />
    </>
  );
}

function matching(q: string) {
  const wanted = q.trim().toLowerCase();
  return ({ name, published }: ListedWorkflow) =>
    `${name} ${published?.description ?? ""}`.toLowerCase().includes(wanted);
}

function startColumn(start: (name: string) => void): EndlessColumn<ListedWorkflow> {
  return {
    name: words.columns.start,
    width: "76px",
    numeric: true,
    isNameHidden: true,
    cell: ({ name, published }) =>
      published && (
        <Button size="sm" aria-label={words.start(name)} onClick={() => start(name)}>
          <Play aria-hidden size={12} />
          {words.startShort}
        </Button>
      ),
  };
}

/** Of what is only a draft, the editor is all there is. */
function hrefOf({ name, published }: ListedWorkflow): string {
  return `/workflows/${encodeURIComponent(name)}${published === null ? "/edit" : ""}`;
}

function Name({ item, isShort }: { item: ListedWorkflow; isShort?: boolean }) {
  const { name, published, draft } = item;
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex min-w-0 items-center gap-2">
        <Link prefetch={false} href={hrefOf(item)} className="min-w-0 truncate rounded-sm font-medium hover:underline">
          {name}
        </Link>
        {draft && <DraftTag draft={draft} />}
      </span>
      {!isShort && published?.description && (
        <span className="truncate text-xs text-ink-3">{published.description}</span>
      )}
    </span>
  );
}

function Narrow({ item }: { item: ListedWorkflow }) {
  const { published } = item;
  return (
    <span className="flex min-w-0 flex-col gap-1">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1">
          <Name item={item} isShort />
        </span>
        {published && (
          <>
            <span className="font-mono text-2xs text-ink-3">{words.version(published.version)}</span>
            <RelativeTime at={published.publishedAt} className="text-xs text-ink-3" />
          </>
        )}
      </span>
      {published ? (
        <StatusCounts name={published.name} counts={published.counts} />
      ) : (
        <span className="text-xs text-ink-3">{words.unpublished}</span>
      )}
    </span>
  );
}

function None({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const mayDraw = useMay("publish");
  if (isFiltered)
    return (
      <Empty icon={Search} title={words.noMatch}>
        <p>{words.noMatchHint}</p>
        <Button onClick={onClear}>{words.clear}</Button>
      </Empty>
    );
  return (
    <Empty icon={WorkflowIcon} title={words.noneTitle}>
      <p>{mayDraw ? words.noneHint : words.noneHintWorker}</p>
      <NewWorkflow />
      <ExampleCommand />
    </Empty>
  );
}
