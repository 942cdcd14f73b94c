"use client";
/** A child workflow: which version of it, and what it gets, asked for as its own schema does. */
import Link from "next/link";
import { useState } from "react";
import { useWorkflow, useWorkflowVersion } from "@/lib/client/queries";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { JsonValue } from "@/lib/contract/json";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { membersOf } from "@/lib/editor/fields/schema-members";
import { Select } from "./choice-fields";
import { FieldShell } from "./field-shell";
import type { FieldProps } from "./line-field";
import { useBound, useSubject } from "./subject";
import { Other, TemplateField } from "./template-field";

const words = editorInspectorTexts.child;

function useChild() {
  const { target } = useSubject();
  const name = target?.type === "workflow" ? target.workflow : "";
  const workflow = useWorkflow(name === "" ? null : name);
  const version = (target?.type === "workflow" ? target.version : undefined) ?? workflow.data?.version;
  const definition = useWorkflowVersion(workflow.data ? name : undefined, version).data?.definition;
  return { name, workflow, schema: definition?.inputSchema };
}

export function VersionField({ field, path }: FieldProps) {
  const bound = useBound(path);
  const { name, workflow } = useChild();
  const versions = workflow.data?.versions.map(({ version }) => version) ?? [];
  const own = typeof bound.value === "number" && !versions.includes(bound.value) ? [bound.value] : [];
  return (
    <FieldShell
      label={editorInspectorTexts.label(field.name)}
      path={path}
      hint={workflow.isError ? words.unknown : null}
      isOptional={field.isOptional}
      action={
        workflow.data && (
          <Link
            prefetch={false}
            href={`/workflows/${encodeURIComponent(name)}`}
            className="shrink-0 rounded-sm text-2xs text-accent hover:underline"
          >
            {words.open}
          </Link>
        )
      }
    >
      {(wired) => (
        <Select
          wired={wired}
          value={bound.value === undefined ? "" : String(bound.value)}
          none={words.latest}
          options={[...own, ...versions].map((version) => ({ value: String(version), name: words.version(version) }))}
          isReadOnly={bound.isReadOnly}
          onChange={(value) => bound.set(value === "" ? undefined : Number(value))}
        />
      )}
    </FieldShell>
  );
}

/** A field for each member that the child asks for; as JSON where it asks for nothing, or for what no list can say. */
export function ChildInputField({ field, path }: FieldProps) {
  const { value } = useBound(path);
  const { name, schema } = useChild();
  const [asJson, setAsJson] = useState(false);
  const label = editorInspectorTexts.label(field.name);
  const members = membersOf(schema as JsonValue | undefined);
  const isFitting = value === undefined || (typeof value === "object" && value !== null && !Array.isArray(value));
  const canList = isFitting && members !== null && members.length > 0;
  const toggle = canList && (
    <Other
      name={asJson ? editorInspectorTexts.asForm : editorInspectorTexts.asJson}
      onClick={() => setAsJson(!asJson)}
    />
  );
  if (!canList || asJson) return <TemplateField field={field} path={path} label={label} action={toggle || undefined} />;
  return (
    <FieldShell label={label} path={path} hint={hintOf(field)} action={toggle} isGroup>
      {({ id }) => (
        <fieldset id={id} className="flex flex-col gap-2.5 border-l-2 pl-2.5">
          <legend className="sr-only">{words.inputOf(name)}</legend>
          {members.map((member) => (
            <TemplateField
              key={member.name}
              field={memberField(field, member.name, member.isRequired)}
              path={[...path, member.name]}
              label={member.title || member.name}
            />
          ))}
        </fieldset>
      )}
    </FieldShell>
  );
}

/** What is required may be left out while one edits: the child says so when it is started. */
function memberField(field: FormField, name: string, isRequired: boolean): FormField {
  return {
    ...field,
    name,
    control: "template",
    description: isRequired ? editorInspectorTexts.schema.required : null,
    fallback: null,
    isOptional: true,
  };
}
