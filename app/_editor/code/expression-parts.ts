/**
 * What CodeMirror needs to know of expressions: colours, completion, values on hover, faults at the character. Where in the
 * document an expression stands, and in which place of the definition, `find` says.
 */
import {
  autocompletion,
  type Completion as Choice,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from "@codemirror/autocomplete";
import { type Diagnostic, linter } from "@codemirror/lint";
import { type EditorState, type Extension, Prec, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  hoverTooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { codeTexts as words } from "@/lib/client/texts/editor-code";
import type { JsonValue } from "@/lib/contract/json";
import { type Completion, complete } from "@/lib/editor/expressions/complete";
import { valueAt } from "@/lib/editor/expressions/evaluate";
import { faultsOf } from "@/lib/editor/expressions/faults";
import type { ExpressionPlace } from "@/lib/editor/expressions/place";
import type { Samples } from "@/lib/editor/expressions/samples";
import { colours } from "./highlight";

/** An expression in a document, and how its characters lie in it. */
export interface Embedded {
  readonly text: string;
  readonly place: ExpressionPlace;
  /** From a position in the expression to one in the document, and back. */
  toDocument(at: number): number;
  toExpression(at: number): number;
  /** How what is put in is written there. */
  written(text: string): string;
}

export interface ExpressionSource {
  /** All of the document, or of what touches a part of it, in order. */
  all(state: EditorState, part?: { readonly from: number; readonly to: number }): readonly Embedded[];
  /** The one around a position. */
  at(state: EditorState, position: number): Embedded | null;
  samples(): Samples | null;
}

/** The whole document is one expression. */
export function wholeDocument(place: () => ExpressionPlace | null, samples: () => Samples | null): ExpressionSource {
  const at = (state: EditorState): Embedded | null => {
    const found = place();
    if (found === null) return null;
    const same = (position: number) => position;
    return { text: state.doc.toString(), place: found, toDocument: same, toExpression: same, written: (text) => text };
  };
  return { at, all: (state) => [at(state)].filter((each) => each !== null), samples };
}

/** All but completion and faults. */
export function expressionLooks(source: ExpressionSource): Extension {
  return [coloured(source), hovered(source)];
}

export function expressionParts(source: ExpressionSource): Extension {
  return [expressionLooks(source), expressionFaults(source)];
}

/** In a document that completes other things as well, `others` are asked where there is no expression. */
export function completes(
  source: ExpressionSource,
  others: readonly ((context: CompletionContext) => CompletionResult | null)[] = [],
): Extension {
  return autocompletion({
    override: [(context) => completedAt(source, context), ...others],
    icons: false,
    optionClass: ({ type }) => `cm-kind-${type ?? "field"}`,
    addToOptions: [{ position: 90, render: (choice) => shortValue((choice as OfferedChoice).recorded) }],
    maxRenderedOptions: 60,
  });
}

/** An empty field shows what there is to begin with. */
export function offerAtStart(view: EditorView): void {
  if (view.state.doc.length === 0) startCompletion(view);
}

type OfferedChoice = Choice & { readonly recorded?: JsonValue };

function completedAt(source: ExpressionSource, context: CompletionContext): CompletionResult | null {
  const found = source.at(context.state, context.pos);
  if (found === null) return null;
  const cursor = found.toExpression(context.pos);
  const { from, options } = complete(found.text, cursor, found.place, source.samples());
  if (options.length === 0) return null;
  if (!context.explicit && from === cursor && !/[.[("]$/.test(found.text.slice(0, cursor)) && found.text !== "")
    return null;
  return {
    from: found.toDocument(from),
    options: options.map((option, at) => choiceOf(found, option, { from, cursor }, at)),
    // A dot asks anew, unless it is part of a key.
    validFor: /^(\w*|\\?["'][\w.-]*)$/,
  };
}

function choiceOf(
  found: Embedded,
  option: Completion,
  asked: { readonly from: number; readonly cursor: number },
  rank: number,
): OfferedChoice {
  const { label, kind, detail, note, value, mayBeMissing } = option;
  const hasMore = note !== undefined || value !== undefined || mayBeMissing;
  return {
    label,
    type: kind,
    detail: [detail, mayBeMissing ? words.mayBeMissing : ""].filter((part) => part !== "").join(" · "),
    boost: BOOST[kind] - Math.min(rank, 40) / 100,
    ...(value === undefined ? {} : { recorded: value }),
    ...(hasMore ? { info: () => infoOf(option) } : {}),
    apply: (view, _choice, from, to) => applyChoice(view, found, option, asked, from, to),
  };
}

const BOOST: Readonly<Record<Completion["kind"], number>> = {
  variable: 9,
  text: 8,
  step: 7,
  field: 7,
  root: 6,
  keyword: -2,
  macro: -1,
  function: -3,
};

/** What was typed since it was asked for lies between `from` and `to`. */
function applyChoice(
  view: EditorView,
  found: Embedded,
  { from, to, apply, select }: Completion,
  asked: { readonly from: number; readonly cursor: number },
  start: number,
  end: number,
): void {
  const before = found.toDocument(asked.from) - found.toDocument(from);
  const behind = found.toDocument(to) - found.toDocument(asked.cursor);
  const at = start - before;
  const insert = found.written(apply);
  const [anchor, head] = select ?? [apply.length, apply.length];
  view.dispatch({
    changes: { from: at, to: Math.min(end + behind, view.state.doc.length), insert },
    selection: {
      anchor: at + found.written(apply.slice(0, anchor)).length,
      head: at + found.written(apply.slice(0, head)).length,
    },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

function infoOf({ note, value, mayBeMissing, label }: Completion): Node {
  const info = document.createElement("div");
  info.className = "flex flex-col gap-1.5 font-sans";
  if (note !== undefined) info.append(line(note, "text-ink-2"));
  if (mayBeMissing) info.append(line(words.mayBeMissingLong(label), "text-ink-2"));
  if (value !== undefined) info.append(valueBlock(value));
  return info;
}

function line(text: string, className: string): HTMLElement {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

const SHORT_CHARACTERS = 28;
const SHOWN_LINES = 14;

function shortValue(value: JsonValue | undefined): Node | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  const element = document.createElement("span");
  element.className = "cm-completionValue";
  element.textContent = text.length > SHORT_CHARACTERS ? `${text.slice(0, SHORT_CHARACTERS)}…` : text;
  return element;
}

function valueBlock(value: JsonValue): HTMLElement {
  const lines = JSON.stringify(value, null, 2).split("\n");
  const element = document.createElement("pre");
  element.className = "overflow-hidden font-mono text-2xs text-ink break-words whitespace-pre-wrap";
  element.textContent =
    lines.length > SHOWN_LINES ? [...lines.slice(0, SHOWN_LINES), "…"].join("\n") : lines.join("\n");
  return element;
}

/** Against the colour of the text around it. */
const inkMark = Decoration.mark({ class: "text-ink" });

function coloured(source: ExpressionSource): Extension {
  const draw = (view: EditorView): DecorationSet => {
    const builder = new RangeSetBuilder<Decoration>();
    for (const found of source.all(view.state, view.viewport)) {
      const end = found.toDocument(found.text.length);
      if (found.text !== "") builder.add(found.toDocument(0), end, inkMark);
      for (const { from, to, className } of colours(found.text))
        builder.add(found.toDocument(from), found.toDocument(to), Decoration.mark({ class: className }));
    }
    return builder.finish();
  };
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = draw(view);
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.decorations = draw(update.view);
      }
    },
    { decorations: (drawn) => drawn.decorations },
  );
  // Inside of what the language of the document draws: the innermost colour is the one that is seen.
  return Prec.highest(plugin);
}

function hovered(source: ExpressionSource): Extension {
  return hoverTooltip((view, position) => {
    const found = source.at(view.state, position);
    const value = found && valueAt(found.text, found.toExpression(position), found.place, source.samples());
    if (!found || !value) return null;
    return {
      pos: found.toDocument(value.from),
      end: found.toDocument(value.to),
      above: true,
      create: () => ({ dom: hoverBox(value) }),
    };
  });
}

function hoverBox({ text, type, value }: NonNullable<ReturnType<typeof valueAt>>): HTMLElement {
  const box = document.createElement("div");
  box.className = "flex max-w-90 flex-col gap-1.5 px-2.5 py-2";
  box.append(line([text, type].filter((part) => part !== "").join(": "), "font-mono text-2xs text-ink-3"));
  if (value !== undefined) box.append(valueBlock(value));
  return box;
}

function expressionFaults(source: ExpressionSource): Extension {
  return linter((view) => diagnosticsOf(source, view.state), { delay: 300 });
}

export function diagnosticsOf(source: ExpressionSource, state: EditorState): Diagnostic[] {
  return source.all(state).flatMap((found) =>
    faultsOf(found.text, found.place).map(({ from, to, severity, message }) => ({
      from: found.toDocument(from),
      to: found.toDocument(to),
      severity,
      message,
    })),
  );
}
