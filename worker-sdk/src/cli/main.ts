#!/usr/bin/env node
/** `cerebelum`: what is done with workflows from a command line. Needs no server. */
import { parseArgs } from "node:util";
import { type TestedFile, testTrials } from "../trials/test-trials";
import { Unreadable } from "../trials/trial-files";
import { SDK_VERSION } from "../version";

const USAGE = `Usage: cerebelum test [files or folders…] [--definition <file>] [--workflows <module>] [--json]

  Plays saved trials (*.trial.json) on the local executor, with a clock that jumps and the answers that they plan, and says
  where what came of them is not what they expect. Without files or folders: all below the current one.

  --definition <file>    the definition to test, instead of those in the trials
  --workflows <module>   a module that exports workflows: those of a trial's name are tested, as the code has them now
  --json                 one JSON object instead of sentences

Exits with 0 where all passed, with 1 where one did not, with 2 where something could not be read.
`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === "--version") return say(`${SDK_VERSION}\n`);
  if (command === "--help" || command === "-h") return say(USAGE);
  if (command !== "test") return refuse(command === undefined ? "Say what to do." : `There is no command ${command}.`);
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(rest);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (options.help) return say(USAGE);
  try {
    const tested = await testTrials(options);
    if (tested.length === 0) throw new Unreadable("There are no trials there: files that end in .trial.json.");
    process.stdout.write(options.json ? `${JSON.stringify(reportOf(tested), null, 2)}\n` : told(tested));
    if (tested.some(({ result }) => result === "unreadable")) return 2;
    return tested.some(({ result }) => result === "failed") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      definition: { type: "string" },
      workflows: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.definition !== undefined && values.workflows !== undefined)
    throw new Error("Give either --definition or --workflows.");
  return { ...values, named: positionals.length === 0 ? ["."] : positionals };
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n\n${USAGE}`);
  return 2;
}

const MARKS = { passed: "PASS", failed: "FAIL", unreadable: "????" };

function told(tested: readonly TestedFile[]): string {
  const lines = tested.flatMap(({ file, trial, workflow, result, complaints: [first, ...others] }) => {
    const name = trial === null ? file : `${workflow}: ${trial} (${file})`;
    const more = others.length === 0 ? [] : [`      and ${others.length} more`];
    return [`${MARKS[result]}  ${name}`, ...(first === undefined ? [] : [`      ${first}`, ...more])];
  });
  const count = (of: TestedFile["result"]) => tested.filter(({ result }) => result === of).length;
  const counts = [`${count("passed")} passed`, `${count("failed")} failed`];
  if (count("unreadable") > 0) counts.push(`${count("unreadable")} could not be read`);
  return `${lines.join("\n")}\n\n${counts.join(", ")}\n`;
}

function reportOf(tested: readonly TestedFile[]) {
  const files = tested.map(({ ran, ...file }) => ({ ...file, ...(ran === null ? {} : ran.outcome) }));
  return { passed: tested.every(({ result }) => result === "passed"), files };
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
