/** References and conditions: written with types in TypeScript, kept as CEL text, which is what the engine evaluates. */
import { DefinitionError } from "../errors";
import type { JsonValue } from "../types/definition";
import type { ErrorInfo } from "../types/history";

/** By name, so that what another copy of this package made is known too. */
const CEL: unique symbol = Symbol.for("@cerebelum/sdk cel");
declare const VALUE: unique symbol;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** CEL refuses these after a dot. */
const KEYWORDS = new Set(["true", "false", "null", "in"]);

/** A condition, as data: made from references, or from CEL text by {@link cel}. */
export class Condition implements Expression<boolean> {
  readonly [CEL]: string;
  declare readonly [VALUE]?: () => boolean;

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

/** Anything that the engine evaluates: a reference, a condition, a {@link text}. `T` is what it gives. */
export interface Expression<T = unknown> {
  readonly [CEL]: string;
  /** Only for the compiler. */
  readonly [VALUE]?: () => T;
}

interface Operators<T> extends Expression<T> {
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
  /** Itself where it is there, else this: for what may be missing. */
  orElse<const Other>(other: Other): Expression<NonNullable<T> | Other>;
  /** A member whose name an operator hides, or an element of a list. */
  at<Key extends keyof NonNullable<T>>(key: Key): Reference<NonNullable<T>[Key]>;
  at(key: string | number): Reference<unknown>;
}

/** A place in the data of an execution: `on(fetchUser).address.city`. Used in conditions and in {@link Step.with}. */
export type Reference<T> = Operators<T> &
  (NonNullable<T> extends readonly unknown[]
    ? unknown
    : NonNullable<T> extends object
      ? { readonly [K in Exclude<keyof NonNullable<T>, keyof Operators<T>>]-?: Reference<NonNullable<T>[K]> }
      : unknown);

/** A node, as far as its result goes. */
interface HasOutput<Out> {
  readonly id: string;
  readonly types?: { out: Out };
}

/** What the step returned: `on(fetchUser).age.gte(18)`. A field that it does not return is a compile error. */
export function on<Out>(step: HasOutput<Out>): Reference<Out> {
  return reference<Out>(`${stepPath(step)}.output`);
}

/** Why the step failed, there only if it did: `errorOf(charge).code.eq("NO_FUNDS")`. */
export function errorOf(step: { readonly id: string }): Reference<ErrorInfo> {
  return reference<ErrorInfo>(`${stepPath(step)}.error`);
}

/** The execution's own input: `input<Order>().customer.email`. */
export function input<T = unknown>(): Reference<T> {
  return reference<T>("input");
}

/** What an expression may know of its execution. */
interface ExecutionFacts {
  id: string;
  workflow: string;
  version: number;
  startedAt: string;
  tags: string[];
  correlationId: string | null;
  key: string | null;
}

/** The execution itself: `execution().id`. */
export function execution(): Reference<ExecutionFacts> {
  return reference<ExecutionFacts>("execution");
}

/** In a map: the item that it is about. `charge.with({ order: item<Order>(), user: on(fetchUser) })` */
export function item<T = unknown>(): Reference<T> {
  return reference<T>("item");
}

/** In a map: the item's place in the list, from 0. */
export function index(): Reference<number> {
  return reference<number>("index");
}

/** In a map inside a map: item and index of the outer one. */
export function outer<T = unknown>(): { readonly item: Reference<T>; readonly index: Reference<number> } {
  return { item: reference<T>("outer.item"), index: reference<number>("outer.index") };
}

/** One loop, seen from inside. */
export interface Loop<T> {
  /** 1 in the first turn. */
  readonly iteration: Reference<number>;
  /** What `carry` of the jump back carried; null in the first turn. */
  readonly value: Reference<T | null>;
}

/**
 * In a loop: the innermost one around the step, and as `outer` the next one out.
 *
 *     const draft = step("draft", write).with({ topic: input<Topic>(), problems: loop<string[]>().value });
 */
export function loop<T = unknown, Outer = unknown>(): Loop<T> & { readonly outer: Loop<Outer> } {
  const at = <V>(path: string): Loop<V> => ({
    iteration: reference<number>(`${path}.iteration`),
    value: reference<V | null>(`${path}.value`),
  });
  return { ...at<T>("loop"), outer: at<Outer>("loop.outer") };
}

/** A condition in CEL: `cel("size(steps.fetch_orders.output) > 3")`. */
export function cel(expression: string): Condition {
  return new Condition(expression);
}

/** What one round of polling gave, and which round it was, from 1; where `poll.until` stands. */
export function pollReferences<Out>(): [Reference<Out>, Reference<number>] {
  return [reference<Out>("output"), reference<number>("round")];
}

/** An expression of CEL text that was made here. */
export function expression<T>(cel: string): Expression<T> {
  return { [CEL]: cel, toString: () => cel } as Expression<T>;
}

/** The CEL text of an expression; undefined for anything else. */
export function celOf(value: unknown): string | undefined {
  return typeof value === "object" && value !== null ? (value as Partial<Expression>)[CEL] : undefined;
}

export function stepPath(step: { readonly id: string }): string {
  return member("steps", step.id);
}

/** Whether the value at a path is there; `has()` takes no positions of lists. */
export function presence(path: string): string {
  const position = path.match(/^(.*)\[(\d+)\]$/s);
  if (position !== null) return `${presence(position[1] ?? "")} && size(${position[1]}) > ${position[2]}`;
  return path.includes(".") || path.includes("[") ? `has(${path})` : "true";
}

/** One member further, by a dot where its name allows that. */
export function member(parent: string, key: string): string {
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
    orElse: (value) => expression(`(${presence(path)} ? ${path} : ${operand(value, `the other value of ${path}`)})`),
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
  return new Condition(`${path} ${operator} ${operand(value, `the right side of ${path} ${operator}`)}`);
}

function operand(value: unknown, where: string): string {
  return celOf(value) ?? literal(value, where);
}

/** CEL for a JSON value. Whole numbers beyond 2^53 are written as doubles, for a CEL integer could not hold all of them. */
export function literal(value: unknown, where: string): string {
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
