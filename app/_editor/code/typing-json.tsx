"use client";
/** JSON with expressions in it, while it is typed. */
import { json } from "@codemirror/lang-json";
import { type Diagnostic, linter } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { useEffect, useMemo, useRef } from "react";
import type { JsonObject } from "@/lib/contract/json";
import { completeJson } from "@/lib/editor/expressions/json-complete";
import { CodeView } from "./code-view";
import { completes, expressionParts } from "./expression-parts";
import type { TypingProps } from "./field-props";
import { jsonExpressions, jsonOf } from "./json-expressions";
import { jsonCompletion } from "./json-parts";

type TypingJsonProps = TypingProps & { schema?: JsonObject | undefined };

const HIGHLIGHTS = json();

export default function TypingJson(props: TypingJsonProps) {
  const { id, label, text, isInvalid, describedBy, readOnly, entered, early, viewRef, onChange } = props;
  const known = useRef(props);
  useEffect(() => {
    known.current = props;
  });
  const extensions = useMemo(() => partsOf(known), []);
  return (
    <CodeView
      id={id}
      label={label}
      value={text}
      highlights={HIGHLIGHTS}
      look="field"
      autoFocus={entered}
      early={early}
      readOnly={readOnly}
      invalid={isInvalid}
      describedBy={describedBy}
      extensions={extensions}
      viewRef={viewRef}
      onChange={onChange}
      className="flex-1"
    />
  );
}

function partsOf(known: { readonly current: TypingJsonProps }): Extension {
  const source = jsonExpressions(
    () => known.current.place,
    () => known.current.samples,
  );
  const bySchema = jsonCompletion((text, cursor) => completeJson(text, cursor, known.current.schema ?? {}));
  return [expressionParts(source), completes(source, [bySchema]), syntaxFaults];
}

const syntaxFaults = linter(
  ({ state }): Diagnostic[] => {
    const { fault } = jsonOf(state);
    return fault === undefined || state.doc.length === 0 ? [] : [{ ...fault, severity: "error" }];
  },
  { delay: 400 },
);
