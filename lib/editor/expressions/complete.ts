/** What can be written at a place in an expression: only what the validator takes there, with what is known of it. */
import type { JsonValue } from "../../contract/json";
import { checkExpressions } from "../../core/definition/validate-expressions";
import { compileExpression } from "../../core/expressions/expression";
import { type Binding, bindingsAt, type Chain, chainEndingAt, endsValue } from "./chains";
import { valueOfChain } from "./evaluate";
import { Knowledge } from "./known";
import { globalFunctions, type LanguageFunction, macroNames, methodsOf } from "./language";
import { type ExpressionPlace, placed, rootsAt } from "./place";
import type { Samples } from "./samples";
import { ANY, type Member, membersOf, nameOf, partsOf, type Shape } from "./shapes";
import { closersOf, type Token, tokensOf } from "./tokens";

export interface Completion {
  readonly label: string;
  readonly kind: "root" | "step" | "field" | "variable" | "function" | "macro" | "keyword" | "text";
  /** Its type, or how it is called. */
  readonly detail: string;
  /** What it is about. */
  readonly note?: string;
  /** What a past execution recorded. */
  readonly value?: JsonValue;
  readonly mayBeMissing?: boolean;
  /** What it replaces. */
  readonly from: number;
  readonly to: number;
  readonly apply: string;
  /** What of it is selected afterwards, to be typed over. */
  readonly select?: readonly [number, number];
}

export interface Completions {
  /** Where the word begins that is being written. */
  readonly from: number;
  readonly options: readonly Completion[];
}

interface Asked {
  readonly text: string;
  readonly cursor: number;
  readonly tokens: readonly Token[];
  /** How many words stand before the one that is being written. */
  readonly before: number;
  readonly bindings: readonly Binding[];
  readonly place: ExpressionPlace;
  readonly samples: Samples | null;
  readonly knowledge: Knowledge;
}

/** Before it is judged; `operand`: where the operand begins that the word belongs to. */
interface Offered extends Completions {
  readonly operand: number;
}

const NOTHING = (cursor: number): Offered => ({ from: cursor, operand: cursor, options: [] });

export function complete(text: string, cursor: number, place: ExpressionPlace, samples: Samples | null): Completions {
  const tokens = tokensOf(text);
  const at = tokens.findIndex(
    ({ from, to, kind, isOpen }) => from < cursor && (cursor < to || (cursor === to && (kind === "name" || isOpen))),
  );
  const word = tokens[at];
  if (word?.kind === "comment" || word?.kind === "number" || endsInComment(tokens, cursor)) return NOTHING(cursor);
  const before = word === undefined ? tokens.filter(({ to }) => to <= cursor).length : at;
  const bindings = bindingsAt(tokens, before, macroNames());
  if (bindings === null) return NOTHING(cursor);
  const knowledge = new Knowledge(place, samples);
  const asked: Asked = { text, cursor, tokens, before, bindings, place, samples, knowledge };
  const found = word?.kind === "string" ? inString(asked, word) : atWord(asked, word);
  return { from: found.from, options: taken(asked, found) };
}

function endsInComment(tokens: readonly Token[], cursor: number): boolean {
  return tokens.some(({ kind, from, to }) => kind === "comment" && from < cursor && cursor === to);
}

function atWord(asked: Asked, word: Token | undefined): Offered {
  const { tokens, before, cursor } = asked;
  const from = word?.from ?? cursor;
  const to = word?.to ?? cursor;
  const last = tokens[before - 1];
  if (last?.text === ".") return membersAfter(asked, before - 2, { from, to, dot: last.from });
  if (last?.text === "[" && word === undefined && endsValue(tokens[before - 2])) return keysAfter(asked, from, to);
  if (last?.kind === "comment" || endsValue(last)) return { from, operand: from, options: operators(from, to) };
  return { from, operand: from, options: beginnings(asked, from, to) };
}

/** A key in brackets, or a text that is compared with something that is one of a few. */
function inString(asked: Asked, word: Token): Offered {
  const { tokens, before } = asked;
  const last = tokens[before - 1];
  if (last?.text === "[" && endsValue(tokens[before - 2])) {
    const to = tokens[before + 1]?.text === "]" ? (tokens[before + 1]?.to ?? word.to) : word.to;
    return keysAfter(asked, word.from, word.isOpen ? asked.text.length : to);
  }
  if (last?.text !== "==" && last?.text !== "!=") return NOTHING(asked.cursor);
  const chain = chainEndingAt(tokens, before - 2);
  const shape = chain === null ? ANY : asked.knowledge.chain(chain, asked.bindings);
  const texts = partsOf(shape).flatMap((part) => (part.kind === "string" ? (part.texts ?? []) : []));
  const options = texts.map((text): Completion => {
    const apply = JSON.stringify(text);
    return { label: apply, kind: "text", detail: "", from: word.from, to: word.to, apply };
  });
  return { from: word.from, operand: word.from, options };
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** Where the dot stands that a key in brackets takes the place of. */
  readonly dot: number;
}

function membersAfter(asked: Asked, last: number, span: Span): Offered {
  const chain = chainEndingAt(asked.tokens, last);
  if (chain === null) return NOTHING(asked.cursor);
  const shape = asked.knowledge.chain(chain, asked.bindings);
  const members = memberOptions(asked, chain, shape).map(({ name, ...shown }): Completion => {
    if (isReadable(name)) return { ...shown, label: name, from: span.from, to: span.to, apply: name };
    return { ...shown, label: name, from: span.dot, to: span.to, apply: `[${JSON.stringify(name)}]` };
  });
  const isSteps = chain.head.kind === "name" && chain.head.name === "steps" && chain.links.length === 0;
  const methods = isSteps ? [] : methodsOf(shape).map((method) => called(method, span.from, span.to));
  return { from: span.from, operand: chain.from, options: [...members, ...methods] };
}

function keysAfter(asked: Asked, from: number, to: number): Offered {
  const open = asked.tokens.findLastIndex((token) => token.text === "[" && token.to <= from);
  const chain = chainEndingAt(asked.tokens, open - 1);
  if (chain === null) return NOTHING(asked.cursor);
  const shape = asked.knowledge.chain(chain, asked.bindings);
  const options = memberOptions(asked, chain, shape).map(({ name, ...shown }): Completion => {
    const label = JSON.stringify(name);
    return { ...shown, label, from, to, apply: `${label}]` };
  });
  return { from, operand: chain.from, options };
}

type MemberOption = Pick<Completion, "kind" | "detail" | "note" | "value" | "mayBeMissing"> & { readonly name: string };

function memberOptions(asked: Asked, chain: Chain, shape: Shape): MemberOption[] {
  const { samples, text, bindings, place } = asked;
  const isSteps = chain.head.kind === "name" && chain.head.name === "steps" && chain.links.length === 0;
  // The steps as a whole are no value: what each one gave is shown.
  const whole = samples === null || isSteps ? undefined : valueOfChain(text, chain, bindings, place, samples);
  return [...membersOf(shape)].map(([name, member]) => {
    const shown = isSteps ? stepOption(member) : { detail: nameOf(member.shape), value: memberValue(whole, name) };
    return {
      name,
      kind: isSteps ? "step" : "field",
      detail: shown.detail,
      ...(shown.value === undefined ? {} : { value: shown.value }),
      ...(member.note === undefined ? {} : { note: member.note }),
      ...(member.mayBeMissing ? { mayBeMissing: true } : {}),
    };
  });
}

function stepOption({ shape }: Member): { detail: string; value?: JsonValue } {
  return { detail: nameOf(membersOf(shape).get("output")?.shape ?? ANY) };
}

function memberValue(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** What an operand begins with. */
function beginnings(asked: Asked, from: number, to: number): Completion[] {
  const { knowledge, place, bindings, samples } = asked;
  const variables = bindings.map(({ name, list }): Completion => {
    const chain: Chain = { head: { kind: "name", name, to }, links: [], from, to };
    const value =
      samples === null || list === null ? undefined : valueOfChain(asked.text, chain, bindings, place, samples);
    const detail = nameOf(knowledge.chain(chain, bindings));
    return { label: name, kind: "variable", detail, from, to, apply: name, ...(value === undefined ? {} : { value }) };
  });
  const hidden = new Set(bindings.map(({ name }) => name));
  const roots = rootsAt(place).filter((root) => !hidden.has(root));
  return [
    ...variables,
    ...roots.map((root): Completion => {
      const value = samples === null || root === "steps" ? undefined : rootValue(asked, root);
      const detail = nameOf(knowledge.root(root));
      return { label: root, kind: "root", detail, from, to, apply: root, ...(value === undefined ? {} : { value }) };
    }),
    ...globalFunctions().map((each) => called(each, from, to)),
    ...["true", "false", "null"].map(
      (label): Completion => ({ label, kind: "keyword", detail: "", from, to, apply: label }),
    ),
  ];
}

function rootValue({ place, samples }: Asked, root: string): JsonValue | undefined {
  if (samples === null) return undefined;
  const chain: Chain = { head: { kind: "name", name: root, to: root.length }, links: [], from: 0, to: root.length };
  return valueOfChain(root, chain, [], place, samples);
}

function operators(from: number, to: number): Completion[] {
  return [{ label: "in", kind: "keyword", detail: "is in a list, or a key", from, to, apply: "in []", select: [3, 5] }];
}

function called({ name, example, signature, isMacro }: LanguageFunction, from: number, to: number): Completion {
  const apply = `${name}(${example})`;
  const start = name.length + 1;
  return {
    label: name,
    kind: isMacro ? "macro" : "function",
    detail: signature,
    from,
    to,
    apply,
    ...(example === "" ? {} : { select: [start, start + example.length] as const }),
  };
}

/** As a member after a dot: some words the language keeps for itself. */
const readable = new Map<string, boolean>();

function isReadable(name: string): boolean {
  let is = readable.get(name);
  if (is === undefined) {
    is = /^[A-Za-z_]\w*$/.test(name) && !("fault" in compileExpression(`input.${name}`));
    readable.set(name, is);
  }
  return is;
}

/**
 * Of what could stand there only what is taken; where the expression is wrong elsewhere nobody can tell, and all of it is
 * offered. What is called is judged without what stands around it: `a && size(b)` is none, and `a && size(b) > 1` is.
 */
function taken(asked: Asked, { operand, options }: Offered): readonly Completion[] {
  const good = options.filter((option) => isTaken(asked, operand, option));
  if (good.length > 0) return good;
  const [first] = options;
  const isWrong = first !== undefined && !isTaken(asked, operand, { ...first, ...neutral(asked, first) });
  return isWrong ? options : [];
}

/** Something of no known type in an option's place. */
function neutral({ text }: Asked, { from, to }: Completion): Pick<Completion, "kind" | "apply"> {
  if (text[from - 1] === "[") return { kind: "field", apply: text[to] === "]" ? '"x"' : '"x"]' };
  return { kind: "field", apply: text[from] === "." ? ".x" : text[from - 1] === "." ? "x" : "input" };
}

function isTaken({ text, place }: Asked, operand: number, { from, to, apply, kind }: Completion): boolean {
  const isCall = kind === "function" || kind === "macro";
  const own = text.slice(operand, from) + apply;
  const applied = text.slice(0, operand) + (isCall ? `dyn(${own})` : own) + text.slice(to);
  const compiled = compileExpression(applied + closersOf(tokensOf(applied)));
  if ("fault" in compiled) return false;
  const reads = compiled.references;
  return !checkExpressions([{ ...placed(place, applied), reads }], place.all).some(
    ({ severity }) => severity === "error",
  );
}
