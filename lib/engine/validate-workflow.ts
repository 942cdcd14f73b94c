/** Everything that can be said of a definition before it is published: its shape, its rules, and its schemas. */
import type { Definition } from "@/lib/contract/definition";
import type { Finding } from "@/lib/contract/findings";
import { isStorable } from "@/lib/contract/json";
import { parseDefinition } from "@/lib/contract/parse-definition";
import { validateDefinition } from "@/lib/core/definition/validate";
import { checkSchemas } from "./check-schemas";

export interface Judged {
  valid: boolean;
  errors: Finding[];
  warnings: Finding[];
}

export function validateWorkflow(document: unknown): Judged {
  const { errors, warnings } = judgeWorkflow(document);
  return { valid: errors.length === 0, errors, warnings };
}

/** `definition` is null where the document does not have the shape of one. */
export function judgeWorkflow(document: unknown): {
  definition: Definition | null;
  errors: Finding[];
  warnings: Finding[];
} {
  if (!isStorable(document)) return { definition: null, errors: [UNSTORABLE], warnings: [] };
  const { definition, findings: ofShape } = parseDefinition(document);
  if (definition === null) return { definition, errors: ofShape, warnings: [] };
  const findings = [...ofShape, ...validateDefinition(definition), ...checkSchemas(definition)];
  return {
    definition,
    errors: findings.filter(({ severity }) => severity === "error"),
    warnings: findings.filter(({ severity }) => severity === "warning"),
  };
}

const UNSTORABLE: Finding = {
  code: "INVALID_TEXT",
  severity: "error",
  path: "",
  message: "Take NUL, lone surrogates and members named __proto__ out of the definition: they cannot be stored.",
};
