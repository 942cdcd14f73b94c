/** What is handed on from step to step, and its CEL: one step's output, a group's outputs by name, or the output of whichever arm was taken. */
import type { JsonValue } from "../types";
import { stepPath } from "./references";

export type Value =
  | { kind: "input" }
  | { kind: "output"; id: string }
  | { kind: "error"; id: string }
  | { kind: "group"; members: readonly { name: string; value: Value }[] }
  /** The first that is there; the last is taken without asking. */
  | { kind: "first"; options: readonly Value[] }
  /** Null where it is not there: its reader runs without it too. */
  | { kind: "maybe"; value: Value };

/** The value for a reader that may run before or without it. */
export function maybe(value: Value): Value {
  if (value.kind !== "group") return value.kind === "input" ? value : { kind: "maybe", value };
  return { ...value, members: value.members.map((member) => ({ ...member, value: maybe(member.value) })) };
}

/** The value as the input of a node: an expression, or an object of expressions. */
export function valueTemplate(value: Value): JsonValue {
  if (value.kind !== "group") return `=${valueCel(value)}`;
  return Object.fromEntries(value.members.map((member) => [member.name, valueTemplate(member.value)]));
}

function valueCel(value: Value): string {
  switch (value.kind) {
    case "input":
      return "input";
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

function isThere(value: Value): string {
  switch (value.kind) {
    case "input":
    case "maybe":
      return "true";
    case "error":
      return `has(${stepPath(value)}.error)`;
    case "output":
      return `has(${stepPath(value)}.output)`;
    case "group":
      return value.members.length === 0 ? "true" : value.members.map((member) => isThere(member.value)).join(" && ");
    case "first":
      return `(${value.options.map(isThere).join(" || ")})`;
  }
}
