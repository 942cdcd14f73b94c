/** The expressions inside a JSON text: strings that begin with `=`, and the fields that always are one. */
import type { EditorState, Text } from "@codemirror/state";
import type { Path } from "@/lib/editor/document";
import { decodeJsonString, type JsonText, jsonContextAt, readJson } from "@/lib/editor/expressions/json-text";
import { type ExpressionPlace, isBareAt } from "@/lib/editor/expressions/place";
import type { Samples } from "@/lib/editor/expressions/samples";
import type { Embedded, ExpressionSource } from "./expression-parts";

const read = new WeakMap<Text, JsonText>();

/** Each text is read once, whoever asks. */
export function jsonOf({ doc }: EditorState): JsonText {
  const known = read.get(doc);
  if (known !== undefined) return known;
  const json = readJson(doc.toString());
  read.set(doc, json);
  return json;
}

/** @param placeOf where a value of the text belongs; null: no expression is taken there */
export function jsonExpressions(
  placeOf: (path: Path) => ExpressionPlace | null,
  samples: () => Samples | null,
): ExpressionSource {
  return {
    samples,
    all(state, part) {
      const { spans } = jsonOf(state);
      const text = state.doc.toString();
      const found: Embedded[] = [];
      for (const { from, to, path } of [...spans.values()].sort((a, b) => a.from - b.from)) {
        if (text[from] !== '"' || (part !== undefined && (to < part.from || from > part.to))) continue;
        if (text[from + 1] !== "=" && !BARE.has(path.at(-1))) continue;
        const embedded = embeddedIn(text.slice(from, to), from, () => placeOf(path));
        if (embedded !== null) found.push(embedded);
      }
      return found;
    },
    at(state, position) {
      const text = state.doc.toString();
      const context = jsonContextAt(text, position);
      if (context === null || context.kind === "key" || !context.isQuoted) return null;
      const { from, to, path } = context;
      return embeddedIn(text.slice(from, to), from, () => placeOf(path));
    },
  };
}

/** The names of fields that may be expressions without a sign. */
const BARE: ReadonlySet<string | number | undefined> = new Set(["when", "until"]);
const EXPRESSION = /^=(?!=)/;

function embeddedIn(raw: string, start: number, placeOf: () => ExpressionPlace | null): Embedded | null {
  const { text, places } = decodeJsonString(raw);
  const isMarked = EXPRESSION.test(text);
  const place = placeOf();
  if (place === null) return null;
  const isBare = isBareAt(place);
  if (!isBare && !isMarked) return null;
  const skipped = isBare ? 0 : 1;
  const last = places.length - 1;
  return {
    text: text.slice(skipped),
    place,
    toDocument: (at) => start + (places[Math.min(at + skipped, last)] ?? 0),
    toExpression: (position) => Math.max(0, lastUpTo(places, position - start) - skipped),
    written: (added) => JSON.stringify(added).slice(1, -1),
  };
}

/** The last of the ascending numbers that is not above. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let found = 0;
  for (let at = 0; at < numbers.length && (numbers[at] ?? 0) <= most; at++) found = at;
  return found;
}
