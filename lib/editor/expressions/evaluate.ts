/** What an expression or a template would have given in a past execution, by the core's own evaluator. */
import type { JsonValue } from "../../contract/json";
import { compileExpression } from "../../core/expressions/expression";
import { compileTemplate } from "../../core/expressions/template";
import { type Binding, bindingsAt, type Chain, chainEndingAt } from "./chains";
import { Knowledge } from "./known";
import { macroNames } from "./language";
import type { ExpressionPlace } from "./place";
import { type Samples, scopeFrom } from "./samples";
import { nameOf } from "./shapes";
import { type Token, tokensOf } from "./tokens";

export type Evaluated = { readonly value: JsonValue } | { readonly error: string; readonly position: number | null };

export function evaluate(text: string, place: ExpressionPlace, samples: Samples): Evaluated {
  const compiled = compileExpression(text);
  const result = "fault" in compiled ? compiled : compiled.evaluate(scopeFrom(samples, place));
  return "value" in result ? result : { error: result.fault.message, position: result.fault.position };
}

export function evaluateTemplate(source: JsonValue, place: ExpressionPlace, samples: Samples): Evaluated {
  const result = compileTemplate(source).evaluate(scopeFrom(samples, place));
  if ("value" in result) return result;
  const { message, pointer, position } = result.fault;
  return { error: pointer === "" ? message : `${pointer}: ${message}`, position };
}

/** What stands under a place in the text, what it is, and what it was. */
export interface Hovered {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Empty: it may be anything. */
  readonly type: string;
  readonly value?: JsonValue;
}

/** Null: there is nothing to say about it. */
export function valueAt(text: string, cursor: number, place: ExpressionPlace, samples: Samples | null): Hovered | null {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== "comment");
  const at = tokens.findIndex(({ from, to }) => from <= cursor && cursor < to);
  const last = endOfLink(tokens, at);
  const chain = last === null ? null : chainEndingAt(tokens, last);
  if (chain === null || chain.head.kind !== "name") return null;
  const bindings = bindingsAt(tokens, at, macroNames()) ?? [];
  const type = nameOf(new Knowledge(place, samples).chain(chain, bindings));
  const value = samples === null ? undefined : valueOfChain(text, chain, bindings, place, samples);
  if (type === "" && value === undefined) return null;
  const said = text.slice(chain.from, chain.to);
  return { from: chain.from, to: chain.to, text: said, type, ...(value === undefined ? {} : { value }) };
}

/** The word with which what is pointed at ends: of a key in brackets the closing one. */
function endOfLink(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === "name") return tokens[at + 1]?.text === "(" ? null : at;
  const isKey = tokens[at - 1]?.text === "[" && tokens[at + 1]?.text === "]";
  return isKey && (token.kind === "string" || token.kind === "number") ? at + 1 : null;
}

/** Undefined: it cannot be said, or was not recorded. */
export function valueOfChain(
  text: string,
  chain: Chain,
  bindings: readonly Binding[],
  place: ExpressionPlace,
  samples: Samples,
): JsonValue | undefined {
  const { head } = chain;
  const at = head.kind === "name" ? bindings.findLastIndex(({ name }) => name === head.name) : -1;
  const binding = bindings[at];
  if (binding === undefined) {
    const result = evaluate(text.slice(chain.from, chain.to), place, samples);
    return "value" in result ? result.value : undefined;
  }
  // In a macro it is the first element that is shown.
  const list =
    binding.list === null ? undefined : valueOfChain(text, binding.list, bindings.slice(0, at), place, samples);
  return chain.links.reduce<JsonValue | undefined>(
    (value, link) => (link.kind === "member" ? memberOf(value, link.key) : undefined),
    Array.isArray(list) ? list[0] : undefined,
  );
}

function memberOf(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}
