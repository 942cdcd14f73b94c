"use client";
/** What a version says otherwise than another: node by node, then everything that is no node. */
import { useMemo } from "react";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { diffDefinitions } from "../_compare/definition-diff";
import { diffJson, type JsonChange } from "../_compare/json-diff";
import { ScrollArea } from "../_ui/scroll-area";

export function VersionChanges({ before, after }: { before: Definition; after: Definition }) {
  const diff = useMemo(() => diffDefinitions(before, after), [before, after]);
  const { added, changed, removed, isElsewhere } = diff;
  const isSame = added.length + changed.length + removed.length === 0 && !isElsewhere;
  return (
    <ScrollArea label={words.views.changes} className="flex flex-col gap-4 px-4 py-4 md:px-6">
      <p className="text-sm text-ink-2">
        {isSame ? words.same : words.summary(added.length, changed.length, removed.length)}
      </p>
      {isElsewhere && <Part title={words.elsewhere} before={withoutNodes(before)} after={withoutNodes(after)} />}
      {changed.map((id) => (
        <Part
          key={id}
          title={id}
          word={words.changed}
          status="paused"
          before={nodeOf(before, id)}
          after={nodeOf(after, id)}
        />
      ))}
      {added.map((id) => (
        <Part key={id} title={id} word={words.added} status="completed" after={nodeOf(after, id)} />
      ))}
      {removed.map((id) => (
        <Part key={id} title={id} word={words.removed} status="failed" before={nodeOf(before, id)} />
      ))}
    </ScrollArea>
  );
}

const nodeOf = ({ nodes }: Definition, id: string) => nodes.find((node) => node.id === id) as JsonValue | undefined;
const withoutNodes = ({ nodes: _, ...rest }: Definition) => rest as unknown as JsonValue;

function Part({
  title,
  word,
  status,
  before,
  after,
}: {
  title: string;
  word?: string;
  status?: string;
  before?: JsonValue | undefined;
  after?: JsonValue | undefined;
}) {
  const { changes, isCut } = useMemo(() => diffJson(before, after), [before, after]);
  return (
    <section aria-label={title} className="overflow-hidden rounded-md border">
      <h3 className="flex items-center gap-2 border-b bg-sunken px-3 py-1.5 text-xs font-medium">
        <span className="truncate font-mono">{title}</span>
        {word && (
          <span data-status={status} className="font-normal text-tone">
            {word}
          </span>
        )}
      </h3>
      <ul className="flex flex-col divide-y divide-line">
        {changes.map((change) => (
          <Change key={change.path} change={change} />
        ))}
      </ul>
      {isCut && <p className="border-t px-3 py-1.5 text-2xs text-ink-3">{words.cut}</p>}
    </section>
  );
}

function Change({ change: { path, before, after } }: { change: JsonChange }) {
  return (
    <li className="flex flex-col gap-1 px-3 py-2 text-xs">
      {path !== "" && <span className="font-mono text-2xs text-ink-3">{path}</span>}
      {before !== undefined && <Value sign="−" name={words.before} status="failed" value={before} />}
      {after !== undefined && <Value sign="+" name={words.after} status="completed" value={after} />}
    </li>
  );
}

function Value({ sign, name, status, value }: { sign: string; name: string; status: string; value: JsonValue }) {
  return (
    <span data-status={status} className="flex gap-2 rounded-sm bg-tone-tint px-2 py-1">
      <span aria-hidden className="select-none text-tone">
        {sign}
      </span>
      <span className="sr-only">{name}</span>
      <code className="min-w-0 flex-1 font-mono text-2xs break-words whitespace-pre-wrap">
        {JSON.stringify(value, null, 2)}
      </code>
    </span>
  );
}
