/** Runs files of trials, each against the definition that is to be tested. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Trial } from "@/lib/contract/trials";
import { placeFaults } from "@/lib/core/trials/trial-faults";
import { CerebelumError, DefinitionError } from "../errors";
import type { Definition } from "../types/definition";
import { type RanTrial, runTrial } from "./run-trial";
import { complaintsOf } from "./told";
import { findTrials, readDefinition, readTrial, Unreadable } from "./trial-files";

export interface TestedFile {
  readonly file: string;
  /** Null where the file could not be read. */
  readonly trial: string | null;
  readonly workflow: string | null;
  readonly result: "passed" | "failed" | "unreadable";
  /** Empty where it passed. */
  readonly complaints: readonly string[];
  readonly ran: RanTrial | null;
}

export interface TestWhat {
  /** Files and folders. */
  readonly named: readonly string[];
  /** A file: what is tested instead of the definitions in the trials. */
  readonly definition?: string;
  /** A module whose exported workflows are tested instead. */
  readonly workflows?: string;
}

/** @throws Unreadable for what is named and cannot be read, trials apart */
export async function testTrials({ named, definition, workflows }: TestWhat): Promise<TestedFile[]> {
  const files = findTrials(named);
  const given = definition === undefined ? null : readDefinition(definition);
  const exported = workflows === undefined ? null : await workflowsIn(workflows);
  const tested: TestedFile[] = [];
  for (const file of files) tested.push(await testFile(file, (trial) => definitionFor(trial, given, exported)));
  return tested;
}

type Definitions = ReadonlyMap<string, () => Definition>;

async function testFile(file: string, definitionOf: (trial: Trial) => Definition): Promise<TestedFile> {
  let trial: Trial;
  let definition: Definition;
  try {
    trial = readTrial(file);
    definition = definitionOf(trial);
  } catch (error) {
    if (!isReason(error)) throw error;
    return { file, trial: null, workflow: null, result: "unreadable", complaints: [error.message], ran: null };
  }
  const of = { file, trial: trial.name, workflow: trial.workflow };
  try {
    const ran = await runTrial(trial, definition);
    const misplaced = placeFaults(trial, definition).map(({ path, message }) => `At ${path}: ${message}`);
    const complaints = [...misplaced, ...complaintsOf(ran)];
    return { ...of, result: complaints.length === 0 ? "passed" : "failed", complaints, ran };
  } catch (error) {
    if (!isReason(error)) throw error;
    return { ...of, result: "failed", complaints: [error.message], ran: null };
  }
}

/** What is wrong with a file, a definition or an input, and no bug. */
function isReason(error: unknown): error is Error {
  return error instanceof Unreadable || error instanceof DefinitionError || error instanceof CerebelumError;
}

/** What was given for it, and else what the file itself has. */
function definitionFor(trial: Trial, given: Definition | null, exported: Definitions | null): Definition {
  if (given !== null) return given;
  const found = exported?.get(trial.workflow)?.() ?? trial.definition;
  if (found !== undefined) return found as Definition;
  const where = exported === null ? "Name one by --definition or --workflows" : "The module exports none of that name";
  throw new Unreadable(`It has no definition of "${trial.workflow}". ${where}.`);
}

async function workflowsIn(module: string): Promise<Definitions> {
  let exported: object;
  try {
    exported = await import(pathToFileURL(path.resolve(module)).href);
  } catch (error) {
    throw new Unreadable(`${module} cannot be imported: ${error instanceof Error ? error.message : String(error)}`);
  }
  const values = [...Object.values(exported), ...Object.values(defaultOf(exported))];
  const found = values.filter(isWorkflow).map((workflow) => [workflow.name, () => workflow.definition] as const);
  if (found.length > 0) return new Map(found);
  throw new Unreadable(`${module} exports no workflow.`);
}

/** Of a CommonJS module all that it exports. */
function defaultOf(exported: object): object {
  const value: unknown = Reflect.get(exported, "default");
  return typeof value === "object" && value !== null && !isWorkflow(value) ? value : {};
}

/** By what it has, for it may be of another copy of this package. */
function isWorkflow(value: unknown): value is { name: string; definition: Definition } {
  return typeof value === "object" && value !== null && "definition" in value && "steps" in value && "name" in value;
}
