/** The validation that editor and server use too, as an exception: everything that is wrong, at once. */
import { validateDefinition } from "@/lib/core/definition/validate";
import { checkFields } from "./dsl/check-fields";
import { checkShape } from "./dsl/check-shape";
import type { AnyStep } from "./dsl/step";
import { DefinitionError } from "./errors";
import type { Definition, Finding } from "./types/definition";

/**
 * The warnings; throws one {@link DefinitionError} with all errors: those that the timeline showed, and those of the
 * definition that it gave.
 */
export function checkDefinition(
  definition: Definition,
  steps: readonly AnyStep[],
  shown: readonly Finding[],
): Finding[] {
  const findings = [...shown, ...judge(definition, steps, shown)];
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return findings;
  const lines = errors.map(({ code, path, message }) => `  ${code} at ${path || "/"}: ${message}`);
  throw new DefinitionError(`Workflow "${definition.name}" cannot be built:\n${lines.join("\n")}`, findings);
}

/** It names a node, which is found wrong by itself. */
const END_OF_EDGE = /\/edges\/\d+\/(from|to)$/;

/** Of a wrong shape, or where two nodes share an id, nothing else can be judged. */
function judge(definition: Definition, steps: readonly AnyStep[], shown: readonly Finding[]): Finding[] {
  const misshapen = checkShape(definition).filter(({ path }) => !END_OF_EDGE.test(path));
  if (misshapen.length > 0 || shown.some(({ code }) => code === "DUPLICATE_ID")) return misshapen;
  const findings = [...validateDefinition(definition), ...checkFields(definition, steps)];
  return findings.filter(({ code, node }) => !shown.some((other) => other.node === node && covers(other.code, code)));
}

/** What nothing leads to has nothing before it either. */
function covers(shown: string, code: string): boolean {
  return shown === code || (shown === "UNREACHABLE" && code === "STEP_NOT_BEFORE");
}
