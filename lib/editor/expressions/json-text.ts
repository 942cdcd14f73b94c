/**
 * JSON as it is typed: what it says, or where it stops being JSON; where each value stands, by its pointer; and, in a text that is
 * not finished, what is being written at a place.
 */
import { type JsonValue, MAX_JSON_DEPTH } from "../../contract/json";
import { escapePointer } from "../../core/expressions/template";
import type { Path } from "../document";

export interface JsonSpan {
  readonly from: number;
  readonly to: number;
  /** Of the name before it, quotes included; null: it has none. */
  readonly key: { readonly from: number; readonly to: number } | null;
  readonly path: Path;
}

export interface JsonText {
  /** Absent: it is no JSON. */
  readonly value?: JsonValue;
  readonly fault?: { readonly from: number; readonly to: number; readonly message: string };
  /** By JSON pointer, as far as the text is JSON. */
  readonly spans: ReadonlyMap<string, JsonSpan>;
}

class NoJson {
  constructor(
    readonly from: number,
    readonly message: string,
  ) {}
}

/** Named twice, the last one counts; that is said as a fault, for nobody means it. */
export function readJson(text: string): JsonText {
  const reader = new Reader(text);
  try {
    return { value: reader.whole(), spans: reader.spans };
  } catch (stopped) {
    if (!(stopped instanceof NoJson)) throw stopped;
    const from = Math.min(stopped.from, Math.max(0, text.length - 1));
    return {
      fault: { from, to: Math.min(text.length, wordEnd(text, from)), message: stopped.message },
      spans: reader.spans,
    };
  }
}

function wordEnd(text: string, from: number): number {
  const word = /^[\w.+-]+|^"(?:[^"\\\n]|\\.)*"?/.exec(text.slice(from))?.[0];
  return from + (word?.length ?? 1);
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\p{Cc}]|\u007f|[\u0080-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const WORD = /true|false|null/y;

class Reader {
  readonly spans = new Map<string, JsonSpan>();
  #at = 0;

  constructor(private readonly text: string) {}

  whole(): JsonValue {
    const value = this.#value("", [], null);
    if (this.#at < this.text.length) throw new NoJson(this.#at, "Nothing may follow here: the value is complete.");
    return value;
  }

  #value(pointer: string, path: Path, key: JsonSpan["key"]): JsonValue {
    this.#skip();
    const from = this.#at;
    if (path.length > MAX_JSON_DEPTH) throw new NoJson(from, "This is nested too deep.");
    const value = this.#read(pointer, path);
    this.spans.set(pointer, { from, to: this.#at, key, path });
    this.#skip();
    return value;
  }

  #read(pointer: string, path: Path): JsonValue {
    switch (this.text[this.#at]) {
      case "{":
        return this.#object(pointer, path);
      case "[":
        return this.#list(pointer, path);
      case '"':
        return this.#string();
      default: {
        const word = this.#take(WORD) ?? this.#take(NUMBER);
        if (word === null)
          throw new NoJson(this.#at, this.#isAtEnd ? "A value is missing at the end." : "A value is missing here.");
        return JSON.parse(word);
      }
    }
  }

  #object(pointer: string, path: Path): JsonValue {
    const members = new Map<string, JsonValue>();
    this.#at++;
    this.#skip();
    if (this.#eat("}")) return {};
    for (;;) {
      const from = this.#at;
      if (this.text[from] !== '"')
        throw new NoJson(
          from,
          this.text[from] === "}" ? "Take the comma before it out." : "A name in quotes is missing here.",
        );
      const name = this.#string();
      if (members.has(name)) throw new NoJson(from, `There is ${name} already: keep one of them.`);
      const key = { from, to: this.#at };
      this.#skip();
      if (!this.#eat(":")) throw new NoJson(this.#at, "A colon is missing after the name.");
      members.set(name, this.#value(`${pointer}/${escapePointer(name)}`, [...path, name], key));
      if (this.#eat("}")) return Object.fromEntries(members);
      if (!this.#eat(",")) throw new NoJson(this.#at, "A comma or } is missing here.");
      this.#skip();
    }
  }

  #list(pointer: string, path: Path): JsonValue {
    const list: JsonValue[] = [];
    this.#at++;
    this.#skip();
    if (this.#eat("]")) return list;
    for (;;) {
      if (this.text[this.#at] === "]") throw new NoJson(this.#at, "Take the comma before it out.");
      list.push(this.#value(`${pointer}/${list.length}`, [...path, list.length], null));
      if (this.#eat("]")) return list;
      if (!this.#eat(",")) throw new NoJson(this.#at, "A comma or ] is missing here.");
      this.#skip();
    }
  }

  #string(): string {
    const from = this.#at;
    const text = this.#take(STRING);
    if (text !== null) return JSON.parse(text);
    throw new NoJson(from, "This text does not end, or has a character in it that must be escaped.");
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  #skip(): void {
    this.#take(SPACE);
  }

  #eat(sign: string): boolean {
    if (this.text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** What is written at a place of a text that need not be JSON yet. */
export interface JsonContext {
  /** To the object whose name, or to the value that, is written. */
  readonly path: Path;
  readonly kind: "key" | "value";
  /** What stands there already, quotes included. */
  readonly from: number;
  readonly to: number;
  /** It is a text in quotes, or the beginning of one. */
  readonly isQuoted: boolean;
  /** Names that the object has before this place. */
  readonly names: readonly string[];
}

interface Level {
  readonly isObject: boolean;
  key: string | null;
  index: number;
  isValueDue: boolean;
  readonly names: string[];
}

const WORDS = /"(?:[^"\\\n]|\\.)*(?:"|$|(?=\n))|[{}[\],:]|[^\s"{}[\],:]+/g;

/** Null: nothing can be written there but white space or a sign. */
export function jsonContextAt(text: string, cursor: number): JsonContext | null {
  const levels: Level[] = [];
  let word = { from: cursor, to: cursor };
  let before: string | null = null;
  WORDS.lastIndex = 0;
  for (let found = WORDS.exec(text); found !== null; found = WORDS.exec(text)) {
    const from = found.index;
    const to = from + found[0].length;
    const isSign = /^[{}[\],:]$/.test(found[0]);
    const isClosed = found[0].length > 1 && found[0].endsWith('"');
    if (from >= cursor) break;
    if (!isSign && (cursor < to || (cursor === to && !(found[0].startsWith('"') && isClosed)))) {
      word = { from, to };
      break;
    }
    before = found[0];
    walk(levels, found[0]);
  }
  const level = levels.at(-1);
  const isQuoted = text[word.from] === '"' && word.to > word.from;
  const path = pathTo(levels);
  if (level === undefined) return before === null ? { path: [], kind: "value", ...word, isQuoted, names: [] } : null;
  if (level.isObject && !level.isValueDue) {
    const isDue = before === "{" || before === ",";
    return isDue ? { path: path.slice(0, -1), kind: "key", ...word, isQuoted, names: level.names } : null;
  }
  const isDue = before === ":" || (!level.isObject && (before === "[" || before === ","));
  return isDue ? { path, kind: "value", ...word, isQuoted, names: level.names } : null;
}

function walk(levels: Level[], word: string): void {
  const level = levels.at(-1);
  if (word === "{" || word === "[")
    levels.push({ isObject: word === "{", key: null, index: 0, isValueDue: word === "[", names: [] });
  else if (word === "}" || word === "]") levels.pop();
  else if (level === undefined) return;
  else if (word === ":") level.isValueDue = true;
  else if (word === ",") {
    level.index++;
    level.isValueDue = !level.isObject;
  } else if (level.isObject && !level.isValueDue) {
    level.key = decodeJsonString(word).text;
    level.names.push(level.key);
  }
}

function pathTo(levels: readonly Level[]): Path {
  return levels.map(({ isObject, key, index }) => (isObject ? (key ?? "") : index));
}

/** What the text says as far as it can be told: what lacks its end is ended, and what is no value is null. */
export function lenientJson(text: string): JsonValue {
  const levels: { value: JsonValue[] | { [name: string]: JsonValue }; key: string | null }[] = [];
  let root: JsonValue = null;
  const put = (value: JsonValue) => {
    const level = levels.at(-1);
    if (level === undefined) root = value;
    else if (Array.isArray(level.value)) level.value.push(value);
    else if (level.key === null) level.key = typeof value === "string" ? value : "";
    else {
      if (level.key !== "__proto__") level.value[level.key] = value;
      level.key = null;
    }
  };
  WORDS.lastIndex = 0;
  for (const [word] of text.matchAll(WORDS)) {
    const level = levels.at(-1);
    if (word === "{" || word === "[") {
      const value = word === "{" ? {} : [];
      put(value);
      levels.push({ value, key: null });
    } else if (word === "}" || word === "]") levels.pop();
    else if (word === ",") {
      if (level !== undefined) level.key = null;
    } else if (word !== ":") put(word.startsWith('"') ? decodeJsonString(word).text : scalar(word));
  }
  return root;
}

function scalar(word: string): JsonValue {
  if (word === "true" || word === "false") return word === "true";
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word) ? Number(word) : null;
}

/** A quoted text and where each of its characters stands in it, counted from the first quote; one more than it has. */
export function decodeJsonString(raw: string): { readonly text: string; readonly places: readonly number[] } {
  const places: number[] = [];
  let text = "";
  let at = raw.startsWith('"') ? 1 : 0;
  const end = raw.length > 1 && raw.endsWith('"') ? raw.length - 1 : raw.length;
  while (at < end) {
    const code = /^\\(?:u[0-9a-fA-F]{4}|[^u])/.exec(raw.slice(at, at + 6))?.[0];
    places.push(at);
    text += code === undefined ? raw[at] : unescaped(code);
    at += code?.length ?? 1;
  }
  places.push(end);
  return { text, places };
}

function unescaped(code: string): string {
  try {
    return JSON.parse(`"${code}"`);
  } catch {
    return code.slice(1);
  }
}
