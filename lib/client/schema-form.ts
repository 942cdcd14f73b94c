/**
 * A JSON Schema as a form: which fields it asks for, what they begin with, and what is wrong with an answer. What a form
 * cannot draw (`anyOf` of objects, tuples, free maps, deep nesting) becomes a field of JSON text, so that no schema is
 * without a form. The server checks every answer again with the same validator.
 */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonObject, JsonValue } from "@/lib/contract/json";

export interface SchemaField {
  /** A member's name. */
  name: string;
  title: string;
  description: string | null;
  required: boolean;
  kind: FieldKind;
  /** Of `choice` and `choices`. */
  options: SchemaOption[];
  /** Of `group`. */
  fields: SchemaField[];
  /** What the browser's own field may help with: `min`, `max`, `step`, `maxLength`. */
  bounds: { min?: number; max?: number; step?: number; maxLength?: number };
}

export type FieldKind =
  | "text"
  | "longText"
  | "email"
  | "url"
  | "date"
  | "dateTime"
  | "number"
  | "boolean"
  | "choice"
  | "choices"
  | "list"
  | "group"
  | "json";

export interface SchemaOption {
  value: JsonValue;
  title: string;
}

/** By JSON pointer into the answer: `/reason`, `/address/city`. */
export type SchemaErrors = ReadonlyMap<string, string>;

const DRAFT = "2020-12";
const DEEPEST = 3;
const LONG_TEXT = 200;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOr = <T>(value: JsonValue | undefined, otherwise: T) => (typeof value === "string" ? value : otherwise);

/** Null where the schema is not that of an object with named members: then the whole answer is one field of JSON. */
export function fieldsOf(schema: JsonValue | undefined): SchemaField[] | null {
  return isObject(schema) ? membersOf(schema, 1) : null;
}

function membersOf(schema: JsonObject, depth: number): SchemaField[] | null {
  const { properties, type = "object" } = schema;
  if (type !== "object" || !isObject(properties) || ["$ref", "oneOf", "anyOf", "if"].some((word) => word in schema))
    return null;
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties)
    .filter(([name]) => name !== "__proto__")
    .map(([name, member]) => fieldOf(name, member, required.includes(name), depth))
    .sort((a, b) => placeOf(a, required) - placeOf(b, required));
}

/** What must be given comes first, in the order in which the schema requires it: published members are in that of the alphabet. */
function placeOf({ name, required: isRequired }: SchemaField, required: readonly JsonValue[]): number {
  return isRequired ? required.indexOf(name) : required.length;
}

function fieldOf(name: string, given: JsonValue, required: boolean, depth: number): SchemaField {
  const schema = isObject(given) ? given : {};
  const fields = depth < DEEPEST ? membersOf(schema, depth + 1) : null;
  const items = isObject(schema.items) ? schema.items : {};
  const ownOptions = optionsOf(schema);
  const options = ownOptions ?? optionsOf(items) ?? [];
  return {
    name,
    title: textOr(schema.title, name),
    description: textOr(schema.description, null),
    required,
    kind: kindOf(schema, items, ownOptions !== null, options.length > 0, fields !== null),
    options,
    fields: fields ?? [],
    bounds: boundsOf(schema),
  };
}

function kindOf(
  schema: JsonObject,
  items: JsonObject,
  isChoice: boolean,
  hasOptions: boolean,
  hasFields: boolean,
): FieldKind {
  if (isChoice) return "choice";
  switch (schema.type) {
    case "string":
      return textKind(schema);
    case "number":
    case "integer":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      if (hasOptions) return "choices";
      return items.type === "string" ? "list" : "json";
    default:
      return hasFields && "properties" in schema ? "group" : "json";
  }
}

function textKind({ format, maxLength }: JsonObject): FieldKind {
  switch (format) {
    case "email":
      return "email";
    case "uri":
      return "url";
    case "date":
      return "date";
    case "date-time":
      return "dateTime";
    case "textarea":
      return "longText";
    default:
      return typeof maxLength === "number" && maxLength > LONG_TEXT ? "longText" : "text";
  }
}

/** Of `enum`, and of `oneOf` where each names one constant. */
function optionsOf({ enum: values, oneOf }: JsonObject): SchemaOption[] | null {
  if (Array.isArray(values)) return values.map((value) => ({ value, title: shown(value) }));
  if (!Array.isArray(oneOf) || oneOf.length === 0) return null;
  const options = oneOf.flatMap((each) =>
    isObject(each) && each.const !== undefined
      ? [{ value: each.const, title: textOr(each.title, shown(each.const)) }]
      : [],
  );
  return options.length === oneOf.length ? options : null;
}

const shown = (value: JsonValue) => (typeof value === "string" ? value : JSON.stringify(value));

function boundsOf({ minimum, maximum, multipleOf, maxLength, type }: JsonObject): SchemaField["bounds"] {
  return {
    ...(typeof minimum === "number" && { min: minimum }),
    ...(typeof maximum === "number" && { max: maximum }),
    ...(typeof multipleOf === "number" ? { step: multipleOf } : type === "integer" ? { step: 1 } : {}),
    ...(typeof maxLength === "number" && { maxLength }),
  };
}

/** What the schema's `default`s fill in; everything else is absent. */
export function firstAnswer(schema: JsonValue | undefined): JsonValue {
  if (!isObject(schema)) return null;
  if (schema.default !== undefined) return schema.default;
  const members = membersOf(schema, DEEPEST);
  if (members === null || !isObject(schema.properties)) return null;
  const filled = Object.entries(schema.properties).flatMap(([name, member]) => {
    const first =
      isObject(member) && (member.default !== undefined || "properties" in member) ? firstAnswer(member) : null;
    return first === null || name === "__proto__" ? [] : [[name, first] as const];
  });
  return Object.fromEntries(filled);
}

/** What is wrong with an answer, at most one sentence a place; empty where it fits. */
export function answerErrors(schema: JsonValue | undefined, answer: JsonValue): SchemaErrors {
  if (!isObject(schema) && typeof schema !== "boolean") return new Map();
  const found = new Map<string, string>();
  const { errors } = new Validator(schema as Schema | boolean, DRAFT, false).validate(answer);
  for (const { instanceLocation, keyword, error } of errors) {
    const at = instanceLocation.slice(1);
    const missing = keyword === "required" ? /property "(.+)"/.exec(error)?.[1] : undefined;
    const place = missing === undefined ? at : `${at}/${missing}`;
    // The first one about the outer value says only that something inside is wrong.
    if (keyword !== "properties" && keyword !== "items" && !found.has(place))
      found.set(place, missing === undefined ? error : REQUIRED);
  }
  return found;
}

const REQUIRED = "Required.";

/** The answer with one member changed; `undefined` takes it out, so that an emptied field is absent and not empty. */
export function withMember(answer: JsonValue, name: string, value: JsonValue | undefined): JsonObject {
  const { [name]: _, ...rest } = isObject(answer) ? answer : {};
  return value === undefined ? rest : { ...(isObject(answer) ? answer : {}), [name]: value };
}

export function memberOf(answer: JsonValue, name: string): JsonValue | undefined {
  return isObject(answer) && Object.hasOwn(answer, name) ? answer[name] : undefined;
}
