"use client";
/** A field of the form as what it is: each kind has its way of being entered, and none is without one. */
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { Path } from "@/lib/editor/document";
import type { FormField } from "@/lib/editor/fields/form-fields";
import { AssigneesField } from "./assignees-field";
import { BodyField } from "./body-field";
import { ChildInputField, VersionField } from "./child-fields";
import { EnumField, JoinField, YesField } from "./choice-fields";
import { type FieldProps, LineField } from "./line-field";
import { NamesField } from "./list-fields";
import { ObjectField } from "./object-field";
import { RecordField } from "./record-field";
import { RowsField } from "./rows-field";
import { SchemaField } from "./schema-field";
import { useSubject } from "./subject";
import { useNodeNames, useQueueNames, useTaskNames, useWorkflowNames } from "./suggestions";
import { TemplateField } from "./template-field";

export function FieldControl({
  field,
  path = field.path,
  isBare = false,
}: Omit<FieldProps, "path"> & { path?: Path; isBare?: boolean }) {
  const { target } = useSubject();
  const draw = (each: FormField, at: Path, bare = false) => (
    <FieldControl key={each.name} field={each} path={at} isBare={bare} />
  );
  const props = { field, path };
  if (target?.type === "workflow" && path.length === 1) {
    if (field.name === "version") return <VersionField {...props} />;
    if (field.name === "input") return <ChildInputField {...props} />;
  }
  switch (field.control) {
    case "name":
      return <NameField {...props} isBare={isBare} />;
    case "text":
    case "duration":
    case "number":
      return <LineField {...props} isBare={isBare} />;
    case "boolean":
      return <YesField {...props} />;
    case "enum":
      return <EnumField {...props} isBare={isBare} />;
    case "enum-or-number":
      return <JoinField {...props} />;
    case "names":
      return <NamesField {...props} />;
    case "rows":
      return <RowsField {...props} draw={draw} />;
    case "record":
      return <RecordField {...props} draw={draw} />;
    case "object":
      return <ObjectField {...props} draw={draw} />;
    case "one-or-many":
      return <AssigneesField {...props} />;
    case "json-schema":
      return <SchemaField {...props} />;
    case "body":
      return <BodyField {...props} draw={draw} />;
    // Those that are drawn, and not typed.
    case "nodes":
      return null;
    case "template":
    case "expression":
    case "text-template":
    case "duration-template":
    case "instant-template":
    case "json":
      return <TemplateField {...props} label={labelOf(field)} />;
  }
}

function labelOf({ name }: FormField): string {
  return words.label(name);
}

function NameField(props: FieldProps & { isBare: boolean }) {
  switch (props.field.name) {
    case "task":
      return <TaskField {...props} />;
    case "queue":
      return <QueueField {...props} />;
    case "workflow":
      return <WorkflowField {...props} />;
    case "rethrow":
      return <NodeField {...props} />;
    default:
      return <LineField {...props} />;
  }
}

function TaskField(props: FieldProps & { isBare: boolean }) {
  return <LineField {...props} suggestions={useTaskNames()} />;
}

function QueueField(props: FieldProps & { isBare: boolean }) {
  return <LineField {...props} suggestions={useQueueNames()} />;
}

function WorkflowField(props: FieldProps & { isBare: boolean }) {
  return <LineField {...props} suggestions={useWorkflowNames()} />;
}

function NodeField(props: FieldProps & { isBare: boolean }) {
  return <LineField {...props} suggestions={useNodeNames(useSubject().node)} />;
}
