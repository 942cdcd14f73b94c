// @ts-check
// Holds the packages that are shipped against the registry's list of known weaknesses. A grave one fails, unless the list of
// exceptions excuses it for a while, with a reason; where the registry cannot be asked, that is told and nothing fails.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { npm } from "./install.mjs";
import { signal } from "./processes.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const EXCUSES = "scripts/audit-excuses.json";

/** Longer is not waited: a check must not hang on somebody else's server. */
const WITHIN_MS = 20_000;
const GRAVE = new Set(["high", "critical"]);

/** @typedef {{ advisory: string, until: string, reason: string }} Excuse `advisory`: its URL; `until`: a date, inclusive */
/** @typedef {{ code: number, output: string, skipped?: boolean }} Verdict */

/** @returns {Promise<Verdict>} */
export async function auditPackages() {
  /** @type {number | undefined} */
  let command;
  const asked = npm(
    ["audit", "--json", "--omit=dev", "--audit-level=high", "--fetch-retries=0", `--fetch-timeout=${WITHIN_MS}`],
    root,
    (started) => {
      command = started.command;
    },
  );
  const late = setTimeout(() => command && signal(-command, "SIGKILL"), WITHIN_MS);
  const { output } = await asked;
  clearTimeout(late);
  return judge(output, JSON.parse(readFileSync(join(root, EXCUSES), "utf8")), new Date());
}

/**
 * @param {string} output what `npm audit --json` printed
 * @param {Excuse[]} excuses
 * @param {Date} now
 * @returns {Verdict}
 */
export function judge(output, excuses, now) {
  const wrong = excuses.filter(
    ({ advisory, until, reason }) => !advisory || !reason || Number.isNaN(Date.parse(until)),
  );
  if (wrong.length > 0) return { code: 1, output: `${EXCUSES}: an excuse needs an advisory, a reason and a date` };
  const found = gravesIn(output);
  if (found === null) return { code: 0, output: "the registry could not be asked", skipped: true };
  const today = now.toISOString().slice(0, 10);
  const excused = new Set(excuses.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
  const open = found.filter(({ url }) => !excused.has(url));
  const told = open.map(({ name, severity, title, url }) => `${name}: ${severity}: ${title}, ${url}`);
  return { code: told.length === 0 ? 0 : 1, output: [...new Set(told)].join("\n") };
}

/**
 * @param {string} output
 * @returns {{ name: string, severity: string, title: string, url: string }[] | null} null where it is no report
 */
function gravesIn(output) {
  try {
    const report = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
    /** @type {{ name: string, via: unknown[] }[]} */
    const packages = Object.values(report.vulnerabilities);
    // A package that is weak through another one names that one only; the advisory stands where the weakness is.
    return packages.flatMap(({ name, via }) => via.filter(isGrave).map((advisory) => ({ ...advisory, name })));
  } catch {
    return null;
  }
}

/**
 * @param {unknown} via
 * @returns {via is { severity: string, title: string, url: string }}
 */
function isGrave(via) {
  return typeof via === "object" && via !== null && "severity" in via && GRAVE.has(String(via.severity));
}
