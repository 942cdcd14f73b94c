/** Judges values by JSON Schema as the server does: inputs at the start, answers to approvals. */
import { type OutputUnit, type Schema, Validator } from "@cfworker/json-schema";
import type { JsonValue } from "@/lib/contract/json";
import { CerebelumError } from "../errors";
import type { Definition } from "../types/definition";

/** @throws CerebelumError `INVALID_INPUT`, with every finding. */
export function checkInput({ inputSchema }: Definition, input: JsonValue): void {
  const found = inputSchema === undefined ? [] : findingsOf(inputSchema, input);
  if (found.length === 0) return;
  throw new CerebelumError({
    code: "INVALID_INPUT",
    status: 422,
    message: `INVALID_INPUT: ${found.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`).join("; ")}`,
    errors: found.map(({ instanceLocation, keyword, error }) => ({
      path: `/input${instanceLocation.slice(1)}`,
      code: keyword.toUpperCase(),
      message: error,
    })),
  });
}

/** The first thing that a value breaks of a schema, in a sentence; null where it fits. */
export function checkSchema(schema: JsonValue, value: JsonValue): string | null {
  const [first] = findingsOf(schema, value);
  if (first === undefined) return null;
  const at = first.instanceLocation.slice(1);
  return `${at === "" ? "It" : at}: ${first.error}`;
}

function findingsOf(schema: JsonValue, value: JsonValue): OutputUnit[] {
  return new Validator(schema as Schema | boolean, "2020-12", false).validate(value).errors;
}
