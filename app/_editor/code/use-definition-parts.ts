"use client";
/** What the editor of the definition's JSON knows: the schema, the validator, the expressions, and the node that is selected. */
import { type Diagnostic, linter, lintGutter } from "@codemirror/lint";
import { type EditorState, type Extension, Prec, type Text } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { useEffect, useMemo, useRef } from "react";
import type { Definition } from "@/lib/contract/definition";
import { escapePointer } from "@/lib/core/expressions/template";
import { completeDefinition, type DefinitionText, describeField, readDefinition } from "@/lib/editor/definition-schema";
import type { Path } from "@/lib/editor/document";
import { type ExpressionPlace, placeOf } from "@/lib/editor/expressions/place";
import type { Samples } from "@/lib/editor/expressions/samples";
import { placeAt } from "@/lib/editor/fields/place-at";
import { completes, diagnosticsOf, expressionLooks } from "./expression-parts";
import { jsonExpressions, jsonOf } from "./json-expressions";
import { fieldHover, jsonCompletion } from "./json-parts";

interface Around {
  readonly definition: Definition;
  readonly samples: Samples | null;
  readonly selected: string | null;
  readonly onSave: () => void;
  readonly onFormat: () => void;
  /** The cursor came into a node. */
  readonly onNode: (id: string) => void;
}

export function useDefinitionParts(around: Around): Extension {
  const known = useRef(around);
  useEffect(() => {
    known.current = around;
  });
  return useMemo(() => partsOf(known), []);
}

function partsOf(known: { readonly current: Around }): Extension {
  const read = reader(() => known.current.definition.name);
  const definitionOf = (state: EditorState) => read(state).definition ?? known.current.definition;
  let current: EditorState | null = null;
  const place = (path: Path): ExpressionPlace | null => {
    const definition = current === null ? known.current.definition : definitionOf(current);
    const pointer = path.map((key) => `/${escapePointer(String(key))}`).join("");
    const found = placeAt(definition, pointer);
    if (found === null) return null;
    if (found.kind === "node") return placeOf(definition, { node: found.node, path: found.path });
    if (found.kind === "workflow") return placeOf(definition, { path: found.path });
    return placeOf(definition, { edge: { scope: found.scope, edge: found.edge }, path: found.path });
  };
  const found = jsonExpressions(place, () => known.current.samples);
  // A place is one of the text as it is while it is asked about.
  const source: typeof found = {
    ...found,
    all: (state, part) => {
      current = state;
      return found.all(state, part);
    },
    at: (state, position) => {
      current = state;
      return found.at(state, position);
    },
  };
  return [
    expressionLooks(source),
    completes(source, [jsonCompletion(completeDefinition)]),
    fieldHover(describeField),
    linter(({ state }) => faultsIn(state, read(state), diagnosticsOf(source, state)), { delay: 500 }),
    lintGutter(),
    Prec.high(
      keymap.of([
        { key: "Mod-s", preventDefault: true, run: () => done(known.current.onSave) },
        { key: "Shift-Alt-f", preventDefault: true, run: () => done(known.current.onFormat) },
      ]),
    ),
    selectsNode(known),
  ];
}

function done(run: () => void): true {
  run();
  return true;
}

/** Each text is judged once. */
function reader(name: () => string): (state: EditorState) => DefinitionText {
  const known = new WeakMap<Text, DefinitionText>();
  return ({ doc }) => {
    const judged = known.get(doc) ?? readDefinition(doc.toString(), name());
    known.set(doc, judged);
    return judged;
  };
}

/** What is said about a whole expression gives way to what is said at the character. */
const OF_EXPRESSIONS: ReadonlySet<string | null> = new Set([
  "EXPRESSION_SYNTAX",
  "NOT_IN_SCOPE",
  "UNKNOWN_STEP",
  "STEP_NOT_BEFORE",
  "MAY_BE_MISSING",
]);

function faultsIn(state: EditorState, { faults }: DefinitionText, inExpressions: Diagnostic[]): Diagnostic[] {
  const whole = faults.filter(
    ({ code, from, to }) =>
      !OF_EXPRESSIONS.has(code) || !inExpressions.some((each) => each.from >= from && each.to <= to),
  );
  const length = state.doc.length;
  return [
    ...inExpressions,
    ...whole.map(({ from, to, severity, message }) => ({ from, to: Math.min(to, length), severity, message })),
  ].sort((a, b) => a.from - b.from);
}

/** The node around the cursor is the one that is selected; the first time it is the other way round. */
function selectsNode(known: { readonly current: Around }): Extension {
  let shown = false;
  return [
    EditorView.updateListener.of(({ view, selectionSet, docChanged, state }) => {
      if (!shown) {
        shown = true;
        queueMicrotask(() => showNode(view, known.current.selected));
        return;
      }
      if (!selectionSet || docChanged || !view.hasFocus) return;
      const id = nodeAround(state, state.selection.main.head);
      if (id !== null && id !== known.current.selected) known.current.onNode(id);
    }),
  ];
}

function showNode(view: EditorView, id: string | null): void {
  if (id === null) return;
  for (const [pointer, { from, to }] of jsonOf(view.state).spans) {
    if (!/\/nodes\/\d+\/id$/.test(pointer) || view.state.sliceDoc(from, to) !== JSON.stringify(id)) continue;
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    return;
  }
}

/** The innermost one. */
function nodeAround(state: EditorState, position: number): string | null {
  const { spans } = jsonOf(state);
  let innermost: { pointer: string; size: number } | null = null;
  for (const [pointer, { from, to }] of spans) {
    if (from > position || position > to || !/\/nodes\/\d+$/.test(pointer)) continue;
    if (innermost === null || to - from < innermost.size) innermost = { pointer, size: to - from };
  }
  const id = innermost === null ? undefined : spans.get(`${innermost.pointer}/id`);
  if (id === undefined) return null;
  try {
    const said: unknown = JSON.parse(state.sliceDoc(id.from, id.to));
    return typeof said === "string" ? said : null;
  } catch {
    return null;
  }
}
