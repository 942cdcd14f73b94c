/**
 * The few forms of TypeScript that a workflow is written in, as data: printed for whoever reads it, and evaluated with the
 * very functions of the DSL that it names, so that what is shown is what was compiled.
 */
import type { JsonValue } from "../../contract/json";

export type Code =
  | { readonly is: "json"; readonly value: JsonValue }
  /** Of a constant of the module, of an import, or `undefined`. */
  | { readonly is: "name"; readonly name: string }
  | { readonly is: "call"; readonly of: Code; readonly types?: string; readonly args: readonly Code[] }
  | { readonly is: "member"; readonly of: Code; readonly name: string }
  | { readonly is: "object"; readonly members: readonly (readonly [string, Code])[] }
  | { readonly is: "list"; readonly items: readonly Code[] }
  | { readonly is: "text"; readonly parts: readonly string[]; readonly values: readonly Code[] }
  | { readonly is: "lambda"; readonly params: readonly string[]; readonly body: Code }
  /** A handler that is still to be written. */
  | { readonly is: "stub"; readonly task: string; readonly input: string; readonly output: string };

export const json = (value: JsonValue): Code => ({ is: "json", value });
export const name = (of: string): Code => ({ is: "name", name: of });
export const member = (of: Code, key: string): Code => ({ is: "member", of, name: key });
export const object = (members: readonly (readonly [string, Code])[]): Code => ({ is: "object", members });
export const list = (items: readonly Code[]): Code => ({ is: "list", items });
export function call(of: Code | string, ...args: readonly Code[]): Code {
  return { is: "call", of: typeof of === "string" ? name(of) : of, args };
}
export function method(of: Code, key: string, ...args: readonly Code[]): Code {
  return call(member(of, key), ...args);
}

/** What it is, where these are the values of names. A stub is a function that does nothing. */
export function evaluate(code: Code, values: ReadonlyMap<string, unknown>): unknown {
  switch (code.is) {
    case "json":
      return code.value;
    case "name":
      return values.get(code.name);
    case "member":
      return memberOf(evaluate(code.of, values), code.name);
    case "call":
      return evaluateCall(code, values);
    case "object":
      return Object.fromEntries(code.members.map(([key, each]) => [key, evaluate(each, values)]));
    case "list":
      return code.items.map((item) => evaluate(item, values));
    case "text":
      return evaluateText(code, values);
    case "lambda":
      return (...args: unknown[]) =>
        evaluate(code.body, new Map([...values, ...code.params.map((param, i) => [param, args[i]] as const)]));
    case "stub":
      return () => undefined;
  }
}

function evaluateCall({ of, args }: Extract<Code, { is: "call" }>, values: ReadonlyMap<string, unknown>): unknown {
  const host = of.is === "member" ? evaluate(of.of, values) : undefined;
  const callee = of.is === "member" ? memberOf(host, of.name) : evaluate(of, values);
  if (typeof callee !== "function") throw new TypeError(`${flat(of)} is no function`);
  return Reflect.apply(
    callee,
    host,
    args.map((arg) => evaluate(arg, values)),
  );
}

function evaluateText({ parts, values: inner }: Extract<Code, { is: "text" }>, values: ReadonlyMap<string, unknown>) {
  const text = values.get("text");
  if (typeof text !== "function") throw new TypeError("text is no function");
  const strings = Object.assign([...parts], { raw: parts });
  return Reflect.apply(text, undefined, [strings, ...inner.map((value) => evaluate(value, values))]);
}

function memberOf(of: unknown, key: string): unknown {
  return (typeof of === "object" && of !== null) || typeof of === "function" ? Reflect.get(of, key) : undefined;
}

/** The names in it, with those of its parts; of a template `text`. */
export function namesIn(code: Code): string[] {
  switch (code.is) {
    case "name":
      return [code.name];
    case "member":
      return namesIn(code.of);
    case "call":
      return [code.of, ...code.args].flatMap(namesIn);
    case "object":
      return code.members.flatMap(([, each]) => namesIn(each));
    case "list":
      return code.items.flatMap(namesIn);
    case "text":
      return ["text", ...code.values.flatMap(namesIn)];
    case "lambda":
      return namesIn(code.body).filter((each) => !code.params.includes(each));
    default:
      return [];
  }
}

const WIDTH = 110;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Its text, from this column of indentation on, in lines that are not too long where they can be broken. */
export function print(code: Code, indent = 0, before = 0): string {
  const line = flat(code);
  if (line !== null && indent + before + line.length <= WIDTH) return line;
  switch (code.is) {
    case "json":
      return printJson(code.value, indent, line ?? "");
    case "object":
      return printObject(code.members, indent);
    case "list":
      return printLines("[", code.items, "]", indent);
    case "call":
      return printCall(code, indent);
    case "member":
      return `${print(code.of, indent)}.${code.name}`;
    case "lambda":
      return `(${code.params.join(", ")}) => ${print(code.body, indent)}`;
    case "stub":
      return printStub(code, indent);
    default:
      return line ?? "";
  }
}

function printJson(value: JsonValue, indent: number, line: string): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : printLines("[", value.map(json), "]", indent);
  if (typeof value !== "object" || value === null) return line;
  return printObject(
    Object.entries(value).map(([key, each]) => [key, json(each)]),
    indent,
  );
}

function printObject(members: readonly (readonly [string, Code])[], indent: number): string {
  if (members.length === 0) return "{}";
  const inner = pad(indent + 2);
  const lines = members.map(([key, value]) => {
    const start = `${propertyName(key)}: `;
    return `${inner}${start}${print(value, indent + 2, start.length + 1)},`;
  });
  return `{\n${lines.join("\n")}\n${pad(indent)}}`;
}

function printLines(open: string, items: readonly Code[], close: string, indent: number): string {
  if (items.length === 0) return open + close;
  const lines = items.map((item) => `${pad(indent + 2)}${print(item, indent + 2, 1)},`);
  return `${open}\n${lines.join("\n")}\n${pad(indent)}${close}`;
}

function printCall(code: Extract<Code, { is: "call" }>, indent: number): string {
  const links = linksOf(code);
  if (links.length < 3) {
    const callee = code.of.is === "member" ? `${print(code.of.of, indent)}.${code.of.name}` : print(code.of, indent);
    return callee + printArgs(code, indent);
  }
  const [root, ...rest] = links;
  const start = root === undefined ? "" : flat(root.of) + printArgs(root, indent);
  const lines = rest.map((link) => {
    const key = link.of.is === "member" ? link.of.name : "";
    return `\n${pad(indent + 2)}.${key}${printArgs(link, indent + 2)}`;
  });
  return start + lines.join("");
}

type Call = Extract<Code, { is: "call" }>;

/** A chain of calls, from its first one on: `workflow("a").timeline(…).branch(…)`. */
function linksOf(code: Call): Call[] {
  const { of } = code;
  return of.is === "member" && of.of.is === "call" ? [...linksOf(of.of), code] : [code];
}

/** On one line, or with only the last argument broken, or each on its own. */
function printArgs({ types, args }: Call, indent: number): string {
  const start = types === undefined ? "(" : `<${types}>(`;
  const flats = args.map(flat);
  const line = flats.includes(null) ? null : `${start}${flats.join(", ")})`;
  if (line !== null && indent + line.length <= WIDTH - 20) return line;
  const last = args.at(-1);
  const first = flats.slice(0, -1);
  const isHugging = last !== undefined && ["object", "list", "stub", "json"].includes(last.is) && !first.includes(null);
  if (isHugging && first.join(", ").length < WIDTH - indent - 40)
    return `${start}${[...first, print(last, indent, WIDTH)].join(", ")})`;
  return printLines(start, args, ")", indent);
}

function printStub({ task, input, output }: Extract<Code, { is: "stub" }>, indent: number): string {
  const body = `throw new Error(${JSON.stringify(`Write the handler of ${task}`)});`;
  return `async (input: ${input}): Promise<${output}> => {\n${pad(indent + 2)}${body}\n${pad(indent)}}`;
}

/** Its text on one line; null for a function, which takes several. */
export function flat(code: Code): string | null {
  switch (code.is) {
    case "json":
      return flatJson(code.value);
    case "name":
      return code.name;
    case "member": {
      const of = flat(code.of);
      return of === null ? null : `${of}.${code.name}`;
    }
    case "call": {
      const of = flat(code.of);
      const args = flatAll(code.args);
      return of === null || args === null ? null : `${of}${code.types === undefined ? "" : `<${code.types}>`}(${args})`;
    }
    case "object": {
      const values = code.members.map(([, value]) => flat(value));
      if (values.includes(null)) return null;
      const members = code.members.map(([key], i) => `${propertyName(key)}: ${values[i]}`);
      return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
    }
    case "list": {
      const items = flatAll(code.items);
      return items === null ? null : `[${items}]`;
    }
    case "text":
      return flatText(code);
    case "lambda": {
      const body = flat(code.body);
      return body === null ? null : `(${code.params.join(", ")}) => ${body}`;
    }
    case "stub":
      return null;
  }
}

function flatAll(codes: readonly Code[]): string | null {
  const texts = codes.map(flat);
  return texts.includes(null) ? null : texts.join(", ");
}

function flatText({ parts, values }: Extract<Code, { is: "text" }>): string {
  const pieces = parts.map((part, i) => {
    const value = values[i];
    return `${escaped(part)}${value === undefined ? "" : `\${${flat(value)}}`}`;
  });
  return `text\`${pieces.join("")}\``;
}

/** As it stands between backticks. */
function escaped(part: string): string {
  return JSON.stringify(part).slice(1, -1).replaceAll('\\"', '"').replaceAll("`", "\\`").replaceAll("${", "\\${");
}

function flatJson(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(flatJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, each]) => `${propertyName(key)}: ${flatJson(each)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** In the quotes that need no escape, where there are such. */
function quoted(text: string): string {
  const usual = JSON.stringify(text);
  return /^[^'\\\p{Cc}]*"[^'\\\p{Cc}]*$/u.test(text) && usual.replaceAll('\\"', "").includes("\\") === false
    ? `'${text}'`
    : usual;
}

export function propertyName(key: string): string {
  // Written plainly, it would be the object's prototype.
  if (key === "__proto__") return '["__proto__"]';
  return IDENTIFIER.test(key) ? key : quoted(key);
}

export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}

function pad(columns: number): string {
  return " ".repeat(columns);
}
