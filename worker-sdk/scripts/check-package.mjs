/**
 * Proves that what would be published works for whoever installs it: its manifest and types hold up, it needs no other
 * package, and ESM, CommonJS and TypeScript projects can run a workflow with it. Run by `npm run check -w worker-sdk`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(home, "package.json"), "utf8"));

const run = (command, args, cwd = home) =>
  execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] }).toString();
const bin = (name) => path.join(home, "../node_modules/.bin", name);

function step(what, check) {
  try {
    check();
    console.log(`  ok  ${what}`);
  } catch (error) {
    console.error(`FAIL  ${what}\n${error.stdout ?? ""}${error.message}`);
    process.exitCode = 1;
  }
}

const workflowOf = (load) => `${load("@cerebelum/sdk", "{ sleep, step, workflow }")}
${load("@cerebelum/sdk/testing", "{ assertOrder, testWorkflow, virtualClock }")}
const greet = step("greet", async ({ name }, ctx) => {
  await ctx.sleep("nap", "30d");
  return \`Hello \${name}\`;
});
const greeting = workflow("greeting").timeline(greet, sleep("30d"), greet.as("again").with({ name: "you" }));
greeting.execute({ name: "Ada" }, { clock: virtualClock() }).then((output) => {
  if (output !== "Hello you") throw new Error(output);
});
testWorkflow(greeting, { input: { name: "Ada" }, fail: { again: ["no"] } }).then((run) => assertOrder(run, "greet", "again"));
`;

const typed = `import { type HistoryEvent, on, step, when, workflow } from "@cerebelum/sdk";
const double = step("double", async ({ n }: { n: number }) => n * 2);
const show = step("show", async (n: number) => \`\${n}\`);
const w = workflow("w").timeline(double).branch(double, { big: when(on(double).gt(10), show), otherwise: show.as("small") });
export const result: Promise<string> = w.execute({ n: 1 }, { onEvent: (event: HistoryEvent) => event.sequence });
// @ts-expect-error double takes an object
w.execute("1");
`;

const exportedWorkflow = `import { sleep, step, workflow } from "@cerebelum/sdk";
export const greeting = workflow("greeting").timeline(step("greet", async () => "hello"), sleep("30d", { id: "nap" }));
`;
const trial = {
  cerebelum: "trial",
  format: 1,
  name: "it is lost once",
  workflow: "greeting",
  definition: {
    name: "greeting",
    nodes: [
      { id: "greet", type: "task", task: "greet" },
      { id: "nap", type: "sleep", duration: "1h" },
    ],
    edges: [{ from: "greet", to: "nap" }],
  },
  steps: { greet: [{ lost: true }, { output: "hi", took: "5m" }] },
  expect: {
    status: "completed",
    path: [
      { step: "greet", ended: "completed" },
      { step: "nap", ended: "completed" },
    ],
  },
};

const temp = mkdtempSync(path.join(tmpdir(), "cerebelum-sdk-"));
try {
  step("src/version.ts names the version of package.json", () => {
    if (!readFileSync(path.join(home, "src/version.ts"), "utf8").includes(`"${manifest.version}"`))
      throw new Error(manifest.version);
  });
  step("it depends on no package", () => {
    if (manifest.dependencies || manifest.peerDependencies) throw new Error("package.json names dependencies");
    for (const file of readdirSync(path.join(home, "dist"))) {
      const text = readFileSync(path.join(home, "dist", file), "utf8");
      const asked = text.matchAll(
        /^(?:import|export)\b[^"'\n]*["']([^"']+)["']|\b(?:require|import)\(["']([^"']+)["']\)/gm,
      );
      const foreign = [...asked].map(([, from, call]) => from ?? call).filter((name) => !/^(?:node:|\.)/.test(name));
      if (foreign.length > 0) throw new Error(`${file} asks for ${[...new Set(foreign)].join(", ")}`);
    }
  });
  step("publint", () => run(bin("publint"), ["run", "--strict", home]));
  run("npm", ["pack", "--silent", "--pack-destination", temp]);
  const tarball = path.join(
    temp,
    readdirSync(temp).find((file) => file.endsWith(".tgz")),
  );
  step("are the types wrong? no", () => run(bin("attw"), [tarball]));

  const project = path.join(temp, "project");
  mkdirSync(project);
  writeFileSync(path.join(project, "package.json"), '{ "private": true, "type": "module" }');
  run("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", tarball], project);
  const imported = (from, names) => `import ${names} from "${from}";`;
  const required = (from, names) => `const ${names} = require("${from}");`;
  writeFileSync(path.join(project, "esm.mjs"), workflowOf(imported));
  writeFileSync(path.join(project, "cjs.cjs"), workflowOf(required));
  writeFileSync(path.join(project, "typed.ts"), typed);
  const examples = [...readFileSync(path.join(home, "README.md"), "utf8").matchAll(/```ts\n(.*?)```/gs)];
  // The second one goes on with the first, by its name.
  const files = examples.map((_, i) => (i === 0 ? "onboarding.ts" : `example-${i}.ts`));
  for (const [i, [, source]] of examples.entries())
    writeFileSync(path.join(project, files[i]), source.replace("./onboarding", "./onboarding.js"));
  step("the README's first workflow runs as it stands", () => {
    const output = run(bin("tsx"), ["onboarding.ts"], project);
    if (output !== "Welcome, Ada <ada@example.com>\n") throw new Error(output);
  });
  step("an ES module runs a workflow", () => run(process.execPath, ["esm.mjs"], project));
  step("cerebelum-verify runs", () => {
    const said = run(path.join(project, "node_modules/.bin/cerebelum-verify"), ["--help"], project);
    if (!said.startsWith("Usage: cerebelum-verify")) throw new Error(said);
  });
  step("cerebelum test plays a trial, against its own definition and against the code's", () => {
    writeFileSync(path.join(project, "greeting.mjs"), exportedWorkflow);
    writeFileSync(path.join(project, "greeting.trial.json"), JSON.stringify(trial));
    const test = (...args) => run(path.join(project, "node_modules/.bin/cerebelum"), ["test", ...args], project);
    for (const said of [test(), test("--workflows", "./greeting.mjs")])
      if (!said.endsWith("1 passed, 0 failed\n")) throw new Error(said);
  });
  step("the command alone brings a schema library along", () => {
    const libraries = readdirSync(path.join(home, "dist")).filter((file) =>
      readFileSync(path.join(home, "dist", file), "utf8").includes("ZodError"),
    );
    const others = libraries.filter((file) => !file.startsWith("cerebelum"));
    if (others.length > 0) throw new Error(others.join(", "));
  });
  step("a CommonJS module runs a workflow", () => run(process.execPath, ["cjs.cjs"], project));
  const tsc = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom"];
  for (const module of ["nodenext", "node16"])
    step(`TypeScript (${module}) sees its types, without skipLibCheck`, () =>
      run(bin("tsc"), [...tsc, "--module", module, "typed.ts", ...files], project),
    );
} finally {
  rmSync(temp, { recursive: true, force: true });
}
