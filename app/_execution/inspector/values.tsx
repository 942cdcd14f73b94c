"use client";
/** Values and errors of a step or an execution; a large value is fetched when it is asked for. */
import { useState } from "react";
import { useLargeValue } from "@/lib/client/queries";
import { texts } from "@/lib/client/texts";
import { inspectorTexts as words } from "@/lib/client/texts/inspector";
import type { ErrorInfo, ValueRef } from "@/lib/contract/history";
import type { JsonValue } from "@/lib/contract/json";
import { Button } from "../../_ui/button";
import { CopyButton } from "../../_ui/copy-button";
import { JsonView } from "../../_ui/json-view";
import type { Carried, Row } from "../timeline-model";

export function CarriedView({
  executionId,
  value,
  title,
}: {
  executionId: string;
  value: NonNullable<Carried>;
  title: string;
}) {
  if ("json" in value) return <JsonView value={value.json} title={title} />;
  return <LargeValue key={value.ref.hash} executionId={executionId} title={title} {...value.ref} />;
}

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

export function ErrorView({ error }: { error: ErrorInfo }) {
  return (
    <section aria-label={words.error} className="flex flex-col gap-1.5">
      <div className="flex h-6 items-center justify-between">
        <h3 className="text-xs font-medium text-ink-2">{words.error}</h3>
        <CopyButton value={JSON.stringify(error, null, 2)} label={texts.common.copyJson} />
      </div>
      <div className="rounded-md bg-danger-tint px-2.5 py-2 text-xs text-danger">
        <p className="font-mono font-medium break-words">{error.code}</p>
        <p className="mt-0.5 break-words whitespace-pre-wrap text-ink">{error.message}</p>
        {error.retryable !== undefined && (
          <p className="mt-1 text-2xs text-ink-2">{error.retryable ? words.retryable : words.notRetryable}</p>
        )}
        {error.stack && (
          <details className="mt-2">
            <summary className="text-2xs text-ink-2">{words.stack}</summary>
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keys
              tabIndex={0}
              className="mt-1 max-h-72 overflow-auto font-mono text-2xs text-ink-2"
            >
              {error.stack}
            </pre>
          </details>
        )}
      </div>
      {error.details !== undefined && <JsonView value={error.details} title={words.details} />}
    </section>
  );
}

export function Cases({ cases, chosen }: { cases: NonNullable<Row["cases"]>; chosen: string | null }) {
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
