/** What was typed into a field, as the value that it means; or what would be right instead, in a sentence. */
import { nameSchema } from "../../contract/definition";
import { isStorable, type JsonValue } from "../../contract/json";
import { isExpression } from "../../core/definition/validate-nodes";
import { parseDuration } from "../../core/durations";
import { fromInstant } from "../../core/time";
import type { FormField } from "./form-fields";

/** No value: the field is taken out. */
export type Read = { readonly value: JsonValue | undefined } | { readonly wrong: string };

export const CANNOT_BE_LEFT_OUT = "It cannot be left out.";

/** Of fields that are one line or a text; an empty one is none. */
export function readText(field: FormField, text: string): Read {
  if (text.trim() === "" && field.control !== "template")
    return field.isOptional ? { value: undefined } : { wrong: CANNOT_BE_LEFT_OUT };
  if (!isStorable(text)) return { wrong: "That text cannot be stored." };
  switch (field.control) {
    case "name":
      return readName(text.trim());
    case "duration":
      return readDuration(text.trim());
    case "duration-template":
      return isExpression(text) ? { value: text } : readDuration(text.trim());
    case "instant-template":
      return isExpression(text) || fromInstant(text.trim()) !== null
        ? { value: text.trim() }
        : { wrong: "Write it as 2030-01-31T08:00:00Z, or as an expression after =." };
    case "number":
      return readNumber(field, text.trim());
    case "json":
    case "template":
    case "json-schema":
      return readJson(text, field.isOptional);
    default:
      return readLength(field, text);
  }
}

function readName(text: string): Read {
  const parsed = nameSchema.safeParse(text);
  return parsed.success ? { value: text } : { wrong: `It ${parsed.error.issues[0]?.message ?? "is no name"}.` };
}

function readDuration(text: string): Read {
  const value = /^\d+$/.test(text) ? Number(text) : text;
  if (parseDuration(value) === null)
    return { wrong: "Write it as 250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds." };
  return { value };
}

function readNumber({ shape }: FormField, text: string): Read {
  const value = Number(text);
  const { least, most, isWhole } =
    shape.kind === "number"
      ? shape
      : { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY, isWhole: false };
  if (Number.isFinite(value) && value >= least && value <= most && (!isWhole || Number.isInteger(value)))
    return { value };
  const what = isWhole ? "a whole number" : "a number";
  return { wrong: `Write ${what} ${range(least, most)}.` };
}

function range(least: number, most: number): string {
  const plain = (n: number) => n.toLocaleString("en");
  if (most >= Number.MAX_SAFE_INTEGER) return least === Number.NEGATIVE_INFINITY ? "" : `from ${plain(least)} on`;
  return `from ${plain(least)} to ${plain(most)}`;
}

export function readJson(text: string, isOptional: boolean): Read {
  if (text.trim() === "") return isOptional ? { value: undefined } : { wrong: CANNOT_BE_LEFT_OUT };
  try {
    const value: JsonValue = JSON.parse(text);
    return isStorable(value) ? { value } : { wrong: "That text cannot be stored." };
  } catch (error) {
    return { wrong: `This is not JSON: ${error instanceof Error ? error.message : "it does not parse"}.` };
  }
}

const LONGEST = 4096;

function readLength({ shape }: FormField, text: string): Read {
  const longest = shape.kind === "text" ? (shape.longest ?? LONGEST) : LONGEST;
  return text.length <= longest
    ? { value: text }
    : { wrong: `Use at most ${longest} characters: there are ${text.length}.` };
}

/** As it stands in a field. */
export function writeText(value: JsonValue | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value, null, 2);
}
