"use client";
/** Sets one filter: which one, where that is open, then to what. Loaded when it is first wanted. */
import {
  Activity,
  CalendarCheck,
  CalendarClock,
  CircleX,
  Fingerprint,
  GitBranch,
  Hash,
  Link2,
  type LucideIcon,
  Tag,
  Timer,
  Workflow,
} from "lucide-react";
import { useState } from "react";
import type { ExecutionFilters } from "@/lib/client/execution-filters";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Choices } from "../_ui/choices";
import { FilterEditor } from "./filter-editors";
import { type FieldName, fieldText, offeredFields, setFields } from "./filter-fields";

const words = executionsTexts.filters;

const ICONS: Record<FieldName, LucideIcon> = {
  status: Activity,
  workflow: Workflow,
  version: GitBranch,
  tag: Tag,
  errorCode: CircleX,
  started: CalendarClock,
  closed: CalendarCheck,
  duration: Timer,
  correlationId: Link2,
  fingerprint: Fingerprint,
  parent: Hash,
};

export default function FilterPopover({
  field,
  filters,
  onChange,
  onDone,
}: {
  /** Null: it is chosen first. */
  field: FieldName | null;
  filters: ExecutionFilters;
  onChange: (filters: ExecutionFilters) => void;
  onDone: () => void;
}) {
  const [chosen, setChosen] = useState(field);
  if (chosen !== null) return <FilterEditor field={chosen} filters={filters} onChange={onChange} onDone={onDone} />;
  const set = setFields(filters);
  return (
    <Choices
      label={words.find}
      empty={words.none}
      choices={offeredFields(filters).map((name) => {
        const Icon = ICONS[name];
        return {
          value: name,
          label: words.names[name],
          icon: <Icon aria-hidden size={14} className="shrink-0 text-ink-3" />,
          hint: set.includes(name) ? fieldText(filters, name) : undefined,
        };
      })}
      onChoose={setChosen}
    />
  );
}
