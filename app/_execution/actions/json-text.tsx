"use client";
/** JSON that one types: what is not JSON is said at once, and blocks sending, so that no older value goes out instead. */
import { parseInput } from "@/lib/client/input-check";
import { actionTexts } from "@/lib/client/texts/actions";
import { classNames } from "../../_ui/class-names";
import { Field, inputClass } from "../../_ui/field";

export function JsonText({
  label,
  hint,
  text,
  onChange,
  rows = 6,
}: {
  label: string;
  hint?: string;
  text: string;
  onChange: (text: string) => void;
  rows?: number;
}) {
  const parsed = parseInput(text);
  return (
    <Field label={label} hint={hint} error={parsed.ok ? null : actionTexts.dialog.notJson(parsed.message)}>
      {(field) => (
        <textarea
          {...field}
          rows={rows}
          spellCheck={false}
          value={text}
          onChange={({ target }) => onChange(target.value)}
          className={classNames(inputClass, "h-auto min-h-20 resize-y py-2 font-mono text-xs leading-5")}
        />
      )}
    </Field>
  );
}
