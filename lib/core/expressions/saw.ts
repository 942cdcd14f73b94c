/** The operands that an expression read, as it found them: what explains a choice to a person. */
import type { JsonValue } from "../../contract/json";
import type { Expression, Scope } from "./expression";
import type { Path } from "./references";
import { storableText } from "./storable-text";
import { toJson } from "./to-json";

/** A longer value is cut, and a reader sees that it was. */
const SEEN_CHARACTERS = 1024;
const SEEN_PATHS = 32;

/** By path as written. What was not there is left out, and so is what is no JSON. */
export function sawOf(expression: Expression, scope: Scope): { [path: string]: JsonValue } {
  const saw = new Map<string, JsonValue>();
  for (const path of expression.references.paths) {
    if (saw.size === SEEN_PATHS) break;
    const value = read(path, scope);
    if (value === undefined || saw.has(path.text)) continue;
    try {
      saw.set(path.text, cut(toJson(value)));
    } catch {
      // Only what can be shown is shown; that the operand is no JSON, the expression itself has judged.
    }
  }
  return Object.fromEntries(saw);
}

function read(path: Path, scope: Scope): unknown {
  let at: unknown = scope[path.root];
  for (const segment of path.segments) {
    if (at instanceof Map) at = at.get(segment);
    else if (typeof at === "object" && at !== null && Object.hasOwn(at, segment)) at = Reflect.get(at, segment);
    else return undefined;
  }
  return at;
}

function cut(value: JsonValue): JsonValue {
  const text = JSON.stringify(value);
  return text.length <= SEEN_CHARACTERS ? value : storableText(text, SEEN_CHARACTERS);
}
