/** What a fix is, what it is made from, and the edits that many have in common. */
import type { Finding } from "../../contract/findings";
import type { JsonValue } from "../../contract/json";
import type { EditorDocument, Path } from "../document";
import type { Edit } from "../edits";
import type { FieldPlace } from "../fields/place-at";

export interface Fix {
  /** What it does, in words: the text of a button. */
  readonly title: string;
  /** One after the other, as one. */
  readonly edits: readonly Edit[];
}

/** A finding in its document. */
export interface Found {
  readonly document: EditorDocument;
  readonly finding: Finding;
  readonly place: FieldPlace;
  /** What stands there. */
  readonly value: JsonValue | undefined;
}

/** What might take a finding away; whether it does is judged by who offers it. */
export type Fixer = (found: Found) => readonly Fix[];

/** A field beside the finding, by its place within the same node or the workflow. */
export function setField({ place }: Found, path: Path, value: JsonValue | undefined): Edit[] {
  const given = value === undefined ? {} : { value };
  switch (place.kind) {
    case "node":
      return [{ type: "set-node", node: place.node, path, ...given }];
    case "workflow":
      return [{ type: "set-workflow", path, ...given }];
    case "edge": {
      const [first, second, ...rest] = path;
      if (first !== "loop" || second !== "carry") return [];
      const carry = withValue(place.written.loop?.carry, rest, value);
      const loop = { ...place.written.loop, ...(carry === undefined ? {} : { carry }) };
      return [{ type: "set-loop", scope: place.scope, edge: place.edge, loop }];
    }
  }
}

export function setHere(found: Found, value: JsonValue | undefined): Edit[] {
  return setField(found, found.place.path, value);
}

export function fix(title: string, edits: readonly Edit[]): Fix[] {
  return edits.length === 0 ? [] : [{ title, edits }];
}

function withValue(target: JsonValue | undefined, path: Path, value: JsonValue | undefined): JsonValue | undefined {
  const [key, ...rest] = path;
  if (key === undefined || target === undefined || target === null || typeof target !== "object") return value;
  if (Array.isArray(target))
    return target.map((each, i) => (i === Number(key) ? (withValue(each, rest, value) ?? null) : each));
  return { ...target, [key]: withValue(target[key], rest, value) ?? null };
}
