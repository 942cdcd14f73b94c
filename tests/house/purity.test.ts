// The core is refused whatever would make it differ tomorrow or elsewhere: by lint, by types, or by both.
import { afterAll, beforeAll, expect, test } from "vitest";
import { lawfulProject, type Project, type Verdict } from "./rules";

const IMPURE: [what: string, file: string, text: string, reason: RegExp][] = [
  ["the clock", "lib/core/clock.ts", "export const now = () => Date.now();\n", /noRestrictedGlobals/],
  ["dates outside time.ts", "lib/core/dates.ts", "export const at = new Date(5);\n", /noRestrictedGlobals/],
  ["the clock in time.ts too", "lib/core/time.ts", "export const now = () => new Date();\n", /plugin/],
  ["chance", "lib/core/chance.ts", "export const chance = () => Math.random();\n", /plugin/],
  ["promises", "lib/core/promises.ts", "export const later = Promise.resolve();\n", /noRestrictedGlobals/],
  ["timers", "lib/core/timers.ts", "setTimeout(() => {}, 1);\n", /noRestrictedGlobals/],
  ["the way round", "lib/core/way-round.ts", "export const all = globalThis;\n", /noRestrictedGlobals/],
];

let project: Project;
let broken: Verdict;
beforeAll(() => {
  project = lawfulProject();
});
afterAll(() => project.remove());

test("a pure core passes, and the other folders keep their clock", async () => {
  project.write({
    "lib/core/time.ts": "export const text = (at: number) => new Date(at).toISOString();\n",
    "lib/engine/clock.ts": "export const now = () => Date.now() + Math.random();\n",
  });
  expect(await project.lint()).toMatchObject({ kept: true });
  expect(await project.coreTypes()).toMatchObject({ kept: true });
});

test("an impure core fails the check", async () => {
  project.write(Object.fromEntries(IMPURE.map(([, file, text]) => [file, text])));
  broken = await project.lint();
  expect(broken.kept).toBe(false);
});

test.each(IMPURE)("lint refuses %s", (_, file, __, reason) => {
  const told = broken.output.split("\n").filter((line) => line.startsWith(`${file}:`));
  expect(told.join("\n")).toMatch(reason);
});

test("the core's own types know neither Node nor a browser", async () => {
  const uses = ["process.env", "fetch('')", "document.title", "setTimeout(() => {}, 1)", "crypto.randomUUID()"];
  project.write({ "lib/core/outside.ts": uses.map((use, i) => `export const a${i} = ${use};\n`).join("") });
  const { kept, output } = await project.coreTypes();
  for (let line = 1; line <= uses.length; line++) expect(output).toContain(`outside.ts(${line},`);
  expect(kept).toBe(false);
});
