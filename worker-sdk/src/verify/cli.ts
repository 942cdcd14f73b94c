#!/usr/bin/env node
/** `cerebelum-verify`: says whether an exported history is what it was when it was signed. Needs no server and no package. */
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { NotAHistory, readHistoryFile } from "./history-file";
import { type HistoryReport, verifyHistory } from "./verify-history";

const USAGE = `Usage: cerebelum-verify <file> [--key <key>]... [--json]

  <file>        an exported history (GET /api/v1/executions/{id}/export), or the page that an execution was saved as
                (GET /api/v1/executions/{id}/file); - reads standard input
  --key <key>   the public key that you expect, which you did not take from this file: a fingerprint, a key's id, the base64
                of its DER, PEM, or a file that holds one. May be given more than once, for keys that were rotated
  --json        one JSON object instead of sentences

Exits with 0 where the whole history is as it was signed, with 1 where it is not, with 2 where it could not be checked.
`;

function main(): number {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (options.file === undefined) return fail("Name one file.");
  try {
    const file = readHistoryFile(readFileSync(options.file === "-" ? 0 : options.file, "utf8"));
    const report = verifyHistory(file, options.keys.map(keyText));
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : told(report, options.keys.length > 0));
    return report.ok ? 0 : 1;
  } catch (error) {
    if (error instanceof NotAHistory || isFileError(error)) return fail(error.message);
    throw error;
  }
}

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: "string", multiple: true },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const file = positionals.length === 1 ? positionals[0] : undefined;
  return { file, keys: values.key ?? [], json: values.json, help: values.help };
}

/** What was given, or what the file of that name holds. */
function keyText(given: string): string {
  return (existsSync(given) ? readFileSync(given, "utf8") : given).trim();
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}

function fail(why: string): number {
  process.stderr.write(`${why}\n\n${USAGE}`);
  return 2;
}

function told({ ok, execution, events, signature, key, problems }: HistoryReport, isKeyGiven: boolean): string {
  const lines = [`${ok ? "VALID" : "NOT VALID"}  ${execution}, ${events} events`];
  lines.push(...problems.map((problem) => `  - ${problem}`));
  if (signature !== null) {
    lines.push(`  Signed at event ${signature.sequence} with the key ${signature.keyId}`);
    lines.push(`  Fingerprint ${signature.fingerprint}`);
  }
  if (key === "file" && !isKeyGiven)
    lines.push("  The key came from the file itself. Give --key with one that you know, or this proves little.");
  return `${lines.join("\n")}\n`;
}

process.exitCode = main();
