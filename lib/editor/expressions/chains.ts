/** What is read in an expression and how: a name, and the members, keys and calls that follow it; and what macros bind. */
import { keyOf, type Token } from "./tokens";

export type Link =
  | { readonly kind: "member"; readonly key: string | number; readonly to: number }
  /** A position that is computed. */
  | { readonly kind: "element"; readonly to: number }
  | { readonly kind: "call"; readonly name: string; readonly to: number };

export interface Chain {
  readonly head:
    | { readonly kind: "name"; readonly name: string; readonly to: number }
    | { readonly kind: "call"; readonly name: string; readonly to: number }
    /** A literal, or something in brackets. */
    | { readonly kind: "other"; readonly to: number };
  readonly links: readonly Link[];
  readonly from: number;
  readonly to: number;
}

/** The chain that ends with that word; null: none does. */
export function chainEndingAt(tokens: readonly Token[], last: number): Chain | null {
  const end = tokens[last];
  if (end === undefined) return null;
  const links: Link[] = [];
  let at = last;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return null;
    const done = (head: Chain["head"], from: number): Chain => ({ head, links, from, to: end.to });
    if (token.kind === "name") {
      if (tokens[at - 1]?.text !== ".") return done({ kind: "name", name: token.text, to: token.to }, token.from);
      links.unshift({ kind: "member", key: token.text, to: token.to });
      at -= 2;
    } else if (token.text === "]") {
      const open = openerOf(tokens, at);
      if (open === null) return null;
      if (!endsValue(tokens[open - 1])) return done({ kind: "other", to: token.to }, tokens[open]?.from ?? 0);
      links.unshift(keyLink(tokens.slice(open + 1, at), token.to));
      at = open - 1;
    } else if (token.text === ")") {
      const open = openerOf(tokens, at);
      if (open === null) return null;
      const name = tokens[open - 1];
      if (name?.kind !== "name") return done({ kind: "other", to: token.to }, tokens[open]?.from ?? 0);
      if (tokens[open - 2]?.text !== ".") return done({ kind: "call", name: name.text, to: token.to }, name.from);
      links.unshift({ kind: "call", name: name.text, to: token.to });
      at = open - 3;
    } else if (token.kind === "string" || token.kind === "number" || token.text === "}") {
      const from = token.text === "}" ? (tokens[openerOf(tokens, at) ?? at]?.from ?? token.from) : token.from;
      return done({ kind: "other", to: token.to }, from);
    } else {
      return null;
    }
  }
}

function keyLink(within: readonly Token[], to: number): Link {
  const [only, ...more] = within;
  if (only === undefined || more.length > 0) return { kind: "element", to };
  const key = keyOf(only);
  if (key !== null) return { kind: "member", key, to };
  return only.kind === "number" && /^\d+$/.test(only.text)
    ? { kind: "member", key: Number(only.text), to }
    : { kind: "element", to };
}

const PAIRS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

function openerOf(tokens: readonly Token[], closer: number): number | null {
  const open: string[] = [];
  for (let at = closer; at >= 0; at--) {
    const { kind, text } = tokens[at] as Token;
    if (kind !== "sign") continue;
    const opener = PAIRS[text];
    if (opener !== undefined) open.push(opener);
    else if (text === open.at(-1)) {
      open.pop();
      if (open.length === 0) return at;
    }
  }
  return null;
}

/** Whether something can be read from what ends with this word. */
export function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "name") return !["in"].includes(token.text);
  return (
    token.kind === "string" || token.kind === "number" || token.text === ")" || token.text === "]" || token.text === "}"
  );
}

/** A variable of a macro, and the list whose elements it stands for. */
export interface Binding {
  readonly name: string;
  readonly list: Chain | null;
}

/**
 * What the macros around a place bind, the innermost last; null: the place is where a macro's variable gets its name.
 * `upTo`: how many words stand before the place.
 */
export function bindingsAt(tokens: readonly Token[], upTo: number, macros: ReadonlySet<string>): Binding[] | null {
  const open: { binding: { name: string | null; list: Chain | null } | null }[] = [];
  for (let at = 0; at < upTo; at++) {
    const token = tokens[at] as Token;
    if (token.kind === "sign" && "([{".includes(token.text)) open.push({ binding: macroAt(tokens, at, macros) });
    else if (token.kind === "sign" && ")]}".includes(token.text)) open.pop();
    else if (token.text === ",") {
      const binding = open.at(-1)?.binding;
      if (binding?.name === null) binding.name = tokens[at - 1]?.text ?? "";
    }
  }
  const bindings = open.flatMap(({ binding }) => (binding === null ? [] : [binding]));
  if (bindings.some(({ name }) => name === null)) return null;
  return bindings.map(({ name, list }) => ({ name: name ?? "", list }));
}

function macroAt(tokens: readonly Token[], at: number, macros: ReadonlySet<string>) {
  const name = tokens[at - 1];
  const isMacro =
    tokens[at]?.text === "(" && name?.kind === "name" && tokens[at - 2]?.text === "." && macros.has(name.text);
  return isMacro ? { name: null, list: chainEndingAt(tokens, at - 3) } : null;
}
