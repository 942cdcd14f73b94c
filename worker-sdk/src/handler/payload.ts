/** Values as they cross to the engine: serialised once, and checked against what it can store. */
import { isStorable } from "@/lib/contract/json";
import { PAYLOAD_BYTES } from "@/lib/contract/limits";
import { NonRetryableError } from "../errors";

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
  // JSON.stringify escapes what may be unstorable, so that most texts need no second look.
  if (text.includes("\\u") && !isStorable(JSON.parse(text)))
    throw new NonRetryableError(`${what} holds a NUL character or half a surrogate pair, which cannot be stored.`, {
      code: "INVALID_TEXT",
    });
  return text;
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
