/** The validation that editor and server use too, as an exception: everything that is wrong, at once. */
import { validateDefinition } from "@/lib/core/definition/validate";
import { checkShape } from "./dsl/check-shape";
import { DefinitionError } from "./errors";
import type { Definition, Finding } from "./types";

/** The warnings; throws one {@link DefinitionError} with all errors. */
export function checkDefinition(definition: Definition): Finding[] {
  const misshapen = checkShape(definition);
  const findings = misshapen.length > 0 ? misshapen : validateDefinition(definition);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return findings;
  const lines = errors.map(({ code, path, message }) => `  ${code} at ${path || "/"}: ${message}`);
  throw new DefinitionError(`Workflow "${definition.name}" cannot be built:\n${lines.join("\n")}`, findings);
}
