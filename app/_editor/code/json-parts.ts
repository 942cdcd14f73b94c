/** What CodeMirror needs to know of JSON that a schema describes: names and values that can stand there, and what fields mean. */
import type { Completion as Choice, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";
import { codeTexts as words } from "@/lib/client/texts/editor-code";
import type { JsonValue } from "@/lib/contract/json";
import type { Path } from "@/lib/editor/document";
import type { JsonOption, JsonOptions } from "@/lib/editor/expressions/json-complete";
import { jsonContextAt } from "@/lib/editor/expressions/json-text";
import { jsonOf } from "./json-expressions";

export function jsonCompletion(
  complete: (text: string, cursor: number) => JsonOptions,
): (context: CompletionContext) => CompletionResult | null {
  return (context) => {
    const text = context.state.doc.toString();
    const { from, options } = complete(text, context.pos);
    if (options.length === 0) return null;
    const isAsked = context.explicit || from < context.pos || /["{[:,]\s?$/.test(text.slice(0, context.pos));
    if (!isAsked) return null;
    return {
      from,
      options: options.map((option, at) => choiceOf(option, context.pos, at)),
      filter: true,
      getMatch: () => [],
      validFor: /^"?[\w.-]*$/,
    };
  };
}

/** Names are found with their quote and without. */
function choiceOf(option: JsonOption, cursor: number, rank: number): Choice {
  const { label, kind, detail, note } = option;
  return {
    label: kind === "key" ? `"${label}"` : label,
    displayLabel: label,
    type: kind === "key" ? "field" : "text",
    detail,
    boost: -Math.min(rank, 99) / 10,
    ...(note === undefined ? {} : { info: () => noteOf(note) }),
    apply: (view, _choice, from, to) => apply(view, option, from, to + (option.to - cursor)),
  };
}

function apply(
  view: EditorView,
  { apply: insert, cursor = insert.length }: JsonOption,
  from: number,
  to: number,
): void {
  view.dispatch({
    changes: { from, to: Math.min(to, view.state.doc.length), insert },
    selection: { anchor: from + cursor },
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

function noteOf(note: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "font-sans text-xs text-ink-2";
  element.textContent = note;
  return element;
}

/** Over a name, or over a value that is short. */
export function fieldHover(
  describe: (path: Path, document: JsonValue) => { type: string; note: string | null } | null,
): Extension {
  return hoverTooltip((view, position) => {
    const json = jsonOf(view.state);
    const context = jsonContextAt(view.state.doc.toString(), position);
    if (json.value === undefined || context === null || context.kind !== "key") return null;
    const name = view.state.sliceDoc(context.from, context.to).replace(/^"|"$/g, "");
    const found = describe([...context.path, name], json.value);
    if (found === null) return null;
    return { pos: context.from, end: context.to, above: true, create: () => ({ dom: hoverBox(name, found) }) };
  });
}

function hoverBox(name: string, { type, note }: { type: string; note: string | null }): HTMLElement {
  const box = document.createElement("div");
  box.className = "flex max-w-90 flex-col gap-1 px-2.5 py-2";
  const head = document.createElement("p");
  head.className = "font-mono text-2xs text-ink-3";
  head.textContent = type === "" ? name : words.typed(name, type);
  box.append(head);
  if (note !== null) box.append(noteOf(note));
  return box;
}
