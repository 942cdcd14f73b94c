/** A definition as a file: what is in one that somebody gives, and what is written into one. */

import type { Definition } from "../contract/definition";
import { type Layout, layoutSchema } from "../contract/drafts";
import type { Finding } from "../contract/findings";
import { canonicalJson, type JsonObject, type JsonValue } from "../contract/json";
import { parseDefinition } from "../contract/parse-definition";
import { validateDefinition } from "../core/definition/validate";
import type { EditorDocument } from "./document";
import { readJson } from "./expressions/json-text";

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

export type FileForm = "pretty" | "canonical";

/** `canonical`: the bytes whose SHA-256 is the version's hash, where the layout is not with them. */
export function fileText({ definition, layout }: EditorDocument, withLayout: boolean, form: FileForm): string {
  const value = withLayout ? { definition, layout } : definition;
  return form === "canonical" ? canonicalJson(value) : `${JSON.stringify(value, null, 2)}\n`;
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
