/** What is wrong with an expression in its place, at the character: the validator's own sentences. */
import { checkExpressions } from "../../core/definition/validate-expressions";
import { missingRoot } from "../../core/definition/visibility";
import { compileExpression } from "../../core/expressions/expression";
import type { Path, References } from "../../core/expressions/references";
import { type ExpressionPlace, placed } from "./place";
import { tokensOf } from "./tokens";

export interface ExpressionFault {
  readonly from: number;
  readonly to: number;
  readonly severity: "error" | "warning";
  readonly message: string;
}

export function faultsOf(text: string, place: ExpressionPlace): ExpressionFault[] {
  const compiled = compileExpression(text);
  if ("fault" in compiled) {
    const { message, position } = compiled.fault;
    const said = text.trim() === "" ? "Write an expression." : message;
    return [{ ...wordAt(text, position), severity: "error", message: said }];
  }
  return [...faultsOfRoots(text, place, compiled.references), ...faultsOfSteps(text, place, compiled.references)];
}

function faultsOfRoots(text: string, place: ExpressionPlace, { paths }: References): ExpressionFault[] {
  const expression = placed(place, text);
  return paths.flatMap((path) => {
    const message = missingRoot(expression, path);
    return message === null ? [] : [{ ...spanOf(text, path), severity: "error" as const, message }];
  });
}

/** Step by step, so that each finding is known to be about one. */
function faultsOfSteps(text: string, place: ExpressionPlace, { paths, steps }: References): ExpressionFault[] {
  return [...steps].flatMap((step) => {
    const own = paths.filter(({ root, segments }) => root === "steps" && segments[0] === step);
    const reads = { paths: own, steps: new Set([step]), anyStep: false };
    return checkExpressions([{ ...placed(place, text), reads }], place.all).flatMap(({ severity, message }) =>
      (severity === "warning" ? untested(own) : own).map((path) => ({ ...spanOf(text, path), severity, message })),
    );
  });
}

/** Of what may be missing only what reads it. */
function untested(paths: readonly Path[]): readonly Path[] {
  return paths.filter(({ segments, tested }) => !tested && segments[1] === "output").slice(0, 1);
}

/** From where it begins as far as its members and keys go. */
function spanOf(text: string, { position, segments }: Path): { from: number; to: number } {
  const tokens = tokensOf(text.slice(position)).filter(({ kind }) => kind !== "comment");
  let at = 0;
  for (let link = 0; link < segments.length; link++) {
    if (tokens[at + 1]?.text === ".") at += 2;
    else if (tokens[at + 1]?.text === "[" && tokens[at + 3]?.text === "]") at += 3;
    else break;
  }
  return { from: position, to: position + (tokens[at]?.to ?? 1) };
}

/** The word at a position; where it is not at one place, or at the end, what there is. */
function wordAt(text: string, position: number | null): { from: number; to: number } {
  if (position === null) return { from: 0, to: text.length };
  const from = Math.min(position, text.length);
  const word = tokensOf(text).find((token) => token.from <= from && from < token.to);
  if (word !== undefined) return { from: Math.max(from, word.from), to: word.to };
  return { from: Math.max(0, from - 1), to: Math.max(from, Math.min(text.length, from + 1)) };
}
