"use client";
/** Search and filters above the list: a chip for each filter that is set, a button that adds one, and one that clears all. */
import { ListFilter, X } from "lucide-react";
import { lazy, type ReactNode, useRef, useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { executionsTexts } from "@/lib/client/texts/executions";
import { useKeys } from "../_shell/keys";
import { Kbd } from "../_ui/kbd";
import { Popover } from "../_ui/popover";
import { type FieldName, fieldText, isByLink, setFields, withoutField } from "./filter-fields";
import { SearchField } from "./search-field";

const words = executionsTexts.filters;
const loadEditors = () => import("./filter-popover");
const FilterPopover = lazy(loadEditors);
const layerClass = "max-h-[min(480px,var(--radix-popover-content-available-height))] w-72";

interface Props {
  filters: ExecutionFilters;
  onChange: (filters: ExecutionFilters) => void;
}

export function FilterBar({ filters, onChange, children }: Props & { children: ReactNode }) {
  const [open, setOpen] = useState<FieldName | "add" | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const add = useRef<HTMLButtonElement>(null);
  useKeys(executionsTexts.keys.group, [
    { keys: "/", name: executionsTexts.keys.search, run: () => input.current?.focus() },
    { keys: "f", name: executionsTexts.keys.addFilter, run: () => setOpen("add") },
  ]);

  /** The chip that had the focus is gone: the next thing to press takes it. */
  function remove(field: FieldName) {
    onChange(withoutField(filters, field));
    add.current?.focus();
  }

  return (
    <search aria-label={words.label} className="flex shrink-0 flex-wrap items-center gap-2 border-b px-4 py-2 md:px-6">
      <SearchField value={filters.q ?? ""} onChange={(q) => onChange({ ...filters, q })} input={input} />
      {setFields(filters).map((field) => (
        <FilterChip
          key={field}
          field={field}
          filters={filters}
          onChange={onChange}
          isOpen={open === field}
          onOpen={(isOpen) => setOpen(isOpen ? field : null)}
          onRemove={() => remove(field)}
        />
      ))}
      <Popover
        open={open === "add"}
        onOpenChange={(isOpen) => setOpen(isOpen ? "add" : null)}
        label={words.add}
        className={layerClass}
        trigger={
          <button
            type="button"
            ref={add}
            onPointerEnter={loadEditors}
            className="inline-flex h-7 items-center gap-1.5 rounded-md border border-dashed border-line-strong px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover"
          >
            <ListFilter aria-hidden size={13} />
            {words.add}
            <Kbd>F</Kbd>
          </button>
        }
      >
        <FilterPopover field={null} filters={filters} onChange={onChange} onDone={() => setOpen(null)} />
      </Popover>
      {Object.keys(filters).length > 0 && (
        <button
          type="button"
          onClick={() => onChange({})}
          className="h-7 rounded-md px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink"
        >
          {words.clear}
        </button>
      )}
      <div className="ml-auto flex items-center gap-2">{children}</div>
    </search>
  );
}

function FilterChip({
  field,
  filters,
  onChange,
  isOpen,
  onOpen,
  onRemove,
}: Props & { field: FieldName; isOpen: boolean; onOpen: (isOpen: boolean) => void; onRemove: () => void }) {
  const name = words.names[field];
  const value = fieldText(filters, field);
  // The server's zone is not the reader's, so a moment may read differently there.
  const said = (
    <span className="min-w-0 truncate" suppressHydrationWarning>
      <span className="text-ink-3">{name} </span>
      <span className="font-medium" suppressHydrationWarning>
        {value}
      </span>
    </span>
  );
  return (
    <span className="inline-flex h-7 max-w-72 items-center rounded-md border border-line-strong bg-raised text-xs">
      {isByLink(field) ? (
        <span className="flex min-w-0 items-center pl-2">{said}</span>
      ) : (
        <Popover
          open={isOpen}
          onOpenChange={onOpen}
          label={name}
          className={layerClass}
          trigger={
            <button
              type="button"
              onPointerEnter={loadEditors}
              onKeyDown={(event) => {
                if (event.key === "Backspace" || event.key === "Delete") onRemove();
              }}
              className="flex h-full min-w-0 items-center rounded-l-md pl-2 hover:bg-hover data-[state=open]:bg-hover"
            >
              {said}
            </button>
          }
        >
          <FilterPopover field={field} filters={filters} onChange={onChange} onDone={() => onOpen(false)} />
        </Popover>
      )}
      <button
        type="button"
        aria-label={words.remove(name)}
        onClick={onRemove}
        className="mx-1 inline-flex size-5 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-active hover:text-ink"
      >
        <X aria-hidden size={12} />
      </button>
    </span>
  );
}
