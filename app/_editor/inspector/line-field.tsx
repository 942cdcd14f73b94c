"use client";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
/** A field of one line: a name, a duration, an instant, a number, a text; with names to choose from where some are known. */
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { readText } from "@/lib/editor/fields/read-text";
import { FieldShell } from "./field-shell";
import { useBound, useSubject } from "./subject";
import { SuggestInput, type Suggestion } from "./suggest-input";
import { SmallArea, SmallInput, useTyped } from "./typed-input";

export interface FieldProps {
  readonly field: FormField;
  readonly path: Path;
}

export function LineField({
  field,
  path,
  suggestions,
  isBare,
  isLabelHidden,
}: FieldProps & {
  suggestions?: readonly Suggestion[];
  /** Without the words below it: it stands among others like it. */
  isBare?: boolean;
  isLabelHidden?: boolean;
}) {
  const bound = useBound(path);
  const subject = useSubject();
  const typed = useTyped(bound.isMixed ? undefined : bound.value, (text) => readText(field, text), bound.set);
  const placeholder = bound.isMixed ? words.mixed : (subject.fallback(field, path) ?? undefined);
  const hint = hintOf(field);
  const shared = { value: typed.text, placeholder, readOnly: bound.isReadOnly, onBlur: typed.onLeave };
  const isLong = field.control === "text" && field.name === "description";
  return (
    <FieldShell
      label={words.label(field.name)}
      path={path}
      hint={isBare ? null : hint}
      wrong={typed.wrong}
      isOptional={!isBare && field.isOptional}
      isLabelHidden={isLabelHidden ?? false}
    >
      {(wired) => {
        if (suggestions)
          return (
            <SuggestInput
              wired={wired}
              text={typed.text}
              onType={typed.onType}
              onLeave={typed.onLeave}
              suggestions={suggestions}
              placeholder={placeholder}
              isReadOnly={bound.isReadOnly}
            />
          );
        const onChange = ({ target }: { target: { value: string } }) => typed.onType(target.value);
        return isLong ? (
          <SmallArea {...wired} {...shared} rows={3} onChange={onChange} className="text-sm leading-5" />
        ) : (
          <SmallInput
            {...wired}
            {...shared}
            title={isBare ? (hint ?? undefined) : undefined}
            inputMode={field.control === "number" ? "decimal" : undefined}
            onChange={onChange}
            className={field.control === "text" ? undefined : "font-mono"}
          />
        );
      }}
    </FieldShell>
  );
}
