/** Which fields of a node take expressions: the core says it, of the node with something written there. */
import type { Node } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { templateFields } from "../../core/definition/fields";
import { escapePointer } from "../../core/expressions/template";
import type { Path } from "../document";

export interface ExpressionField {
  /** As the engine names it: `input`, `cases/0/when`, `poll/until`. */
  readonly name: string;
  /** It is an expression as it stands; in a template one begins with `=`. */
  readonly isBare: boolean;
}

/** Null: what is written at that path is taken as it is. */
export function fieldOf(node: Node, path: Path): ExpressionField | null {
  const pointer = path.map((key) => escapePointer(String(key))).join("/");
  const field = templateFields(writtenAt(node, path)).find(
    ({ field }) => pointer === field || pointer.startsWith(`${field}/`),
  );
  if (field === undefined) return null;
  return { name: field.field, isBare: isBare(node, field.field) };
}

/** The core puts a `=` before these, and nobody writes one. */
export function isBare({ type }: Node, field: string): boolean {
  return (type === "choice" && field.endsWith("/when")) || (type === "task" && field === "poll/until");
}

/** The node as it would be if there were something at that path: a field that is not there yet takes expressions all the same. */
function writtenAt(node: Node, path: Path): Node {
  return written(node, path) as unknown as Node;
}

function written(target: unknown, [key, ...rest]: Path): JsonValue {
  if (key === undefined) return (target ?? "") as JsonValue;
  if (Array.isArray(target)) {
    const list = [...target] as JsonValue[];
    list[Number(key)] = written(target[Number(key)], rest);
    return list;
  }
  if (target === undefined && typeof key === "number") return [written(undefined, rest)];
  const members = typeof target === "object" && target !== null ? (target as { [name: string]: JsonValue }) : {};
  return { ...members, [key]: written(members[key], rest) };
}
