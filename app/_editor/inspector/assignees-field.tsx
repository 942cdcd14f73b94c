"use client";
/** Who may decide: members, addresses and roles in a list, or an expression that gives the list. */
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { FormField } from "@/lib/editor/fields/form-fields";
import { hintOf } from "@/lib/editor/fields/form-fields";
import { FieldShell } from "./field-shell";
import type { FieldProps } from "./line-field";
import { TextRows } from "./list-fields";
import { useBound } from "./subject";
import { usePeople } from "./suggestions";
import { Other, TemplateField } from "./template-field";

export function AssigneesField({ field, path }: FieldProps) {
  const { value, set, isReadOnly } = useBound(path);
  const people = usePeople();
  const isOne = typeof value === "string";
  const asText: FormField = { ...field, control: "text-template" };
  const other = (
    <Other
      name={isOne ? words.asList : words.asExpression}
      isDisabled={isReadOnly}
      onClick={() => set(isOne ? undefined : "=input.approvers")}
    />
  );
  if (isOne) return <TemplateField field={asText} path={path} label={words.label(field.name)} action={other} />;
  const values = Array.isArray(value) ? value.map(String) : [];
  return (
    <FieldShell
      label={words.label(field.name)}
      path={path}
      hint={values.length === 0 ? words.assignees.hint : hintOf(field)}
      action={other}
    >
      {({ id }) => (
        <TextRows
          id={id}
          label={words.label(field.name)}
          path={path}
          values={values}
          read={(text) => (text.trim() === "" ? { wrong: words.assignees.placeholder } : { value: text.trim() })}
          onAll={(all) => set(all.length === 0 ? undefined : [...all])}
          isReadOnly={isReadOnly}
          suggestions={people}
        />
      )}
    </FieldShell>
  );
}
