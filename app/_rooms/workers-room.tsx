"use client";
/** Who is connected, for which queues, with how much to do. */
import { Cpu } from "lucide-react";
import { shortId } from "@/lib/client/format";
import { useWorkers } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { Worker } from "@/lib/contract/workers";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { RelativeTime } from "../_ui/time";
import { Room } from "./room";
import type { Column } from "./simple-table";

const words = texts.workers;
const TONES = { online: "completed", draining: "paused", offline: "skipped" };

const COLUMNS: Column<Worker>[] = [
  {
    name: words.columns.name,
    cell: ({ name, workerId, language, sdkVersion }) => (
      <span className="flex flex-col">
        <span className="font-medium break-all">{name ?? shortId(workerId)}</span>
        <span className="font-mono text-2xs text-ink-3">
          {shortId(workerId)} · {language} {sdkVersion}
        </span>
      </span>
    ),
  },
  {
    name: words.columns.state,
    cell: ({ state }) => (
      <span data-status={TONES[state]} className="inline-flex items-center gap-1.5 text-tone">
        <span aria-hidden className="size-1.5 rounded-full bg-tone-fill" />
        {words.states[state]}
      </span>
    ),
  },
  { name: words.columns.queues, extra: true, cell: ({ queues }) => <Names names={queues} /> },
  { name: words.columns.tasks, extra: true, cell: ({ tasks }) => <Names names={tasks} /> },
  { name: words.columns.load, numeric: true, cell: ({ running, capacity }) => words.load(running, capacity) },
  {
    name: words.columns.seen,
    numeric: true,
    extra: true,
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} className="text-ink-2" />,
  },
];

export function WorkersRoom() {
  return (
    <Room
      title={words.title}
      label={words.tableLabel}
      query={useWorkers()}
      columns={COLUMNS}
      keyOf={({ workerId }) => workerId}
      empty={
        <Empty icon={Cpu} title={words.noneTitle}>
          <p>{words.noneHint}</p>
          <ExampleCommand />
        </Empty>
      }
    />
  );
}

const SHOWN = 3;

function Names({ names }: { names: string[] }) {
  return (
    <span title={names.join(", ")} className="font-mono text-xs text-ink-2">
      {names.slice(0, SHOWN).join(", ")}
      {names.length > SHOWN && <span className="text-ink-3"> {texts.common.more(names.length - SHOWN)}</span>}
    </span>
  );
}
