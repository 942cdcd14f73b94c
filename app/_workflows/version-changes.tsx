"use client";
/** What a version says otherwise than another: the workflow itself, its edges, then node by node. */
import { useMemo } from "react";
import { workflowTexts as words } from "@/lib/client/texts/workflows";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import { diffDefinitions } from "../_compare/definition-diff";
import { diffJson, type JsonChange } from "../_compare/json-diff";
import { ScrollArea } from "../_ui/scroll-area";
import { type EdgeChange, edgeChanges, settingsOf } from "./edge-changes";

export function VersionChanges({ before, after }: { before: Definition; after: Definition }) {
  return (
    <ScrollArea label={words.views.changes} className="flex flex-col gap-4 px-4 py-4 md:px-6">
      <ChangeList before={before} after={after} />
    </ScrollArea>
  );
}

/** Without the room around it. */
export function ChangeList({ before, after }: { before: Definition; after: Definition }) {
  const { added, changed, removed } = useMemo(() => diffDefinitions(before, after), [before, after]);
  const edges = useMemo(() => edgeChanges(before, after), [before, after]);
  const settings = diffJson(settingsOf(before), settingsOf(after), 1).changes.length;
  const isSame = added.length + changed.length + removed.length + edges.length + settings === 0;
  return (
    <>
      <p className="text-sm text-ink-2">
        {isSame ? words.same : words.summary(added.length, changed.length, removed.length, edges.length)}
      </p>
      {settings > 0 && <Part title={words.settings} before={settingsOf(before)} after={settingsOf(after)} />}
      {edges.length > 0 && <Edges changes={edges} />}
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
    </>
  );
}

const EDGE_TONES = { added: "completed", removed: "failed", changed: "paused" } as const;

function Edges({ changes }: { changes: readonly EdgeChange[] }) {
  return (
    <section aria-label={words.edges} className="shrink-0 overflow-hidden rounded-md border">
      <h3 className="border-b bg-sunken px-3 py-1.5 text-xs font-medium">{words.edges}</h3>
      <ul className="flex flex-col divide-y divide-line">
        {changes.map(({ kind, from, port, to, before, after }) => (
          <li key={`${kind} ${from} ${port} ${to}`} className="flex flex-col gap-1 px-3 py-2 text-xs">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span data-status={EDGE_TONES[kind]} className="text-tone">
                {words[kind]}
              </span>
              <code className="font-mono text-2xs break-all">{words.edge(from, port, to)}</code>
            </span>
            {before !== undefined && <Value sign="−" name={words.before} status="failed" value={before} />}
            {after !== undefined && <Value sign="+" name={words.after} status="completed" value={after} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

const nodeOf = ({ nodes }: Definition, id: string) => nodes.find((node) => node.id === id) as JsonValue | undefined;

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
    <section aria-label={title} className="shrink-0 overflow-hidden rounded-md border">
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
