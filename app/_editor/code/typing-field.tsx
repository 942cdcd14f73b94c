"use client";
/** The text of a field while it is typed in: CodeMirror with all that is known of expressions, or of plain text only keys. */
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { useEffect, useMemo, useRef } from "react";
import { CodeView } from "./code-view";
import { completes, expressionParts, offerAtStart, wholeDocument } from "./expression-parts";
import type { TypingProps } from "./field-props";

const PLAIN: Extension = [];

export default function TypingField(props: TypingProps) {
  const {
    id,
    label,
    text,
    isExpression,
    isInvalid,
    describedBy,
    multiline,
    readOnly,
    entered,
    early,
    viewRef,
    onChange,
  } = props;
  const known = useRef(props);
  useEffect(() => {
    known.current = props;
  });
  const extensions = useMemo(
    () => (isExpression ? expressionKeys(known) : [proseLook, multiline ? [] : oneLine]),
    [isExpression, multiline],
  );
  useEffect(() => {
    if (isExpression && viewRef.current?.hasFocus) offerAtStart(viewRef.current);
  }, [isExpression, viewRef]);
  return (
    <CodeView
      id={id}
      label={label}
      value={text}
      look="field"
      highlights={PLAIN}
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

function expressionKeys(known: { readonly current: TypingProps }): Extension {
  const source = wholeDocument(
    () => known.current.place,
    () => known.current.samples,
  );
  return [expressionParts(source), completes(source), newLineByShift, offersWhenFocused];
}

/** Enter alone makes no line: an expression is one most often. */
const newLineByShift = keymap.of([{ key: "Enter", run: () => true, shift: (view) => insertNewLine(view) }]);

function insertNewLine(view: EditorView): boolean {
  view.dispatch(view.state.replaceSelection("\n"), { scrollIntoView: true, userEvent: "input" });
  return true;
}

const offersWhenFocused = EditorView.domEventHandlers({
  focus: (_event, view) => {
    offerAtStart(view);
    return false;
  },
});

/** Text is set as text. */
const proseLook = Prec.highest(
  EditorView.theme({
    ".cm-scroller": { fontFamily: "var(--font-sans)", fontSize: "13px", fontFeatureSettings: "inherit" },
  }),
);

/** What is pasted in several lines becomes one. */
const oneLine = [
  keymap.of([{ key: "Enter", run: () => true }]),
  EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
    const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, " ");
    const { anchor } = transaction.newSelection.main;
    return [
      {
        changes: { from: 0, to: transaction.startState.doc.length, insert: text },
        selection: { anchor: Math.min(anchor, text.length) },
      },
    ];
  }),
];
