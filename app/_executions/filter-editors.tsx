"use client";
/** What a filter is set to: statuses to tick, a workflow to choose, a text to type, or a range with common ones beside it. */
import { useState } from "react";
import { type ExecutionFilters, listed } from "@/lib/client/execution-filters";
import { useWorkflows } from "@/lib/client/queries";
import { EXECUTION_STATUSES, texts } from "@/lib/client/texts";
import { executionsTexts } from "@/lib/client/texts/executions";
import { Choices } from "../_ui/choices";
import { Field, Input } from "../_ui/field";
import { StatusIcon } from "../_ui/status";
import { EditorForm } from "./editor-form";
import { type FieldName, type RangeField, rangeOf, withoutField } from "./filter-fields";
import { DurationRange, TimeRange } from "./range-editors";

const words = executionsTexts.filters;

interface EditorProps {
  filters: ExecutionFilters;
  onChange: (filters: ExecutionFilters) => void;
  onDone: () => void;
}

export function FilterEditor({ field, ...props }: EditorProps & { field: FieldName }) {
  switch (field) {
    case "status":
      return <StatusEditor {...props} />;
    case "workflow":
      return <WorkflowEditor {...props} />;
    case "started":
    case "closed":
      return <TimeRange {...rangeProps(field, props)} />;
    case "duration":
      return <DurationRange {...rangeProps(field, props)} />;
    case "version":
    case "tag":
    case "errorCode":
    case "correlationId":
      return <TextEditor field={field} {...props} />;
    // Nobody types these: their chips have nothing to open.
    case "fingerprint":
    case "parent":
      return null;
  }
}

function rangeProps(field: RangeField, { filters, onChange, onDone }: EditorProps) {
  const [from, to] = rangeOf(field);
  return {
    from: filters[from],
    to: filters[to],
    onSet: (begin: string | undefined, end: string | undefined) => {
      onChange({ ...withoutField(filters, field), [from]: begin, [to]: end });
      onDone();
    },
  };
}

function StatusEditor({ filters, onChange }: EditorProps) {
  const chosen = listed(filters.status);
  const toggled = (value: string) =>
    EXECUTION_STATUSES.filter((status) => chosen.includes(status) !== (status === value));
  return (
    <Choices
      label={words.names.status}
      empty={words.none}
      isMany
      choices={EXECUTION_STATUSES.map((value) => ({
        value,
        label: texts.status[value],
        icon: <StatusIcon status={value} />,
      }))}
      chosen={chosen}
      onChoose={(value) => onChange({ ...filters, status: toggled(value).join(",") })}
    />
  );
}

function WorkflowEditor({ filters, onChange, onDone }: EditorProps) {
  const workflows = useWorkflows();
  return (
    <Choices
      label={texts.executions.findWorkflow}
      empty={texts.start.noWorkflowMatches}
      choices={(workflows.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))}
      chosen={listed(filters.workflow)}
      onChoose={(workflow) => {
        onChange({ ...withoutField(filters, "workflow"), workflow });
        onDone();
      }}
    />
  );
}

function TextEditor({
  field,
  filters,
  onChange,
  onDone,
}: EditorProps & { field: "version" | "tag" | "errorCode" | "correlationId" }) {
  const [text, setText] = useState(filters[field] ?? "");
  const wrong = field === "version" && !/^\d*$/.test(text.trim()) ? words.notANumber : null;
  return (
    <EditorForm
      isReady={wrong === null}
      onSubmit={() => {
        onChange({ ...filters, [field]: text.trim() });
        onDone();
      }}
    >
      <Field label={words.names[field]} hint={words.hints[field]} error={wrong}>
        {(props) => (
          <Input
            {...props}
            autoFocus
            inputMode={field === "version" ? "numeric" : undefined}
            autoComplete="off"
            spellCheck={false}
            maxLength={256}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </EditorForm>
  );
}
