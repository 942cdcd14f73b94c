/** A string of the definition as a person writes it: text, or an expression; a text that begins with `=` is kept as `==`. */
import { compileExpression } from "../../core/expressions/expression";

export interface Written {
  readonly kind: "text" | "expression";
  /** Without the sign that says which. */
  readonly text: string;
}

export function writtenOf(value: string): Written {
  if (!value.startsWith("=")) return { kind: "text", text: value };
  return value.startsWith("==") ? { kind: "text", text: value.slice(1) } : { kind: "expression", text: value.slice(1) };
}

/** What is kept once this was typed: a `=` at the beginning of a text makes it an expression, two make it a text with one. */
export function typed(before: Written, text: string): string {
  if (before.kind === "expression") return `=${text}`;
  if (!text.startsWith("=")) return text;
  return before.text.startsWith("=") ? `=${text}` : text;
}

/** The same value as an expression. */
export function toExpression(text: string): string {
  return text === "" ? "=" : `=${JSON.stringify(text)}`;
}

/** The same value as text, where it is a constant one; else what was written. */
export function toText(expression: string): string {
  const text = constantOf(expression) ?? expression;
  return text.startsWith("=") ? `=${text}` : text;
}

function constantOf(expression: string): string | null {
  if (!/^\s*["']/.test(expression)) return null;
  const compiled = compileExpression(expression);
  if ("fault" in compiled || compiled.references.paths.length > 0) return null;
  const result = compiled.evaluate({ input: null, steps: new Map(), execution: {} });
  return "value" in result && typeof result.value === "string" ? result.value : null;
}
