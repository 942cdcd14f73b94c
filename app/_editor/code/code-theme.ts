/**
 * How CodeMirror looks: the tokens of the design language, so that a change of theme needs nothing. Selection and caret are the
 * browser's own, which forced colours and magnifiers know.
 */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const highlightStyle = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--json-key)", fontWeight: "500" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--json-string)" },
  { tag: [tags.number, tags.integer, tags.float], color: "var(--json-number)" },
  { tag: [tags.bool, tags.null, tags.keyword, tags.operatorKeyword], color: "var(--json-keyword)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.typeName, tags.className], color: "var(--accent)" },
  { tag: [tags.operator, tags.punctuation, tags.bracket, tags.separator], color: "var(--ink-2)" },
  { tag: tags.invalid, color: "var(--red)" },
]);

const FLOAT = {
  border: "none",
  borderRadius: "var(--radius-md)",
  background: "var(--raised)",
  color: "var(--ink)",
  boxShadow: "var(--float)",
};

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "transparent", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    fontVariantLigatures: "none",
    // The page switches contextual alternates on, which in this face are ligatures.
    fontFeatureSettings: '"calt" 0, "liga" 0',
    lineHeight: "18px",
  },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-content ::selection, .cm-content::selection": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  ".cm-gutters": {
    backgroundColor: "var(--canvas)",
    color: "var(--ink-3)",
    border: "none",
    borderRight: "1px solid var(--line)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "32px", padding: "0 4px 0 8px", fontVariantNumeric: "tabular-nums" },
  ".cm-foldGutter .cm-gutterElement": { width: "16px", textAlign: "center", color: "var(--ink-3)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 80%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--active)",
    outline: "1px solid var(--line-strong)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--red-tint)" },
  ".cm-foldPlaceholder": {
    backgroundColor: "var(--active)",
    color: "var(--ink-2)",
    border: "none",
    padding: "0 4px",
    borderRadius: "4px",
  },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-searchMatch": { backgroundColor: "var(--amber-tint)", outline: "1px solid var(--amber-fill)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--amber-fill) 45%, transparent)" },
  ".cm-selectionMatch": { backgroundColor: "var(--accent-tint)" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 12px", fontFamily: "var(--font-sans)" },
  ".cm-panel.cm-search label": { fontSize: "12px", color: "var(--ink-2)" },
  ".cm-panel.cm-search [name=close]": { width: "24px", height: "24px", color: "var(--ink-2)", fontSize: "16px" },
  ".cm-textfield": {
    height: "26px",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    fontSize: "12px",
    color: "var(--ink)",
  },
  ".cm-button": {
    height: "26px",
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "4px",
    fontSize: "12px",
    color: "var(--ink)",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-tooltip": FLOAT,
  ".cm-tooltip.cm-tooltip-autocomplete": { ...FLOAT, overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--font-mono)",
    fontVariantLigatures: "none",
    fontSize: "12px",
    maxHeight: "240px",
    minWidth: "220px",
    maxWidth: "min(560px, 90vw)",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "baseline",
    gap: "8px",
    minHeight: "24px",
    padding: "3px 8px",
    borderRadius: "4px",
    color: "var(--ink)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--active)", color: "var(--ink)" },
  ".cm-completionLabel": { flex: "1 0 auto" },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent)", fontWeight: "600" },
  ".cm-completionDetail": {
    marginLeft: "16px",
    fontStyle: "normal",
    fontFamily: "var(--font-sans)",
    fontSize: "11px",
    color: "var(--ink-3)",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  ".cm-tooltip.cm-completionInfo": { ...FLOAT, padding: "8px 10px", maxWidth: "320px", fontSize: "12px" },
  ".cm-tooltip-hover": { maxWidth: "min(420px, 90vw)" },
  ".cm-tooltip-lint": { padding: "0" },
  ".cm-diagnostic": {
    padding: "6px 10px",
    border: "none",
    borderLeft: "3px solid var(--red-fill)",
    fontFamily: "var(--font-sans)",
    fontSize: "12px",
    lineHeight: "18px",
    whiteSpace: "pre-wrap",
  },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--amber-fill)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--blue-fill)" },
  ".cm-lintRange": { backgroundImage: "none", paddingBottom: "0", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { textDecoration: "underline wavy var(--red-fill) 1px" },
  ".cm-lintRange-warning": { textDecoration: "underline wavy var(--amber-fill) 1px" },
  ".cm-lintRange-active": { backgroundColor: "var(--red-tint)" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--red-fill)" },
  ".cm-lintPoint-warning::after": { borderBottomColor: "var(--amber-fill)" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 2px" },
});

const documentTheme = EditorView.theme({
  "&": { height: "100%" },
  ".cm-scroller": { overflow: "auto" },
  ".cm-content": { padding: "8px 0" },
  ".cm-line": { padding: "0 12px 0 8px" },
});

const fieldTheme = EditorView.theme({
  ".cm-content": { padding: "6px 0" },
  ".cm-line": { padding: "0 10px" },
  ".cm-scroller": { overflow: "hidden" },
});

export function codeTheme(look: "document" | "field"): Extension {
  return [theme, look === "document" ? documentTheme : fieldTheme, syntaxHighlighting(highlightStyle)];
}
