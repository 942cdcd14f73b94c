/**
 * What the pages on concepts claim holds: their TypeScript compiles and runs, their definitions are valid, their links lead
 * somewhere, and the events and codes that they name exist.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { EVENT_TYPES } from "@/lib/contract/history";
import { parseDefinition } from "@/lib/contract/parse-definition";
import { validateDefinition } from "@/lib/core/definition/validate";

const FOLDER = "docs/concepts";
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith(".md"));
const EVENTS = new Set<string>(EVENT_TYPES);
/** Where all codes are written down. */
const SOURCES = ["lib", "worker-sdk/src"]
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => path.join(folder, name)),
  )
  .filter((name) => name.endsWith(".ts"))
  .map((name) => readFileSync(name, "utf8"))
  .join("\n");
const run = promisify(execFile);

interface Block {
  /** Page and number, as in `loops-2`. */
  name: string;
  source: string;
}

function blocksOf(language: string): Block[] {
  return PAGES.flatMap((page) => {
    const found = [...readFileSync(path.join(FOLDER, page), "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)];
    return found
      .filter(([, of]) => of === language)
      .map(([, , source = ""], i) => ({ name: `${page.replace(/\.md$/, "")}-${i + 1}`, source }));
  });
}

const examples = blocksOf("ts");
const definitions = blocksOf("json");
let failures: { [name: string]: string } = {};
let complaints = "";

/** One after another in one process, for most of the time goes into loading the package. */
const MAIN = `
import { writeFileSync } from "node:fs";
const [list, result] = process.argv.slice(2);
const failures = {};
for (const name of JSON.parse(list)) await import(\`./\${name}.mts\`).catch((error) => { failures[name] = String(error.stack); });
writeFileSync(result, JSON.stringify(failures));
`;

async function runAll(folder: string, names: string[]): Promise<typeof failures> {
  const main = path.join(folder, "main.mjs");
  const result = path.join(folder, "failures.json");
  await writeFile(main, MAIN);
  await run(process.execPath, ["--import", "tsx", main, JSON.stringify(names), result]);
  return JSON.parse(await readFile(result, "utf8"));
}

/** Answers what the compiler says of the examples; the package's own files are checked elsewhere. */
async function compileAll(folder: string): Promise<string> {
  const root = process.cwd();
  const config = {
    extends: path.join(root, "tsconfig.json"),
    compilerOptions: {
      allowJs: false,
      incremental: false,
      types: ["node"],
      typeRoots: [`${root}/node_modules/@types`],
    },
    include: ["*.mts"],
    exclude: [],
  };
  const project = path.join(folder, "tsconfig.json");
  await writeFile(project, JSON.stringify(config));
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [compiler, "--noEmit", "-p", project], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  return stdout
    .split("\n")
    .filter((line) => line.includes(".mts("))
    .join("\n");
}

async function judge(examples: Block[]): Promise<{ failures: typeof failures; complaints: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), "cerebelum-concepts-"));
  try {
    await Promise.all(examples.map(({ name, source }) => writeFile(path.join(folder, `${name}.mts`), source)));
    const names = examples.map(({ name }) => name);
    const [failed, said] = await Promise.all([runAll(folder, names), compileAll(folder)]);
    return { failures: failed, complaints: said };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const WRONG: Block[] = [
  { name: "wrong-type", source: 'import { step } from "@cerebelum/sdk";\nconst n: number = step("a", () => 1);\n' },
  { name: "wrong-claim", source: 'import assert from "node:assert/strict";\nassert.equal(1, 2);\nexport {};\n' },
];

beforeAll(async () => {
  ({ failures, complaints } = await judge([...examples, ...WRONG]));
}, 240_000);

const complaintsOf = (name: string) => complaints.split("\n").filter((line) => line.includes(`${name}.mts(`));

describe("the examples", () => {
  it.each(examples)("$name compiles, and what it asserts holds", ({ name }) => {
    expect(complaintsOf(name)).toEqual([]);
    expect(failures[name]).toBeUndefined();
  });

  it.each(examples)("$name asserts something", ({ source }) => {
    expect(source).toMatch(/assert[.\w]*\(/);
  });

  it("would be found wrong, in their types and in their claims", () => {
    expect(complaintsOf("wrong-type")).toHaveLength(1);
    expect(failures["wrong-claim"]).toContain("AssertionError");
  });
});

describe("the definitions", () => {
  it.each(definitions)("$name is one, without an error", ({ source }) => {
    const { definition, findings } = parseDefinition(JSON.parse(source));
    const all = definition === null ? findings : [...findings, ...validateDefinition(definition)];
    expect(all.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

describe("the documents", () => {
  const documents = [
    "README.md",
    "worker-sdk/README.md",
    ...readdirSync("docs", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => path.join("docs", name)),
  ];

  it.each(documents)("%s links to what is there", (document) => {
    const links = [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to = ""]) => to);
    const missing = links.filter((to) => !existsSync(path.join(path.dirname(document), to)));
    expect(missing).toEqual([]);
  });

  it.each(PAGES)("docs/concepts/%s names events and codes that exist", (page) => {
    const prose = readFileSync(path.join(FOLDER, page), "utf8").replaceAll(/^```.*?^```$/gms, "");
    const named = [...prose.matchAll(/`([A-Z]\w+)`/g)].map(([, name = ""]) => name);
    const events = named.filter((name) => /^[A-Z][a-z]+[A-Z]/.test(name) && !name.endsWith("Error"));
    expect(events.filter((name) => !EVENTS.has(name))).toEqual([]);
    const codes = named.filter((name) => /^[A-Z]+(_[A-Z]+)+$/.test(name));
    expect(codes.filter((code) => !SOURCES.includes(`"${code}"`) && !SOURCES.includes(`${code}:`))).toEqual([]);
  });

  it("have every concept in the index", () => {
    const index = readFileSync(path.join(FOLDER, "README.md"), "utf8");
    expect(PAGES.filter((page) => page !== "README.md" && !index.includes(`](${page})`))).toEqual([]);
  });
});
