/** Conditions behind a step in the words that only stand there: `matches({ age: 17 })`, `onError("HTTP_*")`. */
import { codeCel, patternCel } from "../../../worker-sdk/src/dsl/pattern";
import { stepPath } from "../../../worker-sdk/src/dsl/references";
import { type Code, call, json } from "./code";
import { conditionCode, errorCodesOf, patternOf, type Speech } from "./spoken";

export function resultCode(cel: string, after: string, speech: Speech): { word: "matches" | "when"; asked: Code } {
  const pattern = patternOf(cel, after, "output");
  const isExact =
    pattern !== null && safely(() => patternCel(`${stepPath({ id: after })}.output`, pattern, "")) === cel;
  return isExact ? { word: "matches", asked: json(pattern) } : { word: "when", asked: conditionCode(cel, speech) };
}

/** What `onError` asks for: a code, codes, a pattern, or a condition. */
export function errorCode(cel: string, after: string, speech: Speech): Code {
  const path = `${stepPath({ id: after })}.error`;
  const codes = errorCodesOf(cel);
  if (safely(() => codeCel(`${path}.code`, codes, "")) === cel)
    return codes.length === 1 && codes[0] !== undefined ? json(codes[0]) : json(codes);
  const pattern = patternOf(cel, after, "error");
  if (pattern !== null && safely(() => patternCel(path, pattern, "")) === cel) return json(pattern);
  const words = conditionCode(cel, speech);
  return words.is === "json" ? call("cel", words) : words;
}

function safely(make: () => string): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}
