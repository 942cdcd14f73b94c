"use client";
/** Fields with few answers: yes or no, one of some, when a join runs. */
import { useId } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { JsonValue } from "@/lib/contract/json";
import { hintOf } from "@/lib/editor/fields/form-fields";
import { readText } from "@/lib/editor/fields/read-text";
import { waysOf } from "@/lib/editor/fields/ways";
import { Checkbox } from "../../_ui/checkbox";
import { useEditor } from "../use-editor";
import { FieldShell, type Wired } from "./field-shell";
import type { FieldProps } from "./line-field";
import { useBound, useSubject } from "./subject";
import { SmallInput, smallInputClass, useTyped } from "./typed-input";

/** What holds anyway is not written. */
export function YesField({ field, path }: FieldProps) {
  const id = useId();
  const { value, isMixed, isReadOnly, set } = useBound(path);
  const usual = field.fallback === "true";
  const isOn = value === undefined ? usual : value === true;
  return (
    <FieldShell label={words.label(field.name)} path={path} hint={null}>
      {(wired) => (
        <span className="flex items-start gap-2">
          {isReadOnly ? (
            <span className="text-xs">{isOn ? words.on : words.off}</span>
          ) : (
            <Checkbox
              id={wired.id}
              checked={isMixed ? "mixed" : isOn}
              onChange={(checked) => set(checked === usual ? undefined : checked)}
            />
          )}
          <span id={id} className="text-2xs text-ink-3">
            {hintOf(field)}
          </span>
        </span>
      )}
    </FieldShell>
  );
}

export function EnumField({ field, path, isBare }: FieldProps & { isBare?: boolean }) {
  const bound = useBound(path);
  const options = field.shape.kind === "enum" ? field.shape.options : [];
  return (
    <FieldShell
      label={words.label(field.name)}
      path={path}
      hint={isBare ? null : hintOf(field)}
      isOptional={!isBare && field.isOptional}
    >
      {(wired) => (
        <Select
          wired={wired}
          value={bound.isMixed ? "" : String(bound.value ?? "")}
          none={bound.isMixed ? words.mixed : words.notSet(field.fallback)}
          options={options.map((value) => ({ value, name: value }))}
          isReadOnly={bound.isReadOnly}
          onChange={(value) => bound.set(value === "" ? undefined : value)}
        />
      )}
    </FieldShell>
  );
}

export function Select({
  wired,
  value,
  none,
  options,
  isReadOnly,
  label,
  onChange,
}: {
  wired?: Wired;
  value: string;
  /** What stands for nothing chosen; left out where something always is. */
  none?: string;
  options: readonly { readonly value: string; readonly name: string }[];
  isReadOnly: boolean;
  label?: string;
  onChange: (value: string) => void;
}) {
  return (
    <select
      {...wired}
      aria-label={label}
      value={value}
      disabled={isReadOnly}
      onChange={({ target }) => onChange(target.value)}
      className={smallInputClass}
    >
      {none !== undefined && <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  );
}

/** `all`, `any`, or a number of edges. */
export function JoinField({ field, path }: FieldProps) {
  const bound = useBound(path);
  const { node } = useSubject();
  const definition = useEditor(({ session }) => session.present.definition);
  const ins = node === null ? 0 : (waysOf(definition, node)?.forwardIns ?? 0);
  const isNumber = typeof bound.value === "number";
  const [all, any] =
    field.shape.kind === "either" && field.shape.shapes[0]?.kind === "enum" ? field.shape.shapes[0].options : [];
  return (
    <FieldShell
      label={words.label(field.name)}
      path={path}
      hint={node === null ? null : words.join.of(ins)}
      isOptional={field.isOptional}
    >
      {(wired) => (
        <span className="flex flex-col gap-1.5">
          <Select
            wired={wired}
            value={bound.isMixed ? "" : isNumber ? "number" : String(bound.value ?? all ?? "")}
            {...(bound.isMixed && { none: words.mixed })}
            options={[
              { value: all ?? "all", name: words.join.all },
              { value: any ?? "any", name: words.join.any },
              { value: "number", name: words.join.number },
            ]}
            isReadOnly={bound.isReadOnly}
            onChange={(value) => bound.set(joinOf(value, all, ins))}
          />
          {isNumber && <JoinCount {...bound} field={field} />}
        </span>
      )}
    </FieldShell>
  );
}

function joinOf(value: string, all: string | undefined, ins: number): JsonValue | undefined {
  if (value === "number") return Math.max(1, Math.min(2, ins));
  return value === all || value === "" ? undefined : value;
}

function JoinCount({ value, set, isReadOnly, field }: ReturnType<typeof useBound> & Pick<FieldProps, "field">) {
  const number = field.shape.kind === "either" ? field.shape.shapes[1] : undefined;
  const typed = useTyped(
    value,
    (text) => readText({ ...field, control: "number", isOptional: false, shape: number ?? field.shape }, text),
    set,
  );
  return (
    <SmallInput
      aria-label={words.join.count}
      aria-invalid={typed.wrong === null ? undefined : true}
      title={typed.wrong ?? undefined}
      inputMode="numeric"
      value={typed.text}
      readOnly={isReadOnly}
      onChange={({ target }) => typed.onType(target.value)}
      onBlur={typed.onLeave}
      className="w-20 font-mono"
    />
  );
}
