"use client";
/** A field that takes expressions: text, a bare condition, or JSON in which any text may be one. */
import type { ReactNode } from "react";
import { texts } from "@/lib/client/texts";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { pointerOf } from "@/lib/editor/fields/place-at";
import { type Read, readText } from "@/lib/editor/fields/read-text";
import { ExpressionField } from "../code/expression-field";
import { FindingNotes } from "../findings/finding-notes";
import { FieldShell } from "./field-shell";
import { useBound, useFindingsAt, useSubject } from "./subject";
import { SmallArea, useTyped } from "./typed-input";

interface TemplateProps {
  field: FormField;
  path: Path;
  label: string;
  isLabelHidden?: boolean;
  /** Stands beside the label, or below the field. */
  action?: ReactNode;
}

export function TemplateField(props: TemplateProps) {
  const { control } = props.field;
  return control === "template" || control === "json" ? <JsonTemplate {...props} /> : <TextTemplate {...props} />;
}

const LONG: ReadonlySet<string> = new Set(["description", "message"]);
/** The field says it itself, at the character. */
const SAID: ReadonlySet<string> = new Set([
  ...["EXPRESSION_SYNTAX", "NOT_IN_SCOPE", "UNKNOWN_STEP", "STEP_NOT_BEFORE", "MAY_BE_MISSING"],
]);

function TextTemplate({ field, path, label, isLabelHidden, action }: TemplateProps) {
  const bound = useBound(path);
  const { node, edge } = useSubject();
  const findings = useFindingsAt(path);
  const typed = useTyped(bound.isMixed ? undefined : bound.value, (text) => readText(field, text), bound.set);
  return (
    <div data-path={pointerOf(path)} className="flex min-w-0 flex-col gap-1">
      <ExpressionField
        node={node ?? undefined}
        edge={edge}
        path={path}
        value={typed.text}
        onChange={typed.onType}
        label={label}
        isLabelHidden={isLabelHidden ?? false}
        hint={hintOf(field)}
        mode={field.control === "expression" ? "expression" : "template"}
        multiline={LONG.has(field.name)}
        invalid={typed.wrong}
        optional={field.isOptional ? texts.common.optional : undefined}
        readOnly={bound.isReadOnly}
      />
      {action && <span className="self-end">{action}</span>}
      <FindingNotes findings={findings} said={SAID} />
    </div>
  );
}

function JsonTemplate({ field, path, label, action }: TemplateProps) {
  const bound = useBound(path);
  const typed = useTyped(
    bound.isMixed ? undefined : bound.value,
    (text) => readTemplate(field, text),
    bound.set,
    writeTemplate,
  );
  return (
    <FieldShell
      label={label}
      path={path}
      hint={hintOf(field)}
      wrong={typed.wrong}
      isOptional={field.isOptional}
      action={action}
    >
      {(wired) => (
        <SmallArea
          {...wired}
          rows={4}
          value={typed.text}
          readOnly={bound.isReadOnly}
          onChange={({ target }) => typed.onType(target.value)}
          onBlur={typed.onLeave}
          className="font-mono"
        />
      )}
    </FieldShell>
  );
}

/** What begins with `=` is an expression as a whole; anything else is JSON. */
function readTemplate(field: FormField, text: string): Read {
  return text.startsWith("=") ? { value: text } : readText(field, text);
}

function writeTemplate(value: JsonValue | undefined): string {
  if (typeof value === "string" && value.startsWith("=") && !value.startsWith("==")) return value;
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
