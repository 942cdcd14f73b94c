/** A JSON value as the lines that are shown of it: what is folded is one line. Pure; a megabyte is walked in some ten milliseconds. */
import type { JsonValue } from "@/lib/contract/json";

export interface JsonLine {
  /** JSON pointer of the value. */
  id: string;
  /** Steps from the root; what a line's value is called in its parent. */
  depth: number;
  name: string | number | null;
  /** `end`: the closing bracket of what is open. */
  kind: "value" | "open" | "folded" | "end";
  value: JsonValue;
}

/** What a person has folded and unfolded, by pointer. */
export type Folds = ReadonlyMap<string, boolean>;

const OPEN_DEPTH = 3;
const OPEN_MEMBERS = 30;

const isContainer = (value: JsonValue): value is JsonValue[] | { [name: string]: JsonValue } =>
  typeof value === "object" && value !== null;

export function sizeOf(value: JsonValue): number {
  if (Array.isArray(value)) return value.length;
  return isContainer(value) ? Object.keys(value).length : 0;
}

function escaped(name: string | number): string {
  return String(name).replaceAll("~", "~0").replaceAll("/", "~1");
}

function membersOf(value: JsonValue): [string | number, JsonValue][] {
  if (Array.isArray(value)) return value.map((member, index) => [index, member]);
  return isContainer(value) ? Object.entries(value) : [];
}

/** The root is always open; small values are, up to some depth; the rest is as `folds` says. */
export function jsonLines(value: JsonValue, folds: Folds): JsonLine[] {
  const lines: JsonLine[] = [];
  walk(value, "", null, 0);
  return lines;

  function walk(value: JsonValue, id: string, name: JsonLine["name"], depth: number) {
    const size = sizeOf(value);
    const line = { id, name, depth, value };
    if (size === 0) return lines.push({ ...line, kind: "value" });
    const open = folds.get(id) ?? (depth === 0 || (depth < OPEN_DEPTH && size <= OPEN_MEMBERS));
    if (!open) return lines.push({ ...line, kind: "folded" });
    lines.push({ ...line, kind: "open" });
    for (const [member, inner] of membersOf(value)) walk(inner, `${id}/${escaped(member)}`, member, depth + 1);
    lines.push({ ...line, kind: "end", name: null });
  }
}

/** All of it folded (but the root), or unfolded. */
export function foldAll(value: JsonValue, open: boolean): Folds {
  const folds = new Map<string, boolean>();
  walk(value, "");
  return folds;

  function walk(value: JsonValue, id: string) {
    if (sizeOf(value) === 0) return;
    if (id !== "") folds.set(id, open);
    for (const [member, inner] of membersOf(value)) walk(inner, `${id}/${escaped(member)}`);
  }
}

export const MATCHES_MAX = 1000;

/** Pointers of the values whose name or text holds the words, in order, at most {@link MATCHES_MAX}. */
export function findInJson(value: JsonValue, words: string): string[] {
  const wanted = words.trim().toLowerCase();
  const found: string[] = [];
  if (wanted !== "") walk(value, "", "");
  return found;

  function walk(value: JsonValue, id: string, name: string | number) {
    if (found.length === MATCHES_MAX) return;
    const isNamed = typeof name === "string" && name.toLowerCase().includes(wanted);
    if (isNamed || (!isContainer(value) && String(value).toLowerCase().includes(wanted))) found.push(id);
    for (const [member, inner] of membersOf(value)) walk(inner, `${id}/${escaped(member)}`, member);
  }
}

/** What has to be open for a value to be seen. */
export function around(id: string): string[] {
  const parts = id.split("/");
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** As expressions write it: `items[3].name`; of the root nothing. */
export function pathText(id: string, root: JsonValue): string {
  let value: JsonValue | undefined = root;
  let path = "";
  for (const part of id.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) {
      path += `[${name}]`;
      value = value[Number(name)];
      continue;
    }
    path += PLAIN_NAME.test(name) ? `${path === "" ? "" : "."}${name}` : `[${JSON.stringify(name)}]`;
    value = value !== undefined && isContainer(value) ? (value as { [name: string]: JsonValue })[name] : undefined;
  }
  return path;
}
