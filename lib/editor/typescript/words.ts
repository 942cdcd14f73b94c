/**
 * CEL text in the DSL's words, where it has them: `steps.fetch_user.output.age >= 18` is `on(fetchUser).age.gte(18)`.
 * Only what the DSL itself would write is read; all other text stays as it is.
 */
import type { JsonValue } from "../../contract/json";

/** A place in the data of an execution: what it begins with, and the way from there. */
export interface Reference {
  /** `steps.<id>.output` and `steps.<id>.error` have the node's id. */
  readonly root:
    | "output"
    | "error"
    | "input"
    | "item"
    | "index"
    | "outer.item"
    | "outer.index"
    | "execution"
    | LoopRoot;
  readonly node?: string;
  readonly segments: readonly (string | number)[];
}
type LoopRoot = "loop.iteration" | "loop.value" | "loop.outer.iteration" | "loop.outer.value";

export type Words =
  | { readonly is: "reference"; readonly of: Reference }
  | { readonly is: "compare"; readonly of: Reference; readonly operator: Operator; readonly value: JsonValue }
  | { readonly is: "exists"; readonly of: Reference }
  | { readonly is: "or-else"; readonly of: Reference; readonly other: JsonValue }
  | { readonly is: "and"; readonly left: Words; readonly right: Words }
  | { readonly is: "or"; readonly left: Words; readonly right: Words }
  | { readonly is: "not"; readonly inner: Words }
  | { readonly is: "text"; readonly parts: readonly string[]; readonly values: readonly Reference[] };

export type Operator = "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "oneOf";
const OPERATORS: readonly (readonly [string, Operator])[] = [
  [" == ", "eq"],
  [" != ", "ne"],
  [" >= ", "gte"],
  [" <= ", "lte"],
  [" > ", "gt"],
  [" < ", "lt"],
  [" in ", "oneOf"],
];

export function wordsOf(cel: string): Words | null {
  return inParens(cel) ?? negated(cel) ?? presence(cel) ?? textOf(cel) ?? comparison(cel);
}

function inParens(cel: string): Words | null {
  if (!cel.startsWith("(")) return null;
  const end = closing(cel, 0);
  if (end === cel.length - 1) return orElse(cel.slice(1, -1));
  const operator = cel.slice(end + 1, end + 5);
  const second = end + 5;
  if ((operator !== " && " && operator !== " || ") || cel[second] !== "(" || closing(cel, second) !== cel.length - 1)
    return null;
  const left = wordsOf(cel.slice(1, end));
  const right = wordsOf(cel.slice(second + 1, -1));
  if (left === null || right === null || !isCondition(left) || !isCondition(right)) return null;
  return { is: operator === " && " ? "and" : "or", left, right };
}

export function isCondition({ is }: Words): boolean {
  return is !== "reference" && is !== "or-else" && is !== "text";
}

/** `has(path) ? path : other` */
function orElse(inner: string): Words | null {
  const question = inner.indexOf(" ? ");
  const path = question < 0 ? null : readPath(inner, question + 3);
  if (path === null || inner.slice(path.end, path.end + 3) !== " : ") return null;
  const other = readJson(inner.slice(path.end + 3));
  return other === undefined ? null : { is: "or-else", of: path.reference, other };
}

function negated(cel: string): Words | null {
  if (!cel.startsWith("!(") || closing(cel, 1) !== cel.length - 1) return null;
  const of = wordsOf(cel.slice(2, -1));
  return of !== null && isCondition(of) ? { is: "not", inner: of } : null;
}

function presence(cel: string): Words | null {
  if (!cel.startsWith("has(")) return null;
  const path = readPath(cel, 4);
  return path !== null && cel.slice(path.end) === ")" ? { is: "exists", of: path.reference } : null;
}

/** `"Refund " + string(path) + "?"` */
function textOf(cel: string): Words | null {
  const parts: string[] = [""];
  const values: Reference[] = [];
  let at = 0;
  for (;;) {
    const piece = cel[at] === '"' ? readString(cel, at) : null;
    const value = cel.startsWith("string(", at) ? readPath(cel, at + 7) : null;
    if (piece !== null) {
      parts[parts.length - 1] += piece.text;
      at = piece.end;
    } else if (value !== null && cel[value.end] === ")") {
      values.push(value.reference);
      parts.push("");
      at = value.end + 1;
    } else return null;
    if (at === cel.length) return values.length === 0 ? null : { is: "text", parts, values };
    if (!cel.startsWith(" + ", at)) return null;
    at += 3;
  }
}

function comparison(cel: string): Words | null {
  const path = readPath(cel, 0);
  if (path === null) return null;
  const rest = cel.slice(path.end);
  if (rest === "") return { is: "reference", of: path.reference };
  const found = OPERATORS.find(([sign]) => rest.startsWith(sign));
  const value = found && readJson(rest.slice(found[0].length));
  return found === undefined || value === undefined
    ? null
    : { is: "compare", of: path.reference, operator: found[1], value };
}

/** The equalities of a pattern: `has(a) && a == 1 && has(b) && b == 2`; null where it asks for anything else. */
export function equalities(cel: string): { of: Reference; value: JsonValue }[] | null {
  const found: { of: Reference; value: JsonValue }[] = [];
  for (const piece of cel.split(" && ")) {
    const words = wordsOf(piece);
    const empty = emptyList(piece);
    if (empty !== null) found.push({ of: empty, value: [] });
    else if (words?.is === "compare" && words.operator === "eq") found.push({ of: words.of, value: words.value });
    else if (words?.is !== "exists") return null;
  }
  return found;
}

/** `size(path) == 0` */
function emptyList(piece: string): Reference | null {
  const path = piece.startsWith("size(") ? readPath(piece, 5) : null;
  return path !== null && piece.slice(path.end) === ") == 0" ? path.reference : null;
}

interface ReadPath {
  readonly reference: Reference;
  readonly end: number;
}

const ROOTS: readonly Exclude<Reference["root"], "output" | "error">[] = [
  "loop.outer.iteration",
  "loop.outer.value",
  "loop.iteration",
  "loop.value",
  "outer.item",
  "outer.index",
  "execution",
  "input",
  "item",
  "index",
];

function readPath(text: string, start: number): ReadPath | null {
  const { segments, end } = readSegments(text, start);
  const [first, node, what] = segments;
  if (first === "steps" && typeof node === "string" && (what === "output" || what === "error"))
    return { reference: { root: what, node, segments: segments.slice(3) }, end };
  for (const root of ROOTS) {
    const words = root.split(".");
    if (words.every((word, i) => segments[i] === word))
      return { reference: { root, segments: segments.slice(words.length) }, end };
  }
  return null;
}

/** `a.b["c"][0]`; where it does not begin with a name, nothing. */
function readSegments(text: string, start: number): { segments: (string | number)[]; end: number } {
  const segments: (string | number)[] = [];
  const name = /[A-Za-z_][A-Za-z0-9_]*/y;
  let at = start;
  for (;;) {
    const isFirst = segments.length === 0;
    if (isFirst || text[at] === ".") {
      name.lastIndex = isFirst ? at : at + 1;
      const found = name.exec(text)?.[0];
      if (found === undefined) return { segments, end: at };
      segments.push(found);
      at = name.lastIndex;
    } else if (text[at] === "[") {
      const position = /^\[(\d+)\]/.exec(text.slice(at, at + 12));
      const key = text[at + 1] === '"' ? readString(text, at + 1) : null;
      if (position !== null) {
        segments.push(Number(position[1]));
        at += position[0].length;
      } else if (key !== null && text[key.end] === "]") {
        segments.push(key.text);
        at = key.end + 1;
      } else return { segments, end: at };
    } else return { segments, end: at };
  }
}

function readString(text: string, start: number): { text: string; end: number } | null {
  const end = stringEnd(text, start);
  const value = end < 0 ? undefined : readJson(text.slice(start, end));
  return typeof value === "string" ? { text: value, end } : null;
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Behind the quote that ends the string which begins here; -1 where none does. */
function stringEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i + 1;
  }
  return -1;
}

/** Where the parenthesis is closed that opens here; -1 where it is not. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '"') {
      const end = stringEnd(text, i);
      if (end < 0) return -1;
      i = end - 1;
    } else if (text[i] === "(") depth++;
    else if (text[i] === ")" && --depth === 0) return i;
  }
  return -1;
}
