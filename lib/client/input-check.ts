/** What can be said about an execution's input before it is sent; the server has the last word. */
import type { JsonObject, JsonValue } from "@/lib/contract/json";

export type ParsedInput = { ok: true; value: JsonValue } | { ok: false; message: string };

/** Empty text is null. */
export function parseInput(text: string): ParsedInput {
  if (text.trim() === "") return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `user_id: string, age?: number`: the fields that a JSON Schema of an object names, `?` where they may be absent. */
export function expectedFields(schema: JsonValue | undefined): string[] {
  if (!isObject(schema)) return [];
  const required = requiredFields(schema);
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = [...new Set([...required, ...Object.keys(properties)])];
  return names.map((name) => {
    const property = properties[name];
    const type = isObject(property) && typeof property.type === "string" ? `: ${property.type}` : "";
    return `${name}${required.includes(name) ? "" : "?"}${type}`;
  });
}

/** The required fields that an input lacks. */
export function missingFields(schema: JsonValue | undefined, input: JsonValue): string[] {
  if (!isObject(schema)) return [];
  const given = isObject(input) ? input : {};
  return requiredFields(schema).filter((name) => !(name in given));
}

/** A first input to edit: each named field with an empty value of its type. */
export function inputTemplate(schema: JsonValue | undefined): string {
  if (!isObject(schema)) return "";
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = [...new Set([...requiredFields(schema), ...Object.keys(properties)])];
  if (names.length === 0) return "";
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, emptyValue(properties[name])])), null, 2);
}

function requiredFields(schema: JsonObject): string[] {
  return Array.isArray(schema.required)
    ? schema.required.filter((name): name is string => typeof name === "string")
    : [];
}

function emptyValue(property: JsonValue | undefined): JsonValue {
  if (!isObject(property)) return "";
  if (property.default !== undefined) return property.default;
  if (Array.isArray(property.examples) && property.examples[0] !== undefined) return property.examples[0];
  switch (property.type) {
    case "number":
    case "integer":
      return 0;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return {};
    case "null":
      return null;
    default:
      return "";
  }
}
