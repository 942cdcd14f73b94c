/** Values against JSON Schema 2020-12, interpreted, never compiled to code: inputs of workflows, answers to approvals. */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { Refusal } from "./outcome";

type ValueError = NonNullable<Refusal["errors"]>[number];

export const SCHEMA_DRAFT = "2020-12";
const MAX_ERRORS = 100;
const validators = new WeakMap<object, Validator>();

/** What is wrong with the input, with paths that begin at `/input`; empty where it fits or nothing is asked of it. */
export function inputErrors({ inputSchema }: Definition, input: JsonValue): ValueError[] {
  return inputSchema === undefined ? [] : schemaErrors(inputSchema, input, "/input");
}

/** What a value breaks of a schema that {@link schemaProblem} found nothing wrong with. @param at where paths begin */
export function schemaErrors(schema: JsonValue, value: JsonValue, at: string): ValueError[] {
  const { valid, errors } = validatorOf(schema as Schema | boolean).validate(value);
  if (valid) return [];
  const found = errors.map(({ instanceLocation, keyword, error }) => ({
    path: `${at}${instanceLocation.slice(1)}`,
    code: keyword.toUpperCase(),
    message: error,
  }));
  return found.slice(0, MAX_ERRORS);
}

/** The first thing that a value breaks of such a schema, in a sentence; null where it fits. */
export function checkSchema(schema: JsonValue, value: JsonValue): string | null {
  const [first] = schemaErrors(schema, value, "");
  return first === undefined ? null : `${first.path === "" ? "It" : first.path}: ${first.message}`;
}

function validatorOf(schema: Schema | boolean): Validator {
  if (typeof schema === "boolean") return new Validator(schema, SCHEMA_DRAFT, false);
  const validator = validators.get(schema) ?? new Validator(schema, SCHEMA_DRAFT, false);
  validators.set(schema, validator);
  return validator;
}
