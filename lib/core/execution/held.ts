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

/** The names under which events carry values: each has a twin `…Ref` for a large one. */
type ValueField = "input" | "output" | "data" | "value" | "payload" | "items" | "carry";
export type ValueFields<F extends ValueField> = { [K in F]?: JsonValue } & { [K in `${F}Ref`]?: ValueRef };

/** The value as the event carries it. */
export function valueFields<F extends ValueField>(field: F, held: Held | null): ValueFields<F> {
  const fields: Record<string, unknown> = {};
  if (held !== null) {
    if ("json" in held) fields[field] = held.json;
    else fields[`${field}Ref`] = held.ref;
  }
  return fields as ValueFields<F>;
}

/** The value that an event carries; null: none. */
export function heldIn<F extends ValueField>(
  field: F,
  data: { readonly [K in F]?: JsonValue | undefined } & { readonly [K in `${F}Ref`]?: ValueRef | undefined },
): Held | null {
  const ref = data[`${field}Ref` as const] as ValueRef | undefined;
  if (ref !== undefined) return { ref };
  const json = data[field] as JsonValue | undefined;
  return json === undefined ? null : { json };
}
