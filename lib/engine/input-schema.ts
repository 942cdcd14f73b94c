/** Inputs against a workflow's `inputSchema`: JSON Schema 2020-12, interpreted, never compiled to code. */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { Definition } from "@/lib/contract/definition";
import type { JsonValue } from "@/lib/contract/json";
import type { Refusal } from "./outcome";

type InputError = NonNullable<Refusal["errors"]>[number];

export const INPUT_SCHEMA_DRAFT = "2020-12";
const MAX_ERRORS = 100;
const validators = new WeakMap<Definition, Validator>();

/** What is wrong with the input, with paths that begin at `/input`; empty where it fits or nothing is asked of it. */
export function inputErrors(definition: Definition, input: JsonValue): InputError[] {
  if (definition.inputSchema === undefined) return [];
  const validator =
    validators.get(definition) ?? new Validator(definition.inputSchema as Schema | boolean, INPUT_SCHEMA_DRAFT, false);
  validators.set(definition, validator);
  const { valid, errors } = validator.validate(input);
  if (valid) return [];
  const found = errors.map(({ instanceLocation, keyword, error }) => ({
    path: `/input${instanceLocation.slice(1)}`,
    code: keyword.toUpperCase(),
    message: error,
  }));
  return found.slice(0, MAX_ERRORS);
}
