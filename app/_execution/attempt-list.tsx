"use client";
/** The attempts of a step: which worker, how long in the queue, how long it ran, how it ended, under which idempotency key. */
import { ScrollText } from "lucide-react";
import { useMemo } from "react";
import { useKnownWorkers } from "@/lib/client/controls";
import { clockTime, duration, relativeTime, shortId } from "@/lib/client/format";
import { inspectorTexts } from "@/lib/client/texts/inspector";
import type { Execution } from "@/lib/contract/executions";
import type { Worker } from "@/lib/contract/workers";
import { compensationKey, stepKey as idempotencyKeyOf } from "@/lib/core/execution/step-key";
import { Button } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { StatusIcon } from "../_ui/status";
import type { Snapshot } from "./execution-feed";
import type { Running } from "./step-overlay";
import type { Attempt, Row } from "./timeline-model";

const words = inspectorTexts.attempts;

interface ListProps {
  execution: Execution;
  snapshot: Snapshot;
  row: Row;
  running: Running | undefined;
  now: number;
  onLogs: (attempt: Attempt) => void;
}

export function AttemptList(props: ListProps) {
  const { row } = props;
  const workers = useWorkersById(props);
  const executionOf = useOrigins(props);
  const undo = row.compensation?.attempts ?? [];
  if (row.attempts.length === 0 && undo.length === 0) return <p className="text-xs text-ink-3">{words.none}</p>;
  const place = { node: row.node, iteration: row.iteration, ...(row.index && { index: row.index }) };
  const keyOf = (attempt: Attempt) =>
    idempotencyKeyOf(executionOf(attempt), { ...place, ...(attempt.round !== null && { round: attempt.round }) });
  return (
    <>
      <Group title={words.label} attempts={row.attempts} keyOf={keyOf} workers={workers} {...props} />
      {undo.length > 0 && (
        <Group
          title={words.undo}
          attempts={undo}
          keyOf={(attempt) => compensationKey(executionOf(attempt), place)}
          workers={workers}
          {...props}
        />
      )}
    </>
  );
}

/** Attempts of a copied history were made, and are known outside, under the execution that it was copied from. */
function useOrigins({ execution, snapshot: { events, version } }: ListProps): (attempt: Attempt) => string {
  const isFork = execution.forkedFrom !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for events that arrived
  const forks = useMemo(() => {
    const found: { at: number; source: string }[] = [];
    if (!isFork) return found;
    for (const event of events)
      if (event.type === "ExecutionForked") found.push({ at: Date.parse(event.at), source: event.data.source });
    return found;
  }, [isFork, events, version]);
  return ({ scheduledAt }) => forks.find(({ at }) => scheduledAt < at)?.source ?? execution.id;
}

function useWorkersById({ row, running }: ListProps): ReadonlyMap<string, Worker> | null {
  const anybody = running?.worker != null || row.attempts.some(({ worker }) => worker !== null);
  const items = useKnownWorkers(anybody).data?.items;
  return useMemo(() => (items ? new Map(items.map((worker) => [worker.workerId, worker])) : null), [items]);
}

function Group({
  title,
  attempts,
  keyOf,
  workers,
  row,
  running,
  now,
  onLogs,
}: ListProps & {
  title: string;
  attempts: Attempt[];
  keyOf: (attempt: Attempt) => string;
  workers: ReadonlyMap<string, Worker> | null;
}) {
  return (
    <div role="group" aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      <ol className="flex flex-col divide-y divide-line rounded-md border">
        {attempts.map((attempt) => (
          <AttemptItem
            key={attempt.taskId}
            attempt={attempt}
            idempotencyKey={keyOf(attempt)}
            running={attempt.endedAt === null ? running : undefined}
            workers={workers}
            now={now}
            waitsForRetry={row.status === "retrying" && attempt === row.attempts.at(-1)}
            onLogs={() => onLogs(attempt)}
          />
        ))}
      </ol>
    </div>
  );
}

function AttemptItem({
  attempt,
  idempotencyKey,
  running,
  workers,
  now,
  waitsForRetry,
  onLogs,
}: {
  attempt: Attempt;
  idempotencyKey: string;
  running: Running | undefined;
  workers: ReadonlyMap<string, Worker> | null;
  now: number;
  waitsForRetry: boolean;
  onLogs: () => void;
}) {
  const worker = attempt.worker ?? running?.worker ?? null;
  return (
    <li className="flex flex-col gap-1 px-2.5 py-2 text-xs">
      <div className="flex items-center gap-2">
        <StatusIcon status={attempt.outcome ?? (running ? "running" : "scheduled")} size={13} />
        <span className="font-medium">{words.attempt(attempt.number)}</span>
        {attempt.round !== null && <span className="text-ink-3">{words.round(attempt.round)}</span>}
        <span className="ml-auto text-2xs text-ink-3 tabular">{clockTime(attempt.scheduledAt, { ms: true })}</span>
        <Button
          size="sm"
          variant="ghost"
          aria-label={words.logs(attempt.number)}
          title={words.showLogs}
          onClick={onLogs}
          className="-my-1 -mr-1.5 px-1.5"
        >
          <ScrollText aria-hidden size={13} />
        </Button>
      </div>
      <div className="flex flex-col gap-1 pl-[21px] text-2xs text-ink-2">
        <span className="tabular">{timesOf(attempt, running, now)}</span>
        {attempt.error && (
          <span className="break-words text-danger">
            <span className="font-mono font-medium">{attempt.error.code}</span> {attempt.error.message}
          </span>
        )}
        {waitsForRetry && attempt.retryAt !== null && <span>{words.retryIn(relativeTime(attempt.retryAt, now))}</span>}
        {worker && <WorkerLine id={worker} worker={workers?.get(worker)} isKnown={workers !== null} />}
        <span className="flex min-w-0 items-center gap-1">
          <span className="shrink-0 text-ink-3">{words.key}</span>
          <span title={idempotencyKey} className="min-w-0 truncate font-mono">
            {idempotencyKey}
          </span>
          <CopyButton value={idempotencyKey} label={words.copyKey} className="-my-1 ml-auto" />
        </span>
      </div>
    </li>
  );
}

/** A worker that has not been heard of for long is forgotten: then its id alone is left. */
function WorkerLine({ id, worker, isKnown }: { id: string; worker: Worker | undefined; isKnown: boolean }) {
  return (
    <span className="flex min-w-0 items-start gap-1">
      <span className="shrink-0 text-ink-3">{words.worker}</span>
      <span title={id} className="min-w-0 break-words">
        {worker?.name ?? <span className="font-mono">{shortId(id)}</span>}
        {worker && ` · ${words.version(worker.language, worker.sdkVersion)} · ${worker.state}`}
        {isKnown && !worker && ` · ${words.gone}`}
      </span>
      <CopyButton value={id} label={words.copyWorker} className="-my-1 ml-auto" />
    </span>
  );
}

function timesOf(attempt: Attempt, running: Running | undefined, now: number): string {
  const parts = [
    ...(attempt.queuedMs === null ? [] : [words.queued(attempt.queuedMs)]),
    ...(attempt.ranMs === null ? [] : [words.ran(attempt.ranMs)]),
  ];
  if (attempt.endedAt !== null)
    return parts.length > 0 ? parts.join(", ") : duration(attempt.endedAt - attempt.scheduledAt);
  if (!running) return words.waiting;
  return running.since === null ? words.running : `${words.running} ${duration(now - running.since, { whole: true })}`;
}
