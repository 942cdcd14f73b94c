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
