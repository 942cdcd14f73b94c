/**
 * Public ids: a prefix and a 63-bit key in 13 characters of Crockford base32, so that ids sort by creation
 * time and the key is computed from the id, never looked up. Ids are names, not secrets.
 */

export const ID_PREFIXES = {
  execution: "exe",
  task: "tsk",
  worker: "wrk",
  approval: "apr",
  deadLetter: "dlq",
  schedule: "sch",
  apiKey: "key",
  operation: "opr",
  invitation: "inv",
  auditEntry: "aud",
  alert: "alr",
  delivery: "dlv",
  savedView: "viw",
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** 2025-01-01T00:00:00Z: the zero of the 41 bits of milliseconds that a key begins with. */
export const KEY_EPOCH_MS = 1_735_689_600_000;
/** A key is milliseconds since {@link KEY_EPOCH_MS} (41 bits), process slot (10 bits), counter (12 bits). */
export const KEY_SLOT_BITS = 10;
export const KEY_COUNTER_BITS = 12;

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DIGITS = new Map([...ALPHABET].map((character, value) => [character, BigInt(value)]));
const KEY_DIGITS = 13;
const MAX_KEY = (1n << 63n) - 1n;

/** 13 characters of Crockford base32, most significant first; `key` is 0 to 2^63-1. */
export function encodeKey(key: bigint): string {
  let rest = key;
  let text = "";
  for (let i = 0; i < KEY_DIGITS; i++) {
    text = ALPHABET[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return text;
}

/** The key of 13 characters made by {@link encodeKey}, or null where they are none. */
export function decodeKey(text: string): bigint | null {
  if (text.length !== KEY_DIGITS) return null;
  let key = 0n;
  for (const character of text) {
    const digit = DIGITS.get(character);
    if (digit === undefined) return null;
    key = (key << 5n) | digit;
  }
  return key <= MAX_KEY ? key : null;
}

export function encodeId(kind: IdKind, key: bigint): string {
  return `${ID_PREFIXES[kind]}_${encodeKey(key)}`;
}

/** The key in a public id of that kind, or null: a malformed id is answered like an unknown one. */
export function decodeId(kind: IdKind, id: string): bigint | null {
  const prefix = `${ID_PREFIXES[kind]}_`;
  return id.startsWith(prefix) ? decodeKey(id.slice(prefix.length)) : null;
}

/** The keys whose public ids begin like that, or null where no id does. Ids are found in either case. */
export function keysThatBegin(kind: IdKind, text: string): { from: bigint; to: bigint } | null {
  const begin = `${ID_PREFIXES[kind]}_`;
  const digits = text.slice(begin.length).toUpperCase();
  if (!text.toLowerCase().startsWith(begin) || digits === "" || digits.length > KEY_DIGITS) return null;
  let from = 0n;
  for (const digit of digits) {
    const value = DIGITS.get(digit);
    if (value === undefined) return null;
    from = (from << 5n) | value;
  }
  const open = BigInt(5 * (KEY_DIGITS - digits.length));
  const to = ((from + 1n) << open) - 1n;
  return from << open > MAX_KEY ? null : { from: from << open, to: to > MAX_KEY ? MAX_KEY : to };
}

/** When a key was made, in epoch milliseconds. */
export function keyTime(key: bigint): number {
  return Number(key >> BigInt(KEY_SLOT_BITS + KEY_COUNTER_BITS)) + KEY_EPOCH_MS;
}

/** The smallest key that could have been made at that time: a bound for ranges by creation. */
export function firstKeyAt(epochMs: number): bigint {
  return BigInt(Math.max(0, epochMs - KEY_EPOCH_MS)) << BigInt(KEY_SLOT_BITS + KEY_COUNTER_BITS);
}
