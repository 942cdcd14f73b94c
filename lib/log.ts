/** The log: one JSON line an entry on standard output. Payloads and secrets are never given to it, and are cut out if they are. */
import { type Logger, pino } from "pino";

export type Log = Logger;

const SECRETS = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "token",
  "leaseToken",
  "apiKey",
  "input",
  "output",
  "body",
];

export function openLog(level: string): Log {
  return pino({
    level,
    base: null,
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: "[redacted]" },
    serializers: { error: describeError },
  });
}

/** Database errors carry the statement's parameters in their fields: only what cannot be a payload is kept. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack } = error;
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : describeError(error.cause);
  // A query builder's error repeats its parameters in its message; the database's own message is in the cause.
  if (name === "DrizzleQueryError") return { name, cause };
  return { name, message, code, stack, cause };
}
