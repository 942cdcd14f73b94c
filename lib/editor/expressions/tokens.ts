/** An expression cut into words, also where it is not finished: what is typed seldom parses until its last character. */

export type TokenKind = "name" | "number" | "string" | "comment" | "sign";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** A string without its closing quote. */
  readonly isOpen: boolean;
}

const WORDS: readonly (readonly [TokenKind, RegExp])[] = [
  ["comment", /\/\/[^\n\r]*/y],
  ["string", /[rRbB]{0,2}(?:"""(?:\\[\s\S]|[^\\])*?(?:"""|$)|'''(?:\\[\s\S]|[^\\])*?(?:'''|$))/y],
  ["string", /[rRbB]{0,2}(?:"(?:\\.|[^"\\\n\r])*(?:"|\\?$|(?=[\n\r]))|'(?:\\.|[^'\\\n\r])*(?:'|\\?$|(?=[\n\r])))/y],
  ["number", /0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?|\.\d+(?:[eE][+-]?\d+)?/y],
  ["name", /[A-Za-z_]\w*/y],
  ["sign", /&&|\|\||==|!=|<=|>=|[^\s\w]/y],
];

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    if (token !== null) tokens.push(token);
    at = token?.to ?? at + 1;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token | null {
  for (const [kind, pattern] of WORDS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (!found) continue;
    return { kind, text: found, from: at, to: at + found.length, isOpen: kind === "string" && isOpen(found) };
  }
  return null;
}

function isOpen(text: string): boolean {
  const quoted = text.replace(/^[rRbB]+/, "");
  const quote = /^("""|'''|"|')/.exec(quoted)?.[1] ?? '"';
  return quoted.length < 2 * quote.length || !quoted.endsWith(quote) || /(^|[^\\])(\\\\)*\\["']$/.test(quoted);
}

/** What a quoted key says; null: it is no plain string. */
export function keyOf({ kind, text, isOpen }: Token): string | null {
  if (kind !== "string" || isOpen || !/^["']/.test(text) || /^("""|''')/.test(text)) return null;
  const inner = text.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  try {
    const said: unknown = JSON.parse(
      `"${text[0] === "'" ? inner.replaceAll("\\'", "'").replaceAll('"', '\\"') : inner}"`,
    );
    return typeof said === "string" ? said : null;
  } catch {
    return null;
  }
}

/** The brackets that an unfinished expression lacks at its end, the innermost first. */
export function closersOf(tokens: readonly Token[]): string {
  const open: string[] = [];
  for (const { kind, text } of tokens) {
    if (kind !== "sign") continue;
    const closer = { "(": ")", "[": "]", "{": "}" }[text];
    if (closer !== undefined) open.push(closer);
    else if (text === open.at(-1)) open.pop();
  }
  return open.reverse().join("");
}
