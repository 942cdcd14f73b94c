// @ts-check
// `npm run check`: every rule that a tool can keep, each by itself; a table at the end, and the words of those that failed.
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { auditPackages } from "./audit-packages.mjs";
import { ensureInstalled, npm } from "./install.mjs";
import { endCommands, run } from "./processes.mjs";
import { complain, dim, green, red, seconds } from "./terminal.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @typedef {{ code: number | null, output: string, skipped?: boolean }} Outcome */
/** @typedef {{ name: string, rule: string, check: () => Promise<Outcome> }} Check */

/** The longest first, so that none is left over at the end. @type {Check[]} */
const CHECKS = [
  { name: "types", rule: "all code and all tests", check: types },
  {
    name: "package",
    rule: "the SDK's build, its types in ESM and CJS",
    check: () => npm(["run", "check", "-w", "worker-sdk"], root),
  },
  { name: "imports", rule: "who may import whom, no cycles", check: imports },
  {
    name: "dead code",
    rule: "files, exports and dependencies that nobody uses",
    check: () => tool("knip/bin/knip.js", ["--no-progress", "--no-config-hints"]),
  },
  {
    name: "core types",
    rule: "the core knows no clock, no browser, no Node",
    check: () => tool("typescript/bin/tsc", ["-p", "lib/core", "--noEmit"]),
  },
  { name: "lock", rule: "package-lock.json is complete for every platform", check: lock },
  { name: "audit", rule: "no shipped package has a grave known weakness", check: auditPackages },
  { name: "migrations", rule: "they say what the schema says", check: () => script("check-migrations.mjs") },
  {
    name: "style",
    rule: "format, lint and the core's purity",
    check: () => tool("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]),
  },
];

async function types() {
  // The types of routes and of imported styles.
  const generated = await tool("next/dist/bin/next", ["typegen"]);
  return generated.code === 0 ? tool("typescript/bin/tsc", ["--noEmit"]) : generated;
}

function imports() {
  const folders = ["app", "bench", "db", "examples", "lib", "scripts", "server.ts", "tests", "worker-sdk/src"];
  return tool("dependency-cruiser/bin/dependency-cruise.mjs", ["--config", ".dependency-cruiser.cjs", ...folders]);
}

async function lock() {
  const complete = await script("check-lock.mjs");
  if (complete.code !== 0) return complete;
  return npm(["ci", "--dry-run", "--no-audit", "--no-fund", "--prefer-offline"], root);
}

/**
 * @param {string} path of the tool's entry below node_modules
 * @param {string[]} args
 */
function tool(path, args) {
  return run(process.execPath, [`node_modules/${path}`, ...args], { cwd: root, env: environment() });
}

/** @param {string} name */
function script(name) {
  return run(process.execPath, [`scripts/${name}`], { cwd: root, env: environment() });
}

function environment() {
  return { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
}

/**
 * Runs all of them, as many at a time as there are processors.
 * @returns {Promise<{ name: string, output: string }[]>} those that failed
 */
export async function checkAll() {
  const waiting = [...CHECKS];
  /** @type {{ name: string, output: string }[]} */
  const failures = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const startedAt = performance.now();
      const { code, output, skipped } = await next.check();
      const mark = skipped ? dim("–") : code === 0 ? green("✓") : red("✗");
      const took = dim(seconds(performance.now() - startedAt) + (skipped ? `, left out: ${output}` : ""));
      console.log(`  ${mark} ${next.name.padEnd(12)}${next.rule.padEnd(52)} ${took}`);
      if (code !== 0) failures.push({ name: next.name, output });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, lane));
  for (const { name, output } of failures) console.log(`\n${red(`── ${name}`)}\n${output.trim()}`);
  return failures;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      endCommands();
      process.exit(130);
    });
  }
  try {
    console.log();
    await ensureInstalled(root);
    const failures = await checkAll();
    process.exitCode = failures.length === 0 ? 0 : 1;
  } catch (error) {
    complain(error);
    process.exitCode = 1;
  }
}
