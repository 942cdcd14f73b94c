"use client";
/** The input of a new execution: a form where its schema has named fields, JSON wherever one likes, one value behind both. */
import { type Dispatch, type SetStateAction, useState } from "react";
import { expectedFields, inputTemplate, missingFields, type ParsedInput, parseInput } from "@/lib/client/input-check";
import { answerErrors, fieldsOf, firstAnswer } from "@/lib/client/schema-form";
import { startTexts } from "@/lib/client/texts/executions";
import type { JsonValue } from "@/lib/contract/json";
import { classNames } from "../_ui/class-names";
import { Field, inputClass } from "../_ui/field";
import { SchemaForm } from "../_ui/schema-form";
import { Segments } from "../_ui/segments";

const words = startTexts;

interface Written {
  shape: "form" | "json";
  /** Null: nothing is filled in yet. */
  answer: JsonValue;
  /** Null: nothing is typed yet. */
  text: string | null;
}

const UNWRITTEN: Written = { shape: "form", answer: null, text: null };

interface StartInput {
  schema: JsonValue | undefined;
  /** Whether the schema can be a form at all. */
  hasForm: boolean;
  written: Written;
  write: Dispatch<SetStateAction<Written>>;
  /** What would be sent. */
  value: ParsedInput;
  /** The form is filled in as the schema wants it; JSON is left to the server to judge. */
  fits: boolean;
  reset: () => void;
}

export function useStartInput(schema: JsonValue | undefined): StartInput {
  const [written, write] = useState(UNWRITTEN);
  const hasForm = (fieldsOf(schema)?.length ?? 0) > 0;
  const isForm = hasForm && written.shape === "form";
  const value: ParsedInput = isForm
    ? { ok: true, value: written.answer ?? firstAnswer(schema) ?? {} }
    : parseInput(written.text ?? inputTemplate(schema));
  const fits = !isForm || (value.ok && answerErrors(schema, value.value).size === 0);
  return { schema, hasForm, written, write, value, fits, reset: () => write(UNWRITTEN) };
}

export function InputFields({ input, showErrors }: { input: StartInput; showErrors: boolean }) {
  const { schema, hasForm, written, write, value } = input;
  const isForm = hasForm && written.shape === "form";
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <div className="flex h-7 items-center justify-between gap-2">
        <legend className="contents text-xs font-medium text-ink">{words.input}</legend>
        {hasForm && (
          <Segments
            label={words.inputAs}
            options={[
              { value: "form", name: words.asForm },
              { value: "json", name: words.asJson },
            ]}
            value={isForm ? "form" : "json"}
            onChange={(shape) => {
              // Text that is no JSON has no form: it stays as it is until it is put right.
              if (!value.ok) return;
              write({ shape, answer: value.value, text: JSON.stringify(value.value, null, 2) });
            }}
          />
        )}
      </div>
      {isForm ? (
        <SchemaForm
          schema={schema}
          answer={value.ok ? value.value : null}
          onChange={(answer) => write((before) => ({ ...before, answer }))}
          showErrors={showErrors}
          label={words.input}
        />
      ) : (
        <JsonInput input={input} />
      )}
    </fieldset>
  );
}

function JsonInput({ input: { schema, written, write, value } }: { input: StartInput }) {
  const expected = expectedFields(schema);
  const missing = value.ok && written.text !== null ? missingFields(schema, value.value) : [];
  const wrong = value.ok
    ? missing.length > 0
      ? words.missing(missing.join(", "))
      : null
    : words.invalidJson(value.message);
  return (
    <Field
      label={words.asJson}
      hint={expected.length > 0 ? words.inputExpected(expected.join(", ")) : words.inputHint}
      error={wrong}
    >
      {(field) => (
        <textarea
          {...field}
          value={written.text ?? inputTemplate(schema)}
          onChange={({ target }) => write((before) => ({ ...before, text: target.value }))}
          spellCheck={false}
          rows={8}
          className={classNames(inputClass, "h-auto resize-y py-2 font-mono text-xs leading-5")}
        />
      )}
    </Field>
  );
}
