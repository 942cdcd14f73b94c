/**
 * The definition as text: what can be written where, by its schema and by the nodes that there are; what each field means; and
 * what is wrong with the text, at the character, in the words of the one validator.
 */
import type { Definition } from "../contract/definition";
import { definitionJsonSchema } from "../contract/definition-json-schema";
import type { Finding } from "../contract/findings";
import type { JsonObject, JsonValue } from "../contract/json";
import { parseDefinition } from "../contract/parse-definition";
import { portsOf } from "../core/definition/ports";
import { validateDefinition } from "../core/definition/validate";
import type { Path } from "./document";
import { completeJson, describeJson, type JsonOptions } from "./expressions/json-complete";
import { type JsonSpan, type JsonText, readJson } from "./expressions/json-text";

let schema: JsonObject | null = null;

/** Made when it is first asked for. */
export function definitionSchema(): JsonObject {
  schema ??= definitionJsonSchema();
  return schema;
}

export function completeDefinition(text: string, cursor: number): JsonOptions {
  return completeJson(text, cursor, definitionSchema(), namesAt);
}

export function describeField(path: Path, document: JsonValue): { type: string; note: string | null } | null {
  return describeJson(path, document, definitionSchema());
}

interface NamedNode {
  readonly id: string;
  readonly type: string;
  readonly written: JsonObject;
}

const ENDS: ReadonlySet<string | number | undefined> = new Set(["from", "to"]);

/** What an edge can lead from and to, on which ports, and what a failure can be rethrown of. */
function namesAt(path: Path, document: JsonValue): { value: string; detail: string }[] {
  const last = path.at(-1);
  const list = path.at(-3);
  if (list === "edges" && ENDS.has(last)) return nodesIn(document, path.slice(0, -3)).map(shown);
  if (list === "edges" && last === "port") {
    const from = valueAt(document, [...path.slice(0, -1), "from"]);
    const node = nodesIn(document, path.slice(0, -3)).find(({ id }) => id === from);
    return node === undefined ? [] : portsFrom(node).map((value) => ({ value, detail: "" }));
  }
  return last === "rethrow" ? nodesIn(document, path.slice(0, -3)).map(shown) : [];
}

function shown({ id, type }: NamedNode): { value: string; detail: string } {
  return { value: id, detail: type };
}

function nodesIn(document: JsonValue, graph: Path): NamedNode[] {
  const nodes = valueAt(document, [...graph, "nodes"]);
  return (Array.isArray(nodes) ? nodes : []).flatMap((written) =>
    isObject(written) && typeof written.id === "string"
      ? [{ id: written.id, type: String(written.type ?? ""), written }]
      : [],
  );
}

/** Also of a node that is only half written. */
function portsFrom({ written }: NamedNode): string[] {
  const parsed = parseDefinition({ name: "x", nodes: [written], edges: [] }).definition?.nodes[0];
  return parsed === undefined ? [] : portsOf(parsed);
}

function valueAt(document: JsonValue, path: Path): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (at, key) => (typeof at === "object" && at !== null && Object.hasOwn(at, key) ? Reflect.get(at, key) : undefined),
    document,
  );
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface DefinitionText {
  readonly json: JsonText;
  /** Null: the text is no definition of the right shape. */
  readonly definition: Definition | null;
  readonly faults: readonly TextFault[];
}

export interface TextFault {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly code: string | null;
  readonly message: string;
}

/** A workflow without nodes is one that nobody has drawn yet: it can be kept, though not published. */
export function readDefinition(text: string, name: string): DefinitionText {
  const json = readJson(text);
  if (json.value === undefined) {
    const fault = json.fault ?? { from: 0, to: 0, message: "" };
    return { json, definition: null, faults: [{ ...fault, severity: "error", code: null }] };
  }
  const parsed = parseDefinition(json.value);
  const findings = parsed.findings.filter(({ code, path }) => code !== "EMPTY_GRAPH" || path !== "/nodes");
  const isEmpty = findings.length < parsed.findings.length;
  const faults = [...faultsOf(findings, json), ...faultOfName(json, name)];
  if (findings.length > 0 || faults.some(({ code }) => code === "OTHER_NAME"))
    return { json, definition: null, faults };
  const definition = isEmpty ? (json.value as unknown as Definition) : parsed.definition;
  if (definition === null) return { json, definition, faults };
  // The document as it was written, not as the schema copied it: its hash is over what was sent.
  const written = json.value as unknown as Definition;
  return { json, definition: written, faults: isEmpty ? faults : faultsOf(validateDefinition(definition), json) };
}

/** The workflow that is edited stays the one that it is. */
function faultOfName({ value, spans }: JsonText, name: string): TextFault[] {
  const written = value === undefined ? undefined : valueAt(value, ["name"]);
  if (typeof written !== "string" || written === name) return [];
  const { from, to } = spans.get("/name") ?? { from: 0, to: 1 };
  const message = `This is the workflow ${name}: it keeps its name. Start another workflow to use another.`;
  return [{ from, to, severity: "error", code: "OTHER_NAME", message }];
}

function faultsOf(findings: readonly Finding[], { spans }: JsonText): TextFault[] {
  return findings.map(({ path, severity, code, message }) => ({ ...spanOf(path, spans), severity, code, message }));
}

/** Where it is written; of what is missing the beginning of what it is missing in. */
export function spanOf(pointer: string, spans: ReadonlyMap<string, JsonSpan>): { from: number; to: number } {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const span = spans.get(at);
    if (span !== undefined && at === pointer) {
      const isShort = span.to - span.from <= SHORT || span.key === null;
      return isShort ? { from: span.from, to: isShort ? Math.min(span.to, span.from + SHORT) : span.to } : span.key;
    }
    if (span !== undefined) return span.key ?? { from: span.from, to: span.from + 1 };
    if (at === "") return { from: 0, to: 1 };
  }
}

/** What is longer is pointed at by its name. */
const SHORT = 200;
