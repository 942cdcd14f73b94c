/** What is handed on from node to node, and its CEL: one node's output, a group's outputs by name, or the output of whichever arm was taken. */
import type { JsonValue } from "../types/definition";
import { stepPath } from "./references";

export type Value =
  /** What the whole graph is given: the execution's input, or, in a map, the item. */
  | { kind: "root"; name: "input" | "item" }
  | { kind: "output"; id: string }
  | { kind: "error"; id: string }
  | { kind: "group"; members: readonly { name: string; value: Value }[] }
  /** The first that is there; the last is taken without asking. */
  | { kind: "first"; options: readonly Value[] }
  /** Null where it is not there: its reader runs without it too. */
  | { kind: "maybe"; value: Value };

/** The value for a reader that may run before or without it. */
export function maybe(value: Value): Value {
  switch (value.kind) {
    case "root":
    case "maybe":
      return value;
    case "group":
      return { ...value, members: value.members.map((member) => ({ ...member, value: maybe(member.value) })) };
    case "first":
      return { ...value, options: value.options.map(maybe) };
    default:
      return { kind: "maybe", value };
  }
}

/**
 * The value of whichever of several ways was taken that part at one point. What was there at that point already is there
 * on every way, so the later a node was added (`placeOf`), the earlier it is asked for.
 */
export function firstOf(ways: readonly Value[], placeOf: (id: string) => number): Value {
  const options = ways.flatMap((value) => (value.kind === "first" ? value.options : [value]));
  const distinct = [...new Map(options.map((option) => [JSON.stringify(option), option])).values()];
  const [only] = distinct;
  if (distinct.length === 1 && only) return only;
  return { kind: "first", options: distinct.toSorted((a, b) => latest(b, placeOf) - latest(a, placeOf)) };
}

function latest(value: Value, placeOf: (id: string) => number): number {
  switch (value.kind) {
    case "root":
      return -1;
    case "output":
    case "error":
      return placeOf(value.id);
    case "maybe":
      return latest(value.value, placeOf);
    case "group":
      return Math.max(-1, ...value.members.map((member) => latest(member.value, placeOf)));
    case "first":
      return Math.max(-1, ...value.options.map((option) => latest(option, placeOf)));
  }
}

/** The value as the input of a node: an expression, or an object of expressions. */
export function valueTemplate(value: Value): JsonValue {
  if (value.kind !== "group") return `=${valueCel(value)}`;
  return Object.fromEntries(value.members.map((member) => [member.name, valueTemplate(member.value)]));
}

function valueCel(value: Value): string {
  switch (value.kind) {
    case "root":
      return value.name;
    case "error":
      return `${stepPath(value)}.error`;
    case "output":
      return `${stepPath(value)}.output`;
    case "group":
      return `{${value.members.map((member) => `${JSON.stringify(member.name)}: ${valueCel(member.value)}`).join(", ")}}`;
    case "first": {
      const last = value.options.length - 1;
      const ways = value.options.map((option, i) => (i < last ? `${isThere(option)} ? ` : "") + valueCel(option));
      return `(${ways.join(" : ")})`;
    }
    case "maybe":
      return `(${isThere(value.value)} ? ${valueCel(value.value)} : null)`;
  }
}

/** Whether the way was taken that leads to it: of a group, whether any member came through. */
function isThere(value: Value): string {
  switch (value.kind) {
    case "root":
      return "true";
    case "maybe":
      return isThere(value.value);
    case "error":
      return `has(${stepPath(value)}.error)`;
    case "output":
      return `has(${stepPath(value)}.output)`;
    case "group":
      return any(value.members.map((member) => member.value));
    case "first":
      return any(value.options);
  }
}

function any(values: readonly Value[]): string {
  return values.length === 0 ? "true" : `(${[...new Set(values.map(isThere))].join(" || ")})`;
}
