/** Shapes that a value may be held against, with the codes of the server's own findings. */
import { escapePointer } from "@/lib/core/expressions/template";

/** What is wrong at a place, a JSON pointer. */
export interface Problem {
  code: string;
  path: string;
  message: string;
  node?: string;
}
export type Shape = (value: unknown, path: string) => Problem[];

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DURATION = "250ms, 90s, 15m, 36h, 7d, PT15M or whole milliseconds";

export const anything: Shape = () => [];

export const boolean: Shape = (value, path) =>
  typeof value === "boolean" ? [] : [problem("WRONG_TYPE", path, "use true or false")];

export const name: Shape = (value, path) => {
  if (typeof value !== "string") return [problem("WRONG_TYPE", path, "use text")];
  const message = "use 1 to 128 letters, digits, _ . or -, beginning with a letter, a digit or _";
  return NAME.test(value) ? [] : [problem("MALFORMED_ID", path, message)];
};

export function text({ min = 0, max = 4096 } = {}): Shape {
  return (value, path) => {
    if (typeof value !== "string") return [problem("WRONG_TYPE", path, "use text")];
    if (value.length >= min && value.length <= max) return [];
    return [problem("OUT_OF_BOUNDS", path, `use ${min} to ${max} characters`)];
  };
}

export function number(from: number, to: number, { whole = true } = {}): Shape {
  return (value, path) => {
    const message = `use a ${whole ? "whole " : ""}number from ${from} to ${to}`;
    if (typeof value !== "number" || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      return [problem("WRONG_TYPE", path, message)];
    return value >= from && value <= to ? [] : [problem("OUT_OF_BOUNDS", path, message)];
  };
}

export function oneOf(...words: readonly string[]): Shape {
  return (value, path) =>
    words.includes(value as string) ? [] : [problem("WRONG_TYPE", path, `use one of ${words.join(", ")}`)];
}

/** A text of at most so many characters, or whole milliseconds; which texts are durations, validation says. */
export function duration(max = 64): Shape {
  return (value, path) => {
    const fits =
      typeof value === "string"
        ? value.length >= 1 && value.length <= max
        : Number.isInteger(value) && Number(value) >= 0;
    return fits ? [] : [problem("BAD_DURATION", path, `use ${DURATION}`)];
  };
}

export function list(item: Shape, { min = 0, max = Number.POSITIVE_INFINITY, empty = "OUT_OF_BOUNDS" } = {}): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) return [problem("WRONG_TYPE", path, "use a list")];
    if (value.length < min) return [problem(empty, path, `it needs at least ${min}`)];
    if (value.length > max) return [problem("OUT_OF_BOUNDS", path, `use at most ${max}`)];
    return value.flatMap((member, i) => item(member, `${path}/${i}`));
  };
}

/** Fields by name; those that `required` names must be there, others than these must not. */
export function object(fields: { readonly [field: string]: Shape }, required: readonly string[] = []): Shape {
  return (value, path) => {
    if (!isObject(value)) return [problem("WRONG_TYPE", path, "use an object")];
    const given = Object.entries(value).filter(([, member]) => member !== undefined);
    const missing = required.filter((field) => value[field] === undefined);
    return [
      ...missing.map((field) => ({
        code: "MISSING_FIELD",
        path: `${path}/${escapePointer(field)}`,
        message: `Add the field ${field}.`,
      })),
      ...given.flatMap(([field, member]) => {
        const at = `${path}/${escapePointer(field)}`;
        return Object.hasOwn(fields, field) ? (fields[field]?.(member, at) ?? []) : [unknownField(field, at)];
      }),
    ];
  };
}

/** An object whose members are alike. */
export function record(member: Shape): Shape {
  return (value, path) => {
    if (!isObject(value)) return [problem("WRONG_TYPE", path, "use an object")];
    return Object.entries(value).flatMap(([key, it]) => member(it, `${path}/${escapePointer(key)}`));
  };
}

/** Whatever is wrong in it, but for unknown fields and durations, has this code. */
export function coded(code: string, shape: Shape): Shape {
  return (value, path) => shape(value, path).map((it) => (KEPT.has(it.code) ? it : { ...it, code }));
}
const KEPT = new Set(["UNKNOWN_FIELD", "MISSING_FIELD", "BAD_DURATION"]);

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problem(code: string, path: string, cure: string): Problem {
  return { code, path, message: `Correct ${path.slice(path.lastIndexOf("/") + 1) || "it"}: ${cure}.` };
}

function unknownField(field: string, path: string): Problem {
  return { code: "UNKNOWN_FIELD", path, message: `There is no field ${field} here: take it out, or correct its name.` };
}
