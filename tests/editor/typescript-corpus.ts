/** Definitions that somebody wrote for another purpose: of the documentation, of the examples, of the engine's own suite. */
import { readdirSync, readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import type { Definition } from "@/lib/contract/definition";
import { canonicalJson } from "@/lib/contract/json";
import * as sdk from "@/worker-sdk/src/index";
import * as testing from "@/worker-sdk/src/testing/index";
import { Workflow } from "@/worker-sdk/src/workflow";
import { AREAS } from "../conformance/behaviours";
import { definitionsOf } from "../conformance/given";

export interface Sample {
  readonly name: string;
  readonly definition: Definition;
}

/** What the engine is held to: graphs that were chosen for being awkward. */
export function ofBehaviours(): Sample[] {
  const found = Object.values(AREAS)
    .flat()
    .flatMap(({ given }) => definitionsOf(given).map((definition) => ({ name: definition.name, definition })));
  return distinct(found);
}

/** The definitions in the pages on concepts, as JSON. */
export function ofConceptPages(): Sample[] {
  return conceptBlocks("json").flatMap(({ name, source }) => {
    const document: unknown = JSON.parse(source);
    return isDefinition(document) ? [{ name, definition: document }] : [];
  });
}

/** The workflows that the examples of the documentation build. */
export async function ofExamples(): Promise<Sample[]> {
  const readme = [...readFileSync("worker-sdk/README.md", "utf8").matchAll(/```ts\n(.*?)```/gs)].map(
    ([, source = ""], i) => ({ name: `README-${i + 1}`, source }),
  );
  const onboarding = { name: "onboarding", source: readFileSync("examples/onboarding/onboarding.ts", "utf8") };
  const runnable = [...readme, ...conceptBlocks("ts"), onboarding].filter(
    ({ source }) => !source.includes("distributed: true") || source === onboarding.source,
  );
  const samples: Sample[] = [];
  for (const { name, source } of runnable) {
    const built = await workflowsOf(source);
    samples.push(...built.map((definition, i) => ({ name: `${name}/${definition.name}-${i}`, definition })));
  }
  return distinct(samples);
}

function conceptBlocks(language: string): { name: string; source: string }[] {
  return readdirSync("docs/concepts")
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => {
      const blocks = [...readFileSync(`docs/concepts/${file}`, "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)];
      return blocks
        .filter(([, of]) => of === language)
        .map(([, , source = ""], i) => ({ name: `${file.replace(/\.md$/, "")}-${i + 1}`, source }));
    });
}

function isDefinition(document: unknown): document is Definition {
  return typeof document === "object" && document !== null && "nodes" in document && "name" in document;
}

/** Each that the source builds and does not build upon; nothing of it runs. */
async function workflowsOf(source: string): Promise<Definition[]> {
  const built = new Set<Workflow>();
  const used = new Set<unknown>();
  const restore = watch(built, used);
  try {
    await run(source);
  } finally {
    restore();
  }
  return [...built].filter((each) => !used.has(each)).flatMap((each) => definitionOf(each));
}

const WORDS = ["timeline", "branch", "diverge", "output"] as const;

function watch(built: Set<Workflow>, used: Set<unknown>): () => void {
  const { prototype } = Workflow;
  const kept = new Map<string, PropertyDescriptor | undefined>();
  const replace = (name: string, value: unknown) => {
    kept.set(name, Object.getOwnPropertyDescriptor(prototype, name));
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  };
  for (const word of WORDS) {
    const own: unknown = Reflect.get(prototype, word);
    replace(word, function watched(this: Workflow, ...args: unknown[]) {
      const made = Reflect.apply(own as (...args: unknown[]) => Workflow, this, args);
      used.add(this);
      built.add(made);
      return made;
    });
  }
  return () => {
    for (const [name, descriptor] of kept) if (descriptor) Object.defineProperty(prototype, name, descriptor);
  };
}

/** As far as it can be built: some examples show what is refused. */
function definitionOf(workflow: Workflow): Definition[] {
  try {
    return [workflow.definition as Definition];
  } catch (error) {
    if (error instanceof sdk.DefinitionError) return [];
    throw error;
  }
}

/** As an example is meant to be run, on a clock that jumps, and without its words. */
async function run(source: string): Promise<void> {
  const script = transformSync(source, { loader: "ts", format: "esm", target: "es2022" }).code;
  const body = script
    .replace(/^import\s*\{([^}]*)\}\s*from\s*"([^"]+)";?$/gm, (_, names: string, from: string) => {
      const members = names.replaceAll(" as ", ": ");
      return `const {${members}} = packageOf(${JSON.stringify(from)});`;
    })
    .replace(/^import (\w+) from\s*"([^"]+)";?$/gm, 'const $1 = packageOf("$2");')
    .replace(/^export\s*\{[^}]*\};?$/gm, "")
    .replace(/^export /gm, "")
    .replaceAll("import.meta.url", '"file:///nowhere"');
  const quick = { ...sdk, systemClock: sdk.virtualClock() };
  const packages: { [name: string]: unknown } = { "@cerebelum/sdk": quick, "@cerebelum/sdk/testing": testing };
  const packageOf = (name: string) => packages[name] ?? process.getBuiltinModule(name);
  const silent = { log: () => undefined, error: () => undefined, table: () => undefined };
  const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
  const example: (...args: unknown[]) => Promise<void> = new AsyncFunction("packageOf", "console", body);
  await example(packageOf, silent);
}

function distinct(samples: readonly Sample[]): Sample[] {
  return [...new Map(samples.map((sample) => [canonicalJson(sample.definition), sample])).values()];
}
