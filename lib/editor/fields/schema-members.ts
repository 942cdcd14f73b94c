/**
 * A JSON Schema of an object as a list of what it asks for, and changes of that list as changes of the schema. Keywords that
 * the list does not show stay; a schema that says more than a list can is null, and is edited as JSON.
 */
import type { JsonObject, JsonValue } from "../../contract/json";

export const MEMBER_TYPES = [
  ...(["string", "text", "number", "integer", "boolean", "choice"] as const),
  ...(["email", "date", "date-time", "list", "object"] as const),
] as const;
export type MemberType = (typeof MEMBER_TYPES)[number];

export interface SchemaMember {
  readonly name: string;
  readonly type: MemberType;
  readonly title: string;
  readonly isRequired: boolean;
  /** Of a choice. */
  readonly options: readonly string[];
}

/** What stands in the schema for each type, and nothing more. */
const WRITTEN: { readonly [type in MemberType]: JsonObject } = {
  string: { type: "string" },
  text: { type: "string", format: "textarea" },
  number: { type: "number" },
  integer: { type: "integer" },
  boolean: { type: "boolean" },
  choice: { enum: ["yes", "no"] },
  email: { type: "string", format: "email" },
  date: { type: "string", format: "date" },
  "date-time": { type: "string", format: "date-time" },
  list: { type: "array", items: { type: "string" } },
  object: { type: "object" },
};

const RICH = ["$ref", "oneOf", "anyOf", "allOf", "not", "if", "patternProperties", "$defs"];

export function membersOf(schema: JsonValue | undefined): SchemaMember[] | null {
  if (schema === undefined) return [];
  if (!isObject(schema) || RICH.some((word) => word in schema)) return null;
  const { type = "object", properties = {}, required = [] } = schema;
  if (type !== "object" || !isObject(properties) || !Array.isArray(required)) return null;
  const members = Object.entries(properties).map(([name, given]) => memberOf(name, given, required.includes(name)));
  return members.every((member) => member !== null) ? members : null;
}

function memberOf(name: string, given: JsonValue, isRequired: boolean): SchemaMember | null {
  if (!isObject(given) || RICH.some((word) => word in given)) return null;
  const type = typeOf(given);
  if (type === null) return null;
  const title = typeof given.title === "string" ? given.title : "";
  const options = Array.isArray(given.enum) ? given.enum.map(String) : [];
  return { name, type, title, isRequired, options };
}

function typeOf({ type, format, enum: options, items }: JsonObject): MemberType | null {
  if (options !== undefined)
    return Array.isArray(options) && options.every((option) => typeof option === "string") ? "choice" : null;
  if (type === "array") return items === undefined || isObject(items) ? "list" : null;
  if (type === "string") return typeOfText(format);
  return type === "number" || type === "integer" || type === "boolean" || type === "object" ? type : null;
}

function typeOfText(format: JsonValue | undefined): MemberType {
  if (format === "textarea") return "text";
  return format === "email" || format === "date" || format === "date-time" ? format : "string";
}

export function withNewMember(schema: JsonValue | undefined): JsonObject {
  const base = objectOf(schema);
  const properties = propertiesOf(base);
  let n = Object.keys(properties).length + 1;
  while (`field_${n}` in properties) n++;
  return { ...base, properties: { ...properties, [`field_${n}`]: { ...WRITTEN.string } } };
}

/** Null where nothing is asked for any more and nothing else is said. */
export function withoutMember(schema: JsonValue | undefined, name: string): JsonObject | null {
  const base = objectOf(schema);
  const { [name]: _, ...properties } = propertiesOf(base);
  const next = withRequired({ ...base, properties }, name, false);
  return Object.keys(properties).length === 0 &&
    Object.keys(next).every((key) => key === "type" || key === "properties")
    ? null
    : next;
}

/** In its place; null: another one is called so already, or it is no name. */
export function withMemberNamed(schema: JsonValue | undefined, name: string, to: string): JsonObject | null {
  const base = objectOf(schema);
  const properties = propertiesOf(base);
  if (to === name) return base;
  if (to === "" || to === "__proto__" || to in properties) return null;
  const required = requiredOf(base);
  return {
    ...base,
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, member]) => [key === name ? to : key, member]),
    ),
    ...(required.length === 0 ? {} : { required: required.map((each) => (each === name ? to : each)) }),
  };
}

export function withMemberTyped(schema: JsonValue | undefined, name: string, type: MemberType): JsonObject {
  return withMemberChanged(schema, name, ({ type: _, format: __, enum: ___, items: ____, ...rest }) => ({
    ...WRITTEN[type],
    ...rest,
  }));
}

export function withMemberTitled(schema: JsonValue | undefined, name: string, title: string): JsonObject {
  return withMemberChanged(schema, name, ({ title: _, ...rest }) => (title === "" ? rest : { ...rest, title }));
}

export function withMemberOptions(schema: JsonValue | undefined, name: string, options: readonly string[]): JsonObject {
  return withMemberChanged(schema, name, (member) => ({ ...member, enum: [...options] }));
}

export function withMemberRequired(schema: JsonValue | undefined, name: string, isRequired: boolean): JsonObject {
  return withRequired(objectOf(schema), name, isRequired);
}

function withMemberChanged(
  schema: JsonValue | undefined,
  name: string,
  change: (member: JsonObject) => JsonObject,
): JsonObject {
  const base = objectOf(schema);
  const properties = propertiesOf(base);
  const member = properties[name];
  return { ...base, properties: { ...properties, [name]: change(isObject(member) ? member : {}) } };
}

function withRequired({ required: _, ...schema }: JsonObject, name: string, isRequired: boolean): JsonObject {
  const others = (Array.isArray(_) ? _ : []).filter((each) => each !== name);
  const required = isRequired ? [...others, name] : others;
  return required.length === 0 ? schema : { ...schema, required };
}

function objectOf(schema: JsonValue | undefined): JsonObject {
  return isObject(schema) ? schema : { type: "object", properties: {} };
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isObject(properties) ? properties : {};
}

function requiredOf({ required }: JsonObject): JsonValue[] {
  return Array.isArray(required) ? required : [];
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
