"use client";
/** One queue: how much waits, who polls it for what, what it may give out; and the command where nobody polls it. */
import { Pause, Play, Plus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { number, shortId } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { useWorkers } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { queueTexts as words, workerTexts } from "@/lib/client/texts/workers";
import { useQueueLimits, useSetQueueLimits } from "@/lib/client/workers";
import type { QueueLimits } from "@/lib/contract/queues";
import type { Queue } from "@/lib/contract/workers";
import { Fact, Facts } from "../_rooms/facts";
import { Button } from "../_ui/button";
import { Skeleton } from "../_ui/skeleton";
import { RelativeTime } from "../_ui/time";
import { toast } from "../_ui/toast";
import { ConnectDialog } from "../_workers/connect-dialog";
import { WorkerState } from "../_workers/worker-state";
import { LimitsDialog } from "./limits-dialog";

export function QueuePanel({ queue }: { queue: Queue }) {
  const { name, ready, running, delayed, oldestReadyAt, ratePerMinute } = queue;
  return (
    <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-5">
      <Facts>
        <Fact name={words.columns.ready}>{number(ready)}</Fact>
        <Fact name={words.columns.oldest}>{oldestReadyAt ? <RelativeTime at={oldestReadyAt} /> : "–"}</Fact>
        <Fact name={words.columns.running}>{number(running)}</Fact>
        <Fact name={words.columns.delayed}>{number(delayed)}</Fact>
        <Fact name={words.columns.rate}>{number(ratePerMinute)}</Fact>
      </Facts>
      <Limits queue={name} />
      <PolledBy queue={name} />
    </div>
  );
}

function Limits({ queue }: { queue: string }) {
  const limits = useQueueLimits(queue);
  const [changing, setChanging] = useState(false);
  const mayChange = useMay("publish");
  return (
    <section aria-label={words.limits} className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-ink-2">{words.limits}</h3>
      {limits.data ? <Said limits={limits.data} /> : <Skeleton className="h-5 w-3/4" />}
      {mayChange && limits.data && (
        <div className="flex flex-wrap gap-2">
          <PauseButton queue={queue} limits={limits.data} />
          <Button size="sm" onClick={() => setChanging(true)}>
            {words.change}
          </Button>
        </div>
      )}
      {changing && limits.data && (
        <LimitsDialog queue={queue} limits={limits.data} onClose={() => setChanging(false)} />
      )}
    </section>
  );
}

function Said({ limits: { paused, rate, keyRate } }: { limits: QueueLimits }) {
  const lines = [
    rate && words.rate(rate.limit, rate.perMs),
    keyRate && words.keyRate(keyRate.limit, keyRate.perMs),
  ].filter((line) => line !== null);
  return (
    <div className="flex flex-col gap-1 text-xs">
      {paused && <p className="text-warning">{words.paused}</p>}
      {(lines.length > 0 ? lines : [words.noLimits]).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function PauseButton({ queue, limits }: { queue: string; limits: QueueLimits }) {
  const save = useSetQueueLimits(queue);
  const paused = !limits.paused;
  const Icon = paused ? Pause : Play;
  return (
    <Button
      size="sm"
      busy={save.isPending}
      onClick={() =>
        save.mutate(
          { ...limits, paused },
          {
            onSuccess: () => toast.done(paused ? words.pausedNow : words.resumedNow),
            onError: (error) => toast.failed(texts.errors.sentence(error)),
          },
        )
      }
    >
      <Icon aria-hidden size={12} />
      {paused ? words.pause : words.resume}
    </Button>
  );
}

function PolledBy({ queue }: { queue: string }) {
  const workers = useWorkers();
  const [connecting, setConnecting] = useState(false);
  const polling = workers.data?.items.filter(({ queues, state }) => queues.includes(queue) && state !== "offline");
  return (
    <section aria-label={words.polledBy} className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-ink-2">{words.polledBy}</h3>
      {polling?.length === 0 && <p className="text-xs text-warning">{words.polledByNobody}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {polling?.map(({ workerId, name, state, running, capacity, tasks }) => (
          <li key={workerId} className="flex items-center gap-3 py-1.5 text-xs">
            <Link
              prefetch={false}
              href={`/workers?worker=${workerId}`}
              title={tasks.join(", ")}
              className="min-w-0 flex-1 truncate rounded-sm font-medium hover:underline"
            >
              {name ?? shortId(workerId)}
            </Link>
            <WorkerState state={state} />
            <span className="tabular">{workerTexts.load(running, capacity)}</span>
          </li>
        ))}
      </ul>
      <Button size="sm" className="self-start" onClick={() => setConnecting(true)}>
        <Plus aria-hidden size={13} />
        {workerTexts.connect}
      </Button>
      {connecting && <ConnectDialog queue={queue} onClose={() => setConnecting(false)} />}
    </section>
  );
}
