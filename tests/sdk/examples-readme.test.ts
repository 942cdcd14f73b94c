/** The examples of the package's README run as they stand, those apart that need a server. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, it } from "vitest";

const MARK = "======";
const examples = [...readFileSync("worker-sdk/README.md", "utf8").matchAll(/```ts\n(.*?)```/gs)]
  .map(([, source = ""]) => source)
  .filter((source) => !source.includes("distributed: true"));
let outputs: string[] = [];

/** One after another in one process, for most of the time goes into loading the package. */
async function runAll(folder: string): Promise<string[]> {
  const files = examples.map((_, i) => path.join(folder, `example-${i}.mts`));
  await Promise.all(files.map((file, i) => writeFile(file, examples[i] ?? "")));
  const main = path.join(folder, "main.mts");
  const lines = files.map((file) => `console.log("${MARK}");\nawait import(${JSON.stringify(file)});`);
  await writeFile(main, lines.join("\n"));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", main]);
  return stdout.split(`${MARK}\n`).slice(1);
}

/** What the one printed that has this in it. */
function outputOf(part: string): string | undefined {
  return outputs[examples.findIndex((source) => source.includes(part))];
}

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "cerebelum-readme-"));
  outputs = await runAll(folder).finally(() => rm(folder, { recursive: true }));
}, 120_000);

it("go back until a draft is good, and translate it item by item", () => {
  expect(outputOf("workflow<{ topic: string }>")).toBe(
    "[ '1. de: CEL, with examples', '2. fr: CEL, with examples' ]\n",
  );
});

it("run a workflow from its definition", () => {
  expect(outputOf("fromDefinition(")).toBe("charged 40\n");
});

it("welcome a user", () => {
  expect(outputOf('workflow("onboarding")')).toBe("Welcome, Ada <ada@example.com>\n");
});

it("declare a step with its policies", () => {
  expect(outputOf('queue: "payments"')).toBe("");
});

it("wait in the middle of a handler", () => {
  expect(outputOf('workflow("refunds")')).toMatch(/^refund .*\n$/);
});

it("watch and answer an execution by its handle", () => {
  expect(outputOf("orders.start(")).toMatch(/^shipped lamp\n\d+ \[\s+'stock completed',/);
});

it("try a workflow out with a script", () => {
  expect(outputOf("testWorkflow(")).toBe("paid 3\n");
});
