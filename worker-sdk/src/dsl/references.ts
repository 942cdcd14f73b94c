/** References and conditions: written with types in TypeScript, kept as CEL text, which is what the engine evaluates. */
import { DefinitionError } from "../errors";
import type { JsonValue } from "../types";

const CEL: unique symbol = Symbol("cel");
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** CEL refuses these after a dot. */
const KEYWORDS = new Set(["true", "false", "null", "in"]);

/** A condition, as data: made from references, or from CEL text by {@link cel}. */
export class Condition implements Expression {
  readonly [CEL]: string;

  constructor(readonly cel: string) {
    this[CEL] = cel;
  }

  and(other: Condition): Condition {
    return new Condition(`(${this.cel}) && (${other.cel})`);
  }
  or(other: Condition): Condition {
    return new Condition(`(${this.cel}) || (${other.cel})`);
  }
  not(): Condition {
    return new Condition(`!(${this.cel})`);
  }
  toString(): string {
    return this.cel;
  }
}

type Comparable = string | number;
type Operand<T> = T | Reference<T>;

/** Any reference or condition, as far as its CEL text goes. */
export interface Expression {
  readonly [CEL]: string;
}

interface Operators<T> extends Expression {
  eq(value: Operand<T>): Condition;
  ne(value: Operand<T>): Condition;
  gt(value: Operand<T & Comparable>): Condition;
  gte(value: Operand<T & Comparable>): Condition;
  lt(value: Operand<T & Comparable>): Condition;
  lte(value: Operand<T & Comparable>): Condition;
  /** Whether it is one of these. */
  oneOf(values: readonly T[]): Condition;
  /** Whether it is there at all: the step completed, the member is present. */
  exists(): Condition;
  /** A member whose name an operator hides, or an element of a list. */
  at(key: string | number): Reference<unknown>;
}

/** A place in the data of an execution: `on(fetchUser).address.city`. Used in conditions and in {@link Step.with}. */
export type Reference<T> = Operators<T> &
  (NonNullable<T> extends readonly unknown[]
    ? unknown
    : NonNullable<T> extends object
      ? { readonly [K in Exclude<keyof NonNullable<T>, keyof Operators<T>>]-?: Reference<NonNullable<T>[K]> }
      : unknown);

/** A step or a transform, as far as its result goes. */
interface HasOutput<Out> {
  readonly id: string;
  readonly types?: { out: Out };
}

/** What the step returned. */
export function on<Out>(step: HasOutput<Out>): Reference<Out> {
  return reference<Out>(`${stepPath(step)}.output`);
}

/** The execution's own input. */
export function input<T = unknown>(): Reference<T> {
  return reference<T>("input");
}

/** A condition in CEL: `cel("size(steps.fetch_orders.output) > 3")`. */
export function cel(expression: string): Condition {
  return new Condition(expression);
}

/** The CEL text of a reference or a condition; undefined for anything else. */
export function celOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? (value as Partial<Expression>)[CEL] : undefined;
}

export function stepPath(step: { readonly id: string }): string {
  return member("steps", step.id);
}

/** Whether the value at a path is there: `has()` takes only dotted members, the last of which may be missing. */
export function presence(path: string): string {
  const bracket = path.match(/^(.*)\[("(?:[^"\\]|\\.)*"|\d+)\]$/s);
  if (bracket === null) return path.includes(".") ? `has(${path})` : "true";
  const [, parent, key] = bracket as unknown as [string, string, string];
  return key.startsWith('"') ? `${key} in ${parent}` : `size(${parent}) > ${key}`;
}

function member(parent: string, key: string): string {
  return IDENTIFIER.test(key) && !KEYWORDS.has(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}

function reference<T>(path: string): Reference<T> {
  const operators: { [K in keyof Operators<unknown> & string]: (value: never) => unknown } = {
    eq: (value) => compare(path, "==", value),
    ne: (value) => compare(path, "!=", value),
    gt: (value) => compare(path, ">", value),
    gte: (value) => compare(path, ">=", value),
    lt: (value) => compare(path, "<", value),
    lte: (value) => compare(path, "<=", value),
    oneOf: (values) => compare(path, "in", values),
    exists: () => new Condition(presence(path)),
    at: (key: string | number) => reference(typeof key === "number" ? `${path}[${key}]` : member(path, key)),
  };
  return new Proxy(operators, {
    get(target, key) {
      if (key === CEL) return path;
      if (key === Symbol.toPrimitive) return () => path;
      if (typeof key === "symbol") return undefined;
      return Object.hasOwn(target, key) ? target[key as keyof typeof target] : reference(member(path, key));
    },
  }) as unknown as Reference<T>;
}

function compare(path: string, operator: string, value: unknown): Condition {
  return new Condition(
    `${path} ${operator} ${celOf(value) ?? literal(value, `the right side of ${path} ${operator}`)}`,
  );
}

/** CEL for a JSON value. Whole numbers beyond 2^53 are written as doubles, for a CEL integer could not hold all of them. */
function literal(value: unknown, where: string): string {
  if (typeof value === "function")
    throw new DefinitionError(`${where} is a function. Write the value itself, for a condition must be data.`);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new DefinitionError(`${where} is ${value}, which JSON cannot hold.`);
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? `${value.toExponential()}` : String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, where)).join(", ")}]`;
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const members = Object.entries(value as Record<string, JsonValue>);
    return `{${members.map(([key, item]) => `${JSON.stringify(key)}: ${literal(item, where)}`).join(", ")}}`;
  }
  throw new DefinitionError(
    `${where} is no JSON value (${typeof value}). Write null, a boolean, a number, a string, a list or an object.`,
  );
}
