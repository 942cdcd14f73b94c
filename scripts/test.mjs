// @ts-check
// `npm test`: everything that must hold, on a fresh clone too. What failed is named again at the end, where a long
// output is read; the last line counts: `N passed, N failed`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureBuilt } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { endCommands, signal } from "./processes.mjs";
import { bold, complain, red } from "./terminal.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const browserOff = process.env.CEREBELUM_TEST_BROWSER === "off";

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {import("node:child_process").ChildProcess | undefined} */
let running;
/** What failed, in its own words. @type {string[]} */
const failures = [];
for (const name of /** @type {const} */ (["SIGTERM", "SIGINT"])) {
  process.on(name, () => {
    endCommands();
    if (running?.pid) signal(running.pid, "SIGTERM");
    process.exit(130);
  });
}

const reports = mkdtempSync(join(tmpdir(), "cerebelum-reports-"));
try {
  const parts = [
    await part("rules", rules),
    await part("unit and integration tests", () => vitest("unit", "postgres")),
    await part("kill tests", () => vitest("kill")),
  ];
  if (!browserOff) parts.push(await part("browser tests", browser));
  const sum = (/** @type {keyof Counts} */ key) => parts.reduce((total, counts) => total + counts[key], 0);
  for (const failure of failures) console.log(`\n${red("✗")} ${failure}`);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
  if (browserOff) console.log("browser tests left out: CEREBELUM_TEST_BROWSER=off");
  process.exitCode = sum("failed") === 0 ? 0 : 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

/**
 * A part that breaks off counts as one failure, so that no count can look better than the run was.
 * @param {string} name
 * @param {() => Promise<Counts>} work
 * @returns {Promise<Counts>}
 */
async function part(name, work) {
  console.log(`\n  ${bold(name)}\n`);
  try {
    return await work();
  } catch (error) {
    complain(error);
    failures.push(`${name}: broke off`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** A rule that is broken counts as a failed test. */
async function rules() {
  await ensureInstalled(root);
  // What it needs is there only now.
  const { checkAll } = await import("./check.mjs");
  const broken = await checkAll();
  for (const { name, output } of broken) failures.push(`rule "${name}"\n${ending(output)}`);
  return { passed: 0, failed: broken.length, skipped: 0 };
}

/** @param {...string} projects of vitest.config.ts */
async function vitest(...projects) {
  const file = join(reports, `vitest-${projects.join("-")}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  // Those that start the whole program should not wait for its build within a test's time.
  if (projects.includes("kill")) await ensureBuilt(root);
  const code = await watch(["vitest/vitest.mjs", "run", ...projects.map((name) => `--project=${name}`), ...reporters]);
  const report = JSON.parse(readFileSync(file, "utf8"));
  /** @type {{ name: string, status: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[]} */
  const files = report.testResults;
  for (const { name, status, message, assertionResults } of files) {
    if (status === "failed" && assertionResults.length === 0) failures.push(`${relative(root, name)}\n${message}`);
    for (const test of assertionResults) {
      if (test.status !== "failed") continue;
      failures.push(`${relative(root, name)}: ${test.fullName}\n${beginning(test.failureMessages.join("\n"))}`);
    }
  }
  // A file that could not be loaded has no tests to fail.
  const broken = files.filter(({ status, assertionResults }) => status === "failed" && assertionResults.length === 0);
  const failed = report.numFailedTests + broken.length;
  return counted(code, report.numPassedTests, failed, report.numPendingTests + report.numTodoTests);
}

async function browser() {
  const { ensureChromium } = await import("./chromium.mjs");
  const chromium = await ensureChromium();
  await ensureBuilt(root);
  const file = join(reports, "playwright.json");
  const env = { CEREBELUM_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const code = await watch(["@playwright/test/cli.js", "test", "--reporter=list,json"], env);
  const { suites, stats, errors } = JSON.parse(readFileSync(file, "utf8"));
  failures.push(...suites.flatMap(failedSpecs));
  return counted(code, stats.expected + stats.flaky, stats.unexpected + errors.length, stats.skipped);
}

/**
 * @typedef {{ title: string, file: string, ok: boolean, tests: { results: { error?: { message?: string } }[] }[] }} Spec
 * @param {{ suites?: any[], specs?: Spec[] }} suite of Playwright's report
 * @returns {string[]}
 */
function failedSpecs({ suites = [], specs = [] }) {
  const words = (/** @type {Spec} */ spec) =>
    spec.tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? ""));
  const own = specs
    .filter(({ ok }) => !ok)
    .map((spec) => `${spec.file}: ${spec.title}\n${beginning(words(spec).join("\n"))}`);
  return [...own, ...suites.flatMap(failedSpecs)];
}

/** @param {string} text */
function beginning(text) {
  return text.split("\n").slice(0, 30).join("\n");
}

/** @param {string} text */
function ending(text) {
  return text.trim().split("\n").slice(-30).join("\n");
}

/**
 * @param {number | null} code
 * @param {number} passed
 * @param {number} failed
 * @param {number} skipped
 * @returns {Counts}
 */
function counted(code, passed, failed, skipped) {
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}

/**
 * Runs a tool of node_modules before the person's eyes.
 * @param {string[]} command
 * @param {Record<string, string>} [env]
 * @returns {Promise<number | null>}
 */
function watch([tool, ...args], env = {}) {
  return new Promise((settle) => {
    const options = { cwd: root, env: { ...process.env, ...env }, stdio: /** @type {const} */ ("inherit") };
    running = spawn(process.execPath, [join("node_modules", tool ?? ""), ...args], options);
    running.once("error", () => settle(null));
    running.once("exit", (code) => settle(code));
  });
}
