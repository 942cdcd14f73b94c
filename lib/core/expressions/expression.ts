/** One expression: compiled once, evaluated against a scope; what goes wrong is a value that says where. */
import { type ASTNode, TypeError as CelTypeError, EvaluationError, ParseError } from "@marcbachmann/cel-js";
import type { JsonValue } from "../../contract/json";
import { isOverCost, meter, OVER_COST } from "./cost";
import { environment, MAX_EXPRESSION_LENGTH, ROOTS } from "./environment";
import { spelled, spellLoop, writtenText } from "./loop-word";
import { type Fault, findReferences, type References } from "./references";
import { storableText } from "./storable-text";
import { NotJson, toJson } from "./to-json";

/**
 * What an expression sees. `steps` is a map, so that no id can be mistaken for something objects have by birth. Any member
 * may be a getter: it is asked only where an expression reads it. What is absent or undefined cannot be read.
 */
export interface Scope {
  readonly input: JsonValue;
  readonly steps: ReadonlyMap<string, unknown>;
  readonly execution: { readonly [name: string]: unknown };
  /** In a map: of the innermost one. */
  readonly item?: JsonValue | undefined;
  readonly index?: number | undefined;
  /** In a nested map: of the next one out. */
  readonly outer?: OuterScope | undefined;
  /** In a loop: the innermost one around the node. */
  readonly loop?: LoopScope | undefined;
  /** In `poll.until`: what the round gave, and which it is, from 1. */
  readonly output?: JsonValue | undefined;
  readonly round?: number | undefined;
}

interface OuterScope {
  readonly item: JsonValue;
  readonly index: number;
  /** The next map out; absent in the outermost. */
  readonly outer?: OuterScope | undefined;
}

export interface LoopScope {
  /** From 1, in each turn of the enclosing loop. */
  readonly iteration: number;
  /** Carried from the turn before; null in the first. */
  readonly value: JsonValue;
  /** The next loop out; absent in the outermost. */
  readonly outer?: LoopScope | undefined;
}

export interface EvaluationFault extends Fault {
  readonly code: "EXPRESSION_ERROR" | "PAYLOAD_TOO_LARGE";
}

export interface Expression {
  readonly source: string;
  readonly references: References;
  evaluate(scope: Scope): { readonly value: JsonValue } | { readonly fault: EvaluationFault };
}

/** The expression (without its leading `=`), or why it is none. */
export function compileExpression(source: string): Expression | { readonly fault: Fault } {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    return { fault: { message: `The expression is longer than ${MAX_EXPRESSION_LENGTH} characters.`, position: null } };
  }
  try {
    const text = spellLoop(source);
    const parsed = environment.parse(text);
    const references = findReferences(parsed.ast);
    if ("message" in references) return { fault: references };
    const { valid, error } = parsed.check();
    if (!valid) return { fault: faultOf(error) };
    meter(parsed.ast as ASTNode);
    return { source, references, evaluate: (scope) => evaluate(parsed, text === source ? scope : spellRoots(scope)) };
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** The scope under the names that the parser was shown. */
function spellRoots(scope: Scope): object {
  return Object.defineProperties(
    {},
    Object.fromEntries(ROOTS.map((root) => [spelled(root), { get: () => scope[root] }])),
  );
}

function evaluate(run: (scope: object) => unknown, scope: object): ReturnType<Expression["evaluate"]> {
  try {
    const value = toJson(run(scope));
    if (!isOverCost()) return { value };
    return { fault: { code: "EXPRESSION_ERROR", message: OVER_COST, position: null } };
  } catch (error) {
    if (error instanceof NotJson) {
      const code = error.tooLarge ? "PAYLOAD_TOO_LARGE" : "EXPRESSION_ERROR";
      return { fault: { code, message: `The value is no JSON that can be kept: ${error.message}.`, position: null } };
    }
    return { fault: { code: "EXPRESSION_ERROR", ...faultOf(error) } };
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof ParseError || error instanceof EvaluationError || error instanceof CelTypeError) {
    return { message: sentence(error.summary), position: error.range?.start ?? null };
  }
  return { message: sentence(error instanceof Error ? error.message : String(error)), position: null };
}

/** The language quotes operands in its messages, and they may be long, or half a character. */
const MESSAGE_CHARACTERS = 500;

function sentence(text: string): string {
  const kept = storableText(writtenText(text), MESSAGE_CHARACTERS);
  return /[.!?…]$/.test(kept) ? kept : `${kept}.`;
}
