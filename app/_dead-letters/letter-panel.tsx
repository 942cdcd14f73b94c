"use client";
/** One dead letter: the error, what its step was given, how each attempt failed, and what can be done about it. */
import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useDeadLetter } from "@/lib/client/dead-letters";
import { bytes, duration } from "@/lib/client/format";
import { useMay } from "@/lib/client/permissions";
import { texts } from "@/lib/client/texts";
import { deadLetterTexts as words } from "@/lib/client/texts/dead-letters";
import type { DeadLetterAction, DeadLetterDetail } from "@/lib/contract/dead-letters";
import { Fact, Facts } from "../_rooms/facts";
import { Actor } from "../_ui/actor";
import { Button, buttonClass } from "../_ui/button";
import { CopyButton } from "../_ui/copy-button";
import { Failure } from "../_ui/failure";
import { JsonView } from "../_ui/json-view";
import { Skeleton } from "../_ui/skeleton";
import { RelativeTime } from "../_ui/time";
import { LetterStatus } from "./letter-status";
import { SettleDialog } from "./settle-dialog";

export function LetterPanel({ id, onSettled }: { id: string; onSettled: () => void }) {
  const letter = useDeadLetter(id);
  if (letter.isError && !letter.data)
    return <Failure error={letter.error} title={words.gone} onRetry={() => letter.refetch()} />;
  if (!letter.data) return <PanelSkeleton />;
  return <Shown letter={letter.data} onSettled={onSettled} />;
}

function Shown({ letter, onSettled }: { letter: DeadLetterDetail; onSettled: () => void }) {
  const { id, executionId, node, index, error, failures, input, inputRef, note, status } = letter;
  const place = index ? `${node}[${index.join(",")}]` : node;
  const [action, setAction] = useState<DeadLetterAction | null>(null);
  const maySettle = useMay("execute") && status === "open";
  return (
    <div className="flex flex-col gap-4 px-4 py-3 max-sm:px-5">
      <div data-status="failed" className="rounded-md bg-tone-tint px-3 py-2">
        <p className="font-mono text-xs font-medium text-tone">{error.code}</p>
        <p className="mt-0.5 text-sm break-words whitespace-pre-wrap">{error.message}</p>
        {error.retryable === false && <p className="mt-1 text-2xs text-ink-2">{words.notRetryable}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {maySettle && (
          <>
            <Button size="sm" variant="solid" onClick={() => setAction("retry")}>
              <RotateCcw aria-hidden size={13} />
              {words.retry}
            </Button>
            <Button size="sm" onClick={() => setAction("resolve")}>
              {words.resolve}
            </Button>
          </>
        )}
        <Link
          prefetch={false}
          href={`/executions/${executionId}?step=${encodeURIComponent(place)}`}
          className={buttonClass("ghost", "sm")}
        >
          {words.openExecution}
        </Link>
      </div>
      <Facts>
        <Fact name={words.columns.status}>
          <LetterStatus status={status} />
        </Fact>
        <Fact name={words.columns.workflow}>
          {letter.workflow} <span className="font-mono text-2xs text-ink-3">v{letter.version}</span>
        </Fact>
        <Fact name={words.execution}>
          <span className="inline-flex items-center gap-1 font-mono">
            {executionId}
            <CopyButton value={executionId} label={texts.common.copyId} className="-my-1" />
          </span>
        </Fact>
        <Fact name={words.node}>
          <span className="font-mono">{place}</span>
        </Fact>
        <Fact name={words.failedAt}>
          <RelativeTime at={letter.createdAt} />
        </Fact>
        {note && <Fact name={words.note}>{note}</Fact>}
      </Facts>
      {failures.length > 0 && <Failures failures={failures} />}
      {error.stack && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
        <pre tabIndex={0} className="overflow-x-auto rounded-md border bg-sunken p-2.5 font-mono text-2xs text-ink-2">
          {error.stack}
        </pre>
      )}
      {error.details !== undefined && <JsonView value={error.details} title={words.errorDetails} />}
      {inputRef ? (
        <p className="text-xs text-ink-3">{words.largeInput(bytes(inputRef.bytes))}</p>
      ) : (
        <JsonView value={input} title={words.input} />
      )}
      {action && (
        <SettleDialog
          settled={{ action, which: { id }, count: 1 }}
          onClose={() => setAction(null)}
          onDone={onSettled}
        />
      )}
    </div>
  );
}

function Failures({ failures }: Pick<DeadLetterDetail, "failures">) {
  return (
    <section aria-label={words.attempts} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{words.attempts}</h3>
      <ol className="flex flex-col divide-y divide-line rounded-md border">
        {failures.map(({ attempt, at, error, worker, queuedMs, ranMs }) => (
          <li key={attempt} className="flex flex-col gap-0.5 px-2.5 py-2 text-xs">
            <span className="flex justify-between gap-2">
              <span className="font-medium">{words.attempt(attempt)}</span>
              <RelativeTime at={at} className="text-ink-3" />
            </span>
            <span className="break-words">
              <span className="font-mono text-2xs text-ink-2">{error.code}</span> {error.message}
            </span>
            <span className="flex flex-wrap gap-x-2 text-2xs text-ink-3">
              {worker && <Actor actor={`worker:${worker}`} />}
              {queuedMs !== null && <span>{words.queued(duration(queuedMs))}</span>}
              {ranMs !== null && <span>{words.ran(duration(ranMs))}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function PanelSkeleton() {
  return (
    <div role="status" aria-label={texts.common.loading} className="flex flex-col gap-3 px-4 py-4">
      <Skeleton className="h-14 w-full" />
      <Skeleton className="h-7 w-40" />
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-24 w-full" />
    </div>
  );
}
