/** Files of trials: where they are, and what is in them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseDefinition } from "@/lib/contract/parse-definition";
import { type Trial, trialSchema } from "@/lib/contract/trials";
import { durationFaults } from "@/lib/core/trials/trial-faults";
import type { Definition } from "../types/definition";

const ENDING = ".trial.json";

/** A file that cannot be read, or is none of what it should be; the message says why. */
export class Unreadable extends Error {}

/**
 * Files as they are named, and of folders all trials in them, however deep, in the order of their paths; none of
 * `node_modules` or of folders that begin with a dot.
 *
 * @throws Unreadable for what is not there
 */
export function findTrials(named: readonly string[]): string[] {
  return [...new Set(named.flatMap((each) => (isFolder(each) ? trialsIn(each) : [each])))];
}

function isFolder(name: string): boolean {
  try {
    return statSync(name).isDirectory();
  } catch {
    throw new Unreadable(`There is no ${name}.`);
  }
}

function trialsIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : trialsIn(name);
    return entry.name.endsWith(ENDING) ? [name] : [];
  });
}

/** @throws Unreadable */
export function readTrial(file: string): Trial {
  const parsed = trialSchema.safeParse(readJson(file));
  if (parsed.success) {
    const [fault] = durationFaults(parsed.data);
    if (fault === undefined) return parsed.data;
    throw new Unreadable(`It is no trial at ${fault.path}: ${fault.message}`);
  }
  const [issue] = parsed.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? "" : ` at /${issue.path.join("/")}`;
  throw new Unreadable(`It is no trial${at}: ${issue?.message ?? "it has another shape"}.`);
}

/** @throws Unreadable */
export function readDefinition(file: string): Definition {
  const { definition, findings } = parseDefinition(readJson(file));
  if (definition !== null && findings.length === 0) return definition as Definition;
  const [finding] = findings;
  throw new Unreadable(`${file} is no definition at ${finding?.path || "/"}: ${finding?.message ?? ""}`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "It is no JSON" : "It cannot be read";
    throw new Unreadable(`${why}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
