"use client";
/** Search and filters above the list. `/` goes to the search. */
import { ChevronDown, Search, X } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { useWorkflows } from "@/lib/client/queries";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import type { ExecutionStatus } from "@/lib/contract/executions";
import { classNames } from "../_ui/class-names";
import { Combobox } from "../_ui/combobox";
import { Kbd } from "../_ui/kbd";
import { StatusIcon } from "../_ui/status";

const words = texts.executions;

export function FilterBar({
  filters,
  onChange,
  children,
}: {
  filters: ExecutionFilters;
  onChange: (filters: ExecutionFilters) => void;
  children: ReactNode;
}) {
  const workflows = useWorkflows();
  const status = EXECUTION_STATUSES.find((known) => known === filters.status) as ExecutionStatus | undefined;
  return (
    <search className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2 md:px-6">
      <SearchField value={filters.q ?? ""} onChange={(q) => onChange({ ...filters, q })} />
      <Combobox
        options={EXECUTION_STATUSES.map((value) => ({
          value,
          label: texts.status[value],
          icon: <StatusIcon status={value} />,
        }))}
        value={filters.status ?? null}
        onChange={(value) => onChange({ ...filters, status: value === filters.status ? undefined : value })}
        placeholder={words.filterStatus}
        empty={words.noMatchTitle}
        trigger={
          <FilterButton name={words.filterStatus} icon={status && <StatusIcon status={status} />}>
            {status && texts.status[status]}
          </FilterButton>
        }
      />
      <Combobox
        options={(workflows.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))}
        value={filters.workflow ?? null}
        onChange={(value) => onChange({ ...filters, workflow: value === filters.workflow ? undefined : value })}
        placeholder={words.findWorkflow}
        empty={texts.start.noWorkflowMatches}
        trigger={<FilterButton name={words.filterWorkflow}>{filters.workflow}</FilterButton>}
      />
      {filters.tag && (
        <RemovableFilter
          name={words.filterTag}
          value={filters.tag}
          onRemove={() => onChange({ ...filters, tag: undefined })}
        />
      )}
      {Object.keys(filters).length > 0 && (
        <button
          type="button"
          onClick={() => onChange({})}
          className="h-7 rounded-md px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink"
        >
          {words.clearFilters}
        </button>
      )}
      <div className="ml-auto flex items-center gap-3">{children}</div>
    </search>
  );
}

function FilterButton({
  name,
  icon,
  children,
  ...rest
}: ComponentProps<"button"> & { name: string; icon?: ReactNode }) {
  return (
    <button
      type="button"
      {...rest}
      className={classNames(
        "inline-flex h-7 max-w-60 items-center gap-1.5 rounded-md border px-2 text-xs hover:bg-hover data-[state=open]:bg-hover",
        children ? "border-line-strong text-ink" : "border-dashed border-line-strong text-ink-2",
      )}
    >
      {icon}
      {children ? (
        <span className="min-w-0 truncate">
          <span className="text-ink-3">{name} </span>
          <span className="font-medium">{children}</span>
        </span>
      ) : (
        name
      )}
      <ChevronDown aria-hidden size={12} className="shrink-0 text-ink-3" />
    </button>
  );
}

function RemovableFilter({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }) {
  return (
    <span className="inline-flex h-7 max-w-60 items-center gap-1.5 rounded-md border border-line-strong pr-1 pl-2 text-xs">
      <span className="text-ink-3">{name}</span>
      <span className="min-w-0 truncate font-medium">{value}</span>
      <button
        type="button"
        aria-label={words.removeFilter(name)}
        onClick={onRemove}
        className="inline-flex size-5 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
      >
        <X aria-hidden size={12} />
      </button>
    </span>
  );
}

const SETTLE_MS = 250;

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [settled, setSettled] = useState(value);
  if (settled !== value) {
    setSettled(value);
    if (text.trim() !== value) setText(value);
  }
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [role=dialog]");
      if (event.key !== "/" || typing || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className="relative w-full sm:w-72">
      <Search aria-hidden size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-ink-3" />
      <input
        ref={input}
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="h-7 w-full rounded-md border border-line-strong bg-raised pr-7 pl-7 text-xs hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 [&::-webkit-search-cancel-button]:appearance-none"
      />
      <span className="absolute top-1/2 right-2 -translate-y-1/2">{text === "" && <Kbd>/</Kbd>}</span>
    </div>
  );
}
