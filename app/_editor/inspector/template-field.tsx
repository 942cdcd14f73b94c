"use client";
/** A field that takes expressions: text, a bare condition, or JSON in which any text may be one. */
import { type ReactNode, useState } from "react";
import { texts } from "@/lib/client/texts";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { pointerOf } from "@/lib/editor/fields/place-at";
import { CANNOT_BE_LEFT_OUT, readText } from "@/lib/editor/fields/read-text";
import { ExpressionField } from "../code/expression-field";
import { JsonTemplateField } from "../code/json-template-field";
import { FindingNotes } from "../findings/finding-notes";
import { isSameJson, useBound, useFindingsAt, useSubject } from "./subject";
import { useTyped } from "./typed-input";

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

function JsonTemplate({ field, path, label, isLabelHidden, action }: TemplateProps) {
  const bound = useBound(path);
  const { node, edge } = useSubject();
  const findings = useFindingsAt(path);
  const [refused, setRefused] = useState<{ why: string; left: JsonValue | undefined } | null>(null);
  const value = bound.isMixed ? undefined : bound.value;
  const change = (next: JsonValue | undefined) => {
    const why = next === undefined && !field.isOptional ? CANNOT_BE_LEFT_OUT : bound.set(next);
    setRefused(why === null ? null : { why, left: value });
  };
  return (
    <div data-path={pointerOf(path)} className="flex min-w-0 flex-col gap-1">
      <JsonTemplateField
        node={node ?? undefined}
        edge={edge}
        path={path}
        value={value}
        onChange={change}
        label={label}
        isLabelHidden={isLabelHidden ?? false}
        hint={hintOf(field)}
        invalid={refused !== null && isSameJson(refused.left, value) ? refused.why : null}
        optional={field.isOptional ? texts.common.optional : undefined}
        readOnly={bound.isReadOnly}
      />
      {action && <span className="self-end">{action}</span>}
      <FindingNotes findings={findings} said={SAID} />
    </div>
  );
}
