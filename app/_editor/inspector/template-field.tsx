"use client";
/** A field that takes expressions: text, JSON or a bare condition. */
import type { ReactNode } from "react";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { readText, writeText } from "@/lib/editor/fields/read-text";
import { FieldShell } from "./field-shell";
import { useBound } from "./subject";
import { SmallArea, SmallInput, useTyped } from "./typed-input";

const LINES = new Set(["description", "message"]);

export function TemplateField({
  field,
  path,
  label,
  action,
}: {
  field: FormField;
  path: Path;
  label: string;
  /** Stands beside the label. */
  action?: ReactNode;
}) {
  const bound = useBound(path);
  const isJson = field.control === "template";
  const typed = useTyped(
    bound.value,
    (text) => (isJson ? readTemplate(field, text) : readText(field, text)),
    bound.set,
    isJson ? writeTemplate : writeText,
  );
  const shared = { value: typed.text, onBlur: typed.onLeave, readOnly: bound.isReadOnly };
  return (
    <FieldShell
      label={label}
      path={path}
      hint={hintOf(field)}
      wrong={typed.wrong}
      isOptional={field.isOptional}
      action={action}
    >
      {(wired) =>
        isJson || LINES.has(field.name) ? (
          <SmallArea
            {...wired}
            {...shared}
            rows={isJson ? 4 : 3}
            onChange={({ target }) => typed.onType(target.value)}
            className="font-mono"
          />
        ) : (
          <SmallInput
            {...wired}
            {...shared}
            placeholder={field.fallback ?? undefined}
            onChange={({ target }) => typed.onType(target.value)}
            className="font-mono"
          />
        )
      }
    </FieldShell>
  );
}

/** What begins with `=` is an expression as a whole; anything else is JSON. */
function readTemplate(field: FormField, text: string) {
  return text.startsWith("=") ? { value: text } : readText(field, text);
}

function writeTemplate(value: JsonValue | undefined): string {
  if (typeof value === "string" && value.startsWith("=") && !value.startsWith("==")) return value;
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
