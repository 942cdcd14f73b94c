"use client";
/** A field that takes expressions: text, a bare condition, or JSON in which any text may be one. */
import { type ReactNode, useState } from "react";
import { texts } from "@/lib/client/texts";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
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
  /** Stands beside the label. */
  action?: ReactNode;
}

export function TemplateField(props: TemplateProps) {
  const { control } = props.field;
  if (control === "json") return <JsonTemplate {...props} />;
  return control === "template" ? <AnyTemplate {...props} /> : <TextTemplate {...props} />;
}

/** One expression as a whole, or JSON with expressions in it: as it is written, and as one wants to see it. */
function AnyTemplate(props: TemplateProps) {
  const { value, set, isReadOnly } = useBound(props.path);
  const [wantsJson, setWantsJson] = useState(false);
  const isWhole = typeof value === "string" && value.startsWith("=") && !value.startsWith("==");
  if (isWhole && !wantsJson) {
    const asText = { ...props.field, control: "text-template" } as const;
    const action = <Other name={words.asJson} isDisabled={isReadOnly} onClick={() => setWantsJson(true)} />;
    return <TextTemplate {...props} field={asText} action={props.action ?? action} />;
  }
  const toExpression = () => {
    setWantsJson(false);
    if (!isWhole) set(SOME_EXPRESSION);
  };
  const action = <Other name={words.asExpression} isDisabled={isReadOnly} onClick={toExpression} />;
  return <JsonTemplate {...props} action={props.action ?? action} />;
}

/** What one begins with: it can be computed anywhere. */
const SOME_EXPRESSION = "=input";

/** Another way to see or to write what stands in a field. */
export function Other({ name, isDisabled, onClick }: { name: string; isDisabled?: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      disabled={isDisabled}
      onClick={onClick}
      className="h-4 rounded-sm px-1 text-2xs text-ink-3 hover:bg-hover hover:text-ink disabled:opacity-50"
    >
      {name}
    </button>
  );
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
    <div data-path={pointerOf(path)} className="relative flex min-w-0 flex-col gap-1">
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
        optional={field.isOptional && !action ? texts.common.optional : undefined}
        readOnly={bound.isReadOnly}
      />
      {action && !isLabelHidden && <span className="absolute top-0 right-0 flex">{action}</span>}
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
    <div data-path={pointerOf(path)} className="relative flex min-w-0 flex-col gap-1">
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
        optional={field.isOptional && !action ? texts.common.optional : undefined}
        readOnly={bound.isReadOnly}
      />
      {action && !isLabelHidden && <span className="absolute top-0 right-0 flex">{action}</span>}
      <FindingNotes findings={findings} said={SAID} />
    </div>
  );
}
