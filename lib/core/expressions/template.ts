/** A field that takes expressions: JSON in which every string that begins with `=` is computed, and `==` escapes a `=`. */
import type { JsonValue } from "../../contract/json";
import { withCostLimit } from "./cost";
import { compileExpression, type EvaluationFault, type Expression, type Scope } from "./expression";
import type { Fault } from "./references";

/** Where in the template an expression stands: a JSON pointer, empty for the template itself. */
export interface TemplateExpression {
  readonly pointer: string;
  readonly source: string;
  readonly compiled: Expression | { readonly fault: Fault };
}

export interface TemplateFault extends EvaluationFault {
  readonly pointer: string;
  readonly source: string;
}

export interface Template {
  readonly expressions: readonly TemplateExpression[];
  /** The value, or the first expression that failed. An expression that does not compile fails each time. */
  evaluate(scope: Scope): { readonly value: JsonValue } | { readonly fault: TemplateFault };
}

const MAX_NESTING = 200;

/** A part of a template, ready to be computed; the fault is thrown, as the first one ends the whole. */
type Part = (scope: Scope) => JsonValue;

class Failed {
  constructor(readonly fault: TemplateFault) {}
}

export function compileTemplate(source: JsonValue): Template {
  const expressions: TemplateExpression[] = [];
  const part = compilePart(source, "", 0, expressions);
  if (part === null) return { expressions, evaluate: () => ({ value: source }) };
  return {
    expressions,
    evaluate(scope) {
      try {
        return { value: withCostLimit(() => part(scope)) };
      } catch (failed) {
        if (failed instanceof Failed) return { fault: failed.fault };
        throw failed;
      }
    },
  };
}

/** Null: the part is constant and stands for itself. */
function compilePart(source: JsonValue, pointer: string, nesting: number, found: TemplateExpression[]): Part | null {
  if (typeof source === "string") return compileText(source, pointer, found);
  if (source === null || typeof source !== "object") return null;
  if (nesting === MAX_NESTING)
    return failing(found, pointer, `The template is nested deeper than ${MAX_NESTING} levels.`);
  if (Array.isArray(source)) {
    const parts = source.map((member, i) => compilePart(member, `${pointer}/${i}`, nesting + 1, found));
    if (parts.every((part) => part === null)) return null;
    return (scope) =>
      source.map((member, i) => {
        const part = parts[i];
        return part ? part(scope) : member;
      });
  }
  const members = Object.entries(source).map(([key, member]) => ({
    key,
    member,
    part: compilePart(member, `${pointer}/${escapePointer(key)}`, nesting + 1, found),
  }));
  if (members.every(({ part }) => part === null)) return null;
  return (scope) =>
    Object.fromEntries(members.map(({ key, member, part }) => [key, part === null ? member : part(scope)]));
}

function compileText(text: string, pointer: string, found: TemplateExpression[]): Part | null {
  if (!text.startsWith("=")) return null;
  if (text.startsWith("==")) return () => text.slice(1);
  const source = text.slice(1);
  const compiled = compileExpression(source);
  if ("fault" in compiled) return failing(found, pointer, compiled.fault.message, source, compiled.fault.position);
  found.push({ pointer, source, compiled });
  return (scope) => {
    const result = compiled.evaluate(scope);
    if ("value" in result) return result.value;
    throw new Failed({ ...result.fault, pointer, source });
  };
}

function failing(
  found: TemplateExpression[],
  pointer: string,
  message: string,
  source = "",
  position: number | null = null,
): Part {
  found.push({ pointer, source, compiled: { fault: { message, position } } });
  return () => {
    throw new Failed({ code: "EXPRESSION_ERROR", message, position, pointer, source });
  };
}

/** One step of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
