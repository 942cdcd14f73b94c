/** Whether a value may become part of a history or a row: what SQL would refuse is refused before. */
import { isStorable } from "@/lib/contract/json";
import { PAYLOAD_BYTES } from "@/lib/contract/limits";

export interface Unfit {
  code: "PAYLOAD_TOO_LARGE" | "INVALID_TEXT" | "INVALID_REQUEST" | "TOO_MANY_CHECKPOINTS";
  message: string;
}

/**
 * null where the value may be kept. It must be JSON, and nested no deeper than a request body may be.
 * @param limit of the namespace whose payload it is
 */
export function unfit(value: unknown, limit = PAYLOAD_BYTES): Unfit | null {
  const text = JSON.stringify(value) ?? "null";
  // A UTF-16 unit is at most three bytes: most values need no second look.
  if (text.length * 3 > limit && Buffer.byteLength(text) > limit)
    return { code: "PAYLOAD_TOO_LARGE", message: `A payload may have ${limit} bytes of JSON.` };
  if (SUSPICIOUS.test(text) && !isStorable(value))
    return {
      code: "INVALID_TEXT",
      message: "Text may contain no NUL and no lone surrogate, and no member may be named __proto__.",
    };
  return null;
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "null");
}

/** JSON.stringify escapes whatever cannot be stored, so that text without these needs no walk. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])|__proto__/i;
