"use client";
/** Which workflows are published, how their executions stand, and a button to start one. */
import { Play, Search, Workflow as WorkflowIcon } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useMemo, useRef, useState } from "react";
import { useMay } from "@/lib/client/permissions";
import { useWorkflows } from "@/lib/client/queries";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import type { Workflow } from "@/lib/contract/workflows";
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
import { StatusCounts } from "./status-counts";

const NAMES = ["q"] as const;
const nothing = () => {};

const COLUMNS: EndlessColumn<Workflow>[] = [
  { name: words.columns.name, width: "minmax(200px, 1.6fr)", cell: (workflow) => <Name workflow={workflow} /> },
  {
    name: words.columns.version,
    width: "64px",
    cell: ({ version }) => <span className="font-mono text-xs text-ink-2">{words.version(version)}</span>,
  },
  {
    name: words.columns.executions,
    width: "minmax(160px, 1.4fr)",
    cell: (workflow) => <StatusCounts name={workflow.name} counts={workflow.counts} />,
  },
  {
    name: words.publishedBy,
    width: "minmax(110px, 0.8fr)",
    cell: ({ publishedBy }) => <Actor actor={publishedBy} className="max-w-full text-xs text-ink-2" />,
  },
  {
    name: words.columns.published,
    width: "88px",
    numeric: true,
    cell: ({ publishedAt }) => <RelativeTime at={publishedAt} className="whitespace-nowrap text-ink-2" />,
  },
];

export function WorkflowsRoom() {
  const [{ q = "" }, change] = useAddress(NAMES);
  const router = useRouter();
  const workflows = useWorkflows();
  const scroller = useRef<HTMLElement>(null);
  const [starting, setStarting] = useState<string | null>(null);
  const mayStart = useMay("execute");
  const items = useMemo(() => workflows.data?.items.filter(matching(q)), [workflows.data, q]);
  const columns = mayStart ? [...COLUMNS, startColumn(setStarting)] : COLUMNS;
  return (
    <>
      <RoomHeader title={words.title} />
      <search className="flex h-11 shrink-0 items-center border-b px-4 md:px-6">
        <FindField label={words.find} value={q} onChange={(next) => change({ q: next })} className="w-full max-w-72" />
      </search>
      <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
        {workflows.isError && items === undefined ? (
          <Failure error={workflows.error} onRetry={() => workflows.refetch()} />
        ) : items?.length === 0 ? (
          <None isFiltered={workflows.data?.items.length !== 0} onClear={() => change({ q: undefined })} />
        ) : (
          <EndlessTable
            label={words.tableLabel}
            columns={columns}
            items={items}
            keyOf={({ name }) => name}
            narrow={(workflow) => <Narrow workflow={workflow} />}
            scroller={scroller}
            onOpen={({ name }) => router.push(`/workflows/${encodeURIComponent(name)}`)}
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
  return ({ name, description }: Workflow) => `${name} ${description ?? ""}`.toLowerCase().includes(wanted);
}

function startColumn(start: (name: string) => void): EndlessColumn<Workflow> {
  return {
    name: words.columns.start,
    width: "76px",
    numeric: true,
    isNameHidden: true,
    cell: ({ name }) => (
      <Button size="sm" aria-label={words.start(name)} onClick={() => start(name)}>
        <Play aria-hidden size={12} />
        {words.startShort}
      </Button>
    ),
  };
}

function Name({ workflow: { name, description } }: { workflow: Workflow }) {
  return (
    <span className="flex min-w-0 flex-col">
      <Link
        prefetch={false}
        href={`/workflows/${encodeURIComponent(name)}`}
        className="max-w-full self-start truncate rounded-sm font-medium hover:underline"
      >
        {name}
      </Link>
      {description && <span className="truncate text-xs text-ink-3">{description}</span>}
    </span>
  );
}

function Narrow({ workflow }: { workflow: Workflow }) {
  return (
    <span className="flex min-w-0 flex-col gap-1">
      <span className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1">
          <Name workflow={{ ...workflow, description: null }} />
        </span>
        <span className="font-mono text-2xs text-ink-3">{words.version(workflow.version)}</span>
        <RelativeTime at={workflow.publishedAt} className="text-xs text-ink-3" />
      </span>
      <StatusCounts name={workflow.name} counts={workflow.counts} />
    </span>
  );
}

function None({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered)
    return (
      <Empty icon={Search} title={words.noMatch}>
        <p>{words.noMatchHint}</p>
        <Button onClick={onClear}>{words.clear}</Button>
      </Empty>
    );
  return (
    <Empty icon={WorkflowIcon} title={words.noneTitle}>
      <p>{words.noneHint}</p>
      <ExampleCommand />
    </Empty>
  );
}
