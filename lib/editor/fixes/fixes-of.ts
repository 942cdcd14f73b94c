/**
 * What takes a finding away. Pure: each fix that is offered has been tried on the document, the finding was gone, and no new
 * error had come in its place.
 */
import type { Finding } from "../../contract/findings";
import { validateDefinition } from "../../core/definition/validate";
import { type EditorDocument, nodeOf } from "../document";
import { applyEdit, type Edit } from "../edits";
import { valueAt } from "../fields/form-fields";
import { type FieldPlace, placeAt } from "../fields/place-at";
import type { Fix, Fixer } from "./fix";
import {
  fixByTakingOut,
  fixCycle,
  fixDuplicateId,
  fixJoin,
  fixLongId,
  fixLoopEntry,
  fixLoopTarget,
  fixNoOtherwise,
  fixUnknownNode,
  fixUnknownPort,
} from "./fix-edges";
import { fixMayBeMissing, fixSyntax, fixUnknownStep } from "./fix-expressions";
import {
  fixDuration,
  fixInstant,
  fixItems,
  fixNoTimeout,
  fixOutOfBounds,
  fixReservedName,
  fixReservedPort,
  fixRethrow,
  fixRetryBounds,
  fixSharedSignal,
  fixSleep,
  fixUrl,
} from "./fix-values";

export type { Fix } from "./fix";

/** Codes that are not here need somebody who knows what was meant. */
export const FIXERS: { readonly [code: string]: Fixer } = {
  BAD_DURATION: fixDuration,
  BAD_INSTANT: fixInstant,
  BAD_URL: fixUrl,
  CYCLE: fixCycle,
  DUPLICATE_ID: fixDuplicateId,
  EXPRESSION_SYNTAX: fixSyntax,
  FAIL_RETHROW: fixRethrow,
  ITEMS_NO_LIST: fixItems,
  JOIN_OUT_OF_RANGE: fixJoin,
  LOOP_ENTRY: fixLoopEntry,
  LOOP_OVERLAP: fixByTakingOut,
  LOOP_PORT: fixByTakingOut,
  LOOP_TARGET: fixLoopTarget,
  MALFORMED_ID: fixLongId,
  MAY_BE_MISSING: fixMayBeMissing,
  NO_OTHERWISE: fixNoOtherwise,
  NO_TIMEOUT: fixNoTimeout,
  POLL_OUT_OF_BOUNDS: fixOutOfBounds,
  RESERVED_NAME: fixReservedName,
  RESERVED_PORT: fixReservedPort,
  RETRY_OUT_OF_BOUNDS: fixRetryBounds,
  SIGNAL_SHARED: fixSharedSignal,
  SLEEP_TIME: fixSleep,
  TIMEOUT_OUT_OF_BOUNDS: fixOutOfBounds,
  UNKNOWN_NODE: fixUnknownNode,
  UNKNOWN_PORT: fixUnknownPort,
  UNKNOWN_STEP: fixUnknownStep,
};

/** `before`: all findings of the document, where they are known already. */
export function fixesOf(
  finding: Finding,
  document: EditorDocument,
  before: readonly Finding[] = validateDefinition(document.definition),
): Fix[] {
  const fixer = FIXERS[finding.code];
  const place = placeAt(document.definition, finding.path);
  if (fixer === undefined || place === null) return [];
  const found = { document, finding, place, value: valueAtPlace(document, place) };
  return fixer(found).filter(({ edits }) => takesAway(finding, document, edits, before));
}

/**
 * Edits that take away, one finding after the other, whatever has exactly one fix; where there are several, somebody must
 * choose.
 */
export function fixAll(document: EditorDocument): Edit[] {
  const edits: Edit[] = [];
  let present = document;
  let before = validateDefinition(present.definition);
  for (const finding of [...before]) {
    if (!before.some((each) => isSame(each, finding))) continue;
    const [only, ...others] = fixesOf(finding, present, before);
    if (only === undefined || others.length > 0) continue;
    const edited = applyEdit(present, { type: "all", edits: only.edits });
    if ("refused" in edited) continue;
    present = edited.document;
    before = validateDefinition(present.definition);
    edits.push(...only.edits);
  }
  return edits;
}

function valueAtPlace({ definition }: EditorDocument, place: FieldPlace) {
  switch (place.kind) {
    case "node":
      return valueAt(nodeOf(definition, place.node)?.node, place.path);
    case "edge":
      return valueAt(place.written, place.path);
    case "workflow":
      return valueAt(definition, place.path);
  }
}

function takesAway(
  finding: Finding,
  document: EditorDocument,
  edits: readonly Edit[],
  before: readonly Finding[],
): boolean {
  const edited = applyEdit(document, { type: "all", edits });
  if ("refused" in edited) return false;
  const after = validateDefinition(edited.document.definition);
  const left = (list: readonly Finding[]) => list.filter((each) => isSame(each, finding)).length;
  return left(after) < left(before) && newErrors(before, after).length === 0;
}

/** Told apart by what they say of which node: positions of edges move when one is taken out. */
function isSame(a: Finding, b: Finding): boolean {
  return a.code === b.code && a.node === b.node && a.message === b.message;
}

/** An error of that kind at a node that had none, or had fewer. */
export function newErrors(before: readonly Finding[], after: readonly Finding[]): Finding[] {
  const had = new Map<string, number>();
  const keyOf = ({ code, node = "" }: Finding) => `${code} ${node}`;
  for (const each of before) had.set(keyOf(each), (had.get(keyOf(each)) ?? 0) + 1);
  return after.filter((each) => {
    if (each.severity !== "error") return false;
    const left = (had.get(keyOf(each)) ?? 0) - 1;
    had.set(keyOf(each), left);
    return left < 0;
  });
}
