/** Expressions and templates as code: references where the DSL has words for them, and else CEL text as it stands. */

import { celOf } from "../../../worker-sdk/src/dsl/references";
import type { JsonValue } from "../../contract/json";
import { type Code, call, evaluate, json, list, member, method, name, object, propertyName } from "./code";
import { DSL } from "./dsl";
import type { Shapes } from "./shapes";
import { equalities, isCondition, type Reference, type Words, wordsOf } from "./words";

/** What expressions may speak of by name. */
export interface Speech {
  readonly shapes: Shapes;
  /** The constant of a node, if it is declared by now. */
  constantOf(node: string): string | undefined;
  typeName(of: string | null): string;
}

/** A condition for `when`: words, or the text itself. */
export function conditionCode(text: string, speech: Speech): Code {
  const words = wordsOf(text);
  const code = words !== null && isCondition(words) ? wordsCode(words, speech) : null;
  return code !== null && isExact(code, text, speech) ? code : json(text);
}

/** Any template: objects and lists of it too. */
export function templateCode(template: JsonValue, speech: Speech): Code {
  if (typeof template === "string") return textCode(template, speech, true);
  if (typeof template !== "object" || template === null || !mentions(template)) return json(template);
  if (Array.isArray(template)) return list(template.map((item) => templateCode(item, speech)));
  return object(Object.entries(template).map(([key, value]) => [key, templateCode(value, speech)]));
}

/** A template that gives text: titles, URLs, codes. */
export function textTemplateCode(template: JsonValue, speech: Speech): Code {
  return typeof template === "string" ? textCode(template, speech, false) : json(template);
}

function textCode(template: string, speech: Speech, isAny: boolean): Code {
  if (!isExpression(template)) return json(template);
  const cel = template.slice(1);
  const words = wordsOf(cel);
  if (words === null || (!isAny && words.is !== "text")) return json(template);
  const code = wordsCode(words, speech);
  return code !== null && isExact(code, cel, speech) ? code : json(template);
}

export function isExpression(template: JsonValue): template is string {
  return typeof template === "string" && template.startsWith("=") && !template.startsWith("==");
}

function mentions(template: JsonValue): boolean {
  if (typeof template === "string") return isExpression(template);
  return typeof template === "object" && template !== null && Object.values(template).some(mentions);
}

/** Whether these words stand for exactly that text. */
function isExact(code: Code, cel: string, { constantOf }: Speech): boolean {
  const values = new Map(DSL);
  for (const id of nodesIn(cel)) {
    const constant = constantOf(id);
    if (constant !== undefined) values.set(constant, { id });
  }
  try {
    return celOf(evaluate(code, values)) === cel;
  } catch {
    return false;
  }
}

function nodesIn(cel: string): string[] {
  return [...cel.matchAll(/steps\.([A-Za-z0-9_]+)|steps\["((?:[^"\\]|\\.)*)"\]/g)].map(([, plain, quoted]) =>
    plain === undefined ? (JSON.parse(`"${quoted}"`) as string) : plain,
  );
}

function wordsCode(words: Words, speech: Speech): Code | null {
  switch (words.is) {
    case "reference":
      return referenceCode(words.of, speech);
    case "exists":
      return after(referenceCode(words.of, speech), (of) => method(of, "exists"));
    case "or-else":
      return after(referenceCode(words.of, speech), (of) => method(of, "orElse", json(words.other)));
    case "compare": {
      const { operator, value } = words;
      // Of what is null or no primitive, types say too little.
      if (operator !== "oneOf" && typeof value === "object") return null;
      return after(referenceCode(words.of, speech), (of) => method(of, operator, json(value)));
    }
    case "not":
      return after(wordsCode(words.inner, speech), (of) => method(of, "not"));
    case "and":
    case "or": {
      const right = wordsCode(words.right, speech);
      return right && after(wordsCode(words.left, speech), (left) => method(left, words.is, right));
    }
    case "text": {
      const values = words.values.map((value) => referenceCode(value, speech));
      const known = values.filter((value) => value !== null);
      return known.length < values.length ? null : { is: "text", parts: words.parts, values: known };
    }
  }
}

function after(code: Code | null, then: (code: Code) => Code): Code | null {
  return code === null ? null : then(code);
}

function referenceCode(reference: Reference, speech: Speech): Code | null {
  let code = rootCode(reference, speech);
  for (const [depth, segment] of reference.segments.entries()) {
    if (code === null) return null;
    code = speech.shapes.hasMember(reference, depth)
      ? member(code, String(segment))
      : method(code, "at", json(segment));
  }
  return code;
}

function rootCode({ root, node }: Reference, speech: Speech): Code | null {
  switch (root) {
    case "output":
    case "error": {
      const constant = speech.constantOf(node ?? "");
      return constant === undefined ? null : call(root === "output" ? "on" : "errorOf", name(constant));
    }
    case "input":
      return speech.shapes.isKnown(null)
        ? { is: "call", of: name("input"), types: speech.typeName(null), args: [] }
        : call("input");
    case "item":
    case "index":
    case "execution":
      return call(root);
    default:
      return root.split(".").reduce((of: Code, word, i) => (i === 0 ? call(word) : member(of, word)), name(root));
  }
}

/** The type of what a template gives, as far as it is known. */
export function typeOfTemplate(template: JsonValue, speech: Pick<Speech, "shapes" | "typeName">): string {
  const { shapes, typeName } = speech;
  if (isExpression(template)) {
    const words = wordsOf(template.slice(1));
    return words?.is === "reference" ? shapes.typeAt(words.of, typeName) : words?.is === "text" ? "string" : "unknown";
  }
  if (Array.isArray(template)) return "unknown[]";
  if (template === null) return "null";
  if (typeof template !== "object") return typeof template;
  const members = Object.entries(template).map(
    ([key, value]) => `${propertyName(key)}: ${typeOfTemplate(value, speech)}`,
  );
  return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
}

/** `{ age: 18 }` for what asks for that field of this node's result or error; null where it asks for more. */
export function patternOf(cel: string, node: string, root: "output" | "error"): { [key: string]: JsonValue } | null {
  const found = equalities(cel);
  if (found === null || found.length === 0) return null;
  const pattern: { [key: string]: JsonValue } = {};
  for (const { of, value } of found) {
    if (of.root !== root || of.node !== node || of.segments.length === 0) return null;
    if (!put(pattern, of.segments, value)) return null;
  }
  return pattern;
}

function put(pattern: { [key: string]: JsonValue }, segments: readonly (string | number)[], value: JsonValue): boolean {
  let at = pattern;
  for (const [i, segment] of segments.entries()) {
    if (typeof segment !== "string" || segment === "__proto__") return false;
    if (i === segments.length - 1) {
      if (Object.hasOwn(at, segment)) return false;
      at[segment] = value;
      return true;
    }
    const next = at[segment] ?? {};
    if (typeof next !== "object" || Array.isArray(next) || next === null) return false;
    at[segment] = next;
    at = next;
  }
  return false;
}

/** The codes of `onError("HTTP_*")`, where the text is what that stands for. */
export function errorCodesOf(cel: string): string[] {
  return cel.split(" || ").map((piece) => {
    const whole = /== "([^"*\\]+)"\)$/.exec(piece)?.[1];
    if (whole !== undefined) return whole;
    const begin = /startsWith\("([^"*\\]+)"\)/.exec(piece)?.[1] ?? "";
    const end = /endsWith\("([^"*\\]+)"\)/.exec(piece)?.[1] ?? "";
    return `${begin}*${end}`;
  });
}
