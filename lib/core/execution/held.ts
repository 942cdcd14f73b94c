/** Values as events carry them: in place up to 32 KiB, above that by reference to where they are stored. */
import type { ValueRef } from "../../contract/history";
import type { JsonValue } from "../../contract/json";
import { INLINE_BYTES, PAYLOAD_BYTES } from "../../contract/limits";
import type { Held } from "./state";

/** UTF-8 length of JSON text (which has no lone surrogates: JSON.stringify escapes them). */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: each of its halves counts one more than its unit.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** The value as an event may carry it, or null where it is larger than any payload may be. */
export function holdValue(json: JsonValue, sha256: (text: string) => string): Held | null {
  const text = JSON.stringify(json);
  if (text.length * 3 <= INLINE_BYTES) return { json };
  const bytes = utf8Bytes(text);
  if (bytes > PAYLOAD_BYTES) return null;
  return bytes <= INLINE_BYTES ? { json } : { ref: { hash: sha256(text), bytes } };
}

export function inputFields(held: Held | null): { input?: JsonValue; inputRef?: ValueRef } {
  if (held === null) return {};
  return "json" in held ? { input: held.json } : { inputRef: held.ref };
}

export function outputFields(held: Held | null): { output?: JsonValue; outputRef?: ValueRef } {
  if (held === null) return {};
  return "json" in held ? { output: held.json } : { outputRef: held.ref };
}

export function heldInput(data: { input?: JsonValue; inputRef?: ValueRef }): Held | null {
  return held(data.input, data.inputRef);
}

export function heldOutput(data: { output?: JsonValue; outputRef?: ValueRef }): Held | null {
  return held(data.output, data.outputRef);
}

function held(json: JsonValue | undefined, ref: ValueRef | undefined): Held | null {
  if (ref !== undefined) return { ref };
  return json === undefined ? null : { json };
}
