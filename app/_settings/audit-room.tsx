"use client";
/** Who did what to which thing, from where and with what; and what was refused. */
import { ScrollText } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type AuditFilters, useApiKeys, useAuditLog, useMembers } from "@/lib/client/settings";
import { peopleTexts } from "@/lib/client/texts/people";
import type { AuditEntry } from "@/lib/contract/audit";
import { type Column, SimpleTable } from "../_rooms/simple-table";
import { Button } from "../_ui/button";
import { Empty } from "../_ui/empty";
import { Failure } from "../_ui/failure";
import { Input, inputClass } from "../_ui/field";
import { ScrollArea } from "../_ui/scroll-area";
import { RelativeTime } from "../_ui/time";

const words = peopleTexts.settings.audit;

const columnsWith = (nameOf: (actor: string) => string): Column<AuditEntry>[] => [
  { name: words.columns.at, cell: ({ at }) => <RelativeTime at={at} className="whitespace-nowrap text-ink-2" /> },
  { name: words.columns.actor, extra: true, cell: ({ actor }) => <Name text={nameOf(actor)} title={actor} /> },
  { name: words.columns.action, cell: ({ action }) => <Action name={action} /> },
  { name: words.columns.target, extra: true, cell: ({ target }) => <Name text={target} /> },
  { name: words.columns.outcome, cell: (entry) => <Outcome {...entry} /> },
  { name: words.columns.from, extra: true, cell: ({ address }) => <Name text={address} /> },
];

export function AuditRoom() {
  const [filters, setFilters] = useState<AuditFilters>({});
  const log = useAuditLog(filters);
  const nameOf = useActorNames();
  const entries = log.data?.pages.flatMap(({ items }) => items);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <ScrollArea label={words.label} className="flex flex-col overflow-x-auto">
      <Filters onChange={setFilters} />
      {log.isError && entries === undefined ? (
        <Failure error={log.error} onRetry={() => log.refetch()} />
      ) : entries?.length === 0 ? (
        <Empty icon={ScrollText} title={isFiltered ? words.noMatch : words.noneTitle}>
          <p>{isFiltered ? null : words.noneHint}</p>
        </Empty>
      ) : (
        <SimpleTable label={words.label} columns={columnsWith(nameOf)} items={entries} keyOf={({ id }) => id} />
      )}
      {log.hasNextPage && (
        <Button className="my-4 self-center" busy={log.isFetchingNextPage} onClick={() => log.fetchNextPage()}>
          {words.more}
        </Button>
      )}
    </ScrollArea>
  );
}

function Filters({ onChange }: { onChange: (filters: AuditFilters) => void }) {
  function read(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const given = ["actor", "action", "outcome"].flatMap((name) => {
      const value = String(data.get(name) ?? "").trim();
      return value === "" ? [] : [[name, value] as const];
    });
    onChange(Object.fromEntries(given));
  }
  return (
    <form
      onSubmit={read}
      onChange={(event) => event.currentTarget.requestSubmit()}
      className="flex h-12 shrink-0 items-center gap-2 px-4 md:px-6"
    >
      <Input name="actor" aria-label={words.actor} placeholder={words.actor} autoComplete="off" className="max-w-44" />
      <Input
        name="action"
        aria-label={words.action}
        placeholder={words.action}
        autoComplete="off"
        className="max-w-44"
      />
      <select name="outcome" aria-label={words.outcome} defaultValue="" className={`${inputClass} max-w-28`}>
        <option value="">{words.outcomes.all}</option>
        <option value="done">{words.outcomes.done}</option>
        <option value="refused">{words.outcomes.refused}</option>
      </select>
      <a href="/api/v1/audit-log/export" className="ml-auto text-xs text-accent hover:underline">
        {words.export}
      </a>
    </form>
  );
}

/** People and keys by the names they are known by; who is gone keeps the id. */
function useActorNames(): (actor: string) => string {
  const members = useMembers();
  const apiKeys = useApiKeys();
  const names = new Map<string, string>([
    ...(members.data?.items.map(({ user, email }) => [`user:${user}`, email] as const) ?? []),
    ...(apiKeys.data?.items.map(({ id, name }) => [`key:${id}`, name] as const) ?? []),
  ]);
  return (actor) => names.get(actor) ?? actor;
}

function Name({ text, title = text }: { text: string | null; title?: string | null }) {
  return (
    <span title={title ?? undefined} className="block max-w-56 truncate font-mono text-xs text-ink-2">
      {text ?? "–"}
    </span>
  );
}

/** Of a call that has no name of its own it is the method and path, which is long. */
function Action({ name }: { name: string }) {
  return <span className={`font-mono text-xs ${name.includes(" ") ? "break-all" : "whitespace-nowrap"}`}>{name}</span>;
}

function Outcome({ outcome, code, count }: AuditEntry) {
  if (outcome === "done") return <span className="text-ink-2">{words.outcomes.done}</span>;
  return (
    <span data-status="failed" className="flex flex-col">
      <span className="text-tone">{words.outcomes.refused}</span>
      <span className="font-mono text-2xs text-ink-3">
        {code}
        {count > 1 && <span className="block font-sans">{words.times(count)}</span>}
      </span>
    </span>
  );
}
