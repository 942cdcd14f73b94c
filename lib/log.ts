/** The log: one JSON line an entry on standard output. Payloads and secrets are never given to it, and are cut out if they are. */
import { type Logger, pino } from "pino";

export type Log = Logger;

/** Members that are cut out wherever they stand at the top of an entry or one level below it. */
const SECRETS = [
  "authorization",
  "cookie",
  "set-cookie",
  "headers",
  "password",
  "secret",
  "token",
  "leaseToken",
  "apiKey",
  "connectionString",
  "databaseUrl",
  "smtpUrl",
  "input",
  "output",
  "payload",
  "data",
  "details",
  "value",
  "body",
];

export function openLog(level: string, destination?: { write(line: string): void }): Log {
  const options = {
    level,
    base: null,
    redact: { paths: SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`]), censor: "[redacted]" },
    serializers: { error: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Database errors carry the statement's parameters in their fields: only what cannot be a payload is kept. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: `a ${typeof error} was thrown` };
  const { name, message } = error;
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  // A query builder's error repeats its parameters in its message; the database's own message is in the cause.
  if (name === "DrizzleQueryError") return { name, cause };
  if (quotesWhatItMet(error)) return { name, code, stack: calls(error), cause };
  return { name, message, code, stack: error.stack, cause };
}

/** PostgreSQL's data exceptions (class 22) and the JSON parser say what they could not read. */
function quotesWhatItMet(error: Error): boolean {
  return error instanceof SyntaxError || ("code" in error && /^22[0-9A-Z]{3}$/.test(String(error.code)));
}

/** The stack without the message that it begins with. */
function calls({ stack }: Error): string | undefined {
  return stack
    ?.split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}
