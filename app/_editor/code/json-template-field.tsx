"use client";
/**
 * A field that holds any JSON with expressions in its texts: what is no JSON yet stays as it is typed, and is not taken over until
 * it is. At rest it is plain text; the editor comes when one is about to type.
 */
import { useEffect, useId, useMemo, useState } from "react";
import { codeTexts } from "@/lib/client/texts/editor-code";
import type { JsonObject, JsonValue } from "@/lib/contract/json";
import { canonicalJson } from "@/lib/contract/json";
import { evaluateTemplate } from "@/lib/editor/expressions/evaluate";
import { faultsOf } from "@/lib/editor/expressions/faults";
import { readJson } from "@/lib/editor/expressions/json-text";
import type { ExpressionPlace } from "@/lib/editor/expressions/place";
import { writtenOf } from "@/lib/editor/expressions/written";
import { arriving } from "./arriving";
import { type ExpressionFieldProps, usePlace } from "./expression-field";
import { AtRest } from "./field-box";
import { FieldFrame } from "./field-frame";
import type { Said } from "./field-line";
import { useSamples } from "./samples";
import { useEntered } from "./use-entered";

const words = codeTexts.field;
const typing = arriving(() => import("./typing-json"));

export interface JsonTemplateFieldProps
  extends Omit<ExpressionFieldProps, "value" | "onChange" | "mode" | "multiline"> {
  /** Undefined: there is none. */
  value: JsonValue | undefined;
  /** With each change that leaves JSON; undefined: the field was emptied. */
  onChange: (value: JsonValue | undefined) => void;
  /** What the value has to be, for completion. */
  schema?: JsonObject;
}

export function JsonTemplateField(props: JsonTemplateFieldProps) {
  const { value, onChange, label, optional, readOnly = false, hint, schema } = props;
  const id = useId();
  const place = usePlace(props);
  const { samples } = useSamples();
  const [text, setText] = useOwnText(value);
  const said = useSaidOfJson(props, text, place);
  const { view, entered, setEntered, early, enter } = useEntered();
  const TypingJson = typing.useIfThere();

  function change(next: string) {
    const read = readJson(next);
    const isEmpty = next.trim() === "";
    setText(next, isEmpty ? undefined : read.value);
    if (isEmpty) onChange(undefined);
    else if (read.value !== undefined) onChange(read.value);
  }

  const box = {
    id: `${id}-text`,
    label,
    text,
    isExpression: true,
    isInvalid: said?.tone === "danger",
    describedBy: `${id}-said`,
    multiline: true,
    readOnly,
  };
  return (
    <FieldFrame
      textId={box.id}
      saidId={box.describedBy}
      label={label}
      isLabelHidden={props.isLabelHidden}
      optional={optional}
      isInvalid={box.isInvalid}
      said={said}
      hint={hint}
      className="max-h-80 min-h-16 overflow-auto"
      onLabel={enter}
    >
      {entered === null || TypingJson === null ? (
        <AtRest {...box} isJson early={early} onShown={typing.load} onWanted={setEntered} />
      ) : (
        <TypingJson
          {...box}
          entered={entered}
          early={early}
          viewRef={view}
          place={place}
          samples={samples}
          schema={schema}
          onChange={change}
        />
      )}
    </FieldFrame>
  );
}

/** The text as it was typed, until the value becomes another one than the text says. */
function useOwnText(value: JsonValue | undefined): [string, (text: string, says: JsonValue | undefined) => void] {
  const [kept, setKept] = useState(() => ({ text: shown(value), says: value }));
  const isSame = isEqual(kept.says, value);
  const [seen, setSeen] = useState(value);
  if (!isEqual(seen, value)) {
    setSeen(value);
    if (!isSame) setKept({ text: shown(value), says: value });
  }
  return [
    kept.text,
    (text, says) => setKept({ text, says: says === undefined && text.trim() !== "" ? kept.says : says }),
  ];
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}

const SETTLED_MS = 400;

function useSaidOfJson({ invalid }: JsonTemplateFieldProps, text: string, place: ExpressionPlace | null): Said | null {
  const { samples } = useSamples();
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useMemo(() => {
    if (invalid) return { tone: "danger", text: invalid };
    if (settled.trim() === "") return null;
    const { value, fault } = readJson(settled);
    if (value === undefined) return { tone: "danger", text: `${words.notJson} ${fault?.message ?? ""}` };
    if (place === null) return null;
    const error = expressionsIn(value)
      .flatMap((each) => faultsOf(each, place))
      .find(({ severity }) => severity === "error");
    if (error !== undefined) return { tone: "danger", text: error.message };
    if (samples === null || expressionsIn(value).length === 0) return null;
    const result = evaluateTemplate(value, place, samples);
    return "value" in result
      ? { tone: "value", value: result.value }
      : { tone: "warning", text: `${words.noValue} ${result.error}` };
  }, [invalid, settled, place, samples]);
}

function expressionsIn(value: JsonValue): string[] {
  if (typeof value === "string") {
    const written = writtenOf(value);
    return written.kind === "expression" ? [written.text] : [];
  }
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(expressionsIn);
}
