/** What an expression gave, as the JSON that events can carry. */
import { isStorableText, type JsonValue } from "../../contract/json";
import { PAYLOAD_BYTES } from "../../contract/limits";
import { timestampInstant } from "../time";

const MAX_NESTING = 200;

/** What the value is instead of JSON, as the end of a sentence; `tooLarge` where it is JSON, but too much of it. */
export class NotJson extends Error {
  override name = "NotJson";
  constructor(
    message: string,
    readonly tooLarge = false,
  ) {
    super(message);
  }
}

/**
 * Ints become numbers, timestamps RFC 3339, durations milliseconds, maps objects; what needs no change is not copied.
 * Throws {@link NotJson} on bytes, types, NaN and infinities, text that cannot be stored, and values that are too large:
 * shared parts count as often as they occur, for so often they would be written.
 */
export function toJson(value: unknown): JsonValue {
  let left = PAYLOAD_BYTES;

  function convert(part: unknown, nesting: number): JsonValue {
    if (left-- <= 0) throw new NotJson(`it is larger than ${PAYLOAD_BYTES} bytes`, true);
    switch (typeof part) {
      case "string":
        left -= part.length;
        if (!isStorableText(part)) throw new NotJson("its text has a NUL or half a surrogate pair");
        return part;
      case "boolean":
        return part;
      case "bigint":
        return Number(part);
      case "number":
        if (!Number.isFinite(part)) throw new NotJson(`it is ${part}, which JSON cannot write`);
        return part === 0 ? 0 : part;
      case "object":
        if (part === null) return null;
        if (nesting === MAX_NESTING) throw new NotJson(`it is nested deeper than ${MAX_NESTING} levels`);
        return convertObject(part, nesting + 1);
      default:
        throw new NotJson(`it is a ${typeof part}`);
    }
  }

  function convertObject(part: object, nesting: number): JsonValue {
    if (Array.isArray(part)) return convertList(part, nesting);
    if (part instanceof Map)
      return convertMembers(
        [...part].map(([key, member]) => [String(key), member]),
        nesting,
      );
    const prototype = Object.getPrototypeOf(part);
    if (prototype === Object.prototype || prototype === null) return convertPlain(part, nesting);
    return timestampInstant(part) ?? numberOf(part);
  }

  function convertList(list: readonly unknown[], nesting: number): JsonValue[] {
    const converted = list.map((member) => convert(member, nesting));
    return converted.every((member, i) => member === list[i]) ? (list as JsonValue[]) : converted;
  }

  function convertPlain(object: object, nesting: number): JsonValue {
    const entries = Object.entries(object);
    const converted = convertMembers(entries, nesting);
    return entries.every(([key, member]) => converted[key] === member)
      ? (object as { [key: string]: JsonValue })
      : converted;
  }

  function convertMembers(entries: [string, unknown][], nesting: number): { [key: string]: JsonValue } {
    return Object.fromEntries(
      entries.map(([key, member]) => {
        left -= key.length;
        if (key === "__proto__" || !isStorableText(key)) throw new NotJson(`it has a member that cannot be stored`);
        return [key, convert(member, nesting)];
      }),
    );
  }

  return convert(value, 0);
}

/** The language's own boxed numbers: unsigned ints, and durations, whose value is milliseconds. */
function numberOf(part: object): number {
  const value: unknown = part.valueOf();
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  throw new NotJson(part instanceof Uint8Array ? "it is bytes" : "it is a type");
}
