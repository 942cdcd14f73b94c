"use client";
/** Everything about the selected step, or about the execution while none is selected. */
import { ListTree, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useNow } from "@/lib/client/clock";
import { absoluteTime, duration, relativeTime } from "@/lib/client/format";
import { useLargeValue } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import type { Execution } from "@/lib/contract/executions";
import type { ErrorInfo, ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../_ui/button";
import { JsonView } from "../_ui/json-view";
import { Status } from "../_ui/status";
import { AttemptList } from "./attempt-list";
import type { Snapshot } from "./execution-feed";
import { type Overlay, shownStatus } from "./step-overlay";
import type { Carried, Row } from "./timeline-model";
import type { ViewState } from "./use-view";

const words = texts.inspector;

export function Inspector({
  execution,
  snapshot,
  row,
  step,
  overlay,
  onSelect,
  onShow,
  titled,
}: {
  execution: Execution;
  snapshot: Snapshot;
  /** Null where nothing is selected, or where the selected step has not started. */
  row: Row | null;
  step: string | null;
  overlay: Overlay;
  onSelect: (key: string | null) => void;
  onShow: (change: Partial<ViewState>) => void;
  /** Where it stands in a dialog, that has the title. */
  titled: boolean;
}) {
  if (step !== null)
    return (
      <>
        {titled && (
          <div className="flex h-10 shrink-0 items-center justify-between gap-2 border-b pr-2 pl-4">
            <h2 className="min-w-0 truncate font-mono text-xs font-medium">{step}</h2>
            <Button
              variant="ghost"
              size="sm"
              aria-label={words.close}
              onClick={() => onSelect(null)}
              className="px-1.5"
            >
              <X aria-hidden size={14} />
            </Button>
          </div>
        )}
        {row ? (
          <StepDetails execution={execution} row={row} overlay={overlay} onShow={onShow} />
        ) : (
          <p className="px-4 py-4 text-xs text-ink-3">{words.notStarted}</p>
        )}
      </>
    );
  const { timeline } = snapshot;
  return (
    <>
      {titled && (
        <div className="flex h-10 shrink-0 items-center border-b px-4">
          <h2 className="text-xs font-medium">{words.executionTitle}</h2>
        </div>
      )}
      <div className="flex flex-col gap-4 px-4 py-3">
        {execution.error && <ErrorView error={execution.error} />}
        <CarriedView
          executionId={execution.id}
          value={timeline.input ?? { json: execution.input }}
          title={words.input}
        />
        {execution.status === "completed" && (
          <CarriedView
            executionId={execution.id}
            value={timeline.output ?? { json: execution.output }}
            title={words.output}
          />
        )}
      </div>
    </>
  );
}

function StepDetails({
  execution,
  row,
  overlay,
  onShow,
}: {
  execution: Execution;
  row: Row;
  overlay: Overlay;
  onShow: (change: Partial<ViewState>) => void;
}) {
  const open = row.endedAt === null;
  const now = useNow(open ? 1000 : null);
  const due = row.spans.at(-1)?.dueAt ?? null;
  const last = row.attempts.at(-1);
  return (
    <div className="flex flex-col gap-4 px-4 py-3">
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-xs">
        <Fact name={texts.executions.columns.status}>
          <Status status={shownStatus(row, overlay)} />
        </Fact>
        <Fact name={words.started}>
          <span title={absoluteTime(row.startedAt)}>{absoluteTime(row.startedAt)}</span>
        </Fact>
        {row.spans.length > 0 && (
          <Fact name={words.duration}>{duration((row.endedAt ?? now) - row.startedAt, { whole: open })}</Fact>
        )}
        {open && due !== null && (
          <Fact name={words.resumesAt}>{`${relativeTime(due, now)}, ${absoluteTime(due)}`}</Fact>
        )}
        {row.port && row.port !== "success" && <Fact name={words.port}>{row.port}</Fact>}
        {row.iteration > 1 && <Fact name={words.iteration}>{row.iteration}</Fact>}
        {last && <Fact name={words.task}>{last.task}</Fact>}
        {last && <Fact name={words.queue}>{last.queue}</Fact>}
      </dl>
      {row.status === "skipped" && <p className="text-xs text-ink-2">{words.skipped}</p>}
      {row.cancelledBecause && <p className="text-xs text-ink-2">{words.cancelled(row.cancelledBecause)}</p>}
      {row.error && <ErrorView error={row.error} />}
      {row.cases && <Cases cases={row.cases} chosen={row.port} />}
      {row.attempts.length > 0 && <AttemptList row={row} running={overlay.get(row.key)} now={now} />}
      {row.output && <CarriedView executionId={execution.id} value={row.output} title={words.output} />}
      {row.input && <CarriedView executionId={execution.id} value={row.input} title={words.input} />}
      <Button
        size="sm"
        variant="ghost"
        className="self-start"
        onClick={() => onShow({ view: "events", event: row.firstSequence })}
      >
        <ListTree aria-hidden size={13} />
        {words.events}
      </Button>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="leading-5 text-ink-3">{name}</dt>
      <dd className="min-w-0 break-words leading-5 text-ink tabular">{children}</dd>
    </>
  );
}

function CarriedView({
  executionId,
  value,
  title,
}: {
  executionId: string;
  value: NonNullable<Carried>;
  title: string;
}) {
  if ("json" in value) return <JsonView value={value.json} title={title} />;
  return <LargeValue executionId={executionId} title={title} {...value.ref} />;
}

/** A large value is fetched when it is asked for. */
function LargeValue({ executionId, title, hash, bytes }: { executionId: string; title: string } & ValueRef) {
  const [wanted, setWanted] = useState(false);
  const value = useLargeValue(executionId, hash, wanted);
  if (value.data !== undefined) return <JsonView value={value.data} title={title} />;
  return (
    <section aria-label={title} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      <div className="flex items-center justify-between gap-2 rounded-md border border-dashed px-2.5 py-2 text-xs text-ink-2">
        {value.isError ? texts.errors.sentence(value.error) : words.large(bytes)}
        <Button size="sm" busy={value.isFetching} onClick={() => (wanted ? value.refetch() : setWanted(true))}>
          {words.loadLarge}
        </Button>
      </div>
    </section>
  );
}

function ErrorView({ error }: { error: ErrorInfo }) {
  return (
    <section aria-label={words.error} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{words.error}</h3>
      <div className="rounded-md bg-danger-tint px-2.5 py-2 text-xs text-danger">
        <p className="font-mono font-medium">{error.code}</p>
        <p className="mt-0.5 break-words whitespace-pre-wrap text-ink">{error.message}</p>
        {error.retryable === false && <p className="mt-1 text-2xs text-ink-2">{words.notRetryable}</p>}
        {error.stack && (
          <details className="mt-2">
            <summary className="text-2xs text-ink-2">{words.stack}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys */}
            <pre tabIndex={0} className="mt-1 overflow-x-auto font-mono text-2xs text-ink-2">
              {error.stack}
            </pre>
          </details>
        )}
      </div>
      {error.details !== undefined && <JsonView value={error.details} title={words.details} />}
    </section>
  );
}

function Cases({ cases, chosen }: { cases: NonNullable<Row["cases"]>; chosen: string | null }) {
  return (
    <section aria-label={words.cases} className="flex flex-col gap-1.5">
      <h3 className="text-xs font-medium text-ink-2">{words.cases}</h3>
      <ul className="flex flex-col divide-y divide-line rounded-md border">
        {cases.map((each) => (
          <li key={each.port} className="flex flex-col gap-1 px-2.5 py-2 text-xs">
            <span className="flex items-center justify-between gap-2">
              <span className="font-mono font-medium">{each.port}</span>
              <span data-status={each.result ? "completed" : "skipped"} className="text-2xs text-tone">
                {String(each.result)}
                {each.port === chosen && `, ${words.chosen}`}
              </span>
            </span>
            <code className="break-words font-mono text-2xs text-ink-2">{each.when}</code>
            {Object.entries(each.saw).map(([path, value]) => (
              <span key={path} className="break-words font-mono text-2xs text-ink-3">
                {path} = {short(value)}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function short(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
