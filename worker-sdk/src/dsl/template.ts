/** Templates: JSON in which references and conditions stand for values of the execution. What cannot be sent is refused here. */
import { DefinitionError } from "../errors";
import type { Duration, JsonValue } from "../types/definition";
import { celOf, type Expression } from "./references";

/** Any JSON; expressions, and strings that begin with `=` (CEL), are evaluated when the node starts. */
export type Template =
  | null
  | boolean
  | number
  | string
  | Expression
  | readonly Template[]
  | { readonly [key: string]: Template | undefined };

/** A template that gives a `T`: each part is the value itself, an expression of its type, or CEL after a `=`. */
export type TemplateOf<T> = unknown extends T
  ? Template
  : T | Expression<T> | `=${string}` | (T extends object ? { readonly [K in keyof T]: TemplateOf<T[K]> } : never);

/** What a template gives; `unknown` where CEL text does not say. */
export type Evaluated<Value> =
  Value extends Expression<infer T>
    ? T
    : Value extends `=${string}`
      ? unknown
      : Value extends readonly unknown[] | { readonly [key: string]: unknown }
        ? { -readonly [K in keyof Value]: Evaluated<Value[K]> }
        : Value;

/** Text, CEL after a `=`, or {@link text} with values in it. */
export type TextTemplate = string | Expression<string>;

/** How long a wait may take: a duration, or an expression that gives one. */
export type DurationTemplate = Duration | Expression<string> | Expression<number>;

/** The template as the definition holds it. Throws {@link DefinitionError}, naming the place, for what JSON cannot hold. */
export function templateJson(value: unknown, where: string): JsonValue {
  return convert(value, where, new Set());
}
function convert(value: unknown, where: string, above: Set<object>): JsonValue {
  const expression = celOf(value);
  if (expression !== undefined) return `=${expression}`;
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw refusal(where, String(value), "Use a finite number, or null");
  }
  if (typeof value === "function")
    throw refusal(
      where,
      "a function",
      'Compute it in a step, or write an expression: "=steps.fetch_user.output.age + 1"',
    );
  if (typeof value !== "object") throw refusal(where, typeof value, "Leave it out, or use null, a string or a number");
  if (above.has(value)) throw refusal(where, "an object that contains itself", "Write the data without the cycle");
  above.add(value);
  const json = Array.isArray(value) ? convertList(value, where, above) : convertObject(value, where, above);
  above.delete(value);
  return json;
}

function convertList(list: unknown[], where: string, above: Set<object>): JsonValue[] {
  return list.map((item, i) => convert(item, `${where}[${i}]`, above));
}

function convertObject(object: object, where: string, above: Set<object>): JsonValue {
  if (object instanceof Date) throw refusal(where, "a Date", "Write date.toISOString()");
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null)
    throw refusal(where, `a ${object.constructor?.name ?? "class"} instance`, "Write its data as a plain object");
  const members = Object.entries(object).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, convert(member, `${where}.${key}`, above)]));
}

function refusal(where: string, what: string, cure: string): DefinitionError {
  return new DefinitionError(
    `${where} is ${what}. A definition is data: it is stored, and evaluated by the engine elsewhere. ${cure}.`,
  );
}
