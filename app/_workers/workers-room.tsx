"use client";
/** Who is connected, for which queues, with how much to do. */
import { Cpu, Plus, Search } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { shortId } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { useWorkers } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { workerTexts as words } from "@/lib/client/texts/workers";
import { useDrainWorker } from "@/lib/client/workers";
import type { Worker } from "@/lib/contract/workers";
import { Beside } from "../_rooms/beside";
import { type EndlessColumn, EndlessTable } from "../_rooms/endless-table";
import { Fact, Facts } from "../_rooms/facts";
import { useAddress } from "../_rooms/use-address";
import { RoomHeader } from "../_shell/room-header";
import { Button } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { Empty } from "../_ui/empty";
import { ExampleCommand } from "../_ui/example-command";
import { Failure } from "../_ui/failure";
import { FindField } from "../_ui/find-field";
import { FormDialog } from "../_ui/form-dialog";
import { JsonView } from "../_ui/json-view";
import { ProgressBar } from "../_ui/progress-bar";
import { ScrollArea } from "../_ui/scroll-area";
import { Segments } from "../_ui/segments";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { ConnectDialog } from "./connect-dialog";
import { WorkerState } from "./worker-state";

const NAMES = ["state", "q", "worker"] as const;
const STATES = Object.keys(words.states) as Worker["state"][];
const ALL = "all";
const nothing = () => {};

const nameOf = ({ name, workerId }: Worker) => name ?? shortId(workerId);

const COLUMNS: EndlessColumn<Worker>[] = [
  {
    name: words.columns.name,
    width: "minmax(160px, 1.3fr)",
    cell: (worker) => (
      <span className="flex min-w-0 flex-col">
        <span className="truncate font-medium">{nameOf(worker)}</span>
        <span className="truncate font-mono text-2xs text-ink-3">
          {shortId(worker.workerId)} · {worker.language} {worker.sdkVersion}
        </span>
      </span>
    ),
  },
  { name: words.columns.state, width: "96px", cell: (worker) => <WorkerState state={worker.state} /> },
  { name: words.columns.queues, width: "minmax(110px, 1fr)", cell: ({ queues }) => <Names names={queues} /> },
  { name: words.columns.tasks, width: "minmax(110px, 1fr)", cell: ({ tasks }) => <Names names={tasks} /> },
  { name: words.columns.load, width: "104px", numeric: true, cell: (worker) => <Load worker={worker} /> },
  {
    name: words.columns.seen,
    width: "84px",
    numeric: true,
    cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} className="whitespace-nowrap text-ink-2" />,
  },
];

export function WorkersRoom() {
  const [address, change] = useAddress(NAMES);
  const workers = useWorkers();
  const scroller = useRef<HTMLElement>(null);
  const [connecting, setConnecting] = useState(false);
  const state = STATES.find((known) => known === address.state);
  const items = useMemo(() => workers.data?.items.filter(matching(state, address.q)), [workers.data, state, address.q]);
  const shown = workers.data?.items.find(({ workerId }) => workerId === address.worker);
  return (
    <>
      <RoomHeader title={words.title}>
        <Button variant="solid" size="sm" onClick={() => setConnecting(true)}>
          <Plus aria-hidden size={14} />
          {words.connect}
        </Button>
      </RoomHeader>
      <search className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2 md:px-6">
        <Segments
          label={words.filterLabel}
          options={[{ value: ALL, name: words.all }, ...STATES.map((value) => ({ value, name: words.states[value] }))]}
          value={state ?? ALL}
          onChange={(next) => change({ state: next === ALL ? undefined : next })}
        />
        <FindField
          label={words.find}
          value={address.q ?? ""}
          onChange={(q) => change({ q })}
          className="min-w-40 flex-1 sm:max-w-72"
        />
      </search>
      <Beside
        title={shown ? nameOf(shown) : words.details}
        label={words.details}
        isOpen={address.worker !== undefined && workers.data !== undefined}
        onClose={() => change({ worker: undefined })}
        panel={shown ? <Panel worker={shown} /> : <p className="px-4 py-4 text-xs text-ink-3">{words.gone}</p>}
      >
        <ScrollArea ref={scroller} label={words.title} className="flex flex-col">
          {workers.isError && items === undefined ? (
            <Failure error={workers.error} onRetry={() => workers.refetch()} />
          ) : items?.length === 0 ? (
            <None
              isFiltered={workers.data?.items.length !== 0}
              onClear={() => change({ state: undefined, q: undefined })}
            />
          ) : (
            <EndlessTable
              label={words.tableLabel}
              columns={COLUMNS}
              items={items}
              keyOf={({ workerId }) => workerId}
              narrow={(worker) => <Narrow worker={worker} />}
              scroller={scroller}
              onOpen={({ workerId }) => change({ worker: workerId })}
              current={address.worker}
              onEnd={nothing}
              isComplete
              end={words.end(items?.length ?? 0)}
              rowHeight={{ wide: 52, narrow: 64 }}
            />
          )}
        </ScrollArea>
      </Beside>
      {connecting && <ConnectDialog onClose={() => setConnecting(false)} />}
    </>
  );
}

function matching(state: Worker["state"] | undefined, q = "") {
  const wanted = q.trim().toLowerCase();
  return (worker: Worker) =>
    (state === undefined || worker.state === state) &&
    [nameOf(worker), worker.workerId, ...worker.queues, ...worker.tasks].some((text) =>
      text.toLowerCase().includes(wanted),
    );
}

function Load({ worker: { running, capacity } }: { worker: Worker }) {
  return (
    <span className="flex flex-col items-end gap-1">
      <span>{words.load(running, capacity)}</span>
      <span className="w-16">
        <ProgressBar label={words.loadLabel} done={running} total={capacity} />
      </span>
    </span>
  );
}

function Panel({ worker }: { worker: Worker }) {
  const [draining, setDraining] = useState(false);
  const mayDrain = useMay("work") && worker.state === "online";
  return (
    <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-5">
      {mayDrain && (
        <Button size="sm" className="self-start" onClick={() => setDraining(true)}>
          {words.drain}
        </Button>
      )}
      <Facts>
        <Fact name={words.columns.state}>
          <WorkerState state={worker.state} />
        </Fact>
        <Fact name="ID">
          <span className="inline-flex items-center gap-1 font-mono">
            {worker.workerId}
            <CopyButton value={worker.workerId} label={texts.common.copyId} className="-my-1" />
          </span>
        </Fact>
        <Fact name={words.columns.load}>{words.load(worker.running, worker.capacity)}</Fact>
        <Fact name={words.language}>{worker.language}</Fact>
        <Fact name={words.sdk}>{worker.sdkVersion}</Fact>
        <Fact name={words.registered}>
          <RelativeTime at={worker.registeredAt} />
        </Fact>
        <Fact name={words.seen}>
          <RelativeTime at={worker.lastSeenAt} />
        </Fact>
        <Fact name={words.queues}>
          <span className="font-mono">{worker.queues.join(", ")}</span>
        </Fact>
        <Fact name={words.tasks}>
          <span className="font-mono">{worker.tasks.join(", ")}</span>
        </Fact>
      </Facts>
      {Object.keys(worker.metadata).length > 0 && <JsonView value={worker.metadata} title={words.metadata} />}
      {draining && <DrainDialog worker={worker} onClose={() => setDraining(false)} />}
    </div>
  );
}

function DrainDialog({ worker, onClose }: { worker: Worker; onClose: () => void }) {
  const drain = useDrainWorker();
  const finish = () => {
    toast.done(words.drained);
    onClose();
  };
  return (
    <FormDialog
      open
      onClose={onClose}
      title={words.drainTitle(nameOf(worker))}
      description={words.drainHint(worker.running)}
      submit={words.drain}
      busy={drain.isPending}
      error={drain.error}
      onSubmit={() => drain.mutate(worker.workerId, { onSuccess: finish })}
    />
  );
}

function Narrow({ worker }: { worker: Worker }) {
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{nameOf(worker)}</span>
        <RelativeTime at={worker.lastSeenAt} className="text-xs text-ink-3" />
      </span>
      <span className="flex items-center gap-2 text-xs text-ink-2">
        <WorkerState state={worker.state} />
        <span className="min-w-0 truncate font-mono text-2xs">{worker.queues.join(", ")}</span>
        <span className="ml-auto shrink-0 tabular">{words.load(worker.running, worker.capacity)}</span>
      </span>
    </span>
  );
}

const SHOWN = 3;

function Names({ names }: { names: string[] }) {
  return (
    <span title={names.join(", ")} className="block truncate font-mono text-xs text-ink-2">
      {names.slice(0, SHOWN).join(", ")}
      {names.length > SHOWN && <span className="text-ink-3"> {texts.common.more(names.length - SHOWN)}</span>}
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
    <Empty icon={Cpu} title={words.noneTitle}>
      <p>{words.noneHint}</p>
      <ExampleCommand />
    </Empty>
  );
}
