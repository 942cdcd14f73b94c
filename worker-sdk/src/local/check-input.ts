/** Judges an input by the workflow's JSON Schema, as the server does at the start of an execution. */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { JsonValue } from "@/lib/contract/json";
import { CerebelumError } from "../errors";
import type { Definition } from "../types";

/** @throws CerebelumError `INVALID_INPUT`, with every finding. */
export function checkInput(definition: Definition, input: JsonValue): void {
  const { inputSchema } = definition;
  if (inputSchema === undefined) return;
  const { valid, errors } = new Validator(inputSchema as Schema | boolean, "2020-12", false).validate(input);
  if (valid) return;
  throw new CerebelumError({
    code: "INVALID_INPUT",
    status: 422,
    message: `INVALID_INPUT: ${errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`).join("; ")}`,
    errors: errors.map(({ instanceLocation, keyword, error }) => ({
      path: `/input${instanceLocation.slice(1)}`,
      code: keyword.toUpperCase(),
      message: error,
    })),
  });
}
