/** The colours of an expression, the same in a field that is at rest and in one that is typed in. */
import { ROOTS } from "@/lib/core/expressions/environment";
import { type Token, tokensOf } from "@/lib/editor/expressions/tokens";

export interface Coloured {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

const roots: ReadonlySet<string> = new Set(ROOTS);
const WORDS: ReadonlySet<string> = new Set(["true", "false", "null", "in"]);

/** Words without a colour of their own are left out. */
export function colours(text: string): Coloured[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) => {
    const className = classOf(token, tokens[at - 1], tokens[at + 1]);
    return className === null ? [] : [{ from: token.from, to: token.to, className }];
  });
}

function classOf({ kind, text }: Token, before: Token | undefined, after: Token | undefined): string | null {
  switch (kind) {
    case "comment":
      return "text-ink-3 italic";
    case "string":
      return "text-json-string";
    case "number":
      return "text-json-number";
    case "sign":
      return "text-ink-2";
    case "name":
      if (before?.text === ".") return after?.text === "(" ? "text-accent" : null;
      if (WORDS.has(text)) return "text-json-keyword";
      if (after?.text === "(") return "text-accent";
      return roots.has(text) ? "font-medium text-json-keyword" : null;
  }
}

const JSON_WORDS = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** Of JSON, with the expressions in its texts. */
export function jsonColours(text: string): Coloured[] {
  return [...text.matchAll(JSON_WORDS)].flatMap(({ index, 0: whole, 1: quoted, 2: colon }) => {
    if (quoted === undefined) return [{ from: index, to: index + whole.length, className: classOfWord(whole) }];
    const to = index + quoted.length;
    if (colon !== undefined) return [{ from: index, to, className: "font-medium text-json-key" }];
    if (!quoted.startsWith('"=') || quoted.startsWith('"=='))
      return [{ from: index, to, className: "text-json-string" }];
    return expressionColours(quoted, index);
  });
}

function classOfWord(word: string): string {
  if (/^[-\d]/.test(word)) return "text-json-number";
  return /^[tfn]/.test(word) ? "text-json-keyword" : "text-ink-2";
}

/** Quotes and sign like a text, the rest like an expression; one with escapes in it is left plain. */
function expressionColours(quoted: string, start: number): Coloured[] {
  const end = start + quoted.length;
  const inner = quoted.slice(2, -1);
  const own = inner.includes("\\") ? [] : colours(inner);
  return [
    { from: start, to: start + 2, className: "text-json-string" },
    ...own.map(({ from, to, className }) => ({ from: start + 2 + from, to: start + 2 + to, className })),
    { from: end - 1, to: end, className: "text-json-string" },
  ];
}
