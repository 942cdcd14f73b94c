"use client";
/** The fields that a JSON Schema asks for, with errors at the field; what cannot be drawn as a field is JSON text. */
import { type ReactNode, useId, useState } from "react";
import { parseInput } from "@/lib/client/input-check";
import {
  answerErrors,
  fieldsOf,
  memberOf,
  type SchemaErrors,
  type SchemaField,
  withMember,
} from "@/lib/client/schema-form";
import { texts } from "@/lib/client/texts";
import { formTexts } from "@/lib/client/texts/forms";
import type { JsonValue } from "@/lib/contract/json";
import { Checkbox } from "./checkbox";
import { classNames } from "./class-names";
import { Field, Input, inputClass } from "./field";

const NO_ERRORS: SchemaErrors = new Map();

/**
 * @param answer what is filled in so far
 * @param showErrors whether what is missing is said already: not before someone tried to send it
 * @param label of the whole, where it is one field of JSON
 */
export function SchemaForm({
  schema,
  answer,
  onChange,
  showErrors,
  label,
}: {
  schema: JsonValue | undefined;
  answer: JsonValue;
  onChange: (answer: JsonValue) => void;
  showErrors: boolean;
  label: string;
}) {
  const fields = fieldsOf(schema);
  const errors = showErrors ? answerErrors(schema, answer) : NO_ERRORS;
  if (fields === null)
    return (
      <JsonField label={label} value={answer} onChange={(value) => onChange(value ?? null)} error={errors.get("")} />
    );
  if (fields.length === 0) return <p className="text-xs text-ink-3">{formTexts.noFields}</p>;
  return (
    <div className="flex flex-col gap-4">
      <Fields fields={fields} answer={answer} onChange={onChange} errors={errors} at="" />
      {errors.get("") && (
        <p role="alert" className="text-xs text-danger">
          {errors.get("")}
        </p>
      )}
    </div>
  );
}

interface FieldsProps {
  fields: SchemaField[];
  answer: JsonValue;
  onChange: (answer: JsonValue) => void;
  errors: SchemaErrors;
  /** JSON pointer of the answer that holds them. */
  at: string;
}

function Fields({ fields, answer, onChange, errors, at }: FieldsProps): ReactNode {
  return fields.map((field) => (
    <OneField
      key={field.name}
      field={field}
      value={memberOf(answer, field.name)}
      onChange={(value) => onChange(withMember(answer, field.name, value))}
      errors={errors}
      at={`${at}/${field.name}`}
    />
  ));
}

interface OneFieldProps {
  field: SchemaField;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
  errors: SchemaErrors;
  at: string;
}

function OneField(props: OneFieldProps) {
  const { field, value, onChange, errors, at } = props;
  if (field.kind === "group")
    return (
      <fieldset className="flex flex-col gap-4 border-l-2 pl-3">
        <legend className="float-left mb-3 text-xs font-medium">{field.title}</legend>
        <Fields fields={field.fields} answer={value ?? {}} onChange={onChange} errors={errors} at={at} />
      </fieldset>
    );
  if (field.kind === "boolean") return <YesField {...props} />;
  if (field.kind === "choices") return <ManyField {...props} />;
  const label = {
    label: field.title,
    hint: field.description ?? hintOf(field),
    error: errorAt(errors, at) ?? null,
    optional: field.required ? undefined : texts.common.optional,
  };
  if (field.kind === "json")
    return <JsonField {...label} value={value} onChange={onChange} error={label.error ?? undefined} />;
  return <Field {...label}>{(wired) => <Entry field={field} value={value} onChange={onChange} wired={wired} />}</Field>;
}

function hintOf({ kind }: SchemaField): string | undefined {
  return kind === "list" ? formTexts.listHint : undefined;
}

/** An error about a member of a list is said at the list. */
function errorAt(errors: SchemaErrors, at: string): string | undefined {
  const own = errors.get(at);
  if (own !== undefined) return own;
  for (const [place, said] of errors) if (place.startsWith(`${at}/`)) return said;
  return undefined;
}

type Wired = Parameters<Parameters<typeof Field>[0]["children"]>[0];

function Entry({
  field,
  value,
  onChange,
  wired,
}: Pick<OneFieldProps, "field" | "value" | "onChange"> & { wired: Wired }) {
  switch (field.kind) {
    case "choice":
      return (
        <select
          {...wired}
          value={indexOf(field, value)}
          onChange={({ target }) =>
            onChange(target.value === "" ? undefined : field.options[Number(target.value)]?.value)
          }
          className={inputClass}
        >
          <option value="">{formTexts.choose}</option>
          {field.options.map(({ title }, index) => (
            <option key={title} value={index}>
              {title}
            </option>
          ))}
        </select>
      );
    case "longText":
    case "list":
      return (
        <textarea
          {...wired}
          rows={4}
          value={field.kind === "list" ? linesOf(value) : textOf(value)}
          maxLength={field.bounds.maxLength}
          onChange={({ target }) => onChange(field.kind === "list" ? listOf(target.value) : target.value || undefined)}
          className={classNames(inputClass, "h-auto resize-y py-1.5 leading-5")}
        />
      );
    case "number":
      return (
        <Input
          {...wired}
          {...field.bounds}
          type="number"
          step={field.bounds.step ?? "any"}
          value={textOf(value)}
          onChange={({ target }) => onChange(target.value === "" ? undefined : Number(target.value))}
        />
      );
    case "dateTime":
      return (
        <Input
          {...wired}
          type="datetime-local"
          value={localTime(value)}
          onChange={({ target }) => onChange(target.value ? new Date(target.value).toISOString() : undefined)}
        />
      );
    default:
      return (
        <Input
          {...wired}
          type={field.kind}
          maxLength={field.bounds.maxLength}
          value={textOf(value)}
          onChange={({ target }) => onChange(target.value || undefined)}
        />
      );
  }
}

function indexOf({ options }: SchemaField, value: JsonValue | undefined): number | "" {
  const at = options.findIndex((option) => JSON.stringify(option.value) === JSON.stringify(value));
  return at === -1 ? "" : at;
}

function YesField({ field, value, onChange, errors, at }: OneFieldProps) {
  const id = useId();
  const error = errorAt(errors, at);
  return (
    <div className="flex items-start gap-2">
      <Checkbox id={id} checked={value === true} onChange={(checked) => onChange(checked)} className="mt-0.5" />
      <span className="flex flex-col gap-0.5">
        <label htmlFor={id} className="text-sm">
          {field.title}
        </label>
        {(error ?? field.description) && (
          <span
            role={error ? "alert" : undefined}
            className={classNames("text-xs", error ? "text-danger" : "text-ink-3")}
          >
            {error ?? field.description}
          </span>
        )}
      </span>
    </div>
  );
}

function ManyField({ field, value, onChange, errors, at }: OneFieldProps) {
  const id = useId();
  const chosen = Array.isArray(value) ? value : [];
  const isChosen = (option: JsonValue) => chosen.some((each) => JSON.stringify(each) === JSON.stringify(option));
  const error = errorAt(errors, at);
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-xs font-medium">{field.title}</legend>
      {field.options.map((option, index) => (
        <span key={option.title} className="flex items-center gap-2">
          <Checkbox
            id={`${id}-${index}`}
            checked={isChosen(option.value)}
            onChange={(checked) =>
              onChange(
                field.options
                  .filter((each) => (each === option ? checked : isChosen(each.value)))
                  .map((each) => each.value),
              )
            }
          />
          <label htmlFor={`${id}-${index}`}>{option.title}</label>
        </span>
      ))}
      {(error ?? field.description) && (
        <p role={error ? "alert" : undefined} className={classNames("text-xs", error ? "text-danger" : "text-ink-3")}>
          {error ?? field.description}
        </p>
      )}
    </fieldset>
  );
}

/** What is typed stays as it is typed; it counts once it is JSON. */
export function JsonField({
  label,
  hint,
  value,
  onChange,
  error,
  optional,
  rows = 6,
}: {
  label: string;
  hint?: string;
  value: JsonValue | undefined;
  onChange: (value: JsonValue | undefined) => void;
  error?: string;
  optional?: string;
  rows?: number;
}) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? (value === undefined || value === null ? "" : JSON.stringify(value, null, 2));
  const parsed = parseInput(shown);
  return (
    <Field
      label={label}
      hint={hint ?? formTexts.jsonHint}
      optional={optional}
      error={parsed.ok ? (error ?? null) : formTexts.notJson(parsed.message)}
    >
      {(wired) => (
        <textarea
          {...wired}
          // The browser then sends no form with it.
          ref={(area) => area?.setCustomValidity(parsed.ok ? "" : parsed.message)}
          rows={rows}
          spellCheck={false}
          value={shown}
          onChange={({ target }) => {
            setText(target.value);
            const next = parseInput(target.value);
            if (next.ok) onChange(target.value.trim() === "" ? undefined : next.value);
          }}
          className={classNames(inputClass, "h-auto resize-y py-2 font-mono text-xs leading-5")}
        />
      )}
    </Field>
  );
}

const textOf = (value: JsonValue | undefined) =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

const linesOf = (value: JsonValue | undefined) => (Array.isArray(value) ? value.join("\n") : "");

function listOf(text: string): JsonValue | undefined {
  return text === "" ? undefined : text.split("\n");
}

/** As `datetime-local` wants it: local, without seconds' fractions. */
function localTime(value: JsonValue | undefined): string {
  const at = typeof value === "string" ? new Date(value) : null;
  if (at === null || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
