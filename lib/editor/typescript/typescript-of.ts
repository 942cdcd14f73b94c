/**
 * A definition as the source of a TypeScript module that gives exactly that definition: in the DSL's words where they can
 * say it, and else as a literal. The words are compiled by the DSL itself before they are shown.
 */

import { edgeName } from "../../../worker-sdk/src/dsl/arrange";
import { DefinitionError } from "../../../worker-sdk/src/errors";
import type { Definition, Node } from "../../contract/definition";
import { canonicalJson, type JsonValue } from "../../contract/json";
import { type Code, evaluate, json, list, method, namesIn, print } from "./code";
import { DSL, documentOfSketch } from "./dsl";
import { isGateId } from "./gates";
import { literalSource } from "./literal";
import type { Manner } from "./node-writer";
import { Unsayable } from "./unsayable";
import { type Written, written } from "./writer";

export interface TypeScriptSource {
  readonly source: string;
  /** `literal`: the definition itself, with handlers. */
  readonly form: "timeline" | "literal";
  /** Of a literal: why it is one. */
  readonly why: string | null;
}

const MANNERS: readonly Omit<Manner, "handed">[] = [true, false].flatMap((arePlain) =>
  [true, false].flatMap((areIdsGiven) => [false, true].map((isFlat) => ({ arePlain, areIdsGiven, isFlat }))),
);

export function typescriptOf(definition: Definition): TypeScriptSource {
  const wanted = canonicalJson(definition);
  let arrangedSource: string | null = null;
  let why = "Parallel paths in it cross, or it says what the SDK has no word for.";
  for (const manner of mannersFor(definition)) {
    try {
      const module = timelineOf(definition, manner);
      const made = documentOf(module);
      if (made === null) continue;
      if (canonicalJson(made) === wanted) return { source: sourceOf(module), form: "timeline", why: null };
      arrangedSource ??= arrangedOf(definition, module, wanted);
    } catch (error) {
      if (error instanceof Unsayable) why = error.message;
      else if (!(error instanceof DefinitionError)) throw error;
    }
  }
  if (arrangedSource !== null) return { source: arrangedSource, form: "timeline", why: null };
  return { source: literalSource(definition), form: "literal", why };
}

/** Only those that could make a difference. */
function mannersFor({ nodes }: Definition): typeof MANNERS {
  const hasGates = (node: Node): boolean =>
    isGateId(node.id) || (node.type === "map" && "nodes" in node.body && node.body.nodes.some(hasGates));
  return nodes.some(hasGates) ? MANNERS : MANNERS.filter(({ arePlain }) => !arePlain);
}

/** Written twice: first as short as can be, which shows what the compiler hands each step by itself. */
function timelineOf(definition: Definition, manner: Omit<Manner, "handed">): Written {
  const bare = documentOf(written(definition, { ...manner, handed: null }));
  return written(definition, { ...manner, handed: bare === null ? new Map() : handedIn(bare) });
}

function documentOf({ constants, workflow }: Written): Definition | null {
  const values = new Map(DSL);
  for (const { name, code } of constants) values.set(name, evaluate(code, values));
  return documentOfSketch(evaluate(workflow.code, values));
}

function handedIn(definition: Definition): Map<string, JsonValue | undefined> {
  const handed = new Map<string, JsonValue | undefined>([["", definition.output]]);
  const read = (node: Node) => {
    if (node.type === "task" || node.type === "workflow") handed.set(node.id, node.input);
    else if (node.type === "succeed") handed.set(node.id, node.output);
    else if (node.type === "map" && !("nodes" in node.body)) handed.set(`${node.id} item`, node.body.input);
    else if (node.type === "map" && "nodes" in node.body) {
      handed.set(`${node.id} body`, node.body.output);
      node.body.nodes.forEach(read);
    }
  };
  definition.nodes.forEach(read);
  return handed;
}

/** With the order of nodes and edges written down, where that is all that differs; else null. */
function arrangedOf(definition: Definition, module: Written, wanted: string): string | null {
  const nodes: string[] = [];
  const edges: string[] = [];
  const read = (graph: Pick<Definition, "nodes" | "edges">) => {
    nodes.push(...graph.nodes.map(({ id }) => id));
    edges.push(...graph.edges.map(edgeName));
    for (const node of graph.nodes) if (node.type === "map" && "nodes" in node.body) read(node.body);
  };
  read(definition);
  const { workflow } = module;
  const names = (of: readonly string[]) => list(of.map(json));
  const code = method(workflow.code, "arrange", names(nodes), names(edges));
  const arranged = { ...module, workflow: { ...workflow, code } };
  const made = documentOf(arranged);
  return made !== null && canonicalJson(made) === wanted ? sourceOf(arranged) : null;
}

function sourceOf({ constants, workflow, types }: Written): string {
  const names = new Set([...constants.map(({ code }) => code), workflow.code].flatMap(namesIn));
  const imports = [...names].filter((name) => DSL.has(name)).sort();
  const declared = constants.map(({ name, code }) => declaration(name, code));
  const exported = `export ${declaration(workflow.name, workflow.code)}`;
  return `${[importLine(imports), ...types, ...declared, exported].join("\n\n")}\n`;
}

function declaration(name: string, code: Code): string {
  const start = `const ${name} = `;
  return `${start}${print(code, 0, start.length + 8)};`;
}

function importLine(names: readonly string[]): string {
  const line = `import { ${names.join(", ")} } from "@cerebelum/sdk";`;
  return line.length <= 120
    ? line
    : `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "@cerebelum/sdk";`;
}
