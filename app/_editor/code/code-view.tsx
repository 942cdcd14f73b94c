"use client";
/** The CodeMirror behind `CodeMirror`: loaded when a text is shown in one, and never earlier. */
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Annotation, Compartment, EditorState, type Extension, Prec } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view";
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from "react";
import { classNames } from "@/app/_ui/class-names";
import { codeTexts } from "@/lib/client/texts/editor-code";
import type { CodeMirrorProps } from "./code-mirror-props";
import { codeTheme } from "./code-theme";
import { type Early, NOTHING_EARLY } from "./field-props";
import { changeBetween } from "./text-change";

/** Of a change that came from outside: whoever listens to what is typed need not hear of it. */
const fromOutside = Annotation.define<true>();

const NONE: Extension = [];

/** What is set up anew while the editor stands. */
interface Parts {
  readonly own: Compartment;
  readonly access: Compartment;
  readonly attributes: Compartment;
}

export function CodeView(props: CodeMirrorProps & { highlights: Extension }) {
  const { value, look = "document", readOnly = false, extensions = NONE, autoFocus, viewRef, className } = props;
  const host = useRef<HTMLDivElement>(null);
  const [parts] = useState<Parts>(() => ({
    own: new Compartment(),
    access: new Compartment(),
    attributes: new Compartment(),
  }));
  const [view, setView] = useState<EditorView | null>(null);
  const onTyped = useEffectEvent((text: string) => props.onChange?.(text));
  const onFocus = useEffectEvent((has: boolean) => (has ? props.onFocus : props.onBlur)?.());

  const open = useEffectEvent((parent: HTMLElement) => {
    const listens = EditorView.updateListener.of((update) => {
      if (update.focusChanged) onFocus(update.view.hasFocus);
      if (update.docChanged && !update.transactions.every((each) => each.annotation(fromOutside)))
        onTyped(update.state.doc.toString());
    });
    const state = EditorState.create({
      doc: value,
      extensions: [
        // Before the others, so that a part that is put in has the first word on a key.
        parts.own.of(extensions),
        parts.access.of(accessOf(readOnly)),
        parts.attributes.of(attributesOf(props)),
        EditorView.cspNonce.of(documentNonce()),
        tooltips({ position: "fixed", parent: tooltipParent(parent) }),
        props.highlights,
        codeTheme(look),
        look === "document" ? documentParts : fieldParts,
        listens,
      ],
    });
    const opened = new EditorView({ state, parent });
    if (autoFocus) {
      opened.dispatch({ selection: { anchor: placeIn(opened, autoFocus) } });
      opened.focus();
      if (props.early) typeEarly(opened, props.early);
    }
    return opened;
  });

  useEffect(() => {
    if (host.current === null) return;
    const opened = open(host.current);
    setView(opened);
    return () => {
      setView(null);
      opened.destroy();
    };
  }, []);

  useImperativeHandle(viewRef, () => view as EditorView, [view]);

  const takeOver = useEffectEvent((text: string) => {
    const change = view && changeBetween(view.state.doc.toString(), text);
    if (change) view?.dispatch({ changes: change, annotations: fromOutside.of(true) });
  });
  useEffect(() => {
    if (view !== null) takeOver(value);
  }, [view, value]);

  useEffect(() => view?.dispatch({ effects: parts.own.reconfigure(extensions) }), [view, parts, extensions]);
  useEffect(() => view?.dispatch({ effects: parts.access.reconfigure(accessOf(readOnly)) }), [view, parts, readOnly]);
  const { id, label, labelledBy, describedBy, invalid } = props;
  useEffect(
    () =>
      view?.dispatch({
        effects: parts.attributes.reconfigure(attributesOf({ id, label, labelledBy, describedBy, invalid, look })),
      }),
    [view, parts, id, label, labelledBy, describedBy, invalid, look],
  );

  return <div ref={host} className={classNames("min-w-0", look === "document" && "h-full", className)} />;
}

function typeEarly(view: EditorView, early: Early): void {
  if (early.isAll) view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
  if (early.text !== "") view.dispatch(view.state.replaceSelection(early.text), { userEvent: "input.type" });
  Object.assign(early, NOTHING_EARLY);
}

/** Where the pointer was, and else the end. */
function placeIn(view: EditorView, at: true | { x: number; y: number }): number {
  const end = view.state.doc.length;
  return at === true ? end : (view.posAtCoords(at) ?? end);
}

/** The browser hides it from `getAttribute`, and gives it to scripts of the page. */
function documentNonce(): string {
  return document.querySelector<HTMLElement>("script[nonce], style[nonce]")?.nonce ?? "";
}

/** In a dialog what floats belongs to the dialog: outside of it nothing can be clicked. */
function tooltipParent(within: HTMLElement): HTMLElement {
  return within.closest<HTMLElement>("[role=dialog]") ?? document.body;
}

function accessOf(readOnly: boolean): Extension {
  if (!readOnly) return [];
  return [
    EditorState.readOnly.of(true),
    // No keyboard opens on a phone; it is reached by Tab all the same.
    EditorView.editable.of(false),
  ];
}

function attributesOf({
  id,
  label,
  labelledBy,
  describedBy,
  invalid,
  look = "document",
}: Pick<CodeMirrorProps, "id" | "label" | "labelledBy" | "describedBy" | "invalid" | "look">): Extension {
  return EditorView.contentAttributes.of({
    ...(id === undefined ? {} : { id }),
    ...(labelledBy === undefined ? { "aria-label": label } : { "aria-labelledby": labelledBy }),
    ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
    ...(invalid ? { "aria-invalid": "true" } : {}),
    ...(look === "document" ? { "aria-description": codeTexts.leaveHint } : {}),
    // A browser reaches it anyway, and checkers of pages are told.
    tabindex: "0",
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    translate: "no",
  });
}

/**
 * Typing over a selection: left to the browser, it writes a style of its own into the line, which the page's policy reports as a
 * breach. Compositions are the browser's all the same.
 */
const typesOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main, ranges } = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || event.isComposing || !text || main.empty || ranges.length > 1) return false;
    if (view.state.readOnly) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

/** Without the key by which the page runs what is edited. */
const pagesOwn = defaultKeymap.filter(({ key }) => key !== "Mod-Enter");

const shared: Extension = [
  typesOver,
  history(),
  bracketMatching(),
  closeBrackets(),
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...pagesOwn, ...historyKeymap]),
];

/** Whatever else Escape does here: a Tab within two seconds of it leaves. */
const leavesByEscape = Prec.highest(
  keymap.of([
    {
      key: "Escape",
      run: (view) => {
        view.setTabFocusMode(2_000);
        return false;
      },
    },
  ]),
);

const documentParts: Extension = [
  leavesByEscape,
  lineNumbers(),
  foldGutter({ openText: "⌄", closedText: "›" }),
  codeFolding(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  indentOnInput(),
  search({ top: true }),
  EditorState.tabSize.of(2),
  keymap.of([...searchKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
  shared,
];

const fieldParts: Extension = [EditorView.lineWrapping, shared];
