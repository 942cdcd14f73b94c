"use client";
/** Names with values, such as headers: a name that changes keeps its place. */
import type { ReactNode } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { FieldShell } from "./field-shell";
import type { FieldProps } from "./line-field";
import { AddButton, Row, RowInput } from "./list-fields";
import { useBound } from "./subject";
import { useTyped } from "./typed-input";

export function RecordField({ field, path, draw }: FieldProps & { draw: (field: FormField, path: Path) => ReactNode }) {
  const { value, set, isReadOnly } = useBound(path);
  const label = words.label(field.name);
  const members = Object.entries(isObject(value) ? value : {});
  const ofValue: FormField = {
    ...field,
    control: field.shape.kind === "record" && field.shape.value.kind === "template" ? "template" : "text-template",
    shape: field.shape.kind === "record" ? field.shape.value : field.shape,
    description: null,
    fallback: null,
    isOptional: false,
    name: "value",
  };
  const put = (next: readonly (readonly [string, JsonValue])[]) =>
    set(next.length === 0 ? undefined : Object.fromEntries(next));
  return (
    <FieldShell label={label} path={path} hint={hintOf(field)} isOptional={field.isOptional} isGroup>
      {({ id }) => (
        <div id={id} className="flex flex-col gap-2">
          {members.map(([name], i) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: its name is what is typed
              key={i}
              className="flex flex-col gap-1 border-l-2 pl-2"
            >
              <MemberName
                name={name}
                label={`${label}: ${words.name}`}
                taken={members.map(([each]) => each)}
                isReadOnly={isReadOnly}
                onName={(to) => put(members.map(([each, member]) => [each === name ? to : each, member]))}
                onRemove={() => put(members.filter(([each]) => each !== name))}
              />
              {draw(ofValue, [...path, name])}
            </div>
          ))}
          {!isReadOnly && (
            <AddButton
              name={words.add}
              onClick={() => put([...members, [freshName(members.map(([each]) => each)), ""]])}
            />
          )}
        </div>
      )}
    </FieldShell>
  );
}

function freshName(taken: readonly string[]): string {
  let n = taken.length + 1;
  while (taken.includes(`name_${n}`)) n++;
  return `name_${n}`;
}

const LONGEST_NAME = 200;

function MemberName({
  name,
  label,
  taken,
  isReadOnly,
  onName,
  onRemove,
}: {
  name: string;
  label: string;
  taken: readonly string[];
  isReadOnly: boolean;
  onName: (name: string) => string | null;
  onRemove: () => void;
}) {
  const typed = useTyped(
    name,
    (text) =>
      text === "" || text.length > LONGEST_NAME || text === "__proto__" || (text !== name && taken.includes(text))
        ? { wrong: words.schema.nameTaken }
        : { value: text },
    (value) => onName(String(value)),
  );
  return (
    <Row label={name} wrong={typed.wrong} onRemove={isReadOnly ? null : onRemove}>
      <RowInput label={label} typed={typed} isReadOnly={isReadOnly} />
    </Row>
  );
}

function isObject(value: JsonValue | undefined): value is { [name: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
