"use client";
/** How far the operations are that were started in this tab: progress, then what was done and what was refused, and why. */
import { ChevronDown, CircleAlert, CircleCheck, LoaderCircle, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { shortId } from "@/lib/client/format";
import { isUnknown, unwatch, useOperation, useWatched, type Watched } from "@/lib/client/operations";
import { executionsTexts } from "@/lib/client/texts/executions";
import type { Operation } from "@/lib/contract/operations";
import { classNames } from "../_ui/class-names";
import { ProgressBar } from "../_ui/progress-bar";
import { refusalsByCode } from "./refusals";

const words = executionsTexts.operations;

export default function OperationsPanel() {
  const watched = useWatched();
  if (watched.length === 0) return null;
  return (
    <section
      aria-label={words.label}
      className="absolute right-3 bottom-3 z-30 flex max-h-[calc(100%-24px)] w-[min(340px,calc(100%-24px))] flex-col gap-2 overflow-y-auto"
    >
      {watched.map((each) => (
        <OperationCard key={each.id} {...each} />
      ))}
    </section>
  );
}

function OperationCard({ id, action }: Watched) {
  const { data, error } = useOperation(id);
  const gone = isUnknown(error);
  useEffect(() => {
    if (gone) unwatch(id);
  }, [gone, id]);
  if (gone) return null;
  const isDone = data?.status === "done";
  const handled = (data?.done ?? 0) + (data?.failed ?? 0);
  const isCounted = data !== undefined && (isDone || data.total > 0);
  const title = !isCounted
    ? words.running[action]
    : isDone
      ? words.title(words.done[action], data.done)
      : words.title(words.running[action], data.total);
  return (
    <article className="animate-fade rounded-lg bg-raised shadow-float">
      <div className="flex items-center gap-2 py-2 pr-2 pl-3">
        <OutcomeIcon operation={data} />
        <h2 className="min-w-0 flex-1 truncate text-sm font-medium tabular">{title}</h2>
        <p role="status" className="sr-only">
          {isDone ? title : ""}
        </p>
        <button
          type="button"
          aria-label={words.dismiss(title)}
          onClick={() => unwatch(id)}
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X aria-hidden size={13} />
        </button>
      </div>
      <div className="px-3 pb-2.5">
        <ProgressBar
          label={title}
          done={handled}
          total={data?.total ?? 0}
          status={!isDone ? "running" : data.failed > 0 ? "retrying" : "completed"}
        />
        <p className="mt-1.5 flex justify-between gap-2 text-xs text-ink-2 tabular">
          <span>{isCounted ? words.progress(handled, data.total) : words.counting}</span>
          {data && data.failed > 0 && <span className="text-warning">{words.refused(data.failed)}</span>}
        </p>
        {error && <p className="mt-1 text-xs text-warning">{words.lost}</p>}
        {data && data.errors.length > 0 && <Refusals operation={data} />}
      </div>
    </article>
  );
}

function OutcomeIcon({ operation }: { operation: Operation | undefined }) {
  if (operation?.status !== "done")
    return <LoaderCircle aria-hidden size={15} data-status="running" className="shrink-0 animate-turn text-tone" />;
  if (operation.failed > 0) return <CircleAlert aria-hidden size={15} className="shrink-0 text-warning" />;
  return <CircleCheck aria-hidden size={15} data-status="completed" className="shrink-0 text-tone" />;
}

/** By code: thousands that are refused are mostly so for one reason. */
function Refusals({ operation }: { operation: Operation }) {
  const [isOpen, setOpen] = useState(false);
  const groups = refusalsByCode(operation.errors);
  return (
    <div className="mt-1.5 border-t pt-1.5">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-1.5 rounded-sm py-0.5 text-left text-xs text-ink-2 hover:text-ink"
      >
        <ChevronDown aria-hidden size={13} className={classNames("shrink-0", !isOpen && "-rotate-90")} />
        <span className="min-w-0 truncate">{groups.map(({ said }) => said).join(", ")}</span>
      </button>
      {isOpen && (
        <div className="flex max-h-56 flex-col gap-2 overflow-y-auto pt-1 pl-5">
          {groups.map(({ code, said, executions }) => (
            <div key={code}>
              <p className="text-xs">
                {said} <span className="font-mono text-2xs text-ink-3">{code}</span>
              </p>
              <ul className="flex flex-wrap gap-x-2 gap-y-0.5">
                {executions.map((id) => (
                  <li key={id}>
                    <Link
                      prefetch={false}
                      href={`/executions/${id}`}
                      title={id}
                      className="font-mono text-2xs text-accent hover:underline"
                    >
                      {shortId(id)}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          {operation.failed > operation.errors.length && (
            <p className="text-2xs text-ink-3">{words.first(operation.errors.length)}</p>
          )}
        </div>
      )}
    </div>
  );
}
