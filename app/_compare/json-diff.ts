/** How one JSON value differs from another, by paths; pure. Lists are compared from both ends, so that one more item is one change. */
import { canonicalJson, type JsonValue } from "@/lib/contract/json";

export interface JsonChange {
  /** A JSON pointer; empty: the whole value. */
  path: string;
  kind: "added" | "removed" | "changed";
  /** Undefined where it is added. */
  before: JsonValue | undefined;
  /** Undefined where it is removed. */
  after: JsonValue | undefined;
}

export interface JsonDiff {
  changes: JsonChange[];
  /** There are more than were looked for. */
  isCut: boolean;
}

const MOST = 500;

export function diffJson(before: JsonValue | undefined, after: JsonValue | undefined, most = MOST): JsonDiff {
  const changes: JsonChange[] = [];
  walk(before, after, "", changes, most);
  return { changes: changes.slice(0, most), isCut: changes.length > most };
}

function walk(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: string,
  found: JsonChange[],
  most: number,
): void {
  if (found.length > most || before === after) return;
  if (before === undefined || after === undefined) {
    found.push({ path, kind: before === undefined ? "added" : "removed", before, after });
  } else if (Array.isArray(before) && Array.isArray(after)) walkLists(before, after, path, found, most);
  else if (isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
      walk(own(before, name), own(after, name), `${path}/${escaped(name)}`, found, most);
  } else if (canonicalJson(before) !== canonicalJson(after)) found.push({ path, kind: "changed", before, after });
}

function walkLists(before: JsonValue[], after: JsonValue[], path: string, found: JsonChange[], most: number): void {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end++;
  const longest = Math.max(before.length, after.length) - end;
  for (let at = start; at < longest && found.length <= most; at++)
    walk(
      at < before.length - end ? before[at] : undefined,
      at < after.length - end ? after[at] : undefined,
      `${path}/${at}`,
      found,
      most,
    );
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  return before === after || canonicalJson(before) === canonicalJson(after);
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(value: { [key: string]: JsonValue }, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
