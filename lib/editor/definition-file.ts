/** A definition as a file: what is in one that somebody gives, and what is written into one. */

import type { Definition, Edge, Node } from "../contract/definition";
import { type Layout, layoutSchema } from "../contract/drafts";
import type { Finding } from "../contract/findings";
import { canonicalJson, type JsonObject, type JsonValue } from "../contract/json";
import { parseDefinition } from "../contract/parse-definition";
import { validateDefinition } from "../core/definition/validate";
import { bodyOf, type EditorDocument } from "./document";
import { readJson } from "./expressions/json-text";

interface Graph {
  readonly nodes: Node[];
  readonly edges: Edge[];
}

export interface DefinitionFile {
  /** Under the name of the workflow that takes it in. */
  readonly definition: Definition;
  /** Undefined: the file says nothing of how it lies. */
  readonly layout?: Layout;
  /** What it is called in the file, where that is another name. */
  readonly calledOtherwise: string | null;
  readonly findings: readonly Finding[];
}

/** A bare definition, or one beside its layout, as the export and the API give it. */
export function readFile(text: string, workflow: string): DefinitionFile | { readonly refused: string } {
  const { value, fault } = readJson(text.replace(/^\uFEFF/, ""));
  if (value === undefined)
    return { refused: `This file is no JSON: line ${lineOf(text, fault?.from ?? 0)}. ${fault?.message ?? ""}` };
  if (!isObject(value)) return { refused: "This file holds no workflow: it is no JSON object." };
  if (value.cerebelum === "nodes") return { refused: "This file holds copied nodes: paste them into the canvas." };
  const isWrapped = isObject(value.definition) && !Array.isArray(value.nodes);
  const source = isWrapped ? value.definition : value;
  if (!isObject(source) || !Array.isArray(source.nodes))
    return { refused: "This file holds no workflow: a definition has nodes and edges." };
  const parsed = parseDefinition({ ...source, name: workflow });
  const [finding] = parsed.findings;
  if (finding !== undefined || parsed.definition === null)
    return { refused: `This is no definition that can be taken in. ${finding?.path ?? ""}: ${finding?.message ?? ""}` };
  const layout = isWrapped && value.layout !== undefined ? layoutSchema.safeParse(value.layout) : null;
  return {
    definition: { ...source, name: workflow } as unknown as Definition,
    ...(layout?.success ? { layout: layout.data } : {}),
    calledOtherwise: typeof source.name === "string" && source.name !== workflow ? source.name : null,
    findings: validateDefinition(parsed.definition),
  };
}

/** What one reads first stands first; what is not named follows as it was. */
const ORDER = {
  workflow: ["format", "name", "description", "inputSchema", "defaults", "timeout", "nodes", "edges", "output"],
  node: ["id", "type"],
  edge: ["from", "port", "to", "loop"],
} as const;

/** The same definition in the order in which one reads it: the server keeps members in alphabetical order. */
export function readable(definition: Definition): Definition {
  return { ...ordered(definition, ORDER.workflow), ...readableGraph(definition) };
}

function readableGraph<G extends Graph>({ nodes, edges }: G): Pick<G, "nodes" | "edges"> {
  return { nodes: nodes.map(readableNode), edges: edges.map((edge) => ordered(edge, ORDER.edge)) };
}

function readableNode(node: Node): Node {
  const next = ordered(node, ORDER.node);
  const body = bodyOf(next);
  if (next.type !== "map" || body === null) return next;
  return { ...next, body: { ...ordered(body, ORDER.workflow), ...readableGraph(body) } };
}

function ordered<T extends object>(value: T, names: readonly string[]): T {
  const first = names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, Reflect.get(value, name)]);
  return { ...Object.fromEntries(first), ...value };
}

export type FileForm = "pretty" | "canonical";

/** `canonical`: the bytes whose SHA-256 is the version's hash, where the layout is not with them. */
export function fileText({ definition, layout }: EditorDocument, withLayout: boolean, form: FileForm): string {
  const shown = readable(definition);
  const value = withLayout ? { definition: shown, layout } : shown;
  return form === "canonical" ? canonicalJson(value) : `${JSON.stringify(value, null, 2)}\n`;
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
