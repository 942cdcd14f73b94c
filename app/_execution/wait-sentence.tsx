"use client";
/**
 * Why an open execution is where it is, with what one can do about it right there; why a closed one ended as it did. The
 * sentences are the core's: the server's copy of it sees workers and queues too, the page's answers for the past, and until
 * the server has.
 */
import { useMemo, useState } from "react";
import { useNow } from "@/lib/client/clock";
import { useExplanation } from "@/lib/client/controls";
import { actionTexts } from "@/lib/client/texts/actions";
import type { Explanation } from "@/lib/contract/controls";
import type { Execution } from "@/lib/contract/executions";
import { explain } from "@/lib/core/execution/explain";
import { obstacleTo } from "@/lib/core/execution/possible";
import { isClosed, isQuarantined } from "@/lib/core/execution/statuses";
import { Button } from "../_ui/button";
import { Skeleton } from "../_ui/skeleton";
import { StatusIcon } from "../_ui/status";
import { factsOf, WaitItem, WaitSteps, WorkerCommand } from "./actions/wait-item";
import type { Snapshot } from "./execution-feed";
import { stepKey } from "./timeline-model";

const words = actionTexts.why;
const LISTED = 100;

export function WaitSentence({
  execution,
  snapshot,
  onSelect,
}: {
  execution: Execution;
  snapshot: Snapshot;
  onSelect: (step: string) => void;
}) {
  if (isClosed(execution)) return <EndSentence execution={execution} snapshot={snapshot} onSelect={onSelect} />;
  return <WhyPanel execution={execution} snapshot={snapshot} onSelect={onSelect} />;
}

function WhyPanel({
  execution,
  snapshot,
  onSelect,
}: {
  execution: Execution;
  snapshot: Snapshot;
  onSelect: (step: string) => void;
}) {
  const [all, setAll] = useState(false);
  const explanation = useWhy(execution, snapshot);
  const items = explanation?.items ?? [];
  const [first] = items;
  const live = snapshot.at === null;
  const unserved = live ? unservedTask(snapshot, items) : null;
  return (
    <section
      aria-label={words.label}
      data-status={explanation?.status ?? execution.status}
      className="flex max-h-[40dvh] flex-col border-t"
    >
      <div className="flex min-h-11 items-start gap-2 px-4 py-2 md:px-6">
        <StatusIcon status={explanation?.status ?? execution.status} className="mt-[7px]" />
        <div className="flex min-w-0 flex-1 flex-col gap-1 py-1 text-sm">
          {explanation ? (
            <p className="line-clamp-3 break-words md:line-clamp-2">{explanation.sentence}</p>
          ) : (
            <Skeleton className="my-0.5 h-4 w-3/5" />
          )}
        </div>
        <div className="flex shrink-0 flex-wrap items-center justify-end gap-1.5">
          {first && items.length === 1 && (
            <WaitSteps execution={execution} snapshot={snapshot} item={first} onSelect={onSelect} live={live} />
          )}
          {items.length > 1 && (
            <Button size="sm" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? words.fewer : words.all(items.length)}
            </Button>
          )}
        </div>
      </div>
      {unserved && (
        <div className="px-4 pb-2.5 pl-10 md:px-6 md:pl-12">
          <WorkerCommand task={unserved.task} queue={unserved.queue} />
        </div>
      )}
      {items.length > 1 && all && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
        <ul tabIndex={0} aria-label={words.label} className="min-h-0 overflow-y-auto border-t focus-inset">
          {items.map((item) => (
            <WaitItem
              key={stepKey({ iteration: 1, ...item })}
              execution={execution}
              snapshot={snapshot}
              item={item}
              onSelect={onSelect}
              live={live}
            />
          ))}
          {items.length >= LISTED && <li className="px-6 py-2 text-xs text-ink-3">{words.capped(LISTED)}</li>}
        </ul>
      )}
    </section>
  );
}

/** The first task that no live worker could take: somebody has to start one. */
function unservedTask(snapshot: Snapshot, items: Explanation["items"]): { task: string; queue: string } | null {
  const item = items.find(({ workers }) => workers === 0);
  return item ? factsOf(snapshot, item).task : null;
}

const NO_FACTS = new Map();

/**
 * The server's answer while it is of this very state; else what the page's own core makes of the newest events, which is
 * there at once but knows nothing of workers. Null: neither is there yet.
 */
function useWhy(execution: Execution, { state, at, timeline }: Snapshot): Explanation | null {
  const live = at === null;
  const answer = useExplanation(execution.id, live).data;
  const now = useNow(live ? 1000 : null);
  const own = useMemo(
    () => (state === null || isQuarantined(execution) ? null : explain(state, live ? now : timeline.lastAt, NO_FACTS)),
    [state, execution, live, now, timeline],
  );
  if (!live || own === null) return own ?? answer ?? null;
  return answer !== undefined && isOfSame(answer, own) ? answer : own;
}

function isOfSame(answer: Explanation, own: Explanation): boolean {
  const steps = ({ items }: Explanation) => items.map((item) => `${item.kind} ${item.since} ${item.node}`).join("\n");
  return answer.status === own.status && steps(answer) === steps(own);
}

function EndSentence({
  execution,
  snapshot: { timeline, state },
  onSelect,
}: {
  execution: Execution;
  snapshot: Snapshot;
  onSelect: (step: string) => void;
}) {
  const { error, status } = execution;
  const isUndone = state !== null && obstacleTo("retry", state) === "compensated";
  const failed = error === null ? null : failedStep(timeline);
  const reason = error === null && timeline.cancelReason !== null ? words.because(timeline.cancelReason) : "";
  return (
    <section
      aria-label={words.endLabel}
      data-status={status}
      className={`flex min-h-11 items-start gap-2 border-t px-4 py-3 text-sm md:px-6 ${error ? "bg-tone-tint text-tone" : "text-ink-2"}`}
    >
      <StatusIcon status={status} className="mt-[3px]" />
      {error === null ? (
        <p className="min-w-0 break-words">
          {`${(words.ended[status] ?? "").replace(/\.$/, "")}${reason}`.replace(/[.]?$/, ".")}
        </p>
      ) : (
        <p className="line-clamp-3 min-w-0 break-words">
          <span className="font-mono text-xs font-medium">{error.code}</span>
          {failed !== null && (
            <>
              {" "}
              {words.failedIn}{" "}
              <button
                type="button"
                aria-label={words.select(failed)}
                onClick={() => onSelect(failed)}
                className="rounded-sm font-mono text-xs font-medium underline decoration-dotted underline-offset-2 hover:decoration-solid"
              >
                {failed}
              </button>
            </>
          )}
          {`: ${error.message}`}
          {isUndone && <span className="text-ink-2"> {words.undone}</span>}
        </p>
      )}
    </section>
  );
}

/** The step that the end names: its newest iteration, the failed item of it where it lies in a map. */
function failedStep({ error, rows }: Snapshot["timeline"]): string | null {
  if (error?.node === undefined) return null;
  for (let at = rows.length - 1; at >= 0; at--) {
    const row = rows[at];
    if (row?.node === error.node && row.status === "failed") return row.key;
  }
  return error.node;
}
