"use client";
/** Settings that belong together: a retry policy, timeouts, a poll, what undoes a step. */
import type { ReactNode } from "react";
import { duration } from "@/lib/client/format";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { RetryPolicy } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { retryPauses } from "@/lib/editor/fields/retry-pauses";
import { seedOf } from "@/lib/editor/fields/seeds";
import { FindingNotes } from "../findings/finding-notes";
import { useEditor } from "../use-editor";
import type { FieldProps } from "./line-field";
import { AddButton } from "./list-fields";
import { Section } from "./section";
import { useBound, useFindingsAt, useSubject } from "./subject";

type Draw = (field: FormField, path: Path, isBare: boolean) => ReactNode;

export function ObjectField({ field, path, draw }: FieldProps & { draw: Draw }) {
  const { value, set, isReadOnly } = useBound(path);
  const { target } = useSubject();
  const findings = useFindingsAt(path, true);
  const label = words.label(field.name);
  // What must have something in it is there or not; the rest is as it is written, and can be empty.
  const isWhole = field.isOptional && field.fields.some(({ isOptional }) => !isOptional);
  if (isWhole && value === undefined)
    return (
      <div data-path={`/${path.join("/")}`} className="flex items-baseline justify-between gap-2">
        <span className="flex min-w-0 flex-col">
          <span className="text-xs font-medium">{label}</span>
          <span className="text-2xs text-ink-3">{hintOf(field)}</span>
        </span>
        {!isReadOnly && (
          <AddButton name={words.add} onClick={() => set(seedOf(field.name, target ?? undefined) ?? {})} />
        )}
      </div>
    );
  const count = typeof value === "object" && value !== null ? Object.keys(value).length : 0;
  if (!field.isOptional) return <Members {...{ field, path, draw }} />;
  return (
    <Section
      title={label}
      summary={field.name === "retry" ? undefined : count === 0 ? words.none : summaryOf(value)}
      paths={[path]}
      isOpenFirst={count > 0}
      action={
        isWhole &&
        !isReadOnly && (
          <button
            type="button"
            onClick={() => set(undefined)}
            className="h-6 shrink-0 rounded-sm px-1.5 text-2xs text-ink-3 hover:bg-hover hover:text-ink"
          >
            {words.remove}
          </button>
        )
      }
    >
      <p className="text-2xs text-ink-3">{hintOf(field)}</p>
      <Members {...{ field, path, draw }} />
      {field.name === "retry" && <RetryPreview value={value} />}
      <FindingNotes findings={findings} />
    </Section>
  );
}

function summaryOf(value: JsonValue | undefined): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value)
    .flatMap(([name, member]) => (typeof member === "object" ? [] : [`${words.label(name)} ${String(member)}`]))
    .join(", ");
}

const SHORT: ReadonlySet<FormField["control"]> = new Set(["duration", "number", "boolean", "enum", "name"]);

/** Short ones stand two abreast. */
function Members({ field, path, draw }: FieldProps & { draw: Draw }) {
  const at = (each: FormField) => [...path, each.name];
  const short = field.fields.filter(({ control }) => SHORT.has(control));
  const isDense = short.length > 2;
  return (
    <>
      {isDense && (
        <div className="grid grid-cols-2 gap-x-3 gap-y-2.5">{short.map((each) => draw(each, at(each), true))}</div>
      )}
      {field.fields.filter((each) => !isDense || !short.includes(each)).map((each) => draw(each, at(each), false))}
    </>
  );
}

function RetryPreview({ value }: { value: JsonValue | undefined }) {
  const defaults = useEditor(({ session }) => session.present.definition.defaults?.retry);
  const own = typeof value === "object" && value !== null && !Array.isArray(value) ? (value as RetryPolicy) : undefined;
  const pauses = retryPauses(own, defaults);
  return (
    <p aria-live="polite" className="rounded-sm bg-sunken px-2 py-1.5 text-2xs text-ink-2">
      {pauses === null ? words.notDurations : words.retry(pauses)}
      {pauses !== null && pauses.pausesMs.length > 1 && (
        <span className="text-ink-3"> {words.retryTotal(duration(pauses.totalMs))}</span>
      )}
    </p>
  );
}
