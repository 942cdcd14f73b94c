/** Patterns of fields, and of error codes, as the conditions that they stand for. */
import { DefinitionError } from "../errors";
import { celOf, literal, member, presence } from "./references";

/** Fields that a value must have, each equal to what is given; objects in it are patterns again. */
export type Pattern<T> = unknown extends T
  ? unknown
  : T extends readonly (infer Item)[]
    ? readonly Pattern<Item>[]
    : T extends object
      ? { readonly [K in keyof T]?: Pattern<T[K]> }
      : T;

/** CEL for "the value at this path has these fields". A field that is missing does not match; the pattern must ask for something. */
export function patternCel(path: string, pattern: unknown, where: string): string {
  if (celOf(pattern) !== undefined)
    throw new DefinitionError(`${where} is an expression. Write when(condition, …) for what is no plain value.`);
  if (Array.isArray(pattern)) return listCel(path, pattern, where);
  if (!isPlain(pattern)) return `${path} == ${literal(pattern, where)}`;
  const fields = Object.entries(pattern);
  if (fields.length === 0)
    throw new DefinitionError(`${where} is an empty pattern, which asks for nothing. Name a field: { age: 18 }.`);
  return fields
    .map(([key, value]) => {
      const at = member(path, key);
      return `${presence(at)} && ${patternCel(at, value, `${where}.${key}`)}`;
    })
    .join(" && ");
}

function isPlain(pattern: unknown): pattern is object {
  return typeof pattern === "object" && pattern !== null && Object.getPrototypeOf(pattern) === Object.prototype;
}

function listCel(path: string, pattern: readonly unknown[], where: string): string {
  const items = pattern.map((value, i) => patternCel(`${path}[${i}]`, value, `${where}[${i}]`));
  return [`size(${path}) == ${pattern.length}`, ...items].join(" && ");
}

/** CEL for "this error code is one of these"; one `*` in a code stands for any characters. */
export function codeCel(path: string, codes: readonly string[], where: string): string {
  if (codes.length === 0) throw new DefinitionError(`${where} names no error code. Write onError("HTTP_ERROR", …).`);
  return codes.map((code) => `(${oneCodeCel(path, code, where)})`).join(" || ");
}

function oneCodeCel(path: string, code: unknown, where: string): string {
  const parts = typeof code === "string" ? code.split("*") : [];
  const [start = "", end] = parts;
  if (parts.length === 0 || code === "" || parts.length > 2)
    throw new DefinitionError(
      `${where} is ${JSON.stringify(code) ?? typeof code}. Write an error code, with at most one * in it: "HTTP_ERROR", "HTTP_*", "*_TIMEOUT".`,
    );
  if (end === undefined) return `${path} == ${JSON.stringify(start)}`;
  const asks = [
    ...(start === "" ? [] : [`${path}.startsWith(${JSON.stringify(start)})`]),
    ...(end === "" ? [] : [`${path}.endsWith(${JSON.stringify(end)})`]),
    ...(start === "" || end === "" ? [] : [`size(${path}) >= ${start.length + end.length}`]),
  ];
  return asks.length === 0 ? "true" : asks.join(" && ");
}
