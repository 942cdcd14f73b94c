/** An example of what a JSON Schema describes: enough to try a workflow with, and as small as the schema allows. */
import type { JsonObject, JsonValue } from "../../contract/json";

const DEEPEST = 12;
const FORMATS: { readonly [format: string]: string } = {
  "date-time": "2025-01-01T00:00:00.000Z",
  date: "2025-01-01",
  time: "12:00:00Z",
  duration: "P1D",
  email: "ada@example.com",
  uri: "https://example.com",
  url: "https://example.com",
  hostname: "example.com",
  ipv4: "192.0.2.1",
  ipv6: "2001:db8::1",
  uuid: "00000000-0000-4000-8000-000000000000",
};

/** Its own examples, defaults and constants first. A `pattern` is not understood. */
export function exampleOf(schema: JsonValue | undefined): JsonValue {
  return example(schema ?? true, schema ?? true, 0);
}

function example(schema: JsonValue, root: JsonValue, depth: number): JsonValue {
  if (!isObject(schema) || depth > DEEPEST) return null;
  const referred = typeof schema.$ref === "string" ? resolve(root, schema.$ref) : null;
  if (referred !== null) return example(referred, root, depth + 1);
  if ("const" in schema) return schema.const ?? null;
  if ("default" in schema) return schema.default ?? null;
  const [given] = [...listOf(schema.examples), ...listOf(schema.enum)];
  if (given !== undefined) return given;
  const merged = mergeAll(schema);
  const [first] = [...listOf(merged.anyOf), ...listOf(merged.oneOf)];
  if (first !== undefined && merged.type === undefined && merged.properties === undefined)
    return example(first, root, depth + 1);
  return ofType(merged, root, depth);
}

function ofType(schema: JsonObject, root: JsonValue, depth: number): JsonValue {
  switch (typeOf(schema)) {
    case "object":
      return objectOf(schema, root, depth);
    case "array":
      return arrayOf(schema, root, depth);
    case "string":
      return stringOf(schema);
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return true;
    default:
      return null;
  }
}

function typeOf({ type, properties, required, items }: JsonObject): string {
  const named = listOf(type).find((each) => each !== "null") ?? type;
  if (typeof named === "string") return named;
  if (properties !== undefined || required !== undefined) return "object";
  return items === undefined ? "null" : "array";
}

function objectOf({ properties, required }: JsonObject, root: JsonValue, depth: number): JsonValue {
  const known = isObject(properties) ? properties : {};
  const names = new Set([...Object.keys(known), ...listOf(required).map(String)]);
  return Object.fromEntries([...names].map((name) => [name, example(known[name] ?? true, root, depth + 1)]));
}

function arrayOf({ prefixItems, items, minItems }: JsonObject, root: JsonValue, depth: number): JsonValue {
  const first = listOf(prefixItems).map((each) => example(each, root, depth + 1));
  const wanted = Math.min(100, Math.max(typeof minItems === "number" ? minItems : 0, first.length === 0 ? 1 : 0));
  while (items !== undefined && items !== false && first.length < wanted) first.push(example(items, root, depth + 1));
  return first;
}

function stringOf({ format, minLength, maxLength }: JsonObject): string {
  const text = (typeof format === "string" ? FORMATS[format] : undefined) ?? "example";
  const long = typeof minLength === "number" ? text.padEnd(Math.min(minLength, 1000), "x") : text;
  return typeof maxLength === "number" ? long.slice(0, maxLength) : long;
}

function numberOf({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: JsonObject): number {
  const step = typeof multipleOf === "number" && multipleOf > 0 ? multipleOf : 1;
  const least =
    typeof minimum === "number" ? minimum : typeof exclusiveMinimum === "number" ? exclusiveMinimum + step : step;
  const most =
    typeof maximum === "number" ? maximum : typeof exclusiveMaximum === "number" ? exclusiveMaximum - step : least;
  const value = Math.min(least, most);
  return type === "integer" || step !== 1 ? Math.ceil(value / step) * step : value;
}

/** Of `allOf`, the parts together. */
function mergeAll(schema: JsonObject): JsonObject {
  const parts = [schema, ...listOf(schema.allOf).filter(isObject).map(mergeAll)];
  if (parts.length === 1) return schema;
  const properties = Object.assign({}, ...parts.map((part) => objectIn(part.properties)));
  const required = parts.flatMap((part) => listOf(part.required));
  return { ...Object.assign({}, ...parts), properties, required };
}

/** Within the document: `#/$defs/address`. */
function resolve(root: JsonValue, ref: string): JsonValue | null {
  if (!ref.startsWith("#")) return null;
  const steps = ref.slice(1).split("/").slice(1);
  return steps.reduce<JsonValue | null>((at, step) => {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return isObject(at) && Object.hasOwn(at, name) ? (at[name] ?? null) : null;
  }, root);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
