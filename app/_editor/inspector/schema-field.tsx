"use client";
/** A JSON Schema: as a list of what it asks for, as JSON, and as the form that people will see. */
import { useState } from "react";
import { firstAnswer } from "@/lib/client/schema-form";
import { editorInspectorTexts } from "@/lib/client/texts/editor-inspector";
import type { JsonValue } from "@/lib/contract/json";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { readJson, readText } from "@/lib/editor/fields/read-text";
import {
  MEMBER_TYPES,
  type MemberType,
  membersOf,
  type SchemaMember,
  withMemberNamed,
  withMemberOptions,
  withMemberRequired,
  withMemberTitled,
  withMemberTyped,
  withNewMember,
  withoutMember,
} from "@/lib/editor/fields/schema-members";
import { Checkbox } from "../../_ui/checkbox";
import { classNames } from "../../_ui/class-names";
import { SchemaForm } from "../../_ui/schema-form";
import { Select } from "./choice-fields";
import { FieldShell } from "./field-shell";
import type { FieldProps } from "./line-field";
import { AddButton, RemoveButton } from "./list-fields";
import { type BoundField, useBound } from "./subject";
import { SmallArea, SmallInput, useTyped } from "./typed-input";

const words = editorInspectorTexts.schema;
type Look = "list" | "json" | "preview";

export function SchemaField({ field, path }: FieldProps) {
  const bound = useBound(path);
  const members = membersOf(bound.value);
  const [wanted, setLook] = useState<Look>("list");
  const look = members === null && wanted === "list" ? "json" : wanted;
  return (
    <FieldShell
      label={editorInspectorTexts.label(field.name)}
      path={path}
      hint={hintOf(field)}
      action={<Looks look={look} hasList={members !== null} onLook={setLook} />}
    >
      {({ id }) => (
        <div id={id} className="flex flex-col gap-2">
          {look === "list" && <MemberList {...bound} members={members ?? []} />}
          {look === "json" && <AsJson bound={bound} field={field} isRich={members === null} />}
          {look === "preview" && <Preview schema={bound.value} />}
        </div>
      )}
    </FieldShell>
  );
}

const LOOKS: readonly (readonly [Look, string])[] = [
  ["list", editorInspectorTexts.asList],
  ["json", editorInspectorTexts.asJson],
  ["preview", editorInspectorTexts.preview],
];

function Looks({ look, hasList, onLook }: { look: Look; hasList: boolean; onLook: (look: Look) => void }) {
  return (
    <span className="flex gap-0.5">
      {LOOKS.map(([name, title]) => (
        <button
          key={name}
          type="button"
          aria-pressed={look === name}
          disabled={name === "list" && !hasList}
          onClick={() => onLook(name)}
          className={classNames(
            "h-5 rounded-sm px-1.5 text-2xs disabled:opacity-40",
            look === name ? "bg-active text-ink" : "text-ink-3 hover:bg-hover hover:text-ink",
          )}
        >
          {title}
        </button>
      ))}
    </span>
  );
}

function MemberList({ members, value, set, isReadOnly }: BoundField & { members: readonly SchemaMember[] }) {
  return (
    <>
      {members.length === 0 && <p className="text-2xs text-ink-3">{words.empty}</p>}
      {members.map((member, i) => (
        <Member
          // biome-ignore lint/suspicious/noArrayIndexKey: its name is what is typed
          key={i}
          member={member}
          schema={value}
          set={set}
          isReadOnly={isReadOnly}
        />
      ))}
      {!isReadOnly && <AddButton name={words.addMember} onClick={() => set(withNewMember(value))} />}
    </>
  );
}

function Member({
  member: { name, type, title, isRequired, options },
  schema,
  set,
  isReadOnly,
}: Pick<BoundField, "set" | "isReadOnly"> & { member: SchemaMember; schema: JsonValue | undefined }) {
  const typed = useTyped(
    name,
    (text) => (withMemberNamed(schema, name, text) === null ? { wrong: words.nameTaken } : { value: text }),
    (to) => set(withMemberNamed(schema, name, String(to)) ?? undefined),
  );
  const titled = useTyped(
    title,
    (text) => ({ value: text }),
    (text) => set(withMemberTitled(schema, name, String(text))),
  );
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5 border-b pb-3">
      <legend className="sr-only">{words.member(name)}</legend>
      <div className="flex items-center gap-1">
        <SmallInput
          aria-label={editorInspectorTexts.name}
          aria-invalid={typed.wrong === null ? undefined : true}
          value={typed.text}
          readOnly={isReadOnly}
          onChange={({ target }) => typed.onType(target.value)}
          onBlur={typed.onLeave}
          className="font-mono"
        />
        <span className="w-28 shrink-0">
          <Select
            label={words.type}
            value={type}
            options={MEMBER_TYPES.map((each) => ({ value: each, name: editorInspectorTexts.memberTypes[each] }))}
            isReadOnly={isReadOnly}
            onChange={(to) => set(withMemberTyped(schema, name, to as MemberType))}
          />
        </span>
        {!isReadOnly && (
          <RemoveButton
            name={editorInspectorTexts.removeNamed(name)}
            onClick={() => set(withoutMember(schema, name) ?? undefined)}
          />
        )}
      </div>
      {typed.wrong && (
        <p role="alert" className="text-2xs text-danger">
          {typed.wrong}
        </p>
      )}
      <div className="flex items-center gap-2">
        <SmallInput
          aria-label={words.title}
          placeholder={words.title}
          value={titled.text}
          readOnly={isReadOnly}
          onChange={({ target }) => titled.onType(target.value)}
          onBlur={titled.onLeave}
        />
        <span className="flex w-28 shrink-0 items-center gap-1.5 text-2xs text-ink-2">
          <Checkbox
            label={`${words.required}: ${name}`}
            checked={isRequired}
            onChange={(checked) => !isReadOnly && set(withMemberRequired(schema, name, checked))}
          />
          {words.required}
        </span>
      </div>
      {type === "choice" && (
        <Options
          options={options}
          isReadOnly={isReadOnly}
          onChange={(list) => set(withMemberOptions(schema, name, list))}
        />
      )}
    </fieldset>
  );
}

function Options({
  options,
  isReadOnly,
  onChange,
}: {
  options: readonly string[];
  isReadOnly: boolean;
  onChange: (options: readonly string[]) => string | null;
}) {
  const typed = useTyped(
    options.join("\n"),
    (text) => ({ value: optionsIn(text).join("\n") }),
    (text) => onChange(optionsIn(String(text))),
  );
  return (
    <SmallArea
      aria-label={words.options}
      placeholder={words.options}
      rows={Math.max(2, options.length)}
      value={typed.text}
      readOnly={isReadOnly}
      onChange={({ target }) => typed.onType(target.value)}
      onBlur={typed.onLeave}
    />
  );
}

function optionsIn(text: string): string[] {
  return [...new Set(text.split("\n").filter((line) => line !== ""))];
}

function AsJson({ bound, field, isRich }: { bound: BoundField; field: FormField; isRich: boolean }) {
  const typed = useTyped(
    bound.value,
    (text) => (text === "" ? readText(field, text) : readJson(text, field.isOptional)),
    bound.set,
  );
  return (
    <>
      <SmallArea
        aria-label={editorInspectorTexts.asJson}
        aria-invalid={typed.wrong === null ? undefined : true}
        rows={8}
        value={typed.text}
        readOnly={bound.isReadOnly}
        onChange={({ target }) => typed.onType(target.value)}
        onBlur={typed.onLeave}
        className="font-mono"
      />
      {typed.wrong ? (
        <p role="alert" className="text-2xs text-danger">
          {typed.wrong}
        </p>
      ) : (
        isRich && <p className="text-2xs text-ink-3">{words.rich}</p>
      )}
    </>
  );
}

function Preview({ schema }: { schema: JsonValue | undefined }) {
  const [answer, setAnswer] = useState<JsonValue>(() => firstAnswer(schema) ?? {});
  return (
    <div className="flex flex-col gap-3 rounded-md border border-dashed p-3">
      <p className="text-2xs text-ink-3">{words.previewHint}</p>
      <SchemaForm
        schema={schema ?? { type: "object", properties: {} }}
        answer={answer}
        onChange={setAnswer}
        showErrors={false}
        label={editorInspectorTexts.preview}
      />
    </div>
  );
}
