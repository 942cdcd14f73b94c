"use client";
/** The attempts of a step: which worker, how long in the queue, how long it ran, how it ended. */
import { clockTime, duration, relativeTime, shortId } from "@/lib/client/format";
import { texts } from "@/lib/client/texts";
import { StatusIcon } from "../_ui/status";
import type { Running } from "./step-overlay";
import type { Attempt, Row } from "./timeline-model";

const words = texts.inspector;

export function AttemptList({ row, running, now }: { row: Row; running: Running | undefined; now: number }) {
  return (
    <section aria-label={words.attempts} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{words.attempts}</h3>
      <ol className="flex flex-col divide-y divide-line rounded-md border">
        {row.attempts.map((attempt) => (
          <AttemptItem
            key={attempt.taskId}
            attempt={attempt}
            running={attempt.endedAt === null ? running : undefined}
            now={now}
            waitsForRetry={row.status === "retrying" && attempt === row.attempts.at(-1)}
          />
        ))}
      </ol>
    </section>
  );
}

function AttemptItem({
  attempt,
  running,
  now,
  waitsForRetry,
}: {
  attempt: Attempt;
  running: Running | undefined;
  now: number;
  waitsForRetry: boolean;
}) {
  const worker = attempt.worker ?? running?.worker ?? null;
  return (
    <li className="flex flex-col gap-1 px-2.5 py-2 text-xs">
      <span className="flex items-center gap-2">
        <StatusIcon status={attempt.outcome ?? (running ? "running" : "scheduled")} size={13} />
        <span className="font-medium">{texts.timeline.attempt(attempt.number)}</span>
        <span className="ml-auto text-2xs text-ink-3 tabular">{clockTime(attempt.scheduledAt, { ms: true })}</span>
      </span>
      <span className="flex flex-wrap gap-x-3 gap-y-0.5 pl-[21px] text-2xs text-ink-2 tabular">
        <span>{timesOf(attempt, running, now)}</span>
        {worker && (
          <span title={worker}>
            {words.worker.toLowerCase()} <span className="font-mono">{shortId(worker)}</span>
          </span>
        )}
      </span>
      {attempt.error && (
        <span className="pl-[21px] text-2xs text-danger">
          <span className="font-mono font-medium">{attempt.error.code}</span> {attempt.error.message}
        </span>
      )}
      {waitsForRetry && attempt.retryAt !== null && (
        <span className="pl-[21px] text-2xs text-ink-2">{words.retryIn(relativeTime(attempt.retryAt, now))}</span>
      )}
    </li>
  );
}

function timesOf(attempt: Attempt, running: Running | undefined, now: number): string {
  const parts = [
    ...(attempt.queuedMs === null ? [] : [words.attemptQueued(attempt.queuedMs)]),
    ...(attempt.ranMs === null ? [] : [words.attemptRan(attempt.ranMs)]),
  ];
  if (attempt.endedAt !== null)
    return parts.length > 0 ? parts.join(", ") : duration(attempt.endedAt - attempt.scheduledAt);
  if (!running) return words.attemptWaiting;
  return running.since === null
    ? words.attemptRunning
    : `${words.attemptRunning} ${duration(now - running.since, { whole: true })}`;
}
