/** The validation that editor and server use too, as an exception: everything that is wrong, at once. */
import { validateDefinition } from "@/lib/core/definition/validate";
import { checkFields } from "./dsl/check-fields";
import { checkShape } from "./dsl/check-shape";
import type { AnyStep } from "./dsl/step";
import { DefinitionError } from "./errors";
import type { Definition, Finding } from "./types";

/**
 * The warnings; throws one {@link DefinitionError} with all errors: those that the timeline showed, and those of the
 * definition that it gave. What was told already of a node is not told again in other words.
 */
export function checkDefinition(
  definition: Definition,
  steps: readonly AnyStep[],
  shown: readonly Finding[],
): Finding[] {
  const misshapen = checkShape(definition);
  const judged =
    misshapen.length > 0 ? misshapen : [...validateDefinition(definition), ...checkFields(definition, steps)];
  const isShown = (finding: Finding) => shown.some(({ code, node }) => code === finding.code && node === finding.node);
  const findings = [...shown, ...judged.filter((finding) => !isShown(finding))];
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return findings;
  const lines = errors.map(({ code, path, message }) => `  ${code} at ${path || "/"}: ${message}`);
  throw new DefinitionError(`Workflow "${definition.name}" cannot be built:\n${lines.join("\n")}`, findings);
}
