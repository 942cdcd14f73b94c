/** Values as they cross to the engine: serialised once, and checked against what it can store. */
import { isStorable, jsonDepth, MAX_JSON_DEPTH } from "@/lib/contract/json";
import { PAYLOAD_BYTES } from "@/lib/contract/limits";
import { NonRetryableError } from "../errors";

/** JSON.stringify escapes what may be unstorable, so that most texts need no second look. */
const SUSPICIOUS = /\\u|__proto__/;

/**
 * The JSON text of a value; `undefined` is null. Throws a {@link NonRetryableError} that says what is wrong, and
 * `what` it is wrong with: the next attempt would give the same.
 */
export function serialise(value: unknown, what: string): string {
  const text = stringify(value, what);
  const bytes = Buffer.byteLength(text);
  if (bytes > PAYLOAD_BYTES)
    throw new NonRetryableError(
      `${what} is ${bytes} bytes of JSON; at most ${PAYLOAD_BYTES} can be kept. Store it elsewhere and return where it is.`,
      { code: "PAYLOAD_TOO_LARGE" },
    );
  if (bytes > 2 * MAX_JSON_DEPTH && jsonDepth(Buffer.from(text)) > MAX_JSON_DEPTH)
    throw new NonRetryableError(`${what} is nested more than ${MAX_JSON_DEPTH} deep.`, { code: "INVALID_OUTPUT" });
  if (SUSPICIOUS.test(text) && !isStorable(JSON.parse(text)))
    throw new NonRetryableError(
      `${what} holds a NUL character, half a surrogate pair or a member named __proto__, which cannot be stored.`,
      { code: "INVALID_TEXT" },
    );
  return text;
}

/** The value as whoever receives it will see it: a copy, with dates as text. Throws as {@link serialise} does. */
export function asJson<T>(value: unknown, what: string): T {
  return JSON.parse(serialise(value, what)) as T;
}

function stringify(value: unknown, what: string): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch (cause) {
    throw new NonRetryableError(`${what} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: "INVALID_OUTPUT",
      cause,
    });
  }
}
