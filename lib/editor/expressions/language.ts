/**
 * The functions, methods and macros that expressions have, taken from the environment in which they run: each one is tried, and
 * what the core does not take is none.
 */
import { environment } from "../../core/expressions/environment";
import { compileExpression } from "../../core/expressions/expression";
import { ANY, BOOLEAN, isKind, listOf, NUMBER, object, partsOf, type Shape, STRING, TIMESTAMP, union } from "./shapes";

export interface LanguageFunction {
  readonly name: string;
  /** What it is a method of; null: it stands for itself. */
  readonly receiver: Shape | null;
  readonly gives: Shape;
  /** `(string) → boolean` */
  readonly signature: string;
  /** Between its brackets, as it is put in. */
  readonly example: string;
  readonly isMacro: boolean;
}

type Definition = ReturnType<typeof environment.getDefinitions>["functions"][number];

let functions: readonly LanguageFunction[] | null = null;

export function languageFunctions(): readonly LanguageFunction[] {
  functions ??= simplest(environment.getDefinitions().functions.flatMap(functionOf));
  return functions;
}

/** Each name once, whatever it can be called on. */
export function methodsOf(shape: Shape): LanguageFunction[] {
  const found = languageFunctions().filter(
    (each) => each.receiver !== null && (shape.kind === "any" || fits(shape, each.receiver, each.isMacro)),
  );
  return [...new Map(found.map((each) => [each.name, each])).values()];
}

/** They are there, and nobody needs them for values that are JSON. */
const SELDOM: ReadonlySet<string> = new Set(["dyn", "type", "uint", "bytes"]);

export function globalFunctions(): LanguageFunction[] {
  return languageFunctions().filter(({ receiver, name }) => receiver === null && !SELDOM.has(name));
}

let macros: ReadonlySet<string> | null = null;

/** Those whose first argument names a variable. */
export function macroNames(): ReadonlySet<string> {
  macros ??= new Set(languageFunctions().flatMap(({ name, isMacro, receiver }) => (isMacro && receiver ? [name] : [])));
  return macros;
}

/** What a call gives, as far as its name says it. */
export function givenBy(name: string, on: Shape | null): Shape {
  if (name === "filter" && on !== null) return filtered(on);
  const found = languageFunctions().find((each) => each.name === name && (each.receiver !== null) === (on !== null));
  return found?.gives ?? ANY;
}

/** Some of a list, or of an object's keys: never what has the object's members. */
function filtered(on: Shape): Shape {
  const parts = partsOf(on).map((part) => (part.kind === "object" ? listOf(STRING) : part));
  return union(...parts.filter(({ kind }) => kind === "list" || kind === "any"));
}

function fits(shape: Shape, receiver: Shape, isMacro: boolean): boolean {
  // Macros go over an object's keys like over a list.
  return isKind(shape, receiver.kind) || (isMacro && receiver.kind === "list" && isKind(shape, "object"));
}

function functionOf({ name, receiverType, params, returnType }: Definition): LanguageFunction[] {
  const receiver = receiverType === null ? null : typeOf(receiverType);
  const types = params.map(({ type }) => type);
  if (receiver === undefined) return [];
  const isMacro = types.includes("ast");
  const on = receiverType === null ? "" : `${valueFor(receiverType)}.`;
  const examples = isMacro ? macroExamples(receiver !== null, types.length) : [types.map(valueFor).join(", ")];
  const example = examples.find((each) => !("fault" in compileExpression(`${on}${name}(${each})`)));
  if (example === undefined) return [];
  const gives = typeOf(returnType) ?? ANY;
  const shown = isMacro ? macroSignature(receiver !== null, types.length) : types.map(typeName).join(", ");
  return [{ name, receiver, gives, signature: `(${shown}) → ${typeName(returnType)}`, example, isMacro }];
}

/** Of several ways to call the same, the one with the fewest arguments that takes any. */
function simplest(all: readonly LanguageFunction[]): LanguageFunction[] {
  const byName = new Map<string, LanguageFunction>();
  for (const each of all) {
    const key = `${each.receiver === null ? "" : each.receiver.kind}.${each.name}`;
    const known = byName.get(key);
    if (known === undefined) byName.set(key, each);
    // It takes values of several types: one that is read can be any of them.
    else if (each.receiver === null)
      byName.set(key, { ...known, example: "input", signature: `(…) → ${typeNameOf(known)}` });
  }
  return [...byName.values()];
}

function typeNameOf({ signature }: LanguageFunction): string {
  return signature.slice(signature.indexOf("→") + 2);
}

/** What is done with each element: it, where a value is asked for that can be anything, and else a condition. */
function macroExamples(isMethod: boolean, arity: number): string[] {
  if (!isMethod) return ["input.id"];
  const rest = arity - 1;
  return ["[it]", "true"].map((each) => ["it", ...Array.from({ length: rest }, () => each)].join(", "));
}

function macroSignature(isMethod: boolean, arity: number): string {
  return isMethod ? ["name", ...Array.from({ length: arity - 1 }, () => "expression")].join(", ") : "path";
}

const TYPES: { readonly [type: string]: { readonly shape: Shape; readonly name: string; readonly value: string } } = {
  dyn: { shape: ANY, name: "any", value: "input" },
  string: { shape: STRING, name: "string", value: '""' },
  bool: { shape: BOOLEAN, name: "boolean", value: "true" },
  int: { shape: NUMBER, name: "number", value: "0" },
  uint: { shape: NUMBER, name: "number", value: "0u" },
  double: { shape: NUMBER, name: "number", value: "0.0" },
  bytes: { shape: { kind: "bytes" }, name: "bytes", value: 'b""' },
  null: { shape: { kind: "null" }, name: "null", value: "null" },
  type: { shape: ANY, name: "type", value: "int" },
  "list<dyn>": { shape: listOf(ANY), name: "list", value: "[]" },
  "list<string>": { shape: listOf(STRING), name: "list of string", value: '[""]' },
  "map<dyn, dyn>": { shape: object({}), name: "object", value: "{}" },
  "google.protobuf.Timestamp": { shape: TIMESTAMP, name: "timestamp", value: 'timestamp("2030-01-01T00:00:00Z")' },
  "google.protobuf.Duration": { shape: { kind: "duration" }, name: "duration", value: 'duration("1s")' },
};

/** Undefined: a type that no value of a workflow has. */
function typeOf(type: string): Shape | undefined {
  return TYPES[type]?.shape;
}

function typeName(type: string): string {
  return TYPES[type]?.name ?? type;
}

function valueFor(type: string): string {
  return TYPES[type]?.value ?? "input";
}
