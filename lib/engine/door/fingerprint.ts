/**
 * What tells dead letters of one cause from those of another: the error's code and the words of its message, without what
 * differs from one occurrence to the next. Stored, so a change of these rules parts new dead letters from old ones.
 */
import { createHash } from "node:crypto";

/** In this order: what is quoted may hold anything, and a longer form must be taken before the digits in it are. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/"[^"\n]*"|`[^`\n]*`|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu, "<quoted>"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?Z|[+-]\d\d:?\d\d)?)?/g, "<time>"],
  [/\b\d\d?:\d\d(?::\d\d(?:\.\d+)?)?\b/g, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b[a-z]{2,8}_(?=[0-9a-z]*\d)[0-9a-z]{6,}\b/gi, "<id>"],
  [/\b0x[0-9a-f]+\b/gi, "<hex>"],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, "<hex>"],
  [/\d+(?:[.,]\d+)*(?:e[+-]?\d+)?/gi, "<number>"],
];
/** The words that matter come first, and a message may carry a whole response. */
const CONSIDERED = 2_000;

/** 24 hexadecimal digits. */
export function fingerprint(code: string, message: string): string {
  return createHash("sha256")
    .update(`${code}\n${pattern(message)}`)
    .digest("hex")
    .slice(0, 24);
}

/** A message as its pattern: `order 17 of "ada" is gone` is `order <number> of <quoted> is gone`. */
export function pattern(message: string): string {
  const cut = message.slice(0, CONSIDERED);
  return VARYING.reduce((text, [varying, name]) => text.replace(varying, name), cut)
    .replace(/\s+/g, " ")
    .trim();
}
