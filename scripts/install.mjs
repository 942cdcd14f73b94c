// @ts-check
// Makes node_modules what package-lock.json says, and does nothing when it already is.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./processes.mjs";
import { Refusal, step } from "./terminal.mjs";

/**
 * @param {string} root
 * @param {(facts: { command: number }) => void} [note] told of the process that does it
 * @throws {Refusal} when npm fails, with its own words
 */
export async function ensureInstalled(root, note = () => {}) {
  if (isInstalled(root)) return;
  await step("dependencies", async () => {
    const { code, output } = await npm(["ci", "--include=dev", "--no-audit", "--no-fund"], root, note);
    if (code !== 0) throw new Refusal(`npm ci failed:\n${output.trim()}`);
    writeFileSync(stampFile(root), stamp(root));
    return { done: "installed as package-lock.json says" };
  });
}

/**
 * npm writes what it installed to node_modules/.package-lock.json as its last act, so an install that was killed is done again,
 * and one that a person made by hand is not.
 * @param {string} root
 */
export function isInstalled(root) {
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (existsSync(stampFile(root)) && readFileSync(stampFile(root), "utf8") === stamp(root)) return true;
  const wanted = packages(join(root, "package-lock.json"));
  const present = packages(installed);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const found = present[path];
    // What is optional may be for another platform.
    return found ? found.version === entry.version : entry.optional || entry.devOptional;
  });
}

/** @param {string} root */
const stampFile = (root) => join(root, "node_modules", ".installed-for");

/** @param {string} root */
function stamp(root) {
  const lock = readFileSync(join(root, "package-lock.json"));
  return `${process.platform} ${process.arch} ${createHash("sha256").update(lock).digest("hex")}`;
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>}
 */
function packages(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

/** How npm is told to reach its registry. */
const KEPT = /^npm_config_(registry|cache|userconfig|globalconfig|ca|cafile|strict_ssl|.*proxy|.*auth.*)$/i;

/**
 * Runs npm as if from a plain shell: what an outer `npm` put into the environment, and NODE_ENV, would change what it installs.
 * @param {string[]} args
 * @param {string} cwd
 * @param {(facts: { command: number }) => void} [note]
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function npm(args, cwd, note = () => {}) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(config|package|lifecycle)_|^NODE_ENV$/i.test(name) && !KEPT.test(name)) delete env[name];
  }
  const cli = process.env.npm_execpath;
  const options = { cwd, env, started: (/** @type {number} */ command) => note({ command }) };
  return cli?.endsWith(".js") ? run(process.execPath, [cli, ...args], options) : run("npm", args, options);
}
