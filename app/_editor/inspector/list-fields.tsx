"use client";
/** Lists of names and texts: each a row, one more at the end. */
import { Plus, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { editorInspectorTexts as words } from "@/lib/client/texts/editor-inspector";
import type { Path } from "@/lib/editor/document";
import { type FormField, hintOf } from "@/lib/editor/fields/form-fields";
import { type Read, readText } from "@/lib/editor/fields/read-text";
import { FieldShell } from "./field-shell";
import type { FieldProps } from "./line-field";
import { useBound } from "./subject";
import { SuggestInput, type Suggestion } from "./suggest-input";
import { SmallInput, useTyped } from "./typed-input";

export function NamesField({ field, path }: FieldProps) {
  const { value, set, isReadOnly } = useBound(path);
  const label = words.label(field.name);
  const item: FormField = {
    ...field,
    isOptional: false,
    control: field.shape.kind === "list" && field.shape.item.kind === "name" ? "name" : "text",
    shape: field.shape.kind === "list" ? field.shape.item : field.shape,
  };
  return (
    <FieldShell label={label} path={path} hint={hintOf(field)} isOptional={field.isOptional}>
      {({ id }) => (
        <TextRows
          id={id}
          label={label}
          path={path}
          values={Array.isArray(value) ? value.map(String) : []}
          read={(text) => readText(item, text)}
          onAll={(values) => set(values.length === 0 && field.isOptional ? undefined : [...values])}
          isReadOnly={isReadOnly}
        />
      )}
    </FieldShell>
  );
}

/** An item is set by its own path, so that what hangs on it follows; the list is set where one comes or goes. */
export function TextRows({
  id,
  label,
  path,
  values,
  read,
  onAll,
  isReadOnly,
  suggestions,
}: {
  id: string;
  label: string;
  path: Path;
  values: readonly string[];
  read: (text: string) => Read;
  onAll: (values: readonly string[]) => string | null;
  isReadOnly: boolean;
  suggestions?: readonly Suggestion[] | undefined;
}) {
  const [isAdding, setAdding] = useState(false);
  const shared = { read, isReadOnly, suggestions };
  return (
    <div id={id} className="flex flex-col gap-1">
      {values.map((value, i) => (
        <TextRow
          // biome-ignore lint/suspicious/noArrayIndexKey: it has nothing else that stays while it is typed
          key={i}
          {...shared}
          label={words.item(label, i + 1)}
          path={[...path, i]}
          onRemove={() => onAll(values.filter((_, at) => at !== i))}
          value={value}
        />
      ))}
      {isAdding ? (
        <NewRow
          {...shared}
          label={words.item(label, values.length + 1)}
          onAdd={(value) => {
            const wrong = onAll([...values, value]);
            if (wrong === null) setAdding(false);
            return wrong;
          }}
          onLeave={() => setAdding(false)}
        />
      ) : (
        !isReadOnly && <AddButton name={words.add} onClick={() => setAdding(true)} />
      )}
    </div>
  );
}

interface RowProps {
  label: string;
  read: (text: string) => Read;
  isReadOnly: boolean;
  suggestions?: readonly Suggestion[] | undefined;
}

function TextRow({
  label,
  path,
  read,
  value,
  onRemove,
  isReadOnly,
  suggestions,
}: RowProps & { path: Path; value: string; onRemove: () => void }) {
  const { set } = useBound(path);
  const typed = useTyped(value, read, set);
  return (
    <Row label={label} wrong={typed.wrong} onRemove={isReadOnly ? null : onRemove}>
      <RowInput label={label} typed={typed} isReadOnly={isReadOnly} suggestions={suggestions} />
    </Row>
  );
}

export function RowInput({
  label,
  typed,
  isReadOnly,
  suggestions,
}: Pick<RowProps, "label" | "isReadOnly" | "suggestions"> & { typed: ReturnType<typeof useTyped> }) {
  if (suggestions)
    return (
      <SuggestInput
        label={label}
        text={typed.text}
        onType={typed.onType}
        onLeave={typed.onLeave}
        suggestions={suggestions}
        isReadOnly={isReadOnly}
        className="flex-1"
      />
    );
  return (
    <SmallInput
      aria-label={label}
      aria-invalid={typed.wrong === null ? undefined : true}
      value={typed.text}
      readOnly={isReadOnly}
      onChange={({ target }) => typed.onType(target.value)}
      onBlur={typed.onLeave}
      className="font-mono"
    />
  );
}

/** It comes into being with Enter, or when one leaves it; empty it goes again. */
function NewRow({
  label,
  read,
  suggestions,
  onAdd,
  onLeave,
}: RowProps & { onAdd: (value: string) => string | null; onLeave: () => void }) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const add = () => {
    if (text.trim() === "") return onLeave();
    const what = read(text);
    setWrong("wrong" in what ? what.wrong : onAdd(String(what.value)));
  };
  return (
    <Row label={label} wrong={wrong} onRemove={onLeave}>
      {suggestions ? (
        <SuggestInput
          autoFocus
          label={label}
          text={text}
          onType={setText}
          onLeave={add}
          onEnter={add}
          suggestions={suggestions}
          isReadOnly={false}
          className="flex-1"
        />
      ) : (
        <SmallInput
          autoFocus
          aria-label={label}
          aria-invalid={wrong === null ? undefined : true}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key === "Enter") add();
          }}
          className="font-mono"
        />
      )}
    </Row>
  );
}

export function Row({
  label,
  wrong,
  onRemove,
  children,
}: {
  label: string;
  wrong: string | null;
  onRemove: (() => void) | null;
  children: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-0.5">
      <div className="flex items-center gap-1">
        {children}
        {onRemove && <RemoveButton name={words.removeNamed(label)} onClick={onRemove} />}
      </div>
      {wrong && (
        <p role="alert" className="text-2xs text-danger">
          {wrong}
        </p>
      )}
    </div>
  );
}

export function AddButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="inline-flex h-6 items-center gap-1 self-start rounded-sm px-1 text-2xs text-ink-2 hover:bg-hover hover:text-ink"
    >
      <Plus aria-hidden size={12} />
      {name}
    </button>
  );
}

export function RemoveButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onClick}
      className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
    >
      <X aria-hidden size={12} />
    </button>
  );
}
