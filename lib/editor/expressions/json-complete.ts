/** What a JSON Schema says about a place in a text: the names and values that can stand there, and what is said about them. */
import type { JsonObject, JsonValue } from "../../contract/json";
import type { Path } from "../document";
import { decodeJsonString, type JsonContext, jsonContextAt, lenientJson } from "./json-text";

export interface JsonOption {
  readonly label: string;
  readonly kind: "key" | "value";
  readonly detail: string;
  readonly note?: string;
  readonly from: number;
  readonly to: number;
  readonly apply: string;
  /** Where the cursor comes to stand in it; its end where that is not said. */
  readonly cursor?: number;
}

export interface JsonOptions {
  readonly from: number;
  readonly options: readonly JsonOption[];
}

/** Values that the schema does not know: ids of nodes, names of ports. */
export type MoreValues = (
  path: Path,
  document: JsonValue,
) => readonly { readonly value: string; readonly detail: string }[];

export function completeJson(text: string, cursor: number, schema: JsonObject, more?: MoreValues): JsonOptions {
  const context = jsonContextAt(text, cursor);
  if (context === null) return { from: cursor, options: [] };
  const document = lenientJson(text);
  const schemas = schemasAt(schema, context.path, document);
  const { from, to } = context;
  const options =
    context.kind === "key"
      ? keysOf(schemas, schema, namesThere(document, context, text)).map((key) => ({
          ...keyOption(key, schema, text, to),
          from,
          to,
        }))
      : [...(more?.(context.path, document) ?? []).map(given), ...valuesOf(schemas, schema)].map((option) => ({
          ...option,
          from,
          to,
        }));
  return { from, options };
}

/** The names that the object has already, before the place and after it, without the one that is being written. */
function namesThere(document: JsonValue, { path, names, from, to }: JsonContext, text: string): string[] {
  const there = path.reduce<JsonValue | undefined>(childOf, document);
  const own = decodeJsonString(text.slice(from, to)).text;
  return [...names, ...(isSchema(there) ? Object.keys(there) : [])].filter((name) => name !== own);
}

/** What is said about the value at a path, by its own schema; null: nothing is. */
export function describeJson(
  path: Path,
  document: JsonValue,
  schema: JsonObject,
): { type: string; note: string | null } | null {
  const schemas = schemasAt(schema, path, document);
  const note = schemas.map(noteOf).find((each) => each !== null) ?? null;
  const type = typeOf(schemas, schema);
  return note === null && type === "" ? null : { type, note };
}

const DEPTH = 12;

/** The schemas that hold for what a path leads to, each without choices left in it. */
function schemasAt(root: JsonObject, path: Path, document: JsonValue): JsonObject[] {
  let schemas = opened(root, root, document, 0);
  let value: JsonValue | undefined = document;
  for (const key of path) {
    value = childOf(value, key);
    schemas = schemas.flatMap((schema) => below(schema, key).flatMap((inner) => opened(inner, root, value, 0)));
  }
  return schemas;
}

function below(schema: JsonObject, key: string | number): JsonObject[] {
  if (typeof key === "number") return isSchema(schema.items) ? [schema.items] : [];
  const found = isSchema(schema.properties) ? schema.properties[key] : undefined;
  if (isSchema(found)) return [found];
  return isSchema(schema.additionalProperties) ? [schema.additionalProperties] : [];
}

/** A schema with its references and choices followed: of those only the ones that what is there can still become. */
function opened(schema: JsonObject, root: JsonObject, value: JsonValue | undefined, depth: number): JsonObject[] {
  if (depth > DEPTH) return [];
  const { $ref, anyOf, oneOf, allOf, ...own } = schema;
  const referred = typeof $ref === "string" ? referredBy(root, $ref) : null;
  const choices = [anyOf, oneOf].filter(Array.isArray).flat().filter(isSchema);
  const parts = [...(referred === null ? [] : [referred]), ...(Array.isArray(allOf) ? allOf.filter(isSchema) : [])];
  if (choices.length === 0 && parts.length === 0) return [schema];
  const inner = [...parts, ...fitting(choices, root, value)].flatMap((each) => opened(each, root, value, depth + 1));
  const said = noteOf(own);
  // What is said of the whole is said of each.
  return inner.map((each) => (said === null ? each : { ...each, description: said }));
}

function fitting(
  choices: readonly JsonObject[],
  root: JsonObject,
  value: JsonValue | undefined,
): readonly JsonObject[] {
  if (!isSchema(value)) return choices;
  const fit = choices.filter((choice) => contradictions(choice, root, value) === 0);
  return fit.length > 0 ? fit : choices;
}

/** How many of the members that a schema fixes to one value have another one, or that it does not know. */
function contradictions(choice: JsonObject, root: JsonObject, value: JsonObject): number {
  const schema = typeof choice.$ref === "string" ? (referredBy(root, choice.$ref) ?? choice) : choice;
  const properties = isSchema(schema.properties) ? schema.properties : null;
  if (properties === null) return schema.type === undefined || schema.type === "object" ? 0 : 1;
  return Object.entries(value).filter(([name, member]) => {
    const property = properties[name];
    if (!isSchema(property)) return schema.additionalProperties === false && property === undefined;
    return "const" in property && property.const !== member;
  }).length;
}

interface Key {
  readonly name: string;
  readonly schema: JsonObject;
  readonly isRequired: boolean;
}

function keysOf(schemas: readonly JsonObject[], root: JsonObject, names: readonly string[]): Key[] {
  const there = new Set(names);
  const found = new Map<string, Key>();
  for (const schema of schemas) {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    for (const [name, property] of Object.entries(isSchema(schema.properties) ? schema.properties : {}))
      if (isSchema(property) && !there.has(name) && !found.has(name))
        found.set(name, {
          name,
          schema: opened(property, root, undefined, 0)[0] ?? property,
          isRequired: required.has(name),
        });
  }
  return [...found.values()].sort((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

function keyOption(
  { name, schema, isRequired }: Key,
  root: JsonObject,
  text: string,
  to: number,
): Omit<JsonOption, "from" | "to"> {
  const hasColon = /^\s*:/.test(text.slice(to));
  const value = hasColon ? null : emptyValue(schema);
  // Another name follows: what is put in is parted from it.
  const comma = value !== null && /^\s*"/.test(text.slice(to)) ? "," : "";
  const apply = JSON.stringify(name) + (value === null ? "" : `: ${value.text}${comma}`);
  const type = typeOf([schema], root);
  const note = noteOf(schema);
  return {
    label: name,
    kind: "key",
    detail: isRequired ? [type, "required"].filter((part) => part !== "").join(", ") : type,
    ...(note === null ? {} : { note }),
    apply,
    ...(value === null ? {} : { cursor: apply.length - value.back - comma.length }),
  };
}

/** What stands there until something is written; `back`: how far before its end one goes on. */
function emptyValue(schema: JsonObject): { text: string; back: number } {
  if ("const" in schema) return { text: JSON.stringify(schema.const), back: 0 };
  if (schema.type === "string" || Array.isArray(schema.enum)) return { text: '""', back: 1 };
  if (schema.type === "object") return { text: "{}", back: 1 };
  if (schema.type === "array") return { text: "[]", back: 1 };
  return { text: "", back: 0 };
}

type Value = Omit<JsonOption, "from" | "to">;

function valuesOf(schemas: readonly JsonObject[], root: JsonObject): Value[] {
  const values = schemas.flatMap((schema): JsonValue[] => {
    if ("const" in schema && schema.const !== undefined) return [schema.const];
    if (Array.isArray(schema.enum)) return schema.enum;
    return schema.type === "boolean" ? [true, false] : [];
  });
  const texts = [...new Set(values.map((value) => JSON.stringify(value)))];
  const note = schemas.map(noteOf).find((each) => each !== null);
  return texts.map((apply) => ({
    label: apply,
    kind: "value",
    detail: texts.length === 1 ? typeOf(schemas, root) : "",
    ...(note ? { note } : {}),
    apply,
  }));
}

function given({ value, detail }: { value: string; detail: string }): Value {
  const apply = JSON.stringify(value);
  return { label: apply, kind: "value", detail, apply };
}

function typeOf(schemas: readonly JsonObject[], root: JsonObject): string {
  const names = schemas.flatMap((schema) => opened(schema, root, undefined, 0)).map(nameOf);
  const known = [...new Set(names.filter((name) => name !== ""))];
  return known.length > 3 ? "" : known.join(" or ");
}

function nameOf(schema: JsonObject): string {
  if ("const" in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return "list";
  return typeof schema.type === "string" ? schema.type : "";
}

function noteOf({ description }: JsonObject): string | null {
  return typeof description === "string" ? description : null;
}

function childOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

function referredBy(root: JsonObject, ref: string): JsonObject | null {
  const found = ref
    .split("/")
    .slice(1)
    .reduce<JsonValue | undefined>(childOf, ref.startsWith("#") ? root : undefined);
  return isSchema(found) ? found : null;
}

function isSchema(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
