// Reads the Dockerfile, and does what it says in ordinary folders: what can be tested of an image where there is no Docker.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";

export interface Instruction {
  name: string;
  text: string;
}

export interface Stage {
  name: string;
  instructions: Instruction[];
}

/** Stages in order; a stage without a name has its number. Comments and what stands before the first stage are left out. */
export function readStages(dockerfile: string): Stage[] {
  const lines = dockerfile
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, name = "", text = ""] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (name === "FROM") stages.push({ name: / AS (\S+)/.exec(text)?.[1] ?? String(stages.length), instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text });
  }
  return stages;
}

export interface Copy {
  from: string | null;
  sources: string[];
  target: string;
}

export function readCopy(text: string): Copy {
  const words = text.split(/\s+/);
  const from = words[0]?.startsWith("--from=") ? (words.shift() ?? "").slice("--from=".length) : null;
  const target = words.pop() ?? "";
  return { from, sources: words, target };
}

/** Whether the file of that path stays out of what Docker is given. Knows names, `*` and a leading double star, no exceptions. */
export function ignoredBy(dockerignore: string): (path: string) => boolean {
  const patterns = dockerignore
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [deep, rest] = line.startsWith("**/") ? ["(?:.*/)?", line.slice(3)] : ["", line];
      const name = rest.replace(/[.+?^$()[\]{}|]/g, "\\$&").replaceAll("*", "[^/]*");
      return new RegExp(`^${deep}${name}(?:/|$)`);
    });
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** Below a folder, each stage has one of its own, in which its paths begin. Answers the last one's. */
export function buildImage(root: string, folder: string): { tree: string; environment: Record<string, string> } {
  const isIgnored = ignoredBy(readFileSync(join(root, ".dockerignore"), "utf8"));
  const at = (stage: string, path: string) => join(folder, stage, path);
  let last = { tree: "", environment: {} as Record<string, string> };
  for (const { name, instructions } of readStages(readFileSync(join(root, "Dockerfile"), "utf8"))) {
    let workdir = "/";
    const environment: Record<string, string> = {};
    for (const instruction of instructions) {
      if (instruction.name === "WORKDIR") {
        workdir = instruction.text;
        mkdirSync(at(name, workdir), { recursive: true });
      } else if (instruction.name === "ENV") {
        for (const [, key = "", value = ""] of instruction.text.matchAll(/(\w+)=(\S+)/g)) environment[key] = value;
      } else if (instruction.name === "RUN") {
        const { NODE_ENV: _, ...inherited } = process.env;
        const env = { ...inherited, ...environment } as NodeJS.ProcessEnv;
        execFileSync("sh", ["-ec", instruction.text], { cwd: at(name, workdir), env, stdio: "pipe" });
      } else if (instruction.name === "COPY") {
        const { from, sources, target } = readCopy(instruction.text);
        for (const source of sources) {
          const found = from === null ? join(root, source) : at(from, source);
          const isFolder = statSync(found).isDirectory();
          const into = isFolder || !/(?:\/|^\.)$/.test(target) ? target : join(target, basename(source));
          const keep = (path: string) => from !== null || !isIgnored(relative(root, path));
          cpSync(found, at(name, join(workdir, into)), { recursive: true, verbatimSymlinks: true, filter: keep });
        }
      }
    }
    last = { tree: at(name, workdir), environment };
  }
  return last;
}

/** As paths from the root, for files that are not ignored. */
export function contextOf(root: string, source: string): string[] {
  const isIgnored = ignoredBy(readFileSync(join(root, ".dockerignore"), "utf8"));
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return isIgnored(source) ? [] : [source];
  return readdirSync(path).flatMap((name) => {
    const below = relative(root, join(path, name));
    return isIgnored(below) ? [] : contextOf(root, below);
  });
}
