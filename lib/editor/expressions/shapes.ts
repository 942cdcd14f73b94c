/** What is known of a value before there is one: from a JSON Schema, from how it is computed, from one that was recorded. */
import type { JsonValue } from "../../contract/json";

export type Shape =
  | { readonly kind: "any" }
  | { readonly kind: "null" | "boolean" | "number" | "timestamp" | "duration" | "bytes" }
  /** `texts`: some that it is known to be at times. */
  | { readonly kind: "string"; readonly texts?: readonly string[] }
  | { readonly kind: "list"; readonly items: Shape }
  /** `others`: what members that are not named are. */
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, Member>; readonly others?: Shape }
  | { readonly kind: "union"; readonly of: readonly Shape[] };

export interface Member {
  readonly shape: Shape;
  /** A word about it for whoever chooses. */
  readonly note?: string;
  /** It may not be there. */
  readonly mayBeMissing?: boolean;
}

export const ANY: Shape = { kind: "any" };
export const STRING: Shape = { kind: "string" };
export const NUMBER: Shape = { kind: "number" };
export const BOOLEAN: Shape = { kind: "boolean" };
export const NULL: Shape = { kind: "null" };
export const TIMESTAMP: Shape = { kind: "timestamp" };

export function object(members: { readonly [name: string]: Shape | Member }, others?: Shape): Shape {
  const entries = Object.entries(members).map(
    ([name, member]) => [name, "kind" in member ? { shape: member } : member] as const,
  );
  return { kind: "object", members: new Map(entries), ...(others === undefined ? {} : { others }) };
}

export const listOf = (items: Shape): Shape => ({ kind: "list", items });
/** A text that is one of these, as far as one knows. */
export const oneOf = (...texts: string[]): Shape => ({ kind: "string", texts });

/** Either of them: what both are, once. */
export function union(...shapes: readonly Shape[]): Shape {
  const parts = shapes.flatMap((shape) => (shape.kind === "union" ? shape.of : [shape]));
  if (parts.length === 0 || parts.some(({ kind }) => kind === "any")) return parts.length === 0 ? ANY : partial(parts);
  return joined(parts);
}

/** With something that nobody knows beside them: what is known is still worth offering. */
function partial(parts: readonly Shape[]): Shape {
  const known = parts.filter(({ kind }) => kind !== "any" && kind !== "null");
  return known.length === 0 ? ANY : joined(known);
}

function joined(parts: readonly Shape[]): Shape {
  const of: Shape[] = [];
  for (const part of parts) {
    const same = of.findIndex(({ kind }) => kind === part.kind);
    if (same < 0) of.push(part);
    else of[same] = merged(of[same] ?? part, part);
  }
  return of.length === 1 ? (of[0] ?? ANY) : { kind: "union", of };
}

function merged(a: Shape, b: Shape): Shape {
  if (a.kind === "list" && b.kind === "list") return listOf(union(a.items, b.items));
  if (a.kind === "string" && b.kind === "string") {
    const texts = [...new Set([...(a.texts ?? []), ...(b.texts ?? [])])];
    return texts.length === 0 ? STRING : { kind: "string", texts: texts.slice(0, SEEN_ITEMS) };
  }
  if (a.kind !== "object" || b.kind !== "object") return a;
  const names = new Set([...a.members.keys(), ...b.members.keys()]);
  const members = [...names].map((name) => {
    const [one, other] = [a.members.get(name), b.members.get(name)];
    const note = one?.note ?? other?.note;
    const mayBeMissing = one?.mayBeMissing || other?.mayBeMissing || false;
    const shape = one && other ? union(one.shape, other.shape) : (one ?? other)?.shape;
    return [
      name,
      { shape: shape ?? ANY, ...(note === undefined ? {} : { note }), ...(mayBeMissing ? { mayBeMissing } : {}) },
    ] as const;
  });
  const others = a.others && b.others ? union(a.others, b.others) : (a.others ?? b.others);
  return { kind: "object", members: new Map(members), ...(others === undefined ? {} : { others }) };
}

/** What a schema says, and what was seen. */
export function known(said: Shape, seen: JsonValue | undefined): Shape {
  return seen === undefined || seen === null ? said : union(said, shapeOfValue(seen));
}

/** How much of a recorded value is looked at: enough to know what is in it. */
const SEEN_ITEMS = 20;
const SEEN_DEPTH = 12;
const SEEN_CHARACTERS = 40;

export function shapeOfValue(value: JsonValue, depth = 0): Shape {
  if (value === null) return NULL;
  if (typeof value === "string") return value.length > SEEN_CHARACTERS ? STRING : oneOf(value);
  if (typeof value === "number") return NUMBER;
  if (typeof value === "boolean") return BOOLEAN;
  if (depth === SEEN_DEPTH) return ANY;
  if (Array.isArray(value))
    return listOf(union(...value.slice(0, SEEN_ITEMS).map((each) => shapeOfValue(each, depth + 1))));
  return object(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOfValue(each, depth + 1)])));
}

type Schema = { readonly [keyword: string]: JsonValue };
const SCHEMA_DEPTH = 16;

/** Of a JSON Schema, as far as it says; what it does not say may be anything. */
export function shapeOfSchema(schema: JsonValue | undefined): Shape {
  return isSchema(schema) ? fromSchema(schema, schema, 0) : ANY;
}

function fromSchema(schema: Schema, root: Schema, depth: number): Shape {
  if (depth > SCHEMA_DEPTH) return ANY;
  const deeper = (inner: JsonValue | undefined) => (isSchema(inner) ? fromSchema(inner, root, depth + 1) : ANY);
  if (typeof schema.$ref === "string") return deeper(referred(root, schema.$ref));
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices !== undefined) return union(...choices.map(deeper), ...own(schema, deeper));
  if (Array.isArray(schema.allOf)) return union(...schema.allOf.map(deeper), ...own(schema, deeper));
  return own(schema, deeper)[0] ?? ANY;
}

/** What the schema says by itself; nothing where it only refers to others. */
function own(schema: Schema, deeper: (inner: JsonValue | undefined) => Shape): Shape[] {
  const values = "const" in schema ? [schema.const as JsonValue] : Array.isArray(schema.enum) ? schema.enum : null;
  if (values !== null) {
    const texts = values.filter((value) => typeof value === "string");
    return [texts.length === values.length ? oneOf(...texts) : union(...values.map((value) => shapeOfValue(value)))];
  }
  const types = typeof schema.type === "string" ? [schema.type] : Array.isArray(schema.type) ? schema.type : [];
  const shapes = types.map((type) => ofType(String(type), schema, deeper));
  if (shapes.length > 0) return [union(...shapes)];
  if (isSchema(schema.properties)) return [objectOf(schema, deeper)];
  return schema.items === undefined ? [] : [listOf(deeper(schema.items))];
}

function ofType(type: string, schema: Schema, deeper: (inner: JsonValue | undefined) => Shape): Shape {
  switch (type) {
    case "string":
      return STRING;
    case "number":
    case "integer":
      return NUMBER;
    case "boolean":
      return BOOLEAN;
    case "null":
      return NULL;
    case "array":
      return listOf(deeper(schema.items));
    case "object":
      return objectOf(schema, deeper);
    default:
      return ANY;
  }
}

function objectOf(schema: Schema, deeper: (inner: JsonValue | undefined) => Shape): Shape {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = isSchema(schema.properties) ? schema.properties : {};
  const members = Object.entries(properties).map(([name, inner]): [string, Member] => {
    const note = isSchema(inner) ? (inner.description ?? inner.title) : undefined;
    return [
      name,
      {
        shape: deeper(inner),
        ...(typeof note === "string" ? { note } : {}),
        ...(required.has(name) ? {} : { mayBeMissing: true }),
      },
    ];
  });
  const others = isSchema(schema.additionalProperties) ? deeper(schema.additionalProperties) : undefined;
  return { kind: "object", members: new Map(members), ...(others === undefined ? {} : { others }) };
}

function isSchema(value: JsonValue | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Inside the same document only. */
function referred(root: Schema, ref: string): JsonValue | undefined {
  if (!ref.startsWith("#")) return undefined;
  return ref
    .slice(1)
    .split("/")
    .slice(1)
    .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<JsonValue | undefined>(
      (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
      root,
    );
}

/** What lies under a key or a position. */
export function memberOf(shape: Shape, key: string | number): Shape {
  return union(...partsOf(shape).flatMap((part) => ofPart(part, key)));
}

function ofPart(part: Shape, key: string | number): Shape[] {
  if (part.kind === "list") return typeof key === "number" ? [part.items] : [];
  if (part.kind !== "object") return [];
  const found = part.members.get(String(key))?.shape ?? part.others;
  return found === undefined ? [] : [found];
}

export function elementOf(shape: Shape): Shape {
  const lists = partsOf(shape).flatMap((part) => (part.kind === "list" ? [part.items] : []));
  // A macro over an object goes over its keys.
  return lists.length > 0 ? union(...lists) : isKind(shape, "object") ? STRING : ANY;
}

export function partsOf(shape: Shape): readonly Shape[] {
  return shape.kind === "union" ? shape.of : [shape];
}

export function isKind(shape: Shape, kind: Shape["kind"]): boolean {
  return partsOf(shape).some((part) => part.kind === kind);
}

export function membersOf(shape: Shape): ReadonlyMap<string, Member> {
  const objects = partsOf(shape).filter((part) => part.kind === "object");
  const [only, ...more] = objects;
  if (only === undefined) return new Map();
  return more.length === 0 ? only.members : new Map(objects.flatMap(({ members }) => [...members]));
}

/** `string`, `list of number`, `object`, `string or null`; empty where it may be anything. */
export function nameOf(shape: Shape): string {
  switch (shape.kind) {
    case "any":
      return "";
    case "list": {
      const items = nameOf(shape.items);
      return items === "" || items.includes(" or ") ? "list" : `list of ${items}`;
    }
    case "union":
      return shape.of.map(nameOf).join(" or ");
    default:
      return shape.kind;
  }
}
