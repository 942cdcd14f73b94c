// What the image is made of is there, and it runs as one would have it: no root, no shell between signals and the server.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { contextOf, ignoredBy, readCopy, readStages } from "../support/dockerfile";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const stages = readStages(readFileSync(join(ROOT, "Dockerfile"), "utf8"));
const image = stages.at(-1)?.instructions ?? [];
const the = (name: string) => image.filter((instruction) => instruction.name === name).map(({ text }) => text);

it("every file that the Dockerfile copies is there, and .dockerignore leaves it in", () => {
  const copies = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === "COPY"));
  const sources = copies.map(({ text }) => readCopy(text)).filter(({ from }) => from === null);
  const all = sources.flatMap((copy) => copy.sources);
  expect(all).toContain("package-lock.json");
  for (const source of all.filter((path) => path !== ".")) expect(contextOf(ROOT, source), source).not.toHaveLength(0);
});

it("every stage that is copied from is one of its own", () => {
  const named = stages.map(({ name }) => name);
  for (const { instructions } of stages) {
    for (const { text } of instructions.filter(({ name }) => name === "COPY")) {
      const { from } = readCopy(text);
      if (from !== null) expect(named).toContain(from);
    }
  }
});

it("whatever a build reads is left in", () => {
  const isIgnored = ignoredBy(readFileSync(join(ROOT, ".dockerignore"), "utf8"));
  const [, list = ""] =
    /const SOURCES = \[([^\]]*)\]/.exec(readFileSync(join(ROOT, "scripts/build.mjs"), "utf8")) ?? [];
  const sources = [...list.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? "");
  expect(sources).toContain("server.ts");
  for (const source of sources) {
    expect(isIgnored(source), source).toBe(false);
    if (existsSync(join(ROOT, source))) expect(contextOf(ROOT, source), source).not.toHaveLength(0);
  }
});

it.each([
  ".env",
  ".env.local",
  ".git/config",
  "node_modules/next/package.json",
  "worker-sdk/node_modules/x",
  ".cerebelum/postgres.password",
])("%s never gets into an image", (path) => {
  expect(ignoredBy(readFileSync(join(ROOT, ".dockerignore"), "utf8"))(path)).toBe(true);
});

it("runs as a user without rights, with the server as its first process", () => {
  expect(the("USER")).toEqual(["node"]);
  const [command = ""] = the("CMD");
  const words: string[] = JSON.parse(command);
  expect(words[0]).toBe("node");
  const copied = the("COPY")
    .map(readCopy)
    .flatMap(({ sources }) => sources);
  expect(copied).toContain(words.at(-1));
  expect(copied).toContain(/CMD \["node", "([^"]+)"\]/.exec(the("HEALTHCHECK")[0] ?? "")?.[1]);
});
