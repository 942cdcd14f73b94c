/** Fixes of expressions: slips of other languages, names that nearly are there, outputs that may not be. */
import { compileExpression } from "../../core/expressions/expression";
import { everyId, nodeOf } from "../document";
import { renamedText } from "../rename";
import { type Fix, type Fixer, type Found, fix, setHere } from "./fix";
import { nearest } from "./nearest";

/** The expression without its `=`, and how another one is written in its place. */
interface Written {
  readonly source: string;
  readonly isCondition: boolean;
  readonly put: (title: string, source: string) => Fix[];
}

function writtenAt(found: Found): Written | null {
  const { value } = found;
  if (typeof value !== "string") return null;
  const isCondition = isBare(found);
  if (!isCondition && !value.startsWith("=")) return null;
  return {
    source: isCondition ? value : value.slice(1),
    isCondition,
    put: (title, source) => fix(title, setHere(found, isCondition ? source : `=${source}`)),
  };
}

/** `cases[].when` and `poll.until` are expressions without a `=`. */
function isBare({ place }: Found): boolean {
  if (place.kind !== "node") return false;
  const [first, second, third] = place.path[0] === "body" ? place.path.slice(1) : place.path;
  return (first === "cases" && third === "when") || (first === "poll" && second === "until");
}

const SLIPS: readonly (readonly [RegExp, string])[] = [
  [/^\s*=+\s*(?=[^=])/, ""],
  [/^\s*\$?\{\{?([\s\S]*?)\}?\}\s*$/, "$1"],
  [/===/g, "=="],
  [/!==/g, "!="],
  [/<>/g, "!="],
  [/(?<![=!<>])=(?!=)/g, "=="],
  [/(?<!&)&(?!&)/g, "&&"],
  [/(?<!\|)\|(?!\|)/g, "||"],
  [/\band\b/gi, "&&"],
  [/\bor\b/gi, "||"],
  [/\bnot\s+/gi, "!"],
  [/\?\?/g, "||"],
  [/\?\./g, "."],
  [/\b(undefined|None|nil|NULL)\b/g, "null"],
  [/\bTrue\b/g, "true"],
  [/\bFalse\b/g, "false"],
  [/[“”]/g, '"'],
  [/[‘’]/g, "'"],
  [/[\s;,]+$/, ""],
];

/** First each slip by itself, then all that apply together. */
export const fixSyntax: Fixer = (found) => {
  const written = writtenAt(found);
  if (written === null) return [];
  const { source } = written;
  const single = SLIPS.map(([slip, right]) => outsideQuotes(source, slip, right));
  const together = SLIPS.reduce((text, [slip, right]) => outsideQuotes(text, slip, right), source);
  const candidates = [...single, together, closed(source), closed(together)].map((text) => text.trim());
  const meant = candidates.find((text) => text !== "" && text !== source && !("fault" in compileExpression(text)));
  return meant === undefined ? [] : written.put(`Write ${meant}`, meant);
};

/** What is quoted is text and stays. */
function outsideQuotes(source: string, slip: RegExp, right: string): string {
  const parts = source.split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/);
  if (parts.length === 1 || slip.source.startsWith("^") || slip.source.endsWith("$"))
    return source.replace(slip, right);
  return parts.map((part, i) => (i % 2 === 1 ? part : part.replace(slip, right))).join("");
}

const CLOSING: { readonly [open: string]: string } = { "(": ")", "[": "]", "{": "}" };

/** With the quotes and brackets closed that were left open. */
function closed(source: string): string {
  const open: string[] = [];
  let quote = "";
  for (const [i, letter] of [...source].entries()) {
    if (quote !== "") quote = letter === quote && source[i - 1] !== "\\" ? "" : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter in CLOSING) open.push(CLOSING[letter] ?? "");
    else if (letter === open.at(-1)) open.pop();
  }
  return source + quote + open.reverse().join("");
}

export const fixUnknownStep: Fixer = (found) => {
  const { place, document, value } = found;
  const ids = everyId(document.definition);
  if (place.kind === "node" && place.path.at(-1) === "rethrow")
    return nearest(String(value), ids).flatMap((id) => fix(`Rethrow ${id}`, setHere(found, id)));
  const written = writtenAt(found);
  const compiled = written && compileExpression(written.source);
  if (written === null || compiled === null || "fault" in compiled) return [];
  const own = place.kind === "node" ? place.node : "";
  return [...compiled.references.steps]
    .filter((step) => !ids.has(step))
    .flatMap((step) =>
      nearest(step, ids)
        .filter((id) => id !== own)
        .map((id) => ({ step, id })),
    )
    .flatMap(({ step, id }) => written.put(`Read ${id}`, renamedText(written.source, new Map([[step, id]]))));
};

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Without the output there is nothing; where nothing cannot stand, what is empty. */
export const fixMayBeMissing: Fixer = (found) => {
  const written = writtenAt(found);
  const compiled = written && compileExpression(written.source);
  const without = withoutIt(found);
  if (written === null || compiled === null || "fault" in compiled || without === null) return [];
  const { source, isCondition, put } = written;
  return [...compiled.references.steps].flatMap((step) => {
    const output = `${IDENTIFIER.test(step) ? `steps.${step}` : `steps[${JSON.stringify(step)}]`}.output`;
    const inner = /^[\w.[\]"-]+$/.test(source) ? source : `(${source})`;
    return put(
      isCondition ? `Ask first whether ${step} has an output` : `Without an output of ${step}: ${without}`,
      isCondition ? `has(${output}) && ${inner}` : `has(${output}) ? ${inner} : ${without}`,
    );
  });
};

const TEXTS: ReadonlySet<string | number | undefined> = new Set([
  ...["title", "description", "signal", "code", "message", "concurrencyKey", "url"],
]);

/** Null: nothing would do there. */
function withoutIt({ place, document }: Found): string | null {
  if (place.kind !== "node") return "null";
  const [first, second] = place.path[0] === "body" ? place.path.slice(1) : place.path;
  const type = nodeOf(document.definition, place.node)?.node.type;
  if (first === "input" || first === "value" || first === "output" || first === "compensate") return "null";
  if (first === "items" || (first === "assignees" && place.path.length === 1)) return "[]";
  if (TEXTS.has(first) || (first === "request" && (second === "url" || second === "headers"))) return '""';
  if (first === "duration") return '"0s"';
  return type === "sleep" || first === "timeout" ? null : "null";
}
