"use client";
/** Which workflows are published, how their executions stand, and a button to start one. */
import { Play, Workflow as WorkflowIcon } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { number } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { useWorkflows } from "@/lib/client/queries";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import type { Workflow } from "@/lib/contract/workflows";
import { StartDialog } from "../_executions/start-dialog";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { StatusIcon } from "../_ui/status";
import { RelativeTime } from "../_ui/time";
import { Room } from "./room";
import type { Column } from "./simple-table";

const words = texts.workflows;

export function WorkflowsRoom() {
  const workflows = useWorkflows();
  const [starting, setStarting] = useState<string | null>(null);
  const columns: Column<Workflow>[] = [
    { name: words.columns.name, cell: (workflow) => <Name workflow={workflow} /> },
    {
      name: words.columns.version,
      cell: ({ version }) => <span className="font-mono text-xs text-ink-2">v{version}</span>,
    },
    { name: words.columns.executions, extra: true, cell: (workflow) => <Counts workflow={workflow} /> },
    {
      name: words.columns.published,
      extra: true,
      numeric: true,
      cell: ({ publishedAt }) => <RelativeTime at={publishedAt} className="text-ink-2" />,
    },
  ];
  if (useMay("execute")) {
    columns.push({
      name: texts.executions.startShort,
      numeric: true,
      cell: ({ name }) => (
        <Button size="sm" aria-label={words.start(name)} onClick={() => setStarting(name)}>
          <Play aria-hidden size={12} />
          {texts.executions.startShort}
        </Button>
      ),
    });
  }
  return (
    <>
      <Room
        title={words.title}
        label={words.tableLabel}
        query={workflows}
        columns={columns}
        keyOf={({ name }) => name}
        empty={
          <Empty icon={WorkflowIcon} title={words.noneTitle}>
            <p>{words.noneHint}</p>
            <ExampleCommand />
          </Empty>
        }
      />
      <StartDialog
        key={starting}
        open={starting !== null}
        onOpenChange={(open) => !open && setStarting(null)}
        workflow={starting ?? undefined}
      />
    </>
  );
}

function Name({ workflow }: { workflow: Workflow }) {
  return (
    <span className="flex min-w-0 flex-col">
      <Link
        prefetch={false}
        href={`/executions?workflow=${encodeURIComponent(workflow.name)}`}
        className="self-start rounded-sm font-medium break-all hover:underline"
      >
        {workflow.name}
      </Link>
      {workflow.description && <span className="line-clamp-1 text-xs text-ink-3">{workflow.description}</span>}
    </span>
  );
}

function Counts({ workflow }: { workflow: Workflow }) {
  const present = EXECUTION_STATUSES.filter((status) => (workflow.counts[status] ?? 0) > 0);
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {present.map((status) => (
        <Link
          prefetch={false}
          key={status}
          href={`/executions?workflow=${encodeURIComponent(workflow.name)}&status=${status}`}
          aria-label={`${number(workflow.counts[status] ?? 0)} ${texts.status[status]}`}
          title={texts.status[status]}
          className="inline-flex items-center gap-1 rounded-sm text-xs text-ink-2 tabular hover:text-ink"
        >
          <StatusIcon status={status} size={13} className="!animate-none" />
          {number(workflow.counts[status] ?? 0)}
        </Link>
      ))}
    </span>
  );
}
