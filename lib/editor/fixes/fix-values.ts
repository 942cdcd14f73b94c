/** Fixes of what stands in one field: durations, instants, names, addresses, settings that exclude each other. */

import { nameSchema } from "../../contract/definition";
import type { JsonValue } from "../../contract/json";
import { RESERVED_PREFIX } from "../../core/definition/graph";
import { ERROR_PORT } from "../../core/definition/ports";
import { isExpression } from "../../core/definition/validate-nodes";
import { parseDuration } from "../../core/durations";
import { compileExpression } from "../../core/expressions/expression";
import { fromInstant } from "../../core/time";
import { freshId, nodeOf } from "../document";
import { valueAt } from "../fields/form-fields";
import { type Fixer, type Found, fix, setField, setHere } from "./fix";

/** As long as people are given to decide where nothing else is said. */
const WAIT = "7d";

export const fixNoTimeout: Fixer = (found) =>
  fix(`Wait at most ${WAIT}`, setField(found, [...found.place.path, "timeout"], WAIT));

export const fixOutOfBounds: Fixer = (found) => fix("Take it out", setHere(found, undefined));

export const fixDuration: Fixer = (found) => {
  const guess = guessDuration(String(found.value));
  return guess === null ? fix("Take it out", setHere(found, undefined)) : fix(`Write ${guess}`, setHere(found, guess));
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/, "ms"],
  [/^(s|secs?|seconds?)$/, "s"],
  [/^(m|mins?|minutes?)$/, "m"],
  [/^(h|hrs?|hours?)$/, "h"],
  [/^(d|days?)$/, "d"],
  [/^(w|wks?|weeks?)$/, "w"],
];
const UNIT_MS = [1, 1_000, 60_000, 3_600_000, 86_400_000, 604_800_000];

/** `5 minutes`, `1h30m`, `2 days 4 hours`: in the largest unit that says it in whole numbers. */
export function guessDuration(text: string): string | null {
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  const isAll =
    text
      .toLowerCase()
      .replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/g, "")
      .replace(/[\s,]|and/g, "") === "";
  if (parts.length === 0 || !isAll) return null;
  let ms = 0;
  for (const [, amount, word = ""] of parts) {
    const unit = UNITS.findIndex(([pattern]) => pattern.test(word));
    if (unit < 0) return null;
    ms += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  const unit = UNIT_MS.findLastIndex((each, i) => i < 5 && ms >= each && ms % each === 0);
  const written = `${ms / (UNIT_MS[Math.max(unit, 0)] ?? 1)}${UNITS[Math.max(unit, 0)]?.[1]}`;
  return parseDuration(written) === null ? null : written;
}

export const fixInstant: Fixer = (found) => {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?\s*(Z|UTC)?$/i.exec(String(found.value).trim());
  const [, day, time = "00:00", seconds = ":00"] = match ?? [];
  const guess = `${day}T${time}${seconds}Z`;
  return fromInstant(guess) === null ? [] : fix(`Write ${guess}`, setHere(found, guess));
};

export const fixSleep: Fixer = (found) => {
  const { duration, until } = settingsOf(found);
  const { path } = found.place;
  if (duration === undefined && until === undefined)
    return fix("Sleep 1h", setField(found, [...path, "duration"], "1h"));
  return [
    ...fix(`Sleep ${String(duration)}, without an instant`, setField(found, [...path, "until"], undefined)),
    ...fix(`Sleep until ${String(until)}`, setField(found, [...path, "duration"], undefined)),
  ];
};

export const fixRethrow: Fixer = (found) => {
  const { path } = found.place;
  return [
    ...fix("Only rethrow", [
      ...setField(found, [...path, "code"], undefined),
      ...setField(found, [...path, "message"], undefined),
    ]),
    ...fix("Only its own code and message", setField(found, [...path, "rethrow"], undefined)),
  ];
};

function settingsOf({ place, document }: Found): { readonly [name: string]: unknown } {
  const node = place.kind === "node" ? nodeOf(document.definition, place.node)?.node : undefined;
  return { ...node };
}

/** The two pauses stand beside each other. */
export const fixRetryBounds: Fixer = (found) => {
  const { place, document } = found;
  const retry = place.path.slice(0, -1);
  const target = place.kind === "node" ? nodeOf(document.definition, place.node)?.node : document.definition;
  const first = valueAt(target, [...retry, "initialInterval"]);
  const longest = valueAt(target, [...retry, "maxInterval"]);
  if (first === undefined || longest === undefined) return [];
  return [
    ...fix(`Let the longest pause be ${first}`, setField(found, [...retry, "maxInterval"], first)),
    ...fix("Swap the two", [
      ...setField(found, [...retry, "initialInterval"], longest),
      ...setField(found, [...retry, "maxInterval"], first),
    ]),
  ];
};

export const fixReservedName: Fixer = (found) => {
  const name = String(found.value).slice(RESERVED_PREFIX.length);
  return nameSchema.safeParse(name).success
    ? fix(`Call it ${name}`, setHere(found, name))
    : fix("Take it out", setHere(found, undefined));
};

export const fixReservedPort: Fixer = (found) => {
  const { place, document } = found;
  const node = place.kind === "node" ? nodeOf(document.definition, place.node)?.node : undefined;
  const taken = node?.type === "choice" ? node.cases.map(({ port }) => port) : node?.type === "task" ? node.ports : [];
  const name = freshId(new Set([...(taken ?? []), ERROR_PORT]), "failed");
  return fix(`Call it ${name}`, setHere(found, name));
};

export const fixItems: Fixer = (found) => {
  const { value = null } = found;
  const meant = forgottenExpression(value);
  return meant === null
    ? fix("Make it a list of one", setHere(found, [value]))
    : fix(`Write ${meant}`, setHere(found, meant));
};

export const fixUrl: Fixer = (found) => {
  const text = String(found.value).trim();
  const meant = forgottenExpression(text);
  if (meant !== null) return fix(`Write ${meant}`, setHere(found, meant));
  const address = `https://${text.replace(/^\w*:?\/\//, "")}`;
  return /^https:\/\/[^/?#\s]+\.?[^\s]*$/.test(address) ? fix(`Write ${address}`, setHere(found, address)) : [];
};

/** An expression that lacks its `=`: it names what only expressions can read. */
function forgottenExpression(value: JsonValue): string | null {
  if (typeof value !== "string" || isExpression(value)) return null;
  const source = value.replace(/^\s*\$?\{\{?\s*([\s\S]*?)\s*\}?\}\s*$/, "$1").trim();
  const compiled = compileExpression(source);
  return "fault" in compiled || compiled.references.paths.length === 0 ? null : `=${source}`;
}

/** Each item waits for a name of its own. */
export const fixSharedSignal: Fixer = (found) => {
  const text = String(found.value);
  const name = isExpression(text) ? `(${text.slice(1)})` : JSON.stringify(text.replace(/^==/, "="));
  const own = `=${name} + "." + string(index)`;
  return fix("Add the item's number to its name", setHere(found, own));
};
